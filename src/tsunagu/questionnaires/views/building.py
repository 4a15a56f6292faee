"""Making forms in the browser: one thing a page, every save knowing whether somebody else saved before."""

import json
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.questionnaires import editing, selectors
from tsunagu.questionnaires.building_forms import (
    FieldForm,
    ImportForm,
    NewForm,
    PublishForm,
    SectionForm,
    WholeForm,
    field_initial,
    section_initial,
)
from tsunagu.questionnaires.definition import (
    Definition,
    DefinitionFaulty,
    Section,
    check_definition,
    read_definition,
    written,
)
from tsunagu.questionnaires.models import DataElement, Form, FormVersion, Sheet
from tsunagu.questionnaires.services.forms import current_version, draft_of, make_form, publish, save_draft
from tsunagu.questionnaires.trial import begin_trial
from tsunagu.registry.services import EditConflict
from tsunagu.registry.views.editing import Crumbs, home_crumb
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of


def crumbs(*more: tuple[str, str | None]) -> Crumbs:
    return [home_crumb(), (_("様式"), reverse("forms:list") if more else None), *more]


def the_form(request: HttpRequest, pk: int) -> Form:
    return get_object_or_404(selectors.forms(viewer_of(request)), pk=pk)


def _of(form: Form, title: str = "") -> Crumbs:
    here = reverse("forms:draft", args=[form.pk]) if title else None
    return crumbs((form.title, here), *([(title, None)] if title else []))


@audience(Audience.SECRETARIAT)
@require_safe
def forms(request: HttpRequest) -> HttpResponse:
    """All forms with their versions and how many people are answering."""
    found = selectors.forms(viewer_of(request)).annotate(
        open_sheets=Count("versions__sheets", filter=Q(versions__sheets__is_locked=False))
    )
    rows = [(one, current_version(one)) for one in found]
    return render(request, "questionnaires/building/list.html", {"forms": rows, "crumbs": crumbs()})


@audience(Audience.SECRETARIAT)
def new(request: HttpRequest) -> HttpResponse:
    """A new form, empty or as a copy."""
    form = NewForm(request.POST or None)
    copied = (
        selectors.forms(viewer_of(request))
        .filter(pk=request.GET.get("copy", "0") if request.GET.get("copy", "0").isdigit() else 0)
        .first()
    )
    if request.method == "POST" and form.is_valid():
        version = current_version(copied) or draft_of(form=copied) if copied else None
        made = make_form(**form.cleaned_data, document=version.document if version else None)
        return redirect("forms:draft", made.pk)
    title = _("様式を写して作る: %(title)s") % {"title": copied} if copied else _("様式を作る")
    return _page(request, form, title, crumbs((title, None)))


def _page(request: HttpRequest, form: Any, title: str, trail: Crumbs, **more: Any) -> HttpResponse:
    context = {"form": form, "title": title, "crumbs": trail, **more}
    return render(request, "questionnaires/building/form.html", context, status=422 if form.errors else 200)


@audience(Audience.SECRETARIAT)
def take_in(request: HttpRequest) -> HttpResponse:
    """A form from a file: kept as a draft, checked before anything is stored."""
    form = ImportForm(request.POST or None, request.FILES or None)
    title = _("様式のファイルを取り込む")
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data["file"]
        key = str(found.get("key", ""))[:40]
        try:
            document = written(read_definition(found["document"]))
            check_definition(read_definition(document))
            if Form.objects.filter(key=key).exists():
                raise DefinitionFaulty([_("記号「%(key)s」の様式がすでにあります。") % {"key": key}])
        except (DefinitionFaulty, KeyError, TypeError, AttributeError, ValueError) as error:
            problems = (
                error.problems
                if isinstance(error, DefinitionFaulty)
                else [_("中身の形が様式のものではありません。")]
            )
            for one in problems:
                form.add_error("file", one)
        else:
            made = make_form(
                key=key,
                title=str(found.get("title", key))[:100],
                purpose=str(found.get("purpose", "other"))[:10],
                document=document,
            )
            return redirect("forms:draft", made.pk)
    return _page(request, form, title, crumbs((title, None)), multipart=True)


