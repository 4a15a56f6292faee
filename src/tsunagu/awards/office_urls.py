"""Addresses of the secretariat's awards."""

from django.urls import path

from tsunagu.awards import views

app_name = "awards_office"
urlpatterns = [
    path("", views.awards, name="awards"),
    path("new/", views.new_award, name="new"),
    path("<int:pk>/", views.award, name="award"),
    path("<int:pk>/edit/", views.edit_award, name="edit"),
    path("<int:pk>/jury/", views.jury, name="jury"),
    path("<int:pk>/announce/", views.announce, name="announce"),
    path("<int:pk>/entries/<int:entry>/", views.choose, name="choose"),
]
