"""Addresses of requests and offers, in Japanese only."""

from django.urls import path

from tsunagu.experts.views import offers, requests

app_name = "dispatch"
urlpatterns = [
    path("", requests.requests, name="list"),
    path("labs/<slug:slug>/new/", requests.new, name="new"),
    path("offers/<int:pk>/", offers.page, name="offer"),
    path("offers/<int:pk>/act/", offers.act, name="offer_act"),
    path("offers/<int:pk>/visit/", offers.visit, name="visit"),
    path("offers/<int:pk>/report/", offers.report, name="report"),
    path("offers/<int:pk>/after/<int:months>/", offers.follow_up, name="follow_up"),
    path("<slug:number>/", requests.page, name="request"),
    path("<slug:number>/edit/", requests.edit, name="edit"),
    path("<slug:number>/act/", requests.act, name="act"),
]
