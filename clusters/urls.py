from django.urls import path

from . import named_views, sector_views, story_views, views

app_name = "clusters"
urlpatterns = [
    *views.MiniClusterListView.routes(),
    path("clusters/<slug:slug>/", views.MiniClusterDetailView.as_view(), name="detail"),
    *story_views.SuccessStoryListView.routes(),
    path("stories/<slug:slug>/", story_views.SuccessStoryDetailView.as_view(), name="story"),
    *named_views.NamedClusterListView.routes(),
    path("other-clusters/<slug:slug>/", named_views.NamedClusterDetailView.as_view(), name="named"),
    path("sectors/", sector_views.SectorListView.as_view(), name="sectors"),
    path("sectors/<slug:slug>/", sector_views.SectorDetailView.as_view(), name="sector"),
]
