from django.urls import path

from . import views

app_name = "complexes"
urlpatterns = [
    *views.IndustrialComplexListView.routes(),
    path("complexes/<slug:slug>/", views.IndustrialComplexDetailView.as_view(), name="detail"),
]
