"""Addresses of published results."""

from django.urls import path

from tsunagu.surveys.views import public

app_name = "survey_results"
urlpatterns = [
    path("", public.published, name="list"),
    path("<int:pk>/", public.wave, name="wave"),
    path("<int:pk>/results.<str:kind>", public.results_file, name="file"),
]
