"""Addresses of the back office."""

from django.urls import path

from tsunagu.registry.views import changes, contacts, documents, imports, labs, organisations, programme

app_name = "office"
urlpatterns = [
    path("", programme.home, name="home"),
    path("own-lab/", labs.own_lab, name="own_lab"),
    path("labs/", labs.labs, name="labs"),
    path("labs/new/", labs.new_lab, name="new_lab"),
    path("labs/<slug:slug>/", labs.lab, name="lab"),
    path("labs/<slug:slug>/edit/", labs.edit_lab, name="edit_lab"),
    path("labs/<slug:slug>/designations/new/", labs.new_designation, name="new_designation"),
    path("labs/<slug:slug>/members/new/", labs.new_member, name="new_member"),
    path("labs/<slug:slug>/changes/", changes.lab_changes, name="lab_changes"),
    path("labs/<slug:slug>/contacts/", contacts.contacts, name="contacts"),
    path("labs/<slug:slug>/contacts/new/", contacts.new_contact, name="new_contact"),
    path("labs/<slug:slug>/documents/", documents.documents, name="documents"),
    path("labs/<slug:slug>/documents/new/", documents.new_document, name="new_document"),
    path("documents/<int:pk>/", documents.edit_document, name="edit_document"),
    path("documents/<int:pk>/file/", documents.document_file, name="document_file"),
    path("documents/<int:pk>/remove/", documents.remove_document, name="remove_document"),
    path("contacts/<int:pk>/", contacts.edit_contact, name="edit_contact"),
    path("contacts/<int:pk>/remove/", contacts.remove_contact, name="remove_contact"),
    path("labs/<slug:slug>/tie/", labs.tie, name="tie"),
    path("designations/<int:pk>/", labs.edit_designation, name="edit_designation"),
    path("designations/<int:pk>/events/new/", labs.new_event, name="new_event"),
    path("events/<int:pk>/void/", labs.void_event, name="void_event"),
    path("members/<int:pk>/", labs.edit_member, name="edit_member"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations.<str:kind>", organisations.organisations_file, name="organisations_file"),
    path("organisations/new/", organisations.new_organisation, name="new_organisation"),
    path("organisations/<int:pk>/", organisations.organisation, name="organisation"),
    path("organisations/<int:pk>/edit/", organisations.edit_organisation, name="edit_organisation"),
    path("organisations/<int:pk>/changes/", changes.organisation_changes, name="organisation_changes"),
    path("organisations/<int:keep>/merge/<int:drop>/", organisations.merge, name="merge"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<int:pk>/", imports.import_batch, name="import"),
    path("imports/<int:pk>/apply/", imports.apply_import, name="apply_import"),
    path("imports/<int:pk>/errors.csv", imports.import_errors, name="import_errors"),
    path("rounds/", programme.rounds, name="rounds"),
    path("rounds/new/", programme.new_round, name="new_round"),
    path("rounds/<int:pk>/", programme.edit_round, name="edit_round"),
    path("regions/group/", programme.group_region, name="group_region"),
]
