"""Addresses of writing cases, in Japanese only."""

from django.urls import path

from tsunagu.cases.views import editing, importing, photos, writing

app_name = "cases"
urlpatterns = [
    path("own/", writing.own, name="own"),
    path("new/", writing.new, name="new"),
    path("consent/<str:token>/", editing.consent, name="consent"),
    path("consent/<str:token>/photos/<int:pk>/", editing.consent_photo, name="consent_photo"),
    path("import/", importing.upload, name="upload"),
    path("import/<int:pk>/", importing.batch, name="import"),
    path("import/<int:pk>/apply/", importing.apply, name="apply"),
    path("import/<int:pk>/errors.csv", importing.errors, name="errors"),
    path("<slug:number>/", writing.desk, name="desk"),
    path("<slug:number>/edit/", writing.edit, name="edit"),
    path("<slug:number>/autosave/", writing.autosave, name="autosave"),
    path("<slug:number>/act/", writing.act, name="act"),
    path("<slug:number>/photos/", photos.photos, name="photos"),
    path("<slug:number>/photos/<int:pk>/remove/", photos.remove, name="remove_photo"),
    path("<slug:number>/changes/", editing.changes, name="changes"),
    path("<slug:number>/decide/", editing.decide, name="decide"),
    path("<slug:number>/tried/", writing.choose_lab, name="choose_lab"),
    path("<slug:number>/tried/<slug:slug>/", writing.try_out, name="try"),
]
