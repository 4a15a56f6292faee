"""Addresses of the log: a lab's own pages and the staff's policy tables."""

from django.urls import path

from tsunagu.activities.views import importing, log, policies

app_name = "activities"
urlpatterns = [
    path("activities/", log.own, name="own"),
    path("activities/labs/<slug:slug>/", log.lab, name="lab"),
    path("activities/labs/<slug:slug>/new/", log.new, name="new"),
    path("activities/labs/<slug:slug>/import/", importing.upload, name="upload"),
    path("activities/labs/<slug:slug>/policies/new/", policies.new_use, name="new_use"),
    path("activities/labs/<slug:slug>/year.<str:kind>", log.lab_file, name="lab_file"),
    path("activities/<int:pk>/", log.edit, name="edit"),
    path("activities/<int:pk>/remove/", log.remove, name="remove"),
    path("activities/evidence/<int:pk>/", log.evidence, name="evidence"),
    path("activities/imports/<int:pk>/", importing.batch, name="import"),
    path("activities/imports/<int:pk>/columns/", importing.columns, name="columns"),
    path("activities/imports/<int:pk>/apply/", importing.apply, name="apply"),
    path("activities/imports/<int:pk>/errors/", importing.errors, name="errors"),
    path("activities/policies/<int:pk>/", policies.edit_use, name="edit_use"),
    path("office/policies/", policies.policies, name="policies"),
    path("office/policies.<str:kind>", policies.policies_file, name="policies_file"),
    path("office/policies/<int:pk>/verify/", policies.verify_use, name="verify_use"),
]
