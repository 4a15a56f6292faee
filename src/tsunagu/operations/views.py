"""Health, metrics, and the page that shows whether the promises were kept last time."""

import os
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tsunagu.history.heads import current_head
from tsunagu.operations import metrics as metrics_text
from tsunagu.operations import selectors
from tsunagu.operations.models import CheckKind
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of

PROMISES = {
    CheckKind.WALK: gettext_lazy("見てはいけない人には、件数も名前も、あることさえも見えません。"),
    CheckKind.VERIFY: gettext_lazy(
        "だれが何を変えたかは、あとから書き換えられません。書き換えれば分かります。"
    ),
    CheckKind.DRILL: gettext_lazy("バックアップは、戻してみて、サインインできるところまで確かめています。"),
    CheckKind.BACKUP: gettext_lazy("バックアップは、暗号化して取っています。"),
    CheckKind.SCRUB: gettext_lazy("預かったファイルが、欠けも変わりもしていないことを確かめています。"),
}
SHOWN = {
    "checks": gettext_lazy("確かめた回数"),
    "leaks": gettext_lazy("見えてしまった回数"),
    "viewers": gettext_lazy("役割の数"),
    "seals": gettext_lazy("つながった記録"),
    "changes": gettext_lazy("変更の数"),
    "restore_seconds": gettext_lazy("戻すのにかかった秒数"),
    "files": gettext_lazy("ファイルの数"),
}


@audience(Audience.PUBLIC)
@require_safe
def trust(request: HttpRequest) -> HttpResponse:
    """Each promise in plain words, with the date and result of its last check."""
    runs = selectors.last_runs(viewer_of(request))
    rows: list[dict[str, Any]] = []
    for kind, promise in PROMISES.items():
        run = runs.get(kind)
        numbers = (
            [(SHOWN[name], value) for name, value in run.numbers.items() if name in SHOWN] if run else []
        )
        rows.append({"kind": kind.label, "promise": promise, "run": run, "numbers": numbers})
    context = {
        "rows": rows,
        "head": current_head(),
        "crumbs": [(_("トップ"), reverse("portal:top")), (_("信頼のために"), None)],
    }
    return render(request, "operations/trust.html", context)


@audience(Audience.PUBLIC)
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@audience(Audience.PUBLIC)
@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether this process can do its work; 503 names the parts that fail, and nothing else."""
    found = selectors.parts()
    status = 200 if all(part.ok for part in found) else 503
    return JsonResponse({part.name: "ok" if part.ok else "failed" for part in found}, status=status)


@audience(Audience.PUBLIC)
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Numbers for monitoring, to whoever holds `TSUNAGU_METRICS_TOKEN`; for everyone else it does not exist."""
    token = os.environ.get("TSUNAGU_METRICS_TOKEN", "")
    sent = request.headers.get("Authorization", "")
    if not token or not constant_time_compare(sent, f"Bearer {token}"):
        raise Http404
    return HttpResponse(metrics_text.text(), content_type="text/plain; version=0.0.4; charset=utf-8")
