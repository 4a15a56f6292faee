"""A form sent twice is taken once: the second time gets the first one's answer (B6).

The view of a form that carries a one-time key runs in one transaction, and its answer is kept in that same
transaction: either both are there or neither. A second request with the same content waits until the first is done.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from django.contrib.auth import SESSION_KEY
from django.contrib.messages import add_message, get_messages
from django.contrib.messages.storage.base import Message
from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control

from tsunagu.sharing.form_keys import FORM_KEY, FormKey, form_key_of
from tsunagu.sharing.middleware import viewer_of
from tsunagu.sharing.models import SentForm
from tsunagu.sharing.sealing import sealed, unsealed

View = TypeVar("View", bound=Callable[..., Any])
PURPOSE = "sent form"
LIFETIME = timedelta(hours=48)
LONGEST_BODY = 64 * 1024
LONGEST_WAIT = "20s"
NOT_CONTENT = {FORM_KEY, "csrfmiddlewaretoken"}
KEPT_HEADERS = ("Location", "Content-Type", "HX-Redirect", "HX-Location", "HX-Refresh", "HX-Trigger")


def runs_every_time(view: View) -> View:
    """Declare that a view may run again for a form sent twice, its effect being the same: nothing is kept."""
    view.runs_every_time = True  # type: ignore[attr-defined]
    return view


def content_digest(request: HttpRequest, key: FormKey) -> str:
    """Stands for key, person, address and content; without the key nobody can try out what was sent.

    Files count by name and bytes, since browsers pack the very same form differently each time.
    """
    person = viewer_of(request).person_id
    whole = hmac.new(key.token.encode(), digestmod=hashlib.sha256)
    whole.update(repr((person, request.session.session_key if person is None else "")).encode())
    whole.update(repr(request.get_full_path()).encode())
    values = [(name, values) for name, values in request.POST.lists() if name not in NOT_CONTENT]
    whole.update(repr(sorted(values)).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            whole.update(repr((name, file.name, file.size)).encode())
            whole.update(_file_digest(file))
    return whole.hexdigest()


def _file_digest(file: UploadedFile) -> bytes:
    total = hashlib.blake2b()
    for chunk in file.chunks():
        total.update(chunk)
    file.seek(0)
    return total.digest()


class _Attempt:
    """One keyed form on its way through the view."""

    def __init__(self, request: HttpRequest, key: FormKey) -> None:
        self.key = key
        self.digest = ""
        self.who = _who(request)
        self.failed = False


def _who(request: HttpRequest) -> tuple[str | None, Any]:
    return request.session.session_key, request.session.get(SESSION_KEY)


class SentOnceMiddleware:
    """Last in the list: its `process_view` runs when CSRF and audience have already been checked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        key = form_key_of(request) if request.method == "POST" else None
        if key is None:
            return self.get_response(request)
        attempt = _Attempt(request, key)
        request.sent_once = attempt  # type: ignore[attr-defined]
        with transaction.atomic():
            response = self.get_response(request)
            if attempt.failed or response.status_code >= 500:
                transaction.set_rollback(True)
            elif attempt.digest and _is_taken(request, response, attempt):
                _keep(request, response, attempt)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        attempt: _Attempt | None = getattr(request, "sent_once", None)
        if attempt is None:
            return None
        viewer = viewer_of(request)
        if viewer.is_signed_in and attempt.key.person_id not in {None, viewer.person_id}:
            return render(request, "sent_by_another.html", status=409)
        if getattr(view, "runs_every_time", False):
            return None
        digest = content_digest(request, attempt.key)
        try:
            with transaction.atomic():
                _wait_for_turn(digest)
        except OperationalError:
            answer = render(request, "sent_still_running.html", status=503)
            answer.headers["Retry-After"] = "10"
            return answer
        known = SentForm.objects.filter(pk=digest).first()
        if known is not None:
            return _answer_again(request, known, attempt.key)
        attempt.digest = digest
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Whatever answer is made of an exception, nothing that the view wrote stays."""
        attempt: _Attempt | None = getattr(request, "sent_once", None)
        if attempt is not None:
            attempt.failed = True


def _wait_for_turn(digest: str) -> None:
    """Wait until no other request with the same content is running; held to the end of the transaction."""
    number = int.from_bytes(bytes.fromhex(digest[:16]), signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LONGEST_WAIT])
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")


def _is_taken(request: HttpRequest, response: HttpResponseBase, attempt: _Attempt) -> bool:
    """Whether the answer says the form was taken: a form shown again to be mended is not.

    Signing in or out is never kept: an answer may not hand a session to whoever sends the form again.
    """
    return response.status_code < 400 and _who(request) == attempt.who


def _keep(request: HttpRequest, response: HttpResponseBase, attempt: _Attempt) -> None:
    body = None
    if isinstance(response, HttpResponse) and len(response.content) <= LONGEST_BODY:
        body = base64.b64encode(response.content).decode()
    said: list[Message] = getattr(get_messages(request), "_queued_messages", [])
    answer = {
        "headers": {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers},
        "body": body,
        "messages": [[one.level, str(one.message), one.extra_tags] for one in said],
    }
    match = request.resolver_match
    SentForm.objects.create(
        digest=attempt.digest,
        person_id=viewer_of(request).person_id,
        route=match.view_name if match else "",
        status=response.status_code,
        answer=sealed(answer, secret=attempt.key.token, purpose=PURPOSE, bound_to=attempt.digest),
    )


def _answer_again(request: HttpRequest, known: SentForm, key: FormKey) -> HttpResponse:
    """The answer given the first time, with what it had to say; a short page when it was too long to keep."""
    kept = unsealed(bytes(known.answer), secret=key.token, purpose=PURPOSE, bound_to=known.digest)
    if kept["body"] is None:
        return render(request, "sent_already.html", {"page": key.page})
    for level, text, tags in kept["messages"]:
        add_message(request, level, text, extra_tags=tags or "")
    response = HttpResponse(base64.b64decode(kept["body"]), status=known.status, headers=kept["headers"])
    patch_cache_control(response, no_store=True)
    return response


def forget_old_forms() -> int:
    """Remove answers older than two days; returns how many."""
    return SentForm.objects.filter(taken_at__lt=timezone.now() - LIFETIME).delete()[0]
