"""Addresses of an expert's own pages."""

from django.urls import path

from tsunagu.experts.views import directory

app_name = "experts_desk"
urlpatterns = [path("", directory.own, name="own")]
