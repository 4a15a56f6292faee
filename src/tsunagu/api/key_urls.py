"""Addresses of keys for programs."""

from django.urls import path

from tsunagu.api.views import keys

app_name = "keys"
urlpatterns = [
    path("", keys.keys, name="list"),
    path("<int:pk>/revoke/", keys.revoke, name="revoke"),
]
