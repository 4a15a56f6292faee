"""Addresses of an applicant's own applications."""

from django.urls import path

from tsunagu.selection.views import applications

app_name = "applications"
urlpatterns = [
    path("<uuid:key>/", applications.application, name="application"),
    path("<uuid:key>/receipt/", applications.receipt, name="receipt"),
    path("<uuid:key>/take-back/", applications.take_back, name="take_back"),
    path("<uuid:key>/interview/", applications.book, name="book"),
    path("<uuid:key>/interview.ics", applications.interview_calendar, name="interview_ics"),
    path("<uuid:key>/withdraw/", applications.withdraw, name="withdraw"),
    path("<uuid:key>/submissions/<int:number>.pdf", applications.submission_pdf, name="submission_pdf"),
    path("<uuid:key>/submissions/<int:number>/changes/", applications.changes, name="changes"),
]
