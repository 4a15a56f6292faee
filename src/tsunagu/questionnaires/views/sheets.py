"""Filling in an answer sheet: the task list, one section a page, checking, sending."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.files.services import FileNotTaken
from tsunagu.questionnaires import flow, selectors
from tsunagu.questionnaires import paragraphs as reading
from tsunagu.questionnaires.asking_once import confirmed, show_known
from tsunagu.questionnaires.definition import Kind, Section
from tsunagu.questionnaires.hosting import NotSent, doubts_about, host_of, is_hosted, tell_worked
from tsunagu.questionnaires.inputs import Box, box, sent_values
from tsunagu.questionnaires.models import SnapshotKind
from tsunagu.questionnaires.printing import section_blocks
from tsunagu.questionnaires.selectors import Open
from tsunagu.questionnaires.services.writing import (
    SheetClosed,
    Written,
    attach_file,
    fill_known,
    note_presence,
    tag_paragraphs,
    write_answers,
)
from tsunagu.questionnaires.values import Problem, is_empty, shown
from tsunagu.questionnaires.views.common import opened, page, writable
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of
from tsunagu.sharing.sent_once import runs_every_time


@audience(Audience.SIGNED_IN)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Everything a person writes or works on, with the last time it was saved."""
    sheets = [
        (one, host_of(one).matter(one)) for one in selectors.own_sheets(viewer_of(request)) if is_hosted(one)
    ]
    return render(
        request, "questionnaires/mine.html", {"sheets": sheets, "crumbs": [(_("自分の書類"), None)]}
    )


@audience(Audience.SIGNED_IN)
@require_safe
def tasks(request: HttpRequest, key: Any) -> HttpResponse:
    """The task list: every section with its state, who else is here, and what is left."""
    found = opened(request, key)
    given = selectors.values(selectors.answers(found.sheet))
    states = selectors.states(found.sheet, given)
    known = selectors.known_facts(found.sheet) if found.may_write else {}
    fillable = [
        (one, shown(one, known[one.element].value), known[one.element])
        for one in found.sheet.definition.fields()
        if one.element in known and is_empty(given.get(one.key)) and found.sheet.open_sections is None
    ]
    left = selectors.unmatched(found.sheet, given)
    context = page(
        found,
        states=states,
        done=sum(one.state == flow.State.COMPLETE for one in states),
        minutes=found.sheet.definition.minutes,
        papers=found.sheet.definition.papers,
        fillable=fillable,
        unmatched=[(key, _plain(value)) for key, value in left.items()],
        others=selectors.present(found.sheet, viewer_of(request)),
        approval=found.sheet.approvals.first(),
        questions_open=found.sheet.questions.filter(answered_at=None).count(),
        questions_answered=found.sheet.questions.exclude(answered_at=None).count(),
    )
    return render(request, "questionnaires/tasks.html", context)


def _plain(value: Any) -> str:
    """An answer without a field, as text that can be copied."""
    if isinstance(value, list):
        return "\n".join(_plain(one) for one in value)
    if isinstance(value, dict):
        return "、".join(str(one) for one in value.values() if one)
    return str(value)


def _asked_section(found: Open, given: dict[str, Any], key: str) -> tuple[Section, str, str]:
    """The section as it is asked now, with the keys of those before and after it. Raises `Http404`."""
    asked = flow.asked_sections(found.sheet.definition, given)
    keys = [one.key for one in asked]
    if key not in keys:
        raise Http404("no such section")
    place = keys.index(key)
    return asked[place], keys[place - 1] if place else "", keys[place + 1] if place + 1 < len(keys) else ""


@audience(Audience.SIGNED_IN)
def section(request: HttpRequest, key: Any, section: str) -> HttpResponse:
    """One section: shown to be filled in, or saved as it was sent, complete or not."""
    found = opened(request, key)
    stored = selectors.answers(found.sheet)
    given = selectors.values(stored)
    one, before, after = _asked_section(found, given, section)
    is_open = found.may_write and (found.sheet.open_sections is None or section in found.sheet.open_sections)
    if request.method == "POST":
        if not is_open:
            raise Http404("not for writing")
        return _save(request, found, one, after)
    complain = "check" in request.GET or (found.sheet.open_sections or {}).get(section) is not None
    problems = (
        [p for p in flow.problems(found.sheet.definition, given) if p.section == section] if complain else []
    )
    boxes = [
        box(
            each,
            given.get(each.key, ""),
            version=stored[each.key].version if each.key in stored else 0,
            problems=problems,
            source=stored[each.key].source if each.key in stored else "",
        )
        for each in one.fields
    ]
    if is_open:
        show_known(found.sheet, boxes, stored, changing=request.GET.getlist("change"))
    return _section_page(
        request, found, one, boxes, before=before, after=after, is_open=is_open, problems=problems
    )


