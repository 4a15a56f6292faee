"""One's saved searches."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.search import selectors
from tsunagu.search.forms import SaveForm
from tsunagu.search.models import Alert
from tsunagu.search.services import saving
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of


@audience(Audience.SIGNED_IN)
@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    """What one has saved, and how often one is told."""
    context = {
        "searches": selectors.saved(viewer_of(request)),
        "alerts": Alert.choices,
        "crumbs": [(_("検索"), reverse("search:page")), (_("保存した検索"), None)],
    }
    return render(request, "search/saved.html", context)


@audience(Audience.SIGNED_IN)
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the question of the page one comes from."""
    form = SaveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("保存できませんでした。名前を100文字以内で入れてください。"))
        return redirect("search:page")
    try:
        saving.save_search(viewer=viewer_of(request), **form.cleaned_data)
    except saving.TooMany:
        messages.error(
            request,
            _("保存できるのは%(most)d件までです。要らなくなった検索を消してから、もう一度保存してください。")
            % {"most": saving.MOST_SAVED},
        )
    else:
        messages.success(request, _("検索を保存しました。"))
    return redirect("search:saved")


@audience(Audience.SIGNED_IN)
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change how often one is told, or forget it."""
    one = get_object_or_404(selectors.saved(viewer_of(request)), pk=pk)
    if request.POST.get("act") == "forget":
        saving.forget_search(saved=one)
        messages.success(request, _("消しました。"))
    elif (alert := request.POST.get("alert", "")) in Alert.values:
        saving.change_alert(saved=one, alert=alert)
        messages.success(request, _("変更しました。"))
    else:
        messages.error(request, _("知らせる間隔を選んでください。"))
    return redirect("search:saved")
