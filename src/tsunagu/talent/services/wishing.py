"""Both sides say whom they wish to work with; names open exactly when both do."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.talent import telling
from tsunagu.talent.models import Brief, BriefState, Entry, EntryState, Interest, Step, TeamState
from tsunagu.talent.rules import NotAllowed, check_ranks

MEETING = (Step.OPEN, Step.PAIRING, Step.RUNNING)


@transaction.atomic
def wish(*, brief: Brief, entry: Entry, side: str, rank: int | None = None) -> Interest:
    """A side ('talent' or 'company') says yes to the other. Raises `NotAllowed`."""
    # One order of locks for both sides: the brief, then the entry.
    brief = (
        Brief.objects.select_for_update(of=("self",))
        .select_related("edition", "company__contact")
        .get(pk=brief.pk)
    )
    entry = Entry.objects.select_for_update(of=("self",)).select_related("talent__person").get(pk=entry.pk)
    if brief.edition.step not in MEETING or entry.edition_id != brief.edition_id:
        raise NotAllowed(_("この回では、いまは希望を出せません。"))
    if brief.state != BriefState.PUBLISHED:
        raise NotAllowed(_("この相談書は、いまは公開されていません。"))
    if entry.state != EntryState.ACCEPTED:
        raise NotAllowed(_("参加が決まった人だけが希望を出せます。"))
    one, _made = Interest.objects.get_or_create(brief=brief, entry=entry)
    now = timezone.now()
    if side == "talent":
        one.talent_at, one.talent_rank = one.talent_at or now, rank
    else:
        one.company_at, one.company_rank = one.company_at or now, rank
    opened = one.opened_at is None and one.talent_at is not None and one.company_at is not None
    if opened:
        one.opened_at = now
    one.save()
    if opened:
        telling.tell_opened(one)
    elif side == "company" and one.talent_at is None:
        telling.tell_wished(one)
    return one


@transaction.atomic
def unwish(*, brief: Brief, entry: Entry, side: str) -> None:
    """Take a wish back; names close again. Raises `NotAllowed` while they are in a team together."""
    one = Interest.objects.select_for_update(of=("self",)).filter(brief=brief, entry=entry).first()
    if one is None:
        return
    if entry.seats.filter(
        team__brief=brief, team__state__in=[TeamState.PROPOSED, TeamState.RUNNING]
    ).exists():
        raise NotAllowed(
            _("同じチームにいます。チームのページで断るか、コーディネーターに相談してください。")
        )
    if side == "talent":
        one.talent_at, one.talent_rank = None, None
    else:
        one.company_at, one.company_rank = None, None
    one.opened_at = None
    one.save()


@transaction.atomic
def put_in_order(*, side: str, ranks: Mapping[int, int | None]) -> int:
    """Give one's wishes their order (interest → place). Raises `NotAllowed` for a place given twice."""
    check_ranks(list(ranks.values()))
    found = Interest.objects.select_for_update(of=("self",)).filter(pk__in=ranks)
    changed = 0
    for one in found:
        if getattr(one, f"{side}_at") is not None and getattr(one, f"{side}_rank") != ranks[one.pk]:
            setattr(one, f"{side}_rank", ranks[one.pk])
            one.save(update_fields=[f"{side}_rank"])
            changed += 1
    return changed
