"""Addresses of the whole portal. A page and its files share a stem: /clusters/ and /clusters.csv."""

from django.conf import settings
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from . import region_views, views
from .map.cards import InViewView, card_routes
from .map.data import MapDataView
from .map.families import FamilyStyleView
from .map.pictures import EmbedView, MapPictureView
from .map.views import MapView

urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("map/", MapView.as_view(), name="map"),
    path("map/data.json", MapDataView.as_view(), name="map_data"),
    path("map/in-view/", InViewView.as_view(), name="map_in_view"),
    *card_routes(),
    path("map/embed/", EmbedView.as_view(), name="map_embed"),
    path("families.css", FamilyStyleView.as_view(), name="family_style"),
    path("map.svg", MapPictureView.as_view(), name="map_picture"),
    path("regions/", region_views.RegionListView.as_view(), name="regions"),
    path("regions/zones/<slug:slug>/", region_views.ZoneDetailView.as_view(), name="zone"),
    path("regions/pan-regions/<slug:slug>/", region_views.PanRegionDetailView.as_view(), name="pan_region"),
    path("about/", views.AboutView.as_view(), name="about"),
    path("", include("clusters.urls")),
    path("", include("complexes.urls")),
    path("", include("support_programs.urls")),
]
if settings.SIDE != "public":
    from django.contrib import admin

    from .base.metrics import metrics_view

    urlpatterns += [
        path("admin/metrics", metrics_view, name="metrics"),
        path("admin/", admin.site.urls),
    ]

# The main links: (what a page says it belongs to, by ``section``; route; label).
NAVIGATION = [
    ("map", "map", _("Map")),
    ("clusters", "clusters:list", _("Mini clusters")),
    ("complexes", "complexes:list", _("Complexes")),
    ("regions", "regions", _("Regions")),
    ("sectors", "clusters:sectors", _("Sectors")),
    ("support", "support_programs:list", _("Support")),
    ("programme", "support_programs:programme", _("Programme")),
    ("stories", "clusters:stories", _("Stories")),
    ("statistics", "support_programs:tables", _("Statistics")),
    ("about", "about", _("About the data")),
]

handler400 = "portal.views.bad_request"
handler403 = "portal.views.permission_denied"
handler404 = "portal.views.page_not_found"
handler500 = "portal.views.server_error"
