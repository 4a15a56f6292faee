"""Addresses of what everybody may know of reports."""

from django.urls import path

from tsunagu.reporting.views import public

app_name = "reports"
urlpatterns = [path("reports/", public.reports, name="reports")]
