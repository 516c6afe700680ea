from django.urls import path

from .finder import views as finder
from .programme import views as programme
from .tables import views as tables

app_name = "support_programs"
urlpatterns = [
    *finder.SupportProgramListView.routes(),
    path("support/<slug:slug>/", finder.SupportProgramDetailView.as_view(), name="detail"),
    path("programme/", programme.ProgrammeView.as_view(), name="programme"),
    path("programme/process/", programme.ProcessView.as_view(), name="process"),
    path("programme/cooperation/", programme.CooperationView.as_view(), name="cooperation"),
    path("programme/location-policy/", programme.LocationPolicyView.as_view(), name="location_policy"),
    *programme.TimelineView.routes(),
    *programme.ClusterProgrammeListView.routes(),
    *programme.OrganisationListView.routes(),
    *tables.PrintedTableListView.routes(),
    *tables.PrintedTableDetailView.routes(),
    *tables.DiscrepanciesView.routes(),
]
