"""Addresses for machines that watch the service; the same in every language."""

from django.urls import path

from tsunagu.operations import views

app_name = "machines"
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
]
