"""Addresses of answer sheets."""

from django.urls import path

from tsunagu.questionnaires.views import files, sheets, together, versions

app_name = "answers"
urlpatterns = [
    path("", sheets.mine, name="mine"),
    path("<uuid:key>/", sheets.tasks, name="tasks"),
    path("<uuid:key>/check/", sheets.check, name="check"),
    path("<uuid:key>/send/", sheets.send, name="send"),
    path("<uuid:key>/paragraphs/", sheets.paragraphs, name="paragraphs"),
    path("<uuid:key>/autosave/", sheets.autosave, name="autosave"),
    path("<uuid:key>/present/", sheets.present, name="present"),
    path("<uuid:key>/known/", sheets.take_known, name="take_known"),
    path("<uuid:key>/versions/", versions.versions, name="versions"),
    path("<uuid:key>/versions/<int:number>/", versions.version, name="version"),
    path("<uuid:key>/versions/<int:number>/restore/", versions.restore, name="restore"),
    path("<uuid:key>/people/", together.people, name="people"),
    path("<uuid:key>/people/<int:pk>/remove/", together.remove_person, name="remove_person"),
    path("<uuid:key>/questions/", together.questions, name="questions"),
    path("<uuid:key>/approval/", together.approval, name="approval"),
    path("<uuid:key>/approval/back/", together.take_back, name="take_back"),
    path("<uuid:key>/answers.xlsx", files.workbook, name="workbook"),
    path("<uuid:key>/excel/", files.upload, name="upload"),
    path("<uuid:key>/answers.pdf", files.sheet_pdf, name="pdf"),
    path("<uuid:key>/file/<uuid:file>/", files.answer_file, name="file"),
    path("<uuid:key>/s/<slug:section>/", sheets.section, name="section"),
]
