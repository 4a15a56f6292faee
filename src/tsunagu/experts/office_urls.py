"""Addresses of the secretariat's part."""

from django.urls import path

from tsunagu.experts.views import office

app_name = "dispatch_office"
urlpatterns = [
    path("month/", office.month, name="month"),
    path("spread/", office.spread, name="spread"),
    path("rules/", office.rules, name="rules"),
]
