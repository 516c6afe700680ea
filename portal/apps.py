"""The admin without GeoDjango."""

from importlib import import_module

from django.contrib.admin.apps import SimpleAdminConfig


class PortalAdminConfig(SimpleAdminConfig):
    """Registers our own admins, and Django's for users, by name.

    Django's autodiscovery would import ``leaflet.admin``, which needs GDAL; we keep plain numbers for
    latitude and longitude and want no GDAL.
    """

    modules = (
        "django.contrib.auth.admin",
        "axes.admin",
        "portal.admin",
        "complexes.admin",
        "clusters.admin",
        "support_programs.admin",
    )

    def ready(self):
        super().ready()
        for module in self.modules:
            import_module(module)
