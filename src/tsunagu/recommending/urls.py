"""Addresses of recommendations: a lab's office, and the page a company opens by its link."""

from django.urls import path

from tsunagu.recommending.views import consent, lab

app_name = "recommending"
urlpatterns = [
    path("", lab.own, name="own"),
    path("labs/<slug:slug>/companies/new/", lab.new_company, name="new_company"),
    path("labs/<slug:slug>/new/", lab.new, name="new"),
    path("companies/<int:pk>/", lab.edit_company, name="company"),
    path("consent/<str:token>/", consent.consent, name="consent"),
    path("<int:pk>/", lab.recommendation, name="recommendation"),
    path("<int:pk>/edit/", lab.edit, name="edit"),
    path("<int:pk>/ask/", lab.ask, name="ask"),
    path("<int:pk>/send/", lab.send, name="send"),
    path("<int:pk>/filed/", lab.filed, name="filed"),
    path("<int:pk>/withdraw/", lab.withdraw, name="withdraw"),
    path("<int:pk>/slip.pdf", lab.slip, name="slip"),
]
