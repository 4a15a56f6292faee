"""Addresses of findings."""

from django.urls import path

from tsunagu.findings import views

app_name = "findings"
urlpatterns = [
    path("", views.finding_list, name="list"),
    path("run/", views.run, name="run"),
    path("lists/", views.lists, name="lists"),
    path("<int:pk>/", views.finding, name="finding"),
    path("<int:pk>/reopen/", views.reopen, name="reopen"),
]
