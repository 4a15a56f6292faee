"""Addresses of the search in the back office."""

from django.urls import path

from tsunagu.search.views import office

app_name = "search_office"
urlpatterns = [
    path("", office.state, name="state"),
    path("rebuild/", office.rebuild, name="rebuild"),
    path("synonyms/add/", office.synonym_add, name="synonym_add"),
    path("synonyms/<int:pk>/", office.synonym_edit, name="synonym"),
    path("synonyms/<int:pk>/delete/", office.synonym_delete, name="synonym_delete"),
]
