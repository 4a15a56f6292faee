"""Addresses of reviewing in the back office."""

from django.urls import path

from tsunagu.reviewing.views import assigning, office

app_name = "reviewing"
urlpatterns = [
    path("", office.panels, name="panels"),
    path("new/", office.new_panel, name="new_panel"),
    path("<int:pk>/", office.panel, name="panel"),
    path("<int:pk>/edit/", office.edit_panel, name="edit_panel"),
    path("<int:pk>/invite/", office.invite, name="invite"),
    path("<int:pk>/remind/", office.remind, name="remind"),
    path("<int:pk>/conflicts/", office.conflicts, name="conflicts"),
    path("<int:pk>/assign-file/", office.assign_file, name="assign_file"),
    path("<int:pk>/assign-auto/", assigning.assign_auto, name="assign_auto"),
    path("<int:pk>/explained/", assigning.explained, name="explained"),
    path("<int:pk>/explained/<int:run>.json", assigning.run_file, name="run_file"),
    path("<int:pk>/slots/", office.slots, name="slots"),
    path("<int:pk>/day/", office.day, name="day"),
    path("members/<int:pk>/", office.member_profile, name="member_profile"),
    path("members/<int:pk>/limits/", assigning.limits, name="limits"),
    path("conflicts/<int:pk>/", office.dismiss, name="dismiss"),
    path("cases/<int:pk>/", office.case, name="case"),
    path("cases/<int:pk>/why/", assigning.why, name="why"),
    path("cases/<int:pk>/assign/", office.assign, name="assign"),
    path("cases/<int:pk>/remark/", office.remark, name="remark"),
    path("cases/<int:pk>/offer/", office.offer, name="offer"),
    path("cases/<int:pk>/questions/", office.questions, name="questions"),
    path("assignments/<int:pk>/end/", office.unassign, name="unassign"),
]
