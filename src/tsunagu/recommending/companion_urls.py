"""Addresses of the way to DX認定."""

from django.urls import path

from tsunagu.recommending.views import companion

app_name = "companion"
urlpatterns = [
    path("", companion.own, name="own"),
    path("<int:pk>/", companion.company, name="company"),
    path("<int:pk>/parts/<int:number>/", companion.part, name="part"),
    path("<int:pk>/look/", companion.look, name="look"),
    path("<int:pk>/paper.pdf", companion.paper, name="paper"),
]
