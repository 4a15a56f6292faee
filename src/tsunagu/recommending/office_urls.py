"""Addresses of the back office for DX Selection."""

from django.urls import path

from tsunagu.recommending.views import office

app_name = "recommending_office"
urlpatterns = [
    path("", office.board, name="board"),
    path("board.<str:kind>", office.board_file, name="board_file"),
    path("editions/new/", office.new_edition, name="new_edition"),
    path("editions/<int:pk>/", office.edit_edition, name="edit_edition"),
    path("<int:pk>/result/", office.result, name="result"),
]
