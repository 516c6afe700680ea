from django.urls import path, re_path

from . import programme_views, table_views, views

app_name = "support_programs"
urlpatterns = [
    path("support/", views.SupportProgramListView.as_view(), name="list"),
    re_path(r"^support\.(?P<suffix>csv|json)$", views.SupportProgramListView.as_view(), name="file"),
    path("support/<slug:slug>/", views.SupportProgramDetailView.as_view(), name="detail"),
    path("programme/", programme_views.ProgrammeView.as_view(), name="programme"),
    path("programme/process/", programme_views.ProcessView.as_view(), name="process"),
    path("programme/cooperation/", programme_views.CooperationView.as_view(), name="cooperation"),
    path("programme/location-policy/", programme_views.LocationPolicyView.as_view(), name="location_policy"),
    path("programme/timeline/", programme_views.TimelineView.as_view(), name="timeline"),
    re_path(
        r"^programme/timeline\.(?P<suffix>csv|json)$",
        programme_views.TimelineView.as_view(),
        name="timeline_file",
    ),
    path(
        "programme/cluster-programmes/",
        programme_views.ClusterProgrammeListView.as_view(),
        name="cluster_programmes",
    ),
    re_path(
        r"^programme/cluster-programmes\.(?P<suffix>csv|json)$",
        programme_views.ClusterProgrammeListView.as_view(),
        name="cluster_programmes_file",
    ),
    path("organisations/", programme_views.OrganisationListView.as_view(), name="organisations"),
    re_path(
        r"^organisations\.(?P<suffix>csv|json)$",
        programme_views.OrganisationListView.as_view(),
        name="organisations_file",
    ),
    path("statistics/", table_views.PrintedTableListView.as_view(), name="tables"),
    re_path(
        r"^statistics\.(?P<suffix>csv|json)$", table_views.PrintedTableListView.as_view(), name="tables_file"
    ),
    path("statistics/<slug:slug>/", table_views.PrintedTableDetailView.as_view(), name="table"),
    re_path(
        r"^statistics/(?P<slug>[-\w]+)\.(?P<suffix>csv|json)$",
        table_views.PrintedTableDetailView.as_view(),
        name="table_file",
    ),
    path("about/discrepancies/", table_views.DiscrepanciesView.as_view(), name="discrepancies"),
    re_path(
        r"^about/discrepancies\.(?P<suffix>csv|json)$",
        table_views.DiscrepanciesView.as_view(),
        name="discrepancies_file",
    ),
]
