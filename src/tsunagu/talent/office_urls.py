"""Addresses of the secretariat's part."""

from django.urls import path

from tsunagu.talent.views import office

app_name = "co_lead_office"
urlpatterns = [
    path("", office.editions, name="list"),
    path("new/", office.new, name="new"),
    path("<slug:key>/", office.edit, name="edit"),
]
