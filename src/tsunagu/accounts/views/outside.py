"""Going out to a sign-in service and coming back. When it does not answer, the page says so: it is never the only door."""

import logging
from typing import Any

from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2LoginView
from allauth.socialaccount.views import ConnectionsView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from tsunagu.accounts import oidc
from tsunagu.accounts.confirming import ask_to_confirm, confirmed_recently
from tsunagu.accounts.limits import is_over, too_many
from tsunagu.accounts.oidc_provider import StrictAdapter, StrictCallbackView
from tsunagu.accounts.views.entering import outside_providers
from tsunagu.sharing.audience import Audience, audience

logger = logging.getLogger(__name__)
# Whatever a provider sends that cannot be read is the provider's failure, not ours.
UNREADABLE = (RequestException, OAuth2Error, oidc.Refused, ValueError, TypeError, KeyError)


@audience(Audience.PUBLIC)
@require_POST
def leave(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the service: by a page of our own, since a form may not lead elsewhere (CSP form-action)."""
    if is_over(request, "outside"):
        return too_many(request)
    if request.POST.get("process") == "connect":
        if not request.user.is_authenticated:
            return redirect("accounts:sign_in")
        if not confirmed_recently(request):
            return ask_to_confirm(request, reverse("socialaccount_connections"))
    try:
        answer = OAuth2LoginView.adapter_view(StrictAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    except UNREADABLE as error:
        return _failed(request, provider_id, error)
    if not isinstance(answer, HttpResponseRedirect):
        return answer
    return render(request, "accounts/outside_leave.html", {"address": answer.url})


@audience(Audience.PUBLIC)
@require_safe
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """From the service: the library completes the code flow, `accounts.oidc` judges what was said."""
    try:
        return StrictCallbackView.adapter_view(StrictAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    except UNREADABLE as error:
        return _failed(request, provider_id, error)


def _failed(request: HttpRequest, provider_id: str, error: Exception) -> HttpResponse:
    # The kind of failure and no more: what a provider sends may hold personal data.
    logger.warning("sign-in service %s failed: %s", provider_id, type(error).__name__)
    return render(request, "socialaccount/authentication_error.html", {"is_down": True}, status=503)


class ConnectedView(ConnectionsView):
    """Which accounts outside open this one."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "providers": outside_providers(self.request)}


connected = ConnectedView.as_view()
