"""Addresses of selection in the back office."""

from django.urls import path

from tsunagu.selection.views import deciding, office

app_name = "selection"
urlpatterns = [
    path("", office.applications, name="applications"),
    path("applications.<str:kind>", office.applications_file, name="applications_file"),
    path("calls/", office.calls, name="calls"),
    path("calls/new/", office.new_call, name="new_call"),
    path("calls/<int:pk>/", office.edit_call, name="edit_call"),
    path("calls/<int:pk>/publish/", office.publish_call, name="publish_call"),
    path("calls/<int:pk>/cutoffs/new/", office.new_cutoff, name="new_cutoff"),
    path("calls/<int:pk>/drafts/", office.drafts, name="drafts"),
    path("cutoffs/<int:pk>/extend/", office.extend_all, name="extend_all"),
    path("cutoffs/<int:pk>/board/", deciding.board, name="board"),
    path("cutoffs/<int:pk>/review/", deciding.open_review, name="open_review"),
    path("cutoffs/<int:pk>/agree/", deciding.agree, name="agree"),
    path("cutoffs/<int:pk>/apply/", deciding.apply_decisions, name="apply"),
    path("batches/<int:pk>/undo/", deciding.undo, name="undo"),
    path("opinions/<int:pk>/", deciding.opinion, name="opinion"),
    path("a/<uuid:key>/", office.application, name="application"),
    path("a/<uuid:key>/accept/", office.accept, name="accept"),
    path("a/<uuid:key>/refuse/", office.refuse, name="refuse"),
    path("a/<uuid:key>/return/", office.give_back, name="return"),
    path("a/<uuid:key>/extend/", office.extend_one, name="extend_one"),
    path("a/<uuid:key>/interview/", deciding.begin_interview, name="begin_interview"),
    path("a/<uuid:key>/decide/", deciding.decide, name="decide"),
    path("a/<uuid:key>/file/", deciding.file, name="file"),
    path("a/<uuid:key>/conditions/<int:pk>/", office.condition_met, name="condition_met"),
    path("a/<uuid:key>/submissions/<int:number>.pdf", office.submission_pdf, name="submission_pdf"),
    path("a/<uuid:key>/submissions/<int:number>/changes/", office.changes, name="changes"),
]
