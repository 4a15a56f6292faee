"""Addresses of the move."""

from django.urls import path

from tsunagu.transition import views

app_name = "transition"
urlpatterns = [
    path("", views.board, name="board"),
    path("board.<str:kind>", views.board_file, name="board_file"),
    path("support-end/", views.support_end, name="support_end"),
    path("consultations/<int:pk>/", views.consultation, name="consultation"),
    path("labs/<slug:slug>/", views.own, name="own"),
    path("labs/<slug:slug>/entry/", views.entry, name="entry"),
    path("labs/<slug:slug>/say/", views.say, name="say"),
    path("labs/<slug:slug>/points/", views.points, name="points"),
    path("labs/<slug:slug>/ask/", views.ask, name="ask"),
    path("labs/<slug:slug>/draft/", views.draft, name="draft"),
]
