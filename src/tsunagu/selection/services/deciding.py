"""Deciding: prepared on the board, agreed to in steps, applied together, announced at an hour, undone until then."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.outbox.jobs import put_job
from tsunagu.outbox.models import Mail
from tsunagu.outbox.rules import MailState, StepRefused
from tsunagu.outbox.services import discard
from tsunagu.registry.services import check_version
from tsunagu.selection import telling
from tsunagu.selection.models import (
    Application,
    Batch,
    BatchState,
    Concurrence,
    Condition,
    Cutoff,
    Decision,
    Opinion,
)
from tsunagu.selection.rules import RESULT_STATES, NotAllowed, Outcome, State
from tsunagu.selection.services.designating import designate, obstacles
from tsunagu.selection.services.timeline import locked, move, note
from tsunagu.sharing.viewer import Viewer

DECIDABLE = (State.IN_REVIEW, State.INTERVIEW)
ANNOUNCE = "selection.announce_batch"


@transaction.atomic
def prepare_decision(
    *, application: Application, outcome: str, reason: str, feedback: str, seen: int | None = None
) -> Decision:
    """Keep what is meant to be decided; nothing changes for anybody yet. Raises `EditConflict`, `NotAllowed`."""
    if application.state not in DECIDABLE:
        raise NotAllowed(_("審査中の申請だけを判断できます。"))
    decision, _made = Decision.objects.get_or_create(application=application)
    check_version(decision, seen)
    if decision.batch_id is not None:
        raise NotAllowed(_("決定のまとまりに入っているので、先にそれを取り消してください。"))
    decision.outcome, decision.reason, decision.feedback = outcome, reason, feedback
    decision.save(update_fields=["outcome", "reason", "feedback"])
    return decision


@transaction.atomic
def set_conditions(*, application: Application, conditions: list[tuple[str, date]]) -> None:
    """The conditions of a conditional selection, replacing those not yet met."""
    application.conditions.filter(met_on=None).delete()
    for text, due_on in conditions:
        Condition.objects.create(application=application, text=text, due_on=due_on)


@transaction.atomic
def condition_met(*, condition: Condition, on: date, remark: str) -> None:
    """A condition was met; when all are, the application counts as selected without condition."""
    condition.met_on, condition.note = on, remark
    condition.save(update_fields=["met_on", "note"])
    note(
        condition.application,
        _("条件を満たしたことを確かめました。"),
        by_label=_("制度の事務局"),
        detail=condition.text,
    )


@transaction.atomic
def open_batch(*, cutoff: Cutoff, people: list[int]) -> Batch:
    """Begin the agreement on a cut-off's decisions with the people to be asked in their order; none is allowed."""
    Cutoff.objects.select_for_update(of=("self",)).get(pk=cutoff.pk)
    batch, _made = Batch.objects.get_or_create(cutoff=cutoff, state=BatchState.PREPARED)
    batch.concurrences.all().delete()
    for position, person in enumerate(people, start=1):
        Concurrence.objects.create(batch=batch, position=position, person_id=person)
    return batch


@transaction.atomic
def give_opinion(*, concurrence: Concurrence, by: Viewer, opinion: str, comment: str) -> None:
    """同意・指摘・保留, each step after the one before it agreed. Raises `NotAllowed`."""
    batch = Batch.objects.select_for_update(of=("self",)).get(pk=concurrence.batch_id)
    if batch.state != BatchState.PREPARED or concurrence.person_id != by.person_id:
        raise NotAllowed(_("いま意見を求められているのは、あなたではありません。"))
    before = batch.concurrences.filter(position__lt=concurrence.position).exclude(opinion=Opinion.AGREE)
    if before.exists():
        raise NotAllowed(_("前の人の同意がまだです。"))
    if opinion != Opinion.AGREE and not comment.strip():
        raise NotAllowed(_("指摘・保留のときは、コメントを書いてください。"))
    concurrence.opinion, concurrence.comment, concurrence.answered_at = opinion, comment, timezone.now()
    concurrence.save(update_fields=["opinion", "comment", "answered_at"])


