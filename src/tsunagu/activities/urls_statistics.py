"""Addresses of the national tables of the log."""

from django.urls import path

from tsunagu.activities.views import statistics

app_name = "statistics"
urlpatterns = [
    path("statistics/", statistics.statistics, name="table"),
    path("statistics.<str:kind>", statistics.statistics_file, name="file"),
    path("statistics/question/", statistics.question, name="question"),
]
