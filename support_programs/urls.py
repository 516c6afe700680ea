from django.urls import path, re_path

from . import views

app_name = "support_programs"
urlpatterns = [
    path("support/", views.SupportProgramListView.as_view(), name="list"),
    re_path(r"^support\.(?P<suffix>csv|json)$", views.SupportProgramListView.as_view(), name="file"),
    path("support/<slug:slug>/", views.SupportProgramDetailView.as_view(), name="detail"),
]