def _section_page(
    request: HttpRequest,
    found: Open,
    one: Section,
    boxes: list[Box],
    *,
    before: str = "",
    after: str = "",
    is_open: bool = True,
    problems: list[Problem] | None = None,
    status: int = 200,
) -> HttpResponse:
    sent = selectors.last_sent(found.sheet) if found.sheet.open_sections else None
    context = page(
        found,
        one.title,
        section=one,
        boxes=boxes,
        before=before,
        after=after,
        is_open=is_open,
        reason=(found.sheet.open_sections or {}).get(one.key, ""),
        problems=[(found.sheet.definition.field(p.field), p) for p in problems or []],
        others=selectors.present(found.sheet, viewer_of(request)),
        clashes=[each for each in boxes if each.is_clash],
        was_sent=sent.answers if sent else {},
        questions=list(found.sheet.questions.filter(field__in=[each.key for each in one.fields])),
        now=timezone.localtime(found.sheet.touched_at),
        doubts=[
            (found.sheet.definition.field(p.field), p)
            for p in doubts_about(found.sheet, {each.field.key: each.cell.value for each in boxes})
            if p.section == one.key
        ]
        if is_open
        else [],
        multipart=any(each.kind == Kind.FILE for each in one.fields),
        controls=" ".join(_controlling(found) & {each.key for each in one.fields}),
    )
    return render(request, "questionnaires/section.html", context, status=status)


def _controlling(found: Open) -> set[str]:
    """The fields whose answers decide whether others are asked."""
    definition = found.sheet.definition
    conditions = [each for one in definition.sections for each in one.show_if]
    conditions += [each for one in definition.fields() for each in one.show_if]
    return {one.field for one in conditions}


def _save(request: HttpRequest, found: Open, one: Section, after: str) -> HttpResponse:
    """Keep everything that was sent; fields where two people met are shown again with both texts."""
    viewer = viewer_of(request)
    refused = _take_files(request, found, one)
    tell_worked(found.sheet, one.key, viewer)
    if taken := confirmed(found.sheet, one, request.POST):
        fill_known(sheet=found.sheet, known=taken)
    values, seen = sent_values(one, request.POST)
    written = write_answers(sheet=found.sheet, by=viewer, values=values, seen=seen, kind=SnapshotKind.SAVED)
    asked = request.POST.get("action", "save")
    if written.clashes or refused:
        return _mend(request, found, one, values, written, refused)
    here = reverse("answers:section", args=[found.sheet.key, one.key])
    if asked.startswith("row."):
        return redirect(f"{here}#f-{asked.removeprefix('row.')}")
    if asked == "next":
        target = after or ""
        return (
            redirect("answers:section", found.sheet.key, target)
            if target
            else redirect("answers:tasks", found.sheet.key)
        )
    if asked == "tasks":
        return redirect("answers:tasks", found.sheet.key)
    messages.success(request, _("%(time)s 保存しました。") % {"time": f"{timezone.localtime():%H:%M}"})
    return redirect(here)


def _take_files(request: HttpRequest, found: Open, one: Section) -> list[Problem]:
    refused = []
    for each in one.fields:
        if each.kind != Kind.FILE:
            continue
        upload = request.FILES.get(f"f.{each.key}")
        if upload is not None and hasattr(upload, "chunks"):
            try:
                attach_file(sheet=found.sheet, by=viewer_of(request), field=each.key, upload=upload)
            except FileNotTaken as error:
                refused.append(Problem(each.key, str(error), section=one.key))
        elif f"x.{each.key}" in request.POST:
            write_answers(sheet=found.sheet, by=viewer_of(request), values={each.key: ""})
    return refused


def _mend(
    request: HttpRequest,
    found: Open,
    one: Section,
    values: dict[str, Any],
    written: Written,
    refused: list[Problem],
) -> HttpResponse:
    """The page again with what the person typed; where somebody else wrote meanwhile, their text stands beside it."""
    clashes = {each.field: each for each in written.clashes}
    stored = selectors.answers(found.sheet)
    boxes = []
    for each in one.fields:
        value = (
            values[each.key] if each.key in values else (stored[each.key].value if each.key in stored else "")
        )
        made = box(
            each, value, version=stored[each.key].version if each.key in stored else 0, problems=refused
        )
        if clash := clashes.get(each.key):
            made.is_clash, made.theirs, made.by = True, shown(each, clash.theirs), clash.by
        boxes.append(made)
    return _section_page(request, found, one, boxes, problems=refused, status=409 if clashes else 422)


@audience(Audience.SIGNED_IN)
@runs_every_time
@require_POST
def autosave(request: HttpRequest, key: Any) -> JsonResponse:
    """Keep the fields of a section that changed; answers with the time, versions, and where two people met."""
    found = writable(request, key)
    one = found.sheet.definition.section(request.POST.get("section", ""))
    if one is None:
        return JsonResponse(
            {"closed": _("この章は、いまの様式にありません。画面を開き直してください。")}, status=400
        )
    values, seen = sent_values(one, request.POST)
    viewer = viewer_of(request)
    tell_worked(found.sheet, one.key, viewer)
    try:
        written = write_answers(sheet=found.sheet, by=viewer, values=values, seen=seen)
    except SheetClosed as closed:
        return JsonResponse({"closed": str(closed)}, status=409)
    by_key = {each.key: each for each in one.fields}
    return JsonResponse(
        {
            "time": f"{timezone.localtime():%H:%M}",
            "versions": written.versions,
            "clashes": [
                {
                    "field": each.field,
                    "theirs": shown(by_key[each.field], each.theirs),
                    "by": each.by,
                    "label": by_key[each.field].label,
                }
                for each in written.clashes
            ],
        }
    )


