"""Addresses for people who want to know, and for machines that watch."""

from django.urls import path

from tsunagu.operations import views

app_name = "operations"
urlpatterns = [path("trust/", views.trust, name="trust")]
