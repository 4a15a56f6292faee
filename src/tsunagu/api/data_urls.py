"""Addresses of open data, in both languages."""

from django.urls import path

from tsunagu.api.views import data

app_name = "data"
urlpatterns = [
    path("", data.tables, name="list"),
    path("api/", data.reference, name="reference"),
    path("catalog.<str:kind>", data.whole_catalogue, name="catalogue"),
    path("feed.<str:kind>", data.feed, name="feed"),
    path("<slug:key>/", data.table, name="table"),
    path("<slug:key>.<str:kind>", data.table_file, name="file"),
]
