"""Public addresses: anybody can check a certificate."""

from django.urls import path

from tsunagu.certificates.views import public

app_name = "certificates"
urlpatterns = [
    path("", public.find, name="find"),
    path("keys.json", public.keys, name="keys"),
    path("<slug:code>/", public.check, name="check"),
    path("<slug:code>.json", public.check_json, name="json"),
    path("<slug:code>.jws", public.check_jws, name="jws"),
]
