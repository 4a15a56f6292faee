"""Anybody can check a certificate: by its QR code, by its number, or by machine."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tsunagu.certificates import selectors
from tsunagu.certificates.forms import NumberForm
from tsunagu.certificates.selectors import Checked
from tsunagu.certificates.signing import payload_bytes, public_keys, signed
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.limits import Limit, limited
from tsunagu.sharing.middleware import viewer_of

CHECKS = Limit("certificate_check", 60, 60)


@audience(Audience.PUBLIC)
@limited(CHECKS, only_with=("number",))
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Type a certificate's number by hand."""
    form = NumberForm(request.GET or None)
    number = request.GET.get("number", "").strip()
    if number and form.is_valid():
        found = selectors.by_number(viewer_of(request), number)
        if found is not None:
            return redirect("certificates:check", found.code)
        form.add_error(
            "number",
            _(
                "この番号の選定証は見つかりません。番号を確かめてください。まだ発行の記録がない選定証もあります。"
            ),
        )
    context = {
        "form": form,
        "keys_address": f"{settings.TSUNAGU_BASE_URL}{reverse('certificates:keys')}",
        "crumbs": [(_("選定証を確かめる"), None)],
    }
    status = (404 if number else 422) if form.errors else 200
    return render(request, "certificates/find.html", context, status=status)


def _checked(request: HttpRequest, code: str) -> Checked:
    found = selectors.check(viewer_of(request), code, on=timezone.localdate())
    if found is None:
        raise Http404("no such certificate")
    return found


@audience(Audience.PUBLIC)
@limited(CHECKS)
@require_safe
def check(request: HttpRequest, code: str) -> HttpResponse:
    """What a certificate is worth today; the QR code leads here."""
    found = _checked(request, code)
    context = {
        "checked": found,
        "certificate": found.certificate,
        "today": timezone.localdate(),
        "crumbs": [
            (_("選定証を確かめる"), reverse("certificates:find")),
            (found.certificate.number, None),
        ],
    }
    return render(request, "certificates/check.html", context)


def payload(found: Checked) -> dict[str, Any]:
    """The same facts for machines; codes in English, words as printed."""
    one, facts = found.certificate, found.facts
    return {
        "number": one.number,
        "edition": one.edition,
        "kind": one.kind,
        "scheme": one.scheme,
        "round": one.round.number if one.round else None,
        "holder": one.holder,
        "region": one.region,
        "issued_on": one.issued_on.isoformat(),
        "awarded_on": one.awarded_on.isoformat() if one.awarded_on else None,
        "address": one.address,
        "as_of": timezone.localdate().isoformat(),
        "standing": found.standing.value,
        "is_valid": found.standing.value == "valid",
        "designation_status": facts.status.value if facts else None,
        "designation_ended_on": facts.ended_on.isoformat() if facts and facts.ended_on else None,
        "revoked_on": one.revoked_on.isoformat() if one.revoked_on else None,
        "superseded_by_edition": found.current.edition if found.current else None,
    }


@audience(Audience.PUBLIC)
@limited(CHECKS)
@require_safe
def check_json(request: HttpRequest, code: str) -> HttpResponse:
    """The facts as JSON; `.jws` beside it is the same, signed."""
    body = payload_bytes(payload(_checked(request, code)))
    return HttpResponse(body, content_type="application/json; charset=utf-8")


@audience(Audience.PUBLIC)
@limited(CHECKS)
@require_safe
def check_jws(request: HttpRequest, code: str) -> HttpResponse:
    """The facts as a signed JWS, to be kept and checked later against the public key."""
    return HttpResponse(signed(payload(_checked(request, code))), content_type="application/jose")


@audience(Audience.PUBLIC)
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys of the signatures (JWK set)."""
    return JsonResponse(public_keys())
