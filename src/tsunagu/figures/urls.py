"""Addresses of figures."""

from django.urls import path

from tsunagu.figures import views

app_name = "figures"
urlpatterns = [
    path("figures/", views.figure_list, name="list"),
    path("figures/charts/", views.charts, name="charts"),
    path("figures/<slug:code>/", views.figure, name="figure"),
]
