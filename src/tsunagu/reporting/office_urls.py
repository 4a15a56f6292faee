"""Addresses of the staff's reports."""

from django.urls import path

from tsunagu.reporting.views import office

app_name = "reports_office"
urlpatterns = [
    path("", office.board, name="board"),
    path("board.<str:kind>", office.board_file, name="board_file"),
    path("years/new/", office.new_year, name="new_year"),
    path("years/<int:pk>/", office.edit_year, name="edit_year"),
    path("years/<int:pk>/open/", office.open_year, name="open_year"),
    path("years/<int:pk>/extend/", office.extend_all, name="extend_all"),
    path("actuals/", office.actuals, name="actuals"),
    path("actuals/<int:pk>/verify/", office.verify, name="verify"),
    path("questions/", office.questions, name="questions"),
    path("<int:pk>/", office.report, name="report"),
    path("<int:pk>/extend/", office.extend, name="extend"),
    path("<int:pk>/return/", office.send_back, name="return"),
    path("<int:pk>/accept/", office.accept, name="accept"),
    path("<int:pk>/sections/<slug:key>/", office.section, name="section"),
]
