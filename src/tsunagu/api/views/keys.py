"""Keys for programs: make, see, stop."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tsunagu.api import selectors
from tsunagu.api.forms import KeyForm
from tsunagu.api.services.keys import NotAllowed, make_key, revoke_key
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of


@audience(Audience.LAB)
def keys(request: HttpRequest) -> HttpResponse:
    """The keys of one's labs; a new one is shown on this page once, and nowhere again."""
    viewer = viewer_of(request)
    form = KeyForm(request.POST or None, viewer=viewer) if viewer.office_lab_ids else None
    secret = ""
    if request.method == "POST" and form is not None and form.is_valid():
        given = form.cleaned_data
        try:
            _key, secret = make_key(
                lab=given["lab"],
                name=given["name"],
                scopes=given["scopes"],
                expires_on=form.expires_on,
                by=viewer,
            )
            form = KeyForm(viewer=viewer)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": form,
        "secret": secret,
        "keys": [(one, one.is_good(timezone.localdate())) for one in selectors.keys(viewer)[:200]],
        "root": reverse("api:contents"),
        "crumbs": [(_("自分のラボ"), reverse("office:own_lab")), (_("APIの鍵"), None)],
    }
    return render(request, "api/keys.html", context, status=422 if form is not None and form.errors else 200)


@audience(Audience.LAB)
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a key for good."""
    viewer = viewer_of(request)
    one = get_object_or_404(selectors.keys(viewer), pk=pk)
    revoke_key(key=one, by=viewer)
    messages.success(request, _("鍵「%(name)s」を止めました。") % {"name": one.name})
    return redirect("keys:list")
