"""Addresses of the mark: the back office's pages and those of a lab's office."""

from django.urls import path

from tsunagu.certificates.views import lab_marks, marks

app_name = "marks"
urlpatterns = [
    path("marks/", marks.overview, name="overview"),
    path("marks/check/", marks.check_pages, name="check_pages"),
    path("marks/notices/", marks.draft_notices, name="draft_notices"),
    path("marks/terms/", marks.terms, name="terms"),
    path("marks/kits/", marks.kits, name="kits"),
    path("marks/kits/files/<int:pk>/", marks.kit_file, name="kit_file"),
    path("marks/<int:pk>/withdraw/", marks.withdraw, name="withdraw"),
    path("marks/withdrawals/<int:pk>/void/", marks.void_withdrawal, name="void_withdrawal"),
    path("labs/<slug:slug>/mark/", lab_marks.lab, name="lab"),
    path("labs/<slug:slug>/mark/accept/", lab_marks.accept, name="accept"),
    path("labs/<slug:slug>/mark/kit/<int:pk>/", lab_marks.kit_file, name="lab_kit_file"),
    path("labs/<slug:slug>/mark/uses/new/", lab_marks.new_use, name="new_use"),
    path("mark-uses/<int:pk>/", lab_marks.edit_use, name="edit_use"),
    path("mark-uses/<int:pk>/photo/", lab_marks.use_photo, name="use_photo"),
    path("mark-uses/<int:pk>/check/", lab_marks.check_use, name="check_use"),
]
