"""Public addresses; they stay stable, ended labs included."""

from django.urls import path

from tsunagu.portal.views import doing, files, pages, register

app_name = "portal"
urlpatterns = [
    path("", register.top, name="top"),
    path("labs/", register.labs, name="labs"),
    path("labs.<str:kind>", files.labs_file, name="labs_file"),
    path("labs/<slug:slug>/", register.lab, name="lab"),
    path("labs/<slug:slug>/activities/", doing.lab_activities, name="lab_activities"),
    path("bureaus/", register.bureaus, name="bureaus"),
    path("bureaus/<slug:code>/", register.bureau, name="bureau"),
    path("rounds/", register.rounds, name="rounds"),
    path("rounds/<slug:key>/", register.round_page, name="round"),
    path("about/", pages.about, name="about"),
    path("policies/", pages.policies, name="policies"),
    path("sources/", pages.sources, name="sources"),
    path("accessibility/", pages.accessibility, name="accessibility"),
]
