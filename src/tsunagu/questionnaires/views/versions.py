"""Earlier versions of an answer sheet, compared and brought back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.questionnaires import selectors
from tsunagu.questionnaires.comparing import differences
from tsunagu.questionnaires.services.writing import SheetClosed, restore_version
from tsunagu.questionnaires.views.common import opened, page, writable
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of


@audience(Audience.SIGNED_IN)
@require_safe
def versions(request: HttpRequest, key: Any) -> HttpResponse:
    """The kept versions, newest first."""
    found = opened(request, key)
    return render(
        request,
        "questionnaires/versions.html",
        page(found, _("版"), versions=selectors.snapshots(found.sheet)),
    )


@audience(Audience.SIGNED_IN)
@require_safe
def version(request: HttpRequest, key: Any, number: int) -> HttpResponse:
    """What changed between a version and another (`?with=`), or the sheet as it is now."""
    found = opened(request, key)
    one = get_object_or_404(selectors.snapshots(found.sheet), number=number)
    other = request.GET.get("with", "")
    second = (
        get_object_or_404(selectors.snapshots(found.sheet), number=int(other)) if other.isdigit() else None
    )
    after = second.answers if second else selectors.values(selectors.answers(found.sheet))
    context = page(
        found,
        _("第%(number)d版との違い") % {"number": number},
        version=one,
        second=second,
        differences=differences(found.sheet.definition, one.answers, after),
        versions=selectors.snapshots(found.sheet).exclude(number=number),
    )
    return render(request, "questionnaires/version.html", context)


@audience(Audience.SIGNED_IN)
@require_POST
def restore(request: HttpRequest, key: Any, number: int) -> HttpResponse:
    """Bring an earlier version back; what stands now is kept as a version too."""
    found = writable(request, key)
    one = get_object_or_404(selectors.snapshots(found.sheet), number=number)
    try:
        restore_version(sheet=found.sheet, by=viewer_of(request), snapshot=one)
    except SheetClosed as closed:
        raise Http404(str(closed)) from closed
    messages.success(request, _("第%(number)d版の内容に戻しました。") % {"number": number})
    return redirect("answers:tasks", found.sheet.key)
