"""Addresses of the directory, in both languages."""

from django.urls import path

from tsunagu.experts.views import directory

app_name = "experts"
urlpatterns = [
    path("", directory.experts, name="list"),
    path("<int:pk>/", directory.expert, name="expert"),
]
