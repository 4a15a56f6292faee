"""What somebody typed into a form that arrived after their session had ended: kept for an hour, for them alone.

Sealed with a secret that only the cookie of that browser holds; shown again only to the person the form was made for,
and sent only when that person presses the button.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from tsunagu.sharing.form_keys import FORM_KEY, form_key_of
from tsunagu.sharing.models import KeptInput
from tsunagu.sharing.sealing import SealBroken, sealed, unsealed
from tsunagu.sharing.viewer import Viewer

COOKIE = "kept_input"
PURPOSE = "kept input"
LIFETIME = timedelta(hours=1)
LARGEST = 1_000_000
MOST = 20
NOT_TYPED = {FORM_KEY, "csrfmiddlewaretoken", "version"}
# Never kept, whatever the form: what is typed here opens doors.
SECRETS = ("password", "token", "credential")
OPENING_DOORS = ("/sign-in/", "/account/")


@dataclass(frozen=True)
class Typed:
    """A kept form: where it was sent, on which page it stood, and its fields with their values."""

    action: str
    page: str
    values: list[tuple[str, list[str]]]
    version: str


def keep_input(request: HttpRequest) -> HttpResponseBase | None:
    """Keep the form an unknown visitor sent, when this site showed it to a person; None when there is none to keep."""
    key = form_key_of(request)
    if key is None or key.person_id is None:
        return None
    typed = [(name, values) for name, values in request.POST.lists() if name not in NOT_TYPED]
    if any(word in name.lower() for name, _values in typed for word in SECRETS):
        return None
    if any(part in request.path for part in OPENING_DOORS):
        return None
    size = sum(len(value) for _name, values in typed for value in values)
    if size > LARGEST or KeptInput.objects.filter(person_id=key.person_id).count() >= MOST:
        return None
    secret = secrets.token_urlsafe(32)
    kept = KeptInput(holder=_holder(secret), person_id=key.person_id)
    content = [request.get_full_path(), key.page, typed, request.POST.get("version", "")]
    kept.typed = sealed(content, secret=secret, purpose=PURPOSE, bound_to=str(kept.key))
    kept.save()
    answer = redirect_to_login(key.page)
    answer.set_cookie(
        COOKIE,
        f"{kept.key}:{secret}",
        max_age=int(LIFETIME.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=not settings.LOCAL_MODE,
    )
    return answer


def _holder(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def kept_for(request: HttpRequest, viewer: Viewer) -> Typed | None:
    """The kept form of this browser, if it is this person's and not too old."""
    key, _colon, secret = request.COOKIES.get(COOKIE, "").partition(":")
    try:
        found = KeptInput.objects.filter(
            holder=_holder(secret), person_id=viewer.person_id or 0, kept_at__gt=timezone.now() - LIFETIME
        ).get(pk=key)
        action, page, values, version = unsealed(
            bytes(found.typed), secret=secret, purpose=PURPOSE, bound_to=str(found.key)
        )
    except (KeptInput.DoesNotExist, SealBroken, ValidationError, ValueError):
        # Not this person's, too old, changed, or no key at all.
        return None
    return Typed(action, page, [(name, list(given)) for name, given in values], version)


def forget_input(request: HttpRequest, response: HttpResponseBase) -> None:
    """Throw the kept form of this browser away."""
    _key, _colon, secret = request.COOKIES.get(COOKIE, "").partition(":")
    KeptInput.objects.filter(holder=_holder(secret)).delete()
    response.delete_cookie(COOKIE)


def forget_old_input() -> int:
    """Remove what nobody came back for; returns how many."""
    return KeptInput.objects.filter(kept_at__lte=timezone.now() - LIFETIME).delete()[0]
