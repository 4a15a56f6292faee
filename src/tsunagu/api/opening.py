"""How a program shows its key, and what it may do with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest
from ninja.security import HttpBearer

from tsunagu.api.models import Scope
from tsunagu.api.problems import Refused, check_known
from tsunagu.api.services.keys import Opened, open_with
from tsunagu.history.acting import acting, who_acts
from tsunagu.sharing.client import client_of
from tsunagu.sharing.limits import API_WRITE, seconds_to_wait


class KeyInHeader(HttpBearer):
    """`Authorization: Bearer tsg_…`. A browser's session opens nothing here: no page can write by somebody's cookie."""

    openapi_description = (
        "「APIの鍵」のページで作った鍵。1つのラボのことだけができ、期限が来ると使えなくなります。"
    )

    def authenticate(self, request: HttpRequest, token: str) -> Opened | None:
        return open_with(token)


def opened(request: HttpRequest, scope: Scope, known: frozenset[str] = frozenset()) -> Opened:
    """What the request's key opens; `known`: what may stand in the address.

    Raises `Refused` where the key does not open this, asks too often, or something else stands in the address.
    """
    check_known(request, known)
    found: Opened = request.auth  # type: ignore[attr-defined]
    if not found.may(scope):
        raise Refused(403, f"この鍵には「{scope.label}」がありません。必要なら、鍵を作り直してください。")
    if settings.TSUNAGU_LIMITS and (wait := seconds_to_wait(API_WRITE, f"key:{found.key.pk}")):
        raise Refused(429, f"{wait}秒待ってから、続けてください。", wait=wait)
    return found


@contextmanager
def acting_by(found: Opened, request: HttpRequest) -> Iterator[None]:
    """The history names the person whose key it is, and the key."""
    key = found.key
    who = replace(
        who_acts(),
        person_id=key.person_id,
        person=key.person.name,
        via=f"{request.method} {request.path} APIの鍵 {key.start}…"[:200],
        address=client_of(request),
    )
    with acting(who):
        yield