@audience(Audience.SIGNED_IN)
@runs_every_time
@require_POST
def present(request: HttpRequest, key: Any) -> JsonResponse:
    """Say that this person has the section open; answers who else has the sheet open, and where."""
    found = opened(request, key)
    viewer = viewer_of(request)
    where, field = request.POST.get("section", ""), request.POST.get("field", "")
    if found.may_write:
        tell_worked(found.sheet, where, viewer)
        note_presence(sheet=found.sheet, person_id=viewer.signed_in_id, section=where, field=field)
    titles = {one.key: one.title for one in found.sheet.definition.sections}
    labels = {one.key: one.label for one in found.sheet.definition.fields()}
    others = [
        {
            "name": str(one.person),
            "section": titles.get(one.section, ""),
            "field": labels.get(one.field, "") if one.section == where else "",
        }
        for one in selectors.present(found.sheet, viewer)
    ]
    return JsonResponse({"others": others})


@audience(Audience.SIGNED_IN)
@require_POST
def take_known(request: HttpRequest, key: Any) -> HttpResponse:
    """Put facts that are known already into the fields nobody has answered."""
    found = writable(request, key)
    filled = fill_known(sheet=found.sheet, known=selectors.known_facts(found.sheet))
    messages.success(request, _("%(count)d項目に、分かっている内容を入れました。") % {"count": len(filled)})
    return redirect("answers:tasks", found.sheet.key)


def _has_file(value: Any) -> bool:
    return isinstance(value, dict) and bool(value.get("sha256"))


def _check_context(found: Open) -> dict[str, Any]:
    given = selectors.values(selectors.answers(found.sheet))
    definition = found.sheet.definition
    wanted = [code for code, _label in found.matter.criteria]
    names = dict(found.matter.criteria)
    tagged = reading.tagged_criteria(definition, given, found.sheet.tags)
    return page(
        found,
        _("内容の確認"),
        sections=[
            (
                one,
                section_blocks(one.fields, given),
                [given[f.key] for f in one.fields if _has_file(given.get(f.key))],
            )
            for one in flow.asked_sections(definition, given)
        ],
        problems=[(definition.field(p.field), p) for p in flow.problems(definition, given)],
        doubts=[(definition.field(p.field), p) for p in doubts_about(found.sheet, given)],
        untagged=[names[one] for one in flow.untagged_criteria(definition, tagged, wanted)],
        unmatched=[(key, _plain(value)) for key, value in selectors.unmatched(found.sheet, given).items()],
        approval=found.sheet.approvals.first(),
    )


@audience(Audience.SIGNED_IN)
@require_safe
def check(request: HttpRequest, key: Any) -> HttpResponse:
    """Everything on one page to look over before sending; afterwards, what was sent."""
    return render(request, "questionnaires/check.html", _check_context(opened(request, key)))


@audience(Audience.SIGNED_IN)
@require_POST
def send(request: HttpRequest, key: Any) -> HttpResponse:
    """Send the sheet; what keeps it from being sent is shown with links to mend it."""
    found = opened(request, key)
    if not found.may_send:
        raise Http404("not for sending")
    try:
        address = host_of(found.sheet).send(found.sheet, viewer_of(request))
    except NotSent as refusal:
        context = _check_context(opened(request, key))
        context["refusal"] = refusal.message
        return render(request, "questionnaires/check.html", context, status=422)
    return redirect(address)


@audience(Audience.SIGNED_IN)
def paragraphs(request: HttpRequest, key: Any) -> HttpResponse:
    """Which paragraph speaks to which criterion: seen by reviewers beside their score sheet."""
    found = opened(request, key)
    given = selectors.values(selectors.answers(found.sheet))
    listed = list(reading.paragraphs(found.sheet.definition, given, found.sheet.tags))
    if request.method == "POST":
        writable(request, key)
        known = {code for code, _label in found.matter.criteria}
        tags = {
            one.fingerprint: [code for code in request.POST.getlist(f"t.{one.fingerprint}") if code in known]
            for one in listed
            if f"p.{one.fingerprint}" in request.POST
        }
        tag_paragraphs(sheet=found.sheet, by=viewer_of(request), tags=tags)
        messages.success(request, _("段落と審査の視点を保存しました。"))
        return redirect("answers:check", found.sheet.key)
    context = page(found, _("段落と審査の視点"), paragraphs=listed)
    return render(request, "questionnaires/paragraphs.html", context)