@audience(Audience.SECRETARIAT)
@require_safe
def give_out(request: HttpRequest, pk: int) -> HttpResponse:
    """The form as a file."""
    form = the_form(request, pk)
    version = form.versions.order_by("-number").first()
    data = {
        "key": form.key,
        "title": form.title,
        "purpose": form.purpose,
        "document": version.document if version else {},
    }
    response = HttpResponse(json.dumps(data, ensure_ascii=False, indent=1), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{form.key}.json"'
    return response


def _newest(form: Form) -> FormVersion:
    """The draft if there is one, else the newest published version: looking makes no draft."""
    newest = form.versions.order_by("-number").first()
    if newest is None:
        raise Http404("no version")
    return newest


@audience(Audience.SECRETARIAT)
@require_safe
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """The form as it is being made: sections, questions, what is wrong with it, what publishing would change."""
    form = the_form(request, pk)
    version = _newest(form)
    definition = version.definition
    try:
        check_definition(definition)
        problems: list[str] = []
    except DefinitionFaulty as faulty:
        problems = faulty.problems
    context = {
        "form": form,
        "version": version,
        "definition": definition,
        "problems": problems,
        "warnings": editing.warnings(definition),
        "versions": form.versions.select_related("published_by"),
        "crumbs": _of(form),
    }
    return render(request, "questionnaires/building/draft.html", context)


def _save(request: HttpRequest, form: Form, definition: Definition, seen: int | None) -> bool:
    """Keep the changed definition as the draft; False with a message when somebody else saved before.

    Whoever looked at a published version gets a fresh draft of it, which nobody else can have seen.
    """
    shown = _newest(form)
    draft = draft_of(form=form)
    known = seen if shown.pk == draft.pk else draft.version
    try:
        save_draft(draft=draft, document=written(definition), seen=known)
    except EditConflict:
        messages.error(
            request,
            _(
                "この画面を開いたあとに、ほかの人が様式を直しました。いまの内容を見て、もう一度行ってください。"
            ),
        )
        return False
    return True


@audience(Audience.SECRETARIAT)
@require_POST
def arrange(request: HttpRequest, pk: int) -> HttpResponse:
    """Move or remove a section or a question."""
    form = the_form(request, pk)
    definition = _newest(form).definition
    what, _colon, key = request.POST.get("target", "").partition(":")
    step = {"up": -1, "down": 1}.get(request.POST.get("action", ""), 0)
    if what == "section":
        changed = (
            editing.move_section(definition, key, step) if step else editing.drop_section(definition, key)
        )
    elif what == "field":
        changed = editing.move_field(definition, key, step) if step else editing.drop_field(definition, key)
    else:
        messages.error(request, _("動かすものを選んでください。"))
        return redirect("forms:draft", pk)
    seen = request.POST.get("seen", "")
    _save(request, form, changed, int(seen) if seen.isdigit() else None)
    return redirect("forms:draft", pk)


@audience(Audience.SECRETARIAT)
def section(request: HttpRequest, pk: int, key: str = "") -> HttpResponse:
    """A section's title, guidance and condition."""
    form = the_form(request, pk)
    version = _newest(form)
    definition = version.definition
    old = definition.section(key)
    if key and old is None:
        raise Http404("no such section")
    page = SectionForm(
        request.POST or None,
        definition=definition,
        initial={**section_initial(definition, key), "seen": version.version},
    )
    title = old.title if old else _("章を加える")
    if request.method == "POST" and page.is_valid():
        data = page.cleaned_data
        new_key = key or editing.free_key(
            [one.key for one in definition.sections], data["title"], fallback="section"
        )
        base = old or Section(new_key, "")
        made = replace(base, title=data["title"], guidance=data["guidance"], show_if=data["show_if"])
        if _save(request, form, editing.put_section(definition, made), data["seen"]):
            return redirect("forms:draft", pk)
    return _page(request, page, title, _of(form, title))


@audience(Audience.SECRETARIAT)
def field(request: HttpRequest, pk: int, section: str, key: str = "") -> HttpResponse:
    """Every property of a question."""
    form = the_form(request, pk)
    version = _newest(form)
    definition = version.definition
    old = definition.field(key) if key else None
    if definition.section(section) is None or (key and old is None):
        raise Http404("no such question")
    initial = {**(field_initial(old) if old else {}), "seen": version.version}
    page = FieldForm(request.POST or None, definition=definition, initial=initial)
    title = old.label if old else _("質問を加える")
    if request.method == "POST" and page.is_valid():
        made = page.field(old)
        base = editing.drop_field(definition, key) if old and made.key != key else definition
        if _save(request, form, editing.put_field(base, section, made), page.cleaned_data["seen"]):
            return redirect("forms:draft", pk)
    return _page(request, page, title, _of(form, title), elements=DataElement.objects.all())


@audience(Audience.SECRETARIAT)
def whole(request: HttpRequest, pk: int) -> HttpResponse:
    """Minutes, papers and checks."""
    form = the_form(request, pk)
    version = _newest(form)
    definition = version.definition
    initial = {
        "minutes": definition.minutes, "papers": "\n".join(definition.papers), "seen": version.version,
        "checks": "\n".join(f"{one.kind} {','.join(one.fields)} | {one.message}" for one in definition.checks),
    }  # fmt: skip
    page = WholeForm(request.POST or None, initial=initial)
    title = _("全体の設定")
    if request.method == "POST" and page.is_valid():
        data = page.cleaned_data
        papers = tuple(one.strip() for one in data["papers"].splitlines() if one.strip())
        changed = replace(
            editing.put_checks(definition, data["checks"]), minutes=data["minutes"] or 0, papers=papers
        )
        if _save(request, form, changed, data["seen"]):
            return redirect("forms:draft", pk)
    return _page(request, page, title, _of(form, title))


@audience(Audience.SECRETARIAT)
def publish_form(request: HttpRequest, pk: int) -> HttpResponse:
    """What publishing changes, how many are writing and what of theirs loses its place; then publish."""
    form = the_form(request, pk)
    version = _newest(form)
    if version.published_at is not None:
        messages.info(request, _("公開していない変更はありません。"))
        return redirect("forms:draft", pk)
    before = current_version(form)
    writing = Sheet.objects.filter(
        form_version__form=form, is_locked=False, open_sections__isnull=True
    ).exclude(subject__startswith="trial:")
    page = PublishForm(request.POST or None)
    if request.method == "POST" and page.is_valid():
        try:
            publish(draft=version, by=viewer_of(request), note=page.cleaned_data["note"])
        except DefinitionFaulty as faulty:
            for one in faulty.problems:
                page.add_error(None, one)
        else:
            messages.success(request, _("公開しました。"))
            return redirect("forms:draft", pk)
    new_keys = {one.key for one in version.definition.fields()}
    gone = [one for one in before.definition.fields() if one.key not in new_keys] if before else []
    context = {
        "form": page,
        "title": _("公開する前に確かめる"),
        "changes": editing.changes(before.definition, version.definition) if before else [],
        "is_first": before is None,
        "writing": writing.count(),
        "losing": [
            (one.label, writing.filter(answers__field=one.key).exclude(answers__value="").count())
            for one in gone
        ],
        "crumbs": _of(form, _("公開")),
    }
    return render(
        request, "questionnaires/building/publish.html", context, status=422 if page.errors else 200
    )


@audience(Audience.SECRETARIAT)
@require_POST
def trial(request: HttpRequest, pk: int) -> HttpResponse:
    """Walk the whole form as an applicant, with nobody's data."""
    form = the_form(request, pk)
    sheet = begin_trial(version=_newest(form), by=viewer_of(request))
    return redirect("answers:tasks", sheet.key)
