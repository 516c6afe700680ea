from django.urls import path, re_path

from . import story_views, views

app_name = "clusters"
urlpatterns = [
    path("clusters/", views.MiniClusterListView.as_view(), name="list"),
    re_path(
        r"^clusters\.(?P<suffix>csv|json|geojson|kml)$",
        views.MiniClusterListView.as_view(),
        name="file",
    ),
    path("clusters/<slug:slug>/", views.MiniClusterDetailView.as_view(), name="detail"),
    path("stories/", story_views.SuccessStoryListView.as_view(), name="stories"),
    re_path(
        r"^stories\.(?P<suffix>csv|json|geojson|kml)$",
        story_views.SuccessStoryListView.as_view(),
        name="stories_file",
    ),
    path("stories/<slug:slug>/", story_views.SuccessStoryDetailView.as_view(), name="story"),
    path("other-clusters/", story_views.NamedClusterListView.as_view(), name="named_list"),
    re_path(
        r"^other-clusters\.(?P<suffix>csv|json|geojson|kml)$",
        story_views.NamedClusterListView.as_view(),
        name="named_file",
    ),
    path("other-clusters/<slug:slug>/", story_views.NamedClusterDetailView.as_view(), name="named"),
    path("sectors/", story_views.SectorListView.as_view(), name="sectors"),
    path("sectors/<slug:slug>/", story_views.SectorDetailView.as_view(), name="sector"),
]
