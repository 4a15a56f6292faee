"""Addresses for making forms."""

from django.urls import path

from tsunagu.questionnaires.views import building, inbox

app_name = "forms"
urlpatterns = [
    path("", building.forms, name="list"),
    path("new/", building.new, name="new"),
    path("import/", building.take_in, name="import"),
    path("questions/", inbox.questions, name="questions"),
    path("questions/<int:pk>/", inbox.answer, name="answer"),
    path("questions/<int:pk>/faq/", inbox.faq, name="faq"),
    path("questions/<int:pk>/take-back/", inbox.take_back, name="faq_back"),
    path("elements/", inbox.elements, name="elements"),
    path("elements/<int:pk>/", inbox.element, name="element"),
    path("<int:pk>/", building.draft, name="draft"),
    path("<int:pk>/form.json", building.give_out, name="export"),
    path("<int:pk>/arrange/", building.arrange, name="arrange"),
    path("<int:pk>/whole/", building.whole, name="whole"),
    path("<int:pk>/publish/", building.publish_form, name="publish"),
    path("<int:pk>/trial/", building.trial, name="trial"),
    path("<int:pk>/sections/new/", building.section, name="new_section"),
    path("<int:pk>/sections/<slug:key>/", building.section, name="section"),
    path("<int:pk>/sections/<slug:section>/fields/new/", building.field, name="new_field"),
    path("<int:pk>/sections/<slug:section>/fields/<slug:key>/", building.field, name="field"),
]
