from django.urls import path, re_path

from . import views

app_name = "clusters"
urlpatterns = [
    path("clusters/", views.MiniClusterListView.as_view(), name="list"),
    re_path(
        r"^clusters\.(?P<suffix>csv|json|geojson|kml)$",
        views.MiniClusterListView.as_view(),
        name="file",
    ),
    path("clusters/<slug:slug>/", views.MiniClusterDetailView.as_view(), name="detail"),
]
