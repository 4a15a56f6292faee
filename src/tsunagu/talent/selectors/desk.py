"""What those who take part see: their own entries and briefs, what is open to them, their teams."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from tsunagu.sharing.viewer import Viewer
from tsunagu.talent.models import (
    Brief,
    BriefState,
    Company,
    Consent,
    Edition,
    Entry,
    EntryState,
    Interest,
    Kind,
    PointAnswer,
    Step,
    Talent,
    Team,
)
from tsunagu.talent.selectors.editions import coordinated

# While these last, people may still come to know each other.
MEETING = (Step.OPEN, Step.PAIRING, Step.RUNNING)


def own_talent(viewer: Viewer) -> Talent | None:
    """One's own description."""
    if viewer.person_id is None:
        return None
    return Talent.objects.filter(person_id=viewer.person_id).prefetch_related("skills").first()


def own_entries(viewer: Viewer) -> QuerySet[Entry]:
    """One's own entries, the latest first."""
    found = Entry.objects.select_related("edition", "talent").order_by("-edition__fiscal_year")
    return found.filter(talent__person_id=viewer.person_id) if viewer.person_id else found.none()


def own_companies(viewer: Viewer) -> QuerySet[Company]:
    """Companies one speaks for."""
    found = Company.objects.select_related("prefecture", "industry", "lab")
    return found.filter(contact_id=viewer.person_id) if viewer.person_id else found.none()


def consents(viewer: Viewer) -> QuerySet[Consent]:
    """What one agreed to about one's data."""
    found = Consent.objects.select_related("edition").order_by("-agreed_at")
    return found.filter(person_id=viewer.person_id) if viewer.person_id else found.none()


def consent_of(viewer: Viewer, edition: Edition, kind: Kind) -> Consent | None:
    return consents(viewer).filter(edition=edition, kind=kind).first()


def _tended(viewer: Viewer, prefix: str = "") -> Q:
    """Those who tend a brief: its company's contact, the coordinators of its edition, the office of the lab beside it."""
    if viewer.is_secretariat:
        return Q()
    if viewer.person_id is None:
        return Q(pk__in=[])
    return (
        Q(**{f"{prefix}company__contact_id": viewer.person_id})
        | Q(**{f"{prefix}edition__in": coordinated(viewer).values("pk")})
        | Q(**{f"{prefix}company__lab_id__in": viewer.office_lab_ids})
    )


def tended_briefs(viewer: Viewer) -> QuerySet[Brief]:
    """Briefs one writes, runs or stands beside."""
    found = Brief.objects.select_related(
        "edition", "company__prefecture", "company__industry", "company__lab", "company__contact"
    )
    return found.filter(_tended(viewer)).prefetch_related("needs")


def open_briefs(viewer: Viewer) -> QuerySet[Brief]:
    """Published briefs of the editions in which one was accepted as a talent."""
    found = Brief.objects.filter(state=BriefState.PUBLISHED).select_related(
        "edition", "company__prefecture", "company__industry", "company__contact"
    )
    if viewer.person_id is None:
        return found.none()
    mine = Entry.objects.filter(talent__person_id=viewer.person_id, state=EntryState.ACCEPTED)
    return found.filter(edition__in=mine.values("edition_id")).prefetch_related("needs")


def side_of(viewer: Viewer, brief: Brief) -> str:
    """'company', 'coordinator', 'lab' or '': how the viewer stands to a brief they may read."""
    if brief.company.contact_id == viewer.person_id:
        return "company"
    if viewer.is_secretariat or coordinated(viewer).filter(pk=brief.edition_id).exists():
        return "coordinator"
    return "lab" if brief.company.lab_id in viewer.office_lab_ids else ""


def accepted_entries(edition: Edition) -> QuerySet[Entry]:
    """Talents who take part in an edition; who they are is not among it."""
    found = Entry.objects.filter(edition=edition, state=EntryState.ACCEPTED)
    return found.select_related("talent__home", "talent__person").prefetch_related("talent__skills")


@dataclass(frozen=True)
class Pairing:
    """A brief and a talent before each other, with what both have said."""

    brief: Brief
    entry: Entry
    interest: Interest | None

    @property
    def is_open(self) -> bool:
        return self.interest is not None and self.interest.is_open


def for_talent(viewer: Viewer) -> list[tuple[Entry, list[Pairing]]]:
    """The briefs open to each of one's entries, one's own wishes first."""
    found = []
    for entry in own_entries(viewer).filter(state=EntryState.ACCEPTED, edition__step__in=MEETING):
        known = {one.brief_id: one for one in entry.interests.all()}
        pairs = [
            Pairing(one, entry, known.get(one.pk))
            for one in open_briefs(viewer).filter(edition=entry.edition)
        ]
        pairs.sort(
            key=lambda one: _order(
                one.interest.talent_rank if one.interest and one.interest.talent_at else None
            )
        )
        found.append((entry, pairs))
    return found


def for_brief(brief: Brief) -> list[Pairing]:
    """Talents of the edition before a published brief: those the company wishes, then those who wish it, then the others."""
    known = {one.entry_id: one for one in brief.interests.select_related("entry")}
    needs = {one.pk for one in brief.needs.all()}
    pairs = [Pairing(brief, one, known.get(one.pk)) for one in accepted_entries(brief.edition)]

    def place(one: Pairing) -> tuple[int, int, int]:
        said = one.interest
        wished = said.company_rank if said and said.company_at else None
        brought = len(needs & {each.pk for each in one.entry.talent.skills.all()})
        return (
            *_order(wished if said and said.company_at else 99 if said and said.talent_at else 100),
            -brought,
        )

    return sorted(pairs, key=place)


def _order(rank: int | None) -> tuple[int, int]:
    return (1, 0) if rank is None else (0, rank)


def teams(viewer: Viewer) -> QuerySet[Team]:
    """Teams one is in, whose company one speaks for, runs the edition of, or whose lab's office one is."""
    found = Team.objects.select_related(
        "edition", "brief__company__contact", "brief__company__lab", "brief__company__prefecture"
    )
    if viewer.is_secretariat:
        return found
    if viewer.person_id is None:
        return found.none()
    seated = Team.objects.filter(seats__entry__talent__person_id=viewer.person_id).values("pk")
    return found.filter(
        Q(pk__in=seated) | _tended(viewer, "brief__") | Q(edition__in=coordinated(viewer).values("pk"))
    )


def part_in(viewer: Viewer, team: Team) -> str:
    """'member', 'company', 'coordinator', 'lab' or '': as what one looks at a team."""
    if viewer.person_id and team.seats.filter(entry__talent__person_id=viewer.person_id).exists():
        return "member"
    return side_of(viewer, team.brief)


def own_answers(viewer: Viewer) -> QuerySet[PointAnswer]:
    """Questionnaires one is asked to answer, or has answered."""
    found = PointAnswer.objects.select_related("edition__form", "sheet")
    return found.filter(person_id=viewer.person_id) if viewer.person_id else found.none()
