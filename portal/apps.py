"""The admin without GeoDjango, the checks of the settings, and the group of those who edit."""

from importlib import import_module

from django.apps import AppConfig
from django.apps import apps as installed_apps
from django.contrib.admin.apps import SimpleAdminConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from portal.base import version

EDITORS = "Editors"
EDITED_APPS = ("portal", "complexes", "clusters", "support_programs")
# Models of ours that no page shows.
UNSEEN = ("DataVersion", "Prepared")


class PortalAdminConfig(SimpleAdminConfig):
    """Registers our own admins, and Django's for users, by name.

    Django's autodiscovery would import ``leaflet.admin``, which needs GDAL; we keep plain numbers for
    latitude and longitude and want no GDAL.
    """

    default_site = "portal.accounts.site.PortalAdminSite"
    modules = (
        "django.contrib.auth.admin",
        "axes.admin",
        "portal.accounts.admin",
        "portal.admin",
        "complexes.admin",
        "clusters.admin",
        "support_programs.admin",
    )

    def ready(self):
        super().ready()
        # The heading of the app in the admin; its own name is "Support_Programs".
        installed_apps.get_app_config("support_programs").verbose_name = _("Support")
        for module in self.modules:
            import_module(module)


class PortalConfig(AppConfig):
    """Registers the checks of the settings; makes the group "Editors" and the triggers after each migration.

    Not in a migration: permissions exist only after it, and a table that is made anew loses its triggers.
    """

    # Of the two in this module, the one that "portal" in INSTALLED_APPS means.
    default = True
    name = "portal"
    verbose_name = _("Documents")

    def ready(self):
        import_module("portal.checks")
        post_migrate.connect(make_editors, sender=self, dispatch_uid="portal.make_editors")
        pre_migrate.connect(stop_watching_data, sender=self, dispatch_uid="portal.stop_watching_data")
        post_migrate.connect(watch_data, sender=self, dispatch_uid="portal.watch_data")


def public_models():
    """Return the models that public pages show, by whose changes the version of the data moves."""
    models = [model for label in EDITED_APPS for model in installed_apps.get_app_config(label).get_models()]
    return [
        model
        for model in models
        if not model.__name__.startswith("Historical") and model.__name__ not in UNSEEN
    ]


def stop_watching_data(sender, using, **kwargs):
    version.stop_watching(connections[using], public_models())


def watch_data(sender, using, **kwargs):
    version.watch(connections[using], public_models())


def make_editors(sender, using, verbosity, interactive, apps=installed_apps, **kwargs):
    """Let the Editors edit every record of ours, but no user, and read the history.

    A new group is given all permissions. One that is there is given only those made just now, of models
    new since the last migration; so what a site administrator took from it, or gave, stays so.
    """
    # Imported here: it needs the models, which are not loaded when this module is.
    from django.contrib.auth.management import create_permissions

    try:
        Group, Permission = (apps.get_model("auth", name) for name in ("Group", "Permission"))
    except LookupError:  # migrated back to before there were groups
        return
    permissions = Permission.objects.using(using).filter(content_type__app_label__in=EDITED_APPS)
    known = set(permissions.values_list("pk", flat=True))
    for label in EDITED_APPS:
        # Django does this itself, but for most of the apps only after this signal.
        create_permissions(installed_apps.get_app_config(label), verbosity, interactive, using, apps)
    group, is_new = Group.objects.using(using).get_or_create(name=EDITORS)
    history = permissions.filter(content_type__model__startswith="historical")
    granted = permissions.exclude(pk__in=history.exclude(codename__startswith="view_").values("pk"))
    group.permissions.add(*(granted if is_new else granted.exclude(pk__in=known)))
