"""Addresses of the search for everybody."""

from django.urls import path

from tsunagu.search.views import asking, keeping

app_name = "search"
urlpatterns = [
    path("search/", asking.page, name="page"),
    path("search/titles/", asking.titles, name="titles"),
    path("search/save/", keeping.save, name="save"),
    path("search/saved/", keeping.saved, name="saved"),
    path("search/saved/<int:pk>/", keeping.change, name="change"),
]
