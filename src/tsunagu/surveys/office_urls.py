"""Addresses of surveys in the back office."""

from django.urls import path

from tsunagu.surveys.views import office

app_name = "surveys"
urlpatterns = [
    path("", office.overview, name="list"),
    path("new/", office.new_wave, name="new"),
    path("<int:pk>/", office.wave, name="wave"),
    path("<int:pk>/edit/", office.edit_wave, name="edit"),
    path("<int:pk>/open/", office.open_wave, name="open"),
    path("<int:pk>/remind/", office.remind, name="remind"),
    path("<int:pk>/extend/", office.extend, name="extend"),
    path("invitations/<int:pk>/extend/", office.extend_one, name="extend_one"),
    path("<int:pk>/close/", office.close, name="close"),
    path("<int:pk>/publish/", office.publish, name="publish"),
    path("<int:pk>/results/", office.results, name="results"),
    path("<int:pk>/results.<str:kind>", office.results_file, name="results_file"),
]
