"""Addresses of the history."""

from django.urls import path

from tsunagu.history import views

app_name = "history"
urlpatterns = [path("", views.log, name="log")]