@dataclass
class Sheet:
    """What applying would do, shown before it is done."""

    decisions: list[Decision] = field(default_factory=list)
    undecided: list[Application] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    mails: int = 0

    def count(self, outcome: str) -> int:
        return sum(one.outcome == outcome for one in self.decisions)

    @property
    def counts(self) -> list[tuple[str, int]]:
        return [(str(Outcome(one).label), self.count(one)) for one in Outcome.values]


def sheet_of(cutoff: Cutoff) -> Sheet:
    """The number, the names, the rule violations and the mails of applying a cut-off's decisions now."""
    found = Sheet()
    applications = Application.objects.filter(cutoff=cutoff, state__in=DECIDABLE)
    for one in (
        applications.select_related("decision", "lab").prefetch_related("conditions").order_by("number")
    ):
        decision = getattr(one, "decision", None)
        if decision is None or not decision.outcome:
            found.undecided.append(one)
            continue
        found.decisions.append(decision)
        found.violations += _violations(one, decision)
    batch = cutoff.batches.filter(state=BatchState.PREPARED).first()
    if batch is not None:
        waiting = batch.concurrences.exclude(opinion=Opinion.AGREE).select_related("person")
        found.violations += [
            _("合議が終わっていません: %(name)s（%(opinion)s）")
            % {"name": one.person, "opinion": one.get_opinion_display()}
            for one in waiting
        ]
    returned = Application.objects.filter(cutoff=cutoff, state=State.RETURNED)
    found.violations += [
        _("差戻し中の申請があります: %(number)s") % {"number": one.number} for one in returned
    ]
    if not found.decisions:
        found.violations.append(_("決定する申請がありません。"))
    found.mails = len(found.decisions)
    return found


def _violations(application: Application, decision: Decision) -> list[str]:
    """What the rules have against one decision."""
    name = f"{application.number} {application}"
    found = []
    if decision.outcome == Outcome.REJECT and not decision.feedback.strip():
        found.append(_("%(name)s: 不選定には、申請者に伝える講評が要ります。") % {"name": name})
    if not decision.reason.strip():
        found.append(_("%(name)s: 判断の理由が書かれていません。") % {"name": name})
    if decision.outcome == Outcome.CONDITIONAL and not application.conditions.all():
        found.append(_("%(name)s: 条件が書かれていません。") % {"name": name})
    if decision.outcome != Outcome.REJECT:
        found += [f"{name}: {said}" for said in obstacles(application)]
    for check in EXTRA_CHECKS:
        found += [f"{name}: {said}" for said in check(application)]
    return found


# Other parts of the room add what they know, such as reviews that are not in.
EXTRA_CHECKS: list[Callable[[Application], list[str]]] = []


@transaction.atomic
def apply_decisions(*, cutoff: Cutoff, by: Viewer, announce_at: datetime, expected: int) -> Batch:
    """Decide everything on the board together; it is told to nobody before `announce_at`.

    `expected` is how many decisions the person saw on the sheet. Raises `NotAllowed` when anything stands against it.
    """
    Cutoff.objects.select_for_update(of=("self",)).get(pk=cutoff.pk)
    sheet = sheet_of(cutoff)
    if sheet.violations:
        raise NotAllowed("\n".join(sheet.violations))
    if len(sheet.decisions) != expected:
        raise NotAllowed(
            _("画面を見たあとに判断が変わりました（%(seen)d件→%(now)d件）。もう一度確かめてください。")
            % {"seen": expected, "now": len(sheet.decisions)}
        )
    batch, _made = Batch.objects.get_or_create(cutoff=cutoff, state=BatchState.PREPARED)
    batch.state, batch.announce_at = BatchState.APPLIED, announce_at
    batch.applied_at, batch.applied_by_id = timezone.now(), by.signed_in_id
    batch.save()
    for decision in sheet.decisions:
        application = locked(decision.application)
        move(application, State.DECIDED, decided_from=application.state)
        decision.batch = batch
        decision.save(update_fields=["batch"])
        note(application, _("判断を決定しました（公表前）。"), by=by, for_applicant=False)
        _put_result_mail(application, decision, batch)
    put_job(task=ANNOUNCE, at=announce_at, batch_id=batch.pk)
    return batch


