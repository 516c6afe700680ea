# `make run` serves the portal, `make test` tests everything, on both databases and in a browser. See README.md.
PYTHON ?= python3
PORT ?= 8000
WORKERS ?= 2
VENV := .venv
BIN := $(VENV)/bin
# A process for each processor, and idle ones take over from busy ones.
PYTEST := $(BIN)/python -m pytest -n logical --dist worksteal \
	--ignore tests/browser --ignore tests/served --ignore tests/deploy

.PHONY: run test lint bench lock backup restore sbom audit install install-dev

run: install
	@$(BIN)/python manage.py prepare
	@$(BIN)/python -m portal.serve --port $(PORT) --workers $(WORKERS)

install: $(VENV)/installed
install-dev: $(VENV)/installed-dev

$(VENV)/installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked dependencies ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	@echo "Installing the locked development dependencies ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# A copy of the database in one file: make backup TO=/srv/backups. And back: make restore FROM=... OVERWRITE=1.
backup: install
	@$(BIN)/python manage.py backup $(TO)

restore: install
	@test -n "$(FROM)" || { echo "Which backup? make restore FROM=..."; exit 1; }
	@$(BIN)/python manage.py restore $(FROM) $(if $(OVERWRITE),--overwrite)
	@$(BIN)/python manage.py prepare

test: install-dev
	@$(BIN)/python -m tests.chromium
	@$(BIN)/python -m tests.debian nginx
	@echo "== PostgreSQL =="
	@$(BIN)/python -m tests.postgres $(PYTEST)
	@echo "== SQLite =="
	@$(PYTEST)
	@echo "== The portal as it is served, and a real browser =="
	@$(BIN)/python -m pytest tests/served tests/deploy tests/browser

lint: install-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/djlint templates --lint --quiet
	@$(BIN)/oxlint --quiet static/js tests/js
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/python manage.py check --deploy --fail-level WARNING
	@HTTPS=1 $(BIN)/python manage.py check --deploy --fail-level WARNING

# Write the two requirements files anew. uv keeps what they pin as long as pyproject.toml allows it; to move a
# package: make lock UPGRADE="--upgrade-package django". No index is named, and no path of this machine.
LOCK := pip compile pyproject.toml --quiet --generate-hashes --no-header --no-annotate --no-emit-index-url \
	--universal --python-version 3.11
UPGRADE ?=

lock: install-dev
	@$(BIN)/uv $(LOCK) $(UPGRADE) -o requirements.txt
	@$(BIN)/uv $(LOCK) $(UPGRADE) --extra dev -c requirements.txt -o requirements-dev.txt
	@if grep -n "://" requirements.txt requirements-dev.txt; then echo "A lock file names a host."; exit 1; fi

# What is shipped, and whether something of it is known to be vulnerable; docs/licences.md.
sbom: install-dev
	@$(BIN)/python -m tests.sbom

audit: install-dev
	@$(BIN)/python -m tests.audit

bench: install-dev
	@$(BIN)/python -m bench.asked
