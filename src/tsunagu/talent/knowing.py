"""From records to what the rules and the engine ask about: the briefs and talents of an edition, with what is left of them."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from tsunagu.talent.models import (
    Brief,
    BriefState,
    Edition,
    Entry,
    EntryState,
    Interest,
    Seat,
    TeamState,
)
from tsunagu.talent.models.pairing import LIVE
from tsunagu.talent.rules import Bringing, Fit, Wanted, fit


@dataclass(frozen=True)
class Known:
    """An edition as the matching sees it. `fits`: pairs whose names are open, by brief and entry."""

    briefs: dict[int, Brief]
    entries: dict[int, Entry]
    wanted: dict[int, Wanted]
    bringing: dict[int, Bringing]
    interests: dict[tuple[int, int], Interest]
    fits: dict[tuple[int, int], Fit]


def wanted_of(brief: Brief) -> Wanted:
    return Wanted(
        key=brief.pk,
        needs=frozenset(one.code for one in brief.needs.all()),
        hours=brief.hours,
        prefecture=brief.company.prefecture_id,
        mode=brief.mode,
    )


def bringing_of(entry: Entry, *, hours_taken: int = 0, places_taken: int = 0) -> Bringing:
    talent = entry.talent
    return Bringing(
        key=entry.pk,
        skills=frozenset(one.code for one in talent.skills.all()),
        hours=entry.hours - hours_taken,
        places=entry.most - places_taken,
        home=talent.home_id,
        mode=talent.mode,
    )


def taken(
    edition: Edition, *, besides: int | None = None, states: Collection[str] = LIVE
) -> tuple[Counter[int], Counter[int]]:
    """Hours and places that live teams take of each entry; `besides`: a team that does not count."""
    hours: Counter[int] = Counter()
    places: Counter[int] = Counter()
    seats = Seat.objects.filter(team__edition=edition, team__state__in=states).exclude(answer="no")
    if besides is not None:
        seats = seats.exclude(team_id=besides)
    for entry, each in seats.values_list("entry_id", "team__brief__hours"):
        hours[entry] += each
        places[entry] += 1
    return hours, places


def know(edition: Edition) -> Known:
    """Briefs without a live team, talents with what they have left, and the pairs that both sides wish."""
    busy = edition.teams.filter(state__in=[*LIVE, TeamState.DONE]).values("brief_id")
    briefs = {
        one.pk: one
        for one in Brief.objects.filter(edition=edition, state=BriefState.PUBLISHED)
        .exclude(pk__in=busy)
        .select_related("company")
        .prefetch_related("needs")
    }
    entries = {
        one.pk: one
        for one in Entry.objects.filter(edition=edition, state=EntryState.ACCEPTED)
        .select_related("talent__person")
        .prefetch_related("talent__skills")
    }
    hours, places = taken(edition)
    wanted = {pk: wanted_of(one) for pk, one in briefs.items()}
    bringing = {
        pk: bringing_of(one, hours_taken=hours[pk], places_taken=places[pk]) for pk, one in entries.items()
    }
    interests = {
        (one.brief_id, one.entry_id): one
        for one in Interest.objects.filter(brief__in=briefs, entry__in=entries).exclude(opened_at=None)
    }
    fits = {
        (brief, entry): fit(
            wanted[brief], bringing[entry], company_rank=one.company_rank, talent_rank=one.talent_rank
        )
        for (brief, entry), one in interests.items()
    }
    return Known(briefs, entries, wanted, bringing, interests, fits)
