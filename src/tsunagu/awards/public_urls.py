"""The address of the gallery of winners."""

from django.urls import path

from tsunagu.awards import views

app_name = "gallery"
urlpatterns = [path("awards/", views.gallery, name="gallery")]
