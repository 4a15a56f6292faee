"""Addresses of a lab's own reports."""

from django.urls import path

from tsunagu.reporting.views import lab

app_name = "reporting"
urlpatterns = [
    path("", lab.own, name="own"),
    path("<int:pk>/", lab.report, name="report"),
    path("<int:pk>/start/", lab.start, name="start"),
    path("<int:pk>/refresh/", lab.refresh, name="refresh"),
    path("<int:pk>/measure/", lab.measure, name="measure"),
    path("<int:pk>/correct/", lab.correct, name="correct"),
]
