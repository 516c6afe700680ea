from django.urls import path, re_path

from . import views

app_name = "complexes"
urlpatterns = [
    path("complexes/", views.IndustrialComplexListView.as_view(), name="list"),
    re_path(
        r"^complexes\.(?P<suffix>csv|json|geojson|kml)$",
        views.IndustrialComplexListView.as_view(),
        name="file",
    ),
    path("complexes/<slug:slug>/", views.IndustrialComplexDetailView.as_view(), name="detail"),
    path("regions/", views.RegionListView.as_view(), name="regions"),
    path("regions/zones/<slug:slug>/", views.ZoneDetailView.as_view(), name="zone"),
    path("regions/pan-regions/<slug:slug>/", views.PanRegionDetailView.as_view(), name="pan_region"),
]
