"""The one-time key every form carries: which form it is, for whom it was shown, and on which page.

It is signed, so that the server believes only keys that it gave out itself.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpRequest

from tsunagu.sharing.viewer import Viewer

FORM_KEY = "form_key"
SALT = "tsunagu.form_key"
LONGEST = 4000


@dataclass(frozen=True)
class FormKey:
    """`token` is secret and different for every form shown; `person_id` is None for someone not signed in."""

    token: str
    person_id: int | None
    page: str


def new_form_key(*, viewer: Viewer, page: str) -> str:
    """A fresh signed key for one form shown to `viewer` on the page with this address."""
    return signing.dumps([secrets.token_urlsafe(24), viewer.person_id, page[:1000]], salt=SALT)


def form_key_of(request: HttpRequest) -> FormKey | None:
    """The key a sent form carries; None when it carries none, or one this server did not give out."""
    sent = request.POST.get(FORM_KEY, "")
    if not sent or len(sent) > LONGEST:
        return None
    try:
        found: Any = signing.loads(sent, salt=SALT)
    except signing.BadSignature:
        return None
    token, person_id, page = found
    return FormKey(token, person_id, page)
