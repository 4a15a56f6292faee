"""Addresses of a lab's award entries."""

from django.urls import path

from tsunagu.awards import views

app_name = "awards"
urlpatterns = [
    path("", views.own, name="own"),
    path("<int:pk>/enter/<int:report>/", views.enter, name="enter"),
    path("entries/<int:pk>/", views.entry, name="entry"),
    path("entries/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
]
