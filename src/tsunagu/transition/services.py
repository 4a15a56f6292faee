"""What people do on the way to a DX lab."""

from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tsunagu.accounts.selectors import office_people
from tsunagu.engines.dates import PartialDate, both_calendars
from tsunagu.outbox.addresses import whole_address
from tsunagu.outbox.placeholders import MailTemplate
from tsunagu.outbox.services import put_templated
from tsunagu.questionnaires.services.writing import write_answers
from tsunagu.registry.kinds import EventKind, Reason, Scheme, Status
from tsunagu.registry.models import Designation, Lab
from tsunagu.registry.rules import EventRefused
from tsunagu.registry.services import check_version, current_status, record_event
from tsunagu.selection.models import Application, Call
from tsunagu.selection.services.applying import start_application
from tsunagu.sharing.policy import RecordAudience
from tsunagu.sharing.viewer import Viewer
from tsunagu.transition import selectors
from tsunagu.transition.models import Consultation, Entry, PlanPoint, SupportEnd, WhyNot
from tsunagu.transition.rules import Intention, nearest_notice

NOTICE = MailTemplate(
    kind="transition:notice",
    title=gettext_lazy("IoTラボの支援措置の終了のお知らせ"),
    subject="地方版IoT推進ラボの支援措置は{{ day }}に終わります",
    body="{{ name }} 様\n\n「{{ lab }}」の地方版IoT推進ラボとしての支援措置は、{{ day }}（あと{{ left }}日）に終わります。\n"
    "これまでの活動のページは残ります。地域DX推進ラボへの移行を考えている場合は、次のページから相談できます。\n\n{{ address }}",
    names=frozenset({"name", "lab", "day", "left"}),
    links=frozenset({"address"}),
)


@transaction.atomic
def note_entry(*, entry: Entry, reasons: list[WhyNot], by: Viewer) -> Entry:
    """Note where a lab stands now; the entries before stay."""
    entry.pk = None
    entry.noted_by_id = by.person_id
    entry.save()
    entry.reasons.set(reasons if entry.state == Intention.NOT else [])
    return entry


@transaction.atomic
def keep_point(*, lab: Lab, criterion: str, text: str, source: str) -> None:
    """Keep what the IoT plan says to a criterion; an empty text takes the point away."""
    if not text.strip():
        PlanPoint.objects.filter(lab=lab, criterion=criterion).delete()
        return
    PlanPoint.objects.update_or_create(
        lab=lab, criterion=criterion, defaults={"text": text.strip(), "source": source.strip()[:300]}
    )


@transaction.atomic
def ask_consultation(*, lab: Lab, wanted: str, by: Viewer) -> Consultation:
    """The lab asks for a consultation."""
    return Consultation.objects.create(
        lab=lab, wanted=wanted, asked_by_id=by.person_id, audience=RecordAudience.PARTIES
    )


@transaction.atomic
def save_consultation(consultation: Consultation, *, seen: int | None = None) -> Consultation:
    """Keep what was said. A lab that was consulted with counts as such. Raises `EditConflict`."""
    check_version(consultation, seen)
    consultation.audience = RecordAudience.PARTIES
    consultation.save()
    return consultation


@transaction.atomic
def set_support_end(record: SupportEnd, *, seen: int | None = None) -> SupportEnd:
    """Keep when support ends. Raises `EditConflict`."""
    check_version(record, seen)
    record.save()
    return record


@transaction.atomic
def draft_application(*, lab: Lab, call: Call, by: Viewer) -> Application:
    """A DX application drafted from everything known of the lab. Raises `NotAllowed` when the call takes none."""
    made = start_application(
        call=call, by=by, lab=lab, is_transition=True, known=selectors.proposals(lab, by)
    )
    sheet = made.sheet
    if sheet is not None:
        for one in sheet.definition.fields():
            if one.key == "is_transition":
                write_answers(sheet=sheet, by=by, values={"is_transition": "yes"})
    note_entry(
        entry=Entry(lab=lab, state=Intention.PREPARING, text=_("申請の下書きを始めた"), by_lab=True),
        reasons=[],
        by=by,
    )
    return made


def labs_to_tell() -> list[Lab]:
    """IoT labs that have not moved and whose designation has not ended."""
    return [one.lab for one in designations_to_end()]


def designations_to_end() -> list[Designation]:
    """IoT designations that the end of support ends: those selected or dormant; ended and moved ones stay as they are."""
    found = Designation.objects.filter(scheme=Scheme.IOT).exclude(lab__designations__scheme=Scheme.DX)
    open_ones = {Status.SELECTED, Status.DORMANT}
    return [one for one in found.select_related("lab__region", "round") if current_status(one) in open_ones]


@transaction.atomic
def send_notices(*, today: date | None = None) -> int:
    """Drafts of the notice whose day has come, once for each lab's office; returns how many are new."""
    today = today or timezone.localdate()
    end = selectors.support_end()
    days = nearest_notice(end.ends_on, end.notice_days, today=today) if end else None
    if end is None or days is None:
        return 0
    labs = {one.pk: one for one in labs_to_tell()}
    told = 0
    for one in office_people(labs, on=today):
        lab = labs[one.lab_id or 0]
        mail = put_templated(
            key=f"transition:notice:{end.ends_on}:{days}:{lab.pk}:{one.person_id}",
            template=NOTICE,
            to_email=one.person.email,
            to_name=one.person.name,
            values={
                "name": one.person.name, "lab": str(lab), "day": both_calendars(end.ends_on),
                "left": str((end.ends_on - today).days), "address": whole_address(reverse("transition:own", args=[lab.slug])),
            },
        )  # fmt: skip
        told += mail.state == "draft"
    return told


@transaction.atomic
def end_support(*, today: date | None = None) -> list[Designation]:
    """On the day, record the end of the IoT designations still open; their pages stay. Harmless before it and when done."""
    today = today or timezone.localdate()
    end = SupportEnd.objects.select_for_update().first()
    if end is None or today < end.ends_on or end.done_at is not None:
        return []
    ended = []
    day = PartialDate(end.ends_on.year, end.ends_on.month, end.ends_on.day)
    for one in designations_to_end():
        event: dict[str, Any] = {
            "kind": EventKind.ENDED, "occurred_on": day, "reason": Reason.SCHEME_CLOSED, "source": end.source,
            "reason_text": _("地方版IoT推進ラボの支援措置の終了"),
        }  # fmt: skip
        try:
            with transaction.atomic():
                record_event(by=Viewer(), designation=one, **event)
        except EventRefused:
            # Something was recorded for a later day: a person looks at it.
            continue
        ended.append(one)
    end.done_at = timezone.now()
    end.save(update_fields=["done_at"])
    return ended


def load_reasons(rows: list[dict[str, str]]) -> None:
    """The survey's reasons, once."""
    for row in rows:
        WhyNot.objects.get_or_create(
            code=row["code"],
            defaults={
                "label": row["label"],
                "counted_in_2024": int(row["counted_in_2024"]),
                "source": row["source"],
            },
        )
