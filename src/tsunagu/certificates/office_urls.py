"""Addresses of issuing certificates in the back office."""

from django.urls import path

from tsunagu.certificates.views import issuing

app_name = "issuing"
urlpatterns = [
    path("certificates/", issuing.certificates, name="list"),
    path("certificates/rounds/<int:pk>/", issuing.issue_round, name="round"),
    path("certificates/runs/<int:pk>/", issuing.run, name="run"),
    path("certificates/runs/<int:pk>/again/", issuing.run_again, name="run_again"),
    path("certificates/runs/<int:pk>/all.pdf", issuing.run_pdf, name="run_pdf"),
    path("certificates/runs/<int:pk>/all.zip", issuing.run_zip, name="run_zip"),
    path("certificates/renamed/", issuing.renamed, name="renamed"),
    path("certificates/wording/<str:scheme>/", issuing.wording, name="wording"),
    path("certificates/wording/<str:scheme>/preview.pdf", issuing.preview, name="preview"),
    path("certificates/<int:pk>/", issuing.certificate, name="certificate"),
    path("certificates/<int:pk>/file.pdf", issuing.certificate_file, name="file"),
    path("certificates/<int:pk>/reissue/", issuing.reissue, name="reissue"),
    path("certificates/<int:pk>/revoke/", issuing.revoke, name="revoke"),
]
