"""What applicants do: start, send, take back, withdraw; and what the secretariat does for them: more time, corrections."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.engines.dates import both_calendars
from tsunagu.engines.textsearch.folding import fold
from tsunagu.questionnaires.definition import Kind
from tsunagu.questionnaires.flow import asked_sections
from tsunagu.questionnaires.hosting import Known, NotSent
from tsunagu.questionnaires.models import Sheet, Snapshot
from tsunagu.questionnaires.services.forms import current_version
from tsunagu.questionnaires.services.sending import close_sheet, lock, open_again, open_for_correction
from tsunagu.questionnaires.services.versions import answers_of
from tsunagu.questionnaires.services.writing import start_sheet
from tsunagu.registry.models import Lab, LocalGovernment, Region
from tsunagu.selection import telling
from tsunagu.selection.models import Application, Call, Correction, Cutoff, Extension, Submission
from tsunagu.selection.plan import read_plan
from tsunagu.selection.rules import (
    WITH_THE_SECRETARIAT,
    Closing,
    NotAllowed,
    State,
    check_move,
    counted_for,
    is_in_time,
    receipt_number,
)
from tsunagu.selection.services.timeline import database_now, locked, move, note
from tsunagu.sharing.viewer import Viewer

KIND = "application"


@transaction.atomic
def start_application(
    *,
    call: Call,
    by: Viewer,
    lab: Lab | None = None,
    is_transition: bool = False,
    known: Mapping[str, Known] | None = None,
    earlier: Application | None = None,
) -> Application:
    """Start an application: a draft filled with what is known of the lab, or with an earlier application's answers.

    Raises `NotAllowed` when the call takes none now.
    """
    now = database_now()
    if not call.is_open(now):
        raise NotAllowed(_("この公募は、いまは受け付けていません。"))
    version = current_version(call.form)
    if version is None:
        raise NotAllowed(_("様式がまだ公開されていません。事務局にお問い合わせください。"))
    application = Application.objects.create(
        call=call, lab=lab, owner_id=by.signed_in_id, is_transition=is_transition, title=str(lab) if lab else "",
        cutoff=_next_cutoff(call, now), region_name=lab.region.name if lab else "",
    )  # fmt: skip
    application.sheet = start_sheet(
        version=version,
        subject=f"{KIND}:{application.pk}",
        by=by,
        lab=lab,
        known=known,
        earlier=answers_of(earlier.sheet) if earlier and earlier.sheet else None,
        earlier_source=_("前の申請 %(number)s") % {"number": earlier.number or earlier} if earlier else "",
    )
    if call.needs_approval:
        Sheet.objects.filter(pk=application.sheet.pk).update(needs_approval=True)
    application.save(update_fields=["sheet"])
    note(application, _("申請の下書きを始めました。"), by=by)
    return application


def _next_cutoff(call: Call, now: datetime) -> Cutoff | None:
    return call.cutoffs.filter(closes_at__gte=now).order_by("closes_at").first()


def cutoff_for(application: Application, received_at: datetime) -> Cutoff | None:
    """The cut-off that what is received now counts for. Raises `NotAllowed` when the call is closed.

    A correction keeps the cut-off it was first sent for.
    """
    cutoffs = {one.pk: one for one in application.call.cutoffs.all()}
    extended = {one.cutoff_id: one.until for one in application.extensions.order_by("until")}
    closing = counted_for(
        received_at, [Closing(one.pk, one.closes_at) for one in cutoffs.values()], extended=extended
    )
    if closing is not None:
        return cutoffs[closing.key]
    if application.call.is_rolling:
        return None
    last = max((one.closes_at for one in cutoffs.values()), default=None)
    when = both_calendars(timezone.localdate(last)) if last else ""
    time = f"{timezone.localtime(last):%H:%M:%S}" if last else ""
    raise NotAllowed(
        _(
            "受付は%(when)s %(time)s（日本時間）に締め切りました。書いた内容は残っています。事務局にお問い合わせください。"
        )
        % {"when": when, "time": time}
    )


@transaction.atomic
def submit_application(*, application: Application, by: Viewer, received_at: datetime) -> Submission:
    """Send an application: checked, numbered, its answers kept for ever. Raises `NotSent` with what is to be mended.

    `received_at` is when the request came in; waiting for others who send at the same moment costs no time.
    """
    application = locked(application)
    if application.sheet is None:
        raise NotSent(_("この申請には様式がありません。"))
    is_correction = application.state == State.RETURNED
    try:
        cutoff = _check_in_time(application, received_at)
        snapshot = close_sheet(sheet=application.sheet, by=by)
        _take_number(application)
        _copy_for_lists(application, snapshot)
        correction = _finish_correction(application, received_at)
        check_move(application.state, State.SUBMITTED)
    except NotAllowed as refusal:
        raise NotSent(str(refusal)) from refusal
    # What was being looked at when it was returned goes on where it was.
    application.state = correction.back_to if correction else State.SUBMITTED
    application.cutoff, application.submitted_at, application.state_since = cutoff, received_at, received_at
    application.save()
    submission = _keep_submission(application, snapshot, by, received_at)
    words = (
        _("修正して提出しました（%(count)d回目）。")
        if is_correction
        else _("提出しました（%(count)d回目）。")
    )
    note(application, words % {"count": submission.number}, by=by, at=received_at)
    telling.tell_received(application, submission)
    return submission


def _check_in_time(application: Application, received_at: datetime) -> Cutoff | None:
    correction = application.corrections.filter(done_at=None).first()
    if correction is None:
        return cutoff_for(application, received_at)
    if not is_in_time(received_at, correction.due_at):
        raise NotAllowed(
            _("修正の期限を過ぎました。書いた内容は残っています。事務局にお問い合わせください。")
        )
    return application.cutoff


def _finish_correction(application: Application, received_at: datetime) -> Correction | None:
    correction = application.corrections.filter(done_at=None).first()
    if correction is not None:
        correction.done_at = received_at
        correction.save(update_fields=["done_at"])
    return correction


def _take_number(application: Application) -> None:
    """The next number of the call, without gaps: whoever sends at the same moment waits for this one."""
    if application.number:
        return
    Call.objects.filter(pk=application.call_id).update(last_number=F("last_number") + 1)
    call = Call.objects.get(pk=application.call_id)
    application.number = receipt_number(call.number_prefix, call.last_number)


def _copy_for_lists(application: Application, snapshot: Snapshot) -> None:
    """What lists, searches and conflict rules look at, taken from the answers as they were sent."""
    plan = read_plan(snapshot.definition, snapshot.answers)
    application.title = (plan.lab_name or application.title or str(application.lab or ""))[:200]
    application.applicant = plan.office[:200]
    application.category = plan.category
    place = place_of(plan.region.get("code", "")) or (application.lab.region if application.lab else None)
    if isinstance(place, LocalGovernment):
        application.region_name = place.name
        application.prefecture_id = place.prefecture_id or place.pk
        application.bureau_id = place.bureau_id
    elif place is not None:
        application.region_name, application.prefecture_id, application.bureau_id = (
            place.name, place.prefecture_id, place.bureau_id,
        )  # fmt: skip
    words = f"{application.number} {application.title} {application.applicant} {application.region_name}"
    application.search_key = fold(words)[:700]


def place_of(code: str) -> LocalGovernment | Region | None:
    """A local government or a group region by its code."""
    if not code:
        return None
    return LocalGovernment.objects.filter(pk=code).first() or Region.objects.filter(code=code).first()


def _keep_submission(
    application: Application, snapshot: Snapshot, by: Viewer, received_at: datetime
) -> Submission:
    return Submission.objects.create(
        application=application,
        number=application.submissions.count() + 1,
        snapshot=snapshot,
        received_at=received_at,
        sent_by_id=by.signed_in_id,
        files=files_of(snapshot),
    )


def files_of(snapshot: Snapshot) -> list[dict[str, Any]]:
    """The files of a version with their hashes, as the receipt names them."""
    found = []
    for section in asked_sections(snapshot.definition, snapshot.answers):
        for one in section.fields:
            value = snapshot.answers.get(one.key)
            if one.kind == Kind.FILE and isinstance(value, dict) and value.get("key"):
                found.append(
                    {
                        "field": one.label,
                        "name": value["name"],
                        "size": value["size"],
                        "sha256": value["sha256"],
                    }
                )
    return found


@transaction.atomic
def take_back(*, application: Application, by: Viewer, now: datetime) -> None:
    """The applicant takes a sent application back to mend it, while its cut-off is open. Raises `NotAllowed`."""
    application = locked(application)
    if application.state != State.SUBMITTED or application.sheet is None:
        raise NotAllowed(_("事務局の確認が始まっているので、自分では戻せません。事務局に知らせてください。"))
    cutoff_for(application, now)
    open_again(sheet=application.sheet)
    move(application, State.DRAFT, at=now)
    note(application, _("提出を取り消して、下書きに戻しました。"), by=by)


@transaction.atomic
def withdraw_application(*, application: Application, by: Viewer, reason: str) -> None:
    """Withdraw an application before it is decided; it stays readable. Raises `NotAllowed`."""
    application = locked(application)
    move(application, State.WITHDRAWN)
    if application.sheet is not None:
        lock(sheet=application.sheet)
    note(application, _("取り下げました。"), by=by, detail=reason)
    telling.tell_withdrawn(application)
    # The review of it ends with it: asked through the room's own list, since reviews live elsewhere.
    for listener in AFTER_WITHDRAWAL:
        listener(application)


AFTER_WITHDRAWAL: list[Any] = []


@transaction.atomic
def extend_for_one(
    *, application: Application, cutoff: Cutoff, until: datetime, reason: str, by: Viewer
) -> Extension:
    """More time for one applicant. Raises `NotAllowed` for a time before the cut-off itself."""
    if until <= cutoff.closes_at:
        raise NotAllowed(_("延長は、もとの締切より後の日時にしてください。"))
    application = locked(application)
    made = Extension.objects.create(
        application=application, cutoff=cutoff, until=until, reason=reason, granted_by_id=by.signed_in_id
    )
    if application.state == State.DRAFT:
        application.cutoff = cutoff
        application.save(update_fields=["cutoff"])
    when = f"{timezone.localtime(until):%Y-%m-%d %H:%M:%S}"
    note(
        application,
        _("締切を %(when)s まで延ばしました。") % {"when": when},
        by_label=_("制度の事務局"),
        detail=reason,
    )
    telling.tell_extended(application, until, reason)
    return made


@transaction.atomic
def extend_for_all(*, cutoff: Cutoff, until: datetime, reason: str, by: Viewer) -> int:
    """Move a cut-off for everybody; returns how many drafts are told. Raises `NotAllowed` for an earlier time."""
    cutoff = Cutoff.objects.select_for_update(of=("self",)).select_related("call", "round").get(pk=cutoff.pk)
    if until <= cutoff.closes_at:
        raise NotAllowed(_("延長は、もとの締切より後の日時にしてください。"))
    cutoff.closes_at = until
    cutoff.save(update_fields=["closes_at"])
    when = f"{timezone.localtime(until):%Y-%m-%d %H:%M:%S}"
    drafts = Application.objects.filter(cutoff=cutoff, state=State.DRAFT).select_related("owner", "call")
    for one in drafts:
        note(
            one,
            _("締切を %(when)s まで延ばしました。") % {"when": when},
            by_label=_("制度の事務局"),
            detail=reason,
        )
        telling.tell_extended(one, until, reason)
    return len(drafts)


@transaction.atomic
def return_for_correction(
    *, application: Application, sections: Mapping[str, str], due_at: datetime, by: Viewer
) -> Correction:
    """差戻し: open only the named sections, each with its reason, until a time. Raises `NotAllowed`."""
    application = locked(application)
    if application.sheet is None or not sections:
        raise NotAllowed(_("差し戻す章を1つ以上選び、理由を書いてください。"))
    if missing := [key for key, reason in sections.items() if not reason.strip()]:
        names = [s.title for key in missing if (s := application.sheet.definition.section(key))]
        raise NotAllowed(_("差し戻す理由を書いてください: %(names)s") % {"names": "、".join(names)})
    if due_at <= timezone.now():
        raise NotAllowed(_("期限は、これからの日時にしてください。"))
    back_to = application.state if application.state in WITH_THE_SECRETARIAT else State.SUBMITTED
    move(application, State.RETURNED)
    open_for_correction(sheet=application.sheet, sections=sections)
    made = Correction.objects.create(
        application=application,
        sections=dict(sections),
        due_at=due_at,
        asked_by_id=by.signed_in_id,
        back_to=back_to,
    )
    titles = [s.title for key in sections if (s := application.sheet.definition.section(key))]
    note(
        application,
        _("差し戻しました: %(titles)s") % {"titles": "、".join(titles)},
        by_label=_("制度の事務局"),
        detail="\n".join(sections.values()),
    )
    telling.tell_returned(application, made, titles)
    return made


@transaction.atomic
def accept_application(*, application: Application, by: Viewer, remark: str = "") -> None:
    """The application meets the requirements. Raises `NotAllowed`."""
    application = locked(application)
    move(application, State.ACCEPTED, screening_reasons=[], screening_note=remark)
    note(application, _("要件と書類を確かめ、受理しました。"), by_label=_("制度の事務局"))
    telling.tell_accepted(application)


@transaction.atomic
def refuse_as_ineligible(*, application: Application, by: Viewer, reasons: list[str], remark: str) -> None:
    """The application does not meet the requirements, for coded reasons. Raises `NotAllowed`."""
    if not reasons:
        raise NotAllowed(_("満たさない要件を1つ以上選んでください。"))
    application = locked(application)
    move(application, State.INELIGIBLE, screening_reasons=reasons, screening_note=remark)
    note(
        application,
        _("要件を満たさないため、審査に進めません。"),
        by_label=_("制度の事務局"),
        detail="\n".join([*application.reasons, remark]),
    )
    telling.tell_ineligible(application)
