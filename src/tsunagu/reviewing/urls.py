"""Addresses of the reviewer's desk."""

from django.urls import path

from tsunagu.reviewing.views import desk, meetings

app_name = "review"
urlpatterns = [
    path("", desk.queue, name="queue"),
    path("profile/", desk.profile, name="profile"),
    path("invitation/<str:token>/", meetings.invitation, name="invitation"),
    path("panels/<int:panel>/slots/", meetings.slots, name="slots"),
    path("panels/<int:panel>/day/", meetings.day, name="day"),
    path("panels/<int:panel>/day/call/", meetings.call_case, name="call_case"),
    path("panels/<int:panel>/sheet.xlsx", meetings.offline_sheet, name="offline_sheet"),
    path("panels/<int:panel>/sheet/", meetings.upload_sheet, name="upload_sheet"),
    path("<int:pk>/", desk.case, name="case"),
    path("<int:pk>/conflict/", desk.answer_conflict, name="answer_conflict"),
    path("<int:pk>/autosave/", desk.autosave, name="autosave"),
    path("<int:pk>/abstain/", desk.abstain, name="abstain"),
    path("<int:pk>/remark/", desk.remark, name="remark"),
    path("<int:pk>/interview/", meetings.interview, name="interview"),
]
