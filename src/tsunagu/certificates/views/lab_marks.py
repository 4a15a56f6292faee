"""A lab's own page of its certificate and the mark: accept the terms, take the files, keep the register of uses."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.certificates import mark_selectors, selectors
from tsunagu.certificates.forms import UseForm
from tsunagu.certificates.models import MarkUse
from tsunagu.certificates.models.marks import Outcome
from tsunagu.certificates.services import links, marks
from tsunagu.certificates.services.marks import MarkRefused
from tsunagu.files.services import FileNotTaken
from tsunagu.files.serving import serve_file
from tsunagu.registry.models import Lab
from tsunagu.registry.selectors import tended_labs
from tsunagu.registry.views.editing import Crumbs, edit_page
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of


def _lab(request: HttpRequest, slug: str) -> Lab:
    return get_object_or_404(tended_labs(viewer_of(request)), slug=slug)


def _crumbs(lab: Lab, title: str) -> Crumbs:
    return [
        (str(lab), reverse("portal:lab", args=[lab.slug])),
        (_("選定証とロゴマーク"), reverse("marks:lab", args=[lab.slug])),
        (title, None),
    ]


@audience(Audience.LAB)
@require_safe
def lab(request: HttpRequest, slug: str) -> HttpResponse:
    """The lab's certificates, its right to the mark, the files and where the mark is used."""
    viewer, today = viewer_of(request), timezone.localdate()
    one = _lab(request, slug)
    rows = mark_selectors.lab_marks(mark_selectors.designations_of(one), on=today)
    is_open = any(row.is_on and row.accepted for row in rows)
    context = {
        "lab": one,
        "certificates": selectors.tended_certificates(viewer).filter(designation__lab=one),
        "rows": rows,
        "is_office": one.pk in viewer.office_lab_ids,
        "must_accept": any(row.is_on and not row.accepted for row in rows),
        "is_open": is_open,
        "terms": mark_selectors.current_terms(today),
        "kit": mark_selectors.current_kit() if is_open or viewer.is_staff else None,
        "uses": mark_selectors.uses_of(one),
        "outcomes": dict(Outcome.choices),
        "crumbs": [*_crumbs(one, "")[:1], (_("選定証とロゴマーク"), None)],
    }
    return render(request, "certificates/lab_mark.html", context)


@audience(Audience.LAB)
@require_POST
def accept(request: HttpRequest, slug: str) -> HttpResponse:
    """The lab's office accepts the terms it has just read."""
    one = _lab(request, slug)
    terms = mark_selectors.current_terms(timezone.localdate())
    if terms is None or str(terms.pk) != request.POST.get("terms"):
        messages.error(request, _("使用規程が新しくなりました。新しい版を読んでから承諾してください。"))
        return redirect("marks:lab", slug)
    try:
        marks.accept_terms(lab=one, terms=terms, by=viewer_of(request))
    except MarkRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("承諾を記録しました。ロゴマークのデータを受け取れます。"))
    return redirect("marks:lab", slug)


@audience(Audience.LAB)
@require_safe
def kit_file(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """A file of the mark, once the terms are accepted."""
    one = _lab(request, slug)
    found = mark_selectors.kit_file(viewer_of(request), one, pk, on=timezone.localdate())
    if found is None:
        raise Http404("the kit is not open")
    return serve_file(found.stored_file)


@audience(Audience.LAB)
def new_use(request: HttpRequest, slug: str) -> HttpResponse:
    """Write down where the mark is used."""
    one = _lab(request, slug)
    return _use_page(request, one, MarkUse(), _("使用を記録する"))


@audience(Audience.LAB)
def edit_use(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a use, or write down its last day."""
    use = get_object_or_404(mark_selectors.tended_uses(viewer_of(request)), pk=pk)
    return _use_page(request, use.designation.lab, use, _("使用の記録を直す"))


def _use_page(request: HttpRequest, lab: Lab, use: MarkUse, title: str) -> HttpResponse:
    by = viewer_of(request)
    form = UseForm(request.POST or None, request.FILES or None, instance=use, lab=lab)

    def save(made: MarkUse, seen: int | None) -> MarkUse:
        return marks.save_use(made, by=by, photo=form.cleaned_data.get("photo_file"), seen=seen)

    try:
        return edit_page(
            request,
            form,
            title,
            _crumbs(lab, title),
            save=save,
            done=lambda saved: redirect("marks:lab", lab.slug),
        )
    except FileNotTaken as refused:
        form.add_error("photo_file", str(refused))
        context = {"form": form, "title": title, "crumbs": _crumbs(lab, title), "button": _("保存する")}
        return render(request, "registry/form.html", context, status=422)


@audience(Audience.LAB)
@require_safe
def use_photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The photo of a use."""
    use = get_object_or_404(mark_selectors.tended_uses(viewer_of(request)), pk=pk)
    if use.photo is None:
        raise Http404("no photo")
    return serve_file(use.photo)


@audience(Audience.LAB)
@require_POST
def check_use(request: HttpRequest, pk: int) -> HttpResponse:
    """Look at the registered page now."""
    use = get_object_or_404(mark_selectors.tended_uses(viewer_of(request)).exclude(address=""), pk=pk)
    links.queue_check(use=use)
    messages.success(request, _("ページを確かめます。しばらくしてから、この画面を開き直してください。"))
    return redirect("marks:lab", use.designation.lab.slug)
