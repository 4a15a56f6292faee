"""A fresh confirmation that the person is still the same, before anything that opens or closes a way in (ASVS 7.5.1)."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

View = TypeVar("View", bound=Callable[..., Any])
NEXT = "confirm_next"


def confirmed_recently(request: HttpRequest) -> bool:
    """Whether the person signed in, or confirmed, within the last minutes in this very session."""
    records = get_authentication_records(request, request.user)
    moments = [record["at"] for record in records if record.get("reauthenticated")]
    return bool(moments) and time.time() - moments[-1] < app_settings.REAUTHENTICATION_TIMEOUT


def confirm(request: HttpRequest, method: str) -> None:
    """Note that the person has just confirmed."""
    record_authentication(request, request.user, method=method, reauthenticated=True)


def ask_to_confirm(request: HttpRequest, back_to: str) -> HttpResponse:
    """Send the person to the first way they can confirm by, and back afterwards."""
    way = get_adapter(request).get_reauthentication_methods(request.user)[0]
    return redirect(f"{way['url']}?{urlencode({'next': back_to}, safe='/')}")


def fresh(view: View) -> View:
    """Only after a fresh confirmation. What was posted without one is dropped, not kept: it may hold a password."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if confirmed_recently(request):
            return view(request, *args, **kwargs)
        return ask_to_confirm(request, request.path)

    return guarded  # type: ignore[return-value]
