"""Interviews inside the case, and the committee's day."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.reviewing.models import (
    CommitteeDay,
    Interview,
    InterviewNote,
    InterviewQuestion,
    MemberState,
    Panel,
    PanelMember,
    ReviewCase,
    Score,
    Slot,
)
from tsunagu.reviewing.rules import low_or_split, order_by_conflicts
from tsunagu.reviewing.services.panels import NotPossible
from tsunagu.reviewing.services.relations import look_at_panel, standing

LEAST_PRESENT = 2


@transaction.atomic
def add_slots(*, panel: Panel, starts: Iterable[datetime], minutes: int) -> int:
    """Times at which the panel could interview; each member says for which they are free. Returns how many are new."""
    made = 0
    for start in starts:
        made += Slot.objects.get_or_create(panel=panel, starts_at=start, defaults={"minutes": minutes})[1]
    return made


@transaction.atomic
def say_free(*, member: PanelMember, slots: Iterable[int]) -> None:
    """The slots a member can come to."""
    wanted = set(slots)
    for slot in member.panel.slots.all():
        if slot.pk in wanted:
            slot.free.add(member)
        else:
            slot.free.remove(member)


def present_for(case: ReviewCase, slot: Slot) -> list[PanelMember]:
    """Who would come to a slot for this case: those free, minus those whom a conflict bars."""
    out = set(standing(case=case).values_list("profile_id", flat=True))
    free = slot.free.exclude(state=MemberState.DECLINED).select_related("profile__person")
    return [one for one in free if one.profile_id not in out]


def possible_slots(case: ReviewCase, *, now: datetime | None = None) -> list[tuple[Slot, list[PanelMember]]]:
    """Free slots to come with enough of the panel, the chair or two members at least; the best attended first."""
    found = []
    booked = Interview.objects.exclude(slot=None).exclude(case=case).values("slot")
    for slot in case.panel.slots.filter(starts_at__gt=now or timezone.now()).exclude(pk__in=booked):
        present = present_for(case, slot)
        if len(present) >= LEAST_PRESENT:
            found.append((slot, present))
    return sorted(found, key=lambda one: (-len(one[1]), one[0].starts_at))


@transaction.atomic
def offer_slots(*, case: ReviewCase, video_link: str) -> Interview:
    """Let the applicant choose a time. Raises `NotPossible` when there is none."""
    if not possible_slots(case):
        raise NotPossible(
            _("出られる審査員が2人以上いる時間がありません。時間を加えるか、都合を聞いてください。")
        )
    interview, _made = Interview.objects.update_or_create(
        case=case, defaults={"video_link": video_link, "offered_at": timezone.now()}
    )
    propose_questions(case=case)
    return interview


@transaction.atomic
def book_slot(*, case: ReviewCase, slot: int) -> Interview:
    """The applicant takes a time, or another one. Raises `NotPossible` when it is gone meanwhile."""
    interview = Interview.objects.select_for_update(of=("self",)).filter(case=case).first()
    if interview is None:
        raise NotPossible(_("面談の時間は、まだ案内していません。"))
    Panel.objects.select_for_update(of=("self",)).get(pk=case.panel_id)
    chosen = next((one for one, _present in possible_slots(case) if one.pk == slot), None)
    if chosen is None:
        raise NotPossible(_("その時間は、いま取れなくなりました。ほかの時間を選んでください。"))
    interview.changes += interview.slot_id is not None
    interview.slot, interview.booked_at = chosen, timezone.now()
    interview.save(update_fields=["slot", "booked_at", "changes"])
    return interview


@transaction.atomic
def propose_questions(*, case: ReviewCase) -> int:
    """Questions from criteria with low or split scores; those there are stay. Returns how many are new."""
    values: dict[str, list[int]] = {}
    submitted = Score.objects.filter(
        review__assignment__case=case, review__state="submitted", value__isnull=False
    )
    for code, value in submitted.values_list("criterion", "value"):
        values.setdefault(code, []).append(value or 0)
    titles = {one.code: one.title for one in case.panel.criteria_set.criteria.all()}
    known = set(case.interview_questions.values_list("criterion", flat=True))
    made = 0
    for code, why in low_or_split(values):
        if code not in known:
            text = _("%(title)s: %(why)s。どのように考えているか聞く。") % {
                "title": titles.get(code, code),
                "why": why,
            }
            InterviewQuestion.objects.create(case=case, criterion=code, text=text, position=len(known) + made)
            made += 1
    return made


@transaction.atomic
def set_questions(*, case: ReviewCase, texts: Iterable[str]) -> None:
    """The list of questions as edited, in order."""
    kept = {one.text: one.criterion for one in case.interview_questions.all()}
    case.interview_questions.all().delete()
    for position, text in enumerate(one.strip() for one in texts if one.strip()):
        InterviewQuestion.objects.create(
            case=case, position=position, text=text, criterion=kept.get(text, "")
        )


@transaction.atomic
def keep_note(*, case: ReviewCase, member: PanelMember, criterion: str, text: str) -> InterviewNote:
    """What a member noted during the interview. Raises `NotPossible` for one whom a conflict bars."""
    if standing(case=case).filter(profile=member.profile_id).exists():
        raise NotPossible(_("利益相反があるため、この案件は審査できません。"))
    return InterviewNote.objects.update_or_create(
        case=case, member=member, criterion=criterion, defaults={"text": text}
    )[0]


@transaction.atomic
def begin_day(*, panel: Panel) -> CommitteeDay:
    """Begin the committee's day; cases come in an order in which the same people leave the room as seldom as can be."""
    look_at_panel(panel=panel)
    barred: dict[int, list[int]] = {
        one: [] for one in panel.cases.filter(closed_at=None).values_list("pk", flat=True)
    }
    for case, profile in standing(panel=panel).values_list("case_id", "profile_id"):
        if case in barred:
            barred[case].append(profile)
    day, _made = CommitteeDay.objects.update_or_create(
        panel=panel, defaults={"order": order_by_conflicts(barred), "current": None, "ended_at": None}
    )
    return day


@transaction.atomic
def call_case(*, day: CommitteeDay, case: ReviewCase | None) -> CommitteeDay:
    """The chair calls a case: everybody's screen goes there. None between cases."""
    day.current = case
    day.save(update_fields=["current", "moved_at"])
    return day


@transaction.atomic
def end_day(*, day: CommitteeDay) -> None:
    """The committee's day is over."""
    day.current, day.ended_at = None, timezone.now()
    day.save(update_fields=["current", "ended_at", "moved_at"])
