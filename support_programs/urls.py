from django.urls import path, re_path

from . import table_views, views

app_name = "support_programs"
urlpatterns = [
    path("support/", views.SupportProgramListView.as_view(), name="list"),
    re_path(r"^support\.(?P<suffix>csv|json)$", views.SupportProgramListView.as_view(), name="file"),
    path("support/<slug:slug>/", views.SupportProgramDetailView.as_view(), name="detail"),
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