def _put_result_mail(application: Application, decision: Decision, batch: Batch) -> None:
    conditions = "\n".join(f"・{one.text}（期日 {one.due_on}）" for one in application.conditions.all())
    assert batch.announce_at is not None
    telling.result_mail(
        application,
        batch_key=str(batch.pk),
        announce_at=batch.announce_at,
        is_selected=decision.outcome != Outcome.REJECT,
        feedback=decision.feedback,
        conditions=_("条件:\n%(conditions)s") % {"conditions": conditions} if conditions else "",
    )


@transaction.atomic
def undo_batch(*, batch: Batch, by: Viewer) -> None:
    """Take applied decisions back before they are announced; their mails are discarded. Raises `NotAllowed`."""
    batch = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.state != BatchState.APPLIED:
        raise NotAllowed(_("公表したあとは取り消せません。"))
    for decision in batch.decisions.select_related("application"):
        application = locked(decision.application)
        if application.state == State.DECIDED:
            _discard_result_mail(decision, batch, by_label=by.display_name)
            move(application, State(application.decided_from or State.IN_REVIEW), decided_from="")
        decision.batch = None
        decision.save(update_fields=["batch"])
        note(application, _("決定を取り消し、判断に戻しました。"), by=by, for_applicant=False)
    batch.state = BatchState.UNDONE
    batch.save(update_fields=["state"])


def _discard_result_mail(decision: Decision, batch: Batch, *, by_label: str) -> None:
    """The draft of a result that is not announced. Raises `NotAllowed` when it has left or is on its way."""
    key = telling.result_key(
        decision.application, batch_key=str(batch.pk), is_selected=decision.outcome != Outcome.REJECT
    )
    mail = Mail.objects.filter(key=key).first()
    if mail is None or mail.state == MailState.DISCARDED:
        return
    try:
        discard(mail=mail, by_label=by_label)
    except StepRefused as refusal:
        raise NotAllowed(_("もう出たメールがあるので、取り消せません。")) from refusal


def drop_decision(application: Application) -> None:
    """A decided application was withdrawn before its announcement: its result is told to nobody."""
    decision = getattr(application, "decision", None)
    if decision is None or decision.batch is None or decision.batch.state != BatchState.APPLIED:
        return
    _discard_result_mail(decision, decision.batch, by_label=_("制度の事務局"))


@transaction.atomic
def announce_batch(*, batch_id: int, now: datetime | None = None) -> int:
    """At the announced hour: results show, labs come to be. Harmless before the hour and when done; returns how many."""
    batch = Batch.objects.select_for_update(of=("self",)).filter(pk=batch_id).first()
    moment = now or timezone.now()
    if (
        batch is None
        or batch.state != BatchState.APPLIED
        or batch.announce_at is None
        or moment < batch.announce_at
    ):
        return 0
    told = 0
    for decision in batch.decisions.select_related("application").order_by("application__number"):
        application = locked(decision.application)
        if application.state != State.DECIDED:
            # Withdrawn in the meantime.
            continue
        then = RESULT_STATES[Outcome(decision.outcome)]
        move(application, then, at=batch.announce_at)
        if then is not State.REJECTED:
            designate(application=application, announced_on=timezone.localdate(batch.announce_at))
        note(
            application,
            str(then.label),
            by_label=_("制度の事務局"),
            detail=decision.feedback,
            at=batch.announce_at,
        )
        told += 1
    batch.state, batch.announced_at = BatchState.ANNOUNCED, moment
    batch.save(update_fields=["state", "announced_at"])
    return told


def announce_due() -> int:
    """Announce every batch whose hour has come: the nightly net under the job of the hour."""
    due = Batch.objects.filter(state=BatchState.APPLIED, announce_at__lte=timezone.now())
    return sum(announce_batch(batch_id=one) for one in due.values_list("pk", flat=True))
