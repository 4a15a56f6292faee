"""Addresses anybody may open, in both languages."""

from django.urls import path

from tsunagu.talent.views import public

app_name = "co_lead"
urlpatterns = [
    path("", public.editions, name="list"),
    path("<slug:key>/", public.edition, name="edition"),
    path("<slug:key>/join/", public.join, name="join"),
    path("<slug:key>/report.pdf", public.paper, name="paper"),
]
