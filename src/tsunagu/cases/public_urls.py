"""Addresses of cases for everybody."""

from django.urls import path

from tsunagu.cases.views import photos, public

app_name = "case_pages"
urlpatterns = [
    path("", public.cases, name="list"),
    path("feed.<str:kind>", public.feed, name="feed"),
    path("<slug:number>/", public.case, name="case"),
    path("<slug:number>/photos/<int:pk>/", photos.photo, name="photo"),
]
