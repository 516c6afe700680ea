"""How static files are named and compressed."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed, compressed files; the imports between our ES modules name the hashed files too."""

    support_js_module_import_aggregation = True
    # Our own modules only: a comment in one of django-htmx's extensions reads like an import of a lost file.
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        HashedFilesMixin._js_module_import_aggregation_patterns[1],
    )
