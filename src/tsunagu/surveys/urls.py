"""Addresses of surveys for those who are asked."""

from django.urls import path

from tsunagu.surveys.views import own

app_name = "survey"
urlpatterns = [
    path("", own.mine, name="mine"),
    path("<int:pk>/", own.invitation, name="invitation"),
    path("<int:pk>/start/", own.start, name="start"),
    path("<int:pk>/correct/", own.correct, name="correct"),
    path("<int:pk>/results/", own.results, name="results"),
]
