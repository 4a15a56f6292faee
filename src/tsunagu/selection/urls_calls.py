"""Addresses of calls, for everybody."""

from django.urls import path

from tsunagu.selection.views import calls

app_name = "calls"
urlpatterns = [
    path("", calls.calls, name="list"),
    path("feed.json", calls.calls_json, name="json"),
    path("feed.atom", calls.calls_atom, name="atom"),
    path("<slug:key>/", calls.call, name="call"),
    path("<slug:key>/register/", calls.register, name="register"),
    path("<slug:key>/start/", calls.start, name="start"),
]
