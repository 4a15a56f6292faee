"""Reads of recommendations: a lab's office its own, the staff those of their labs; drafts for DX認定 their writers alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.certificates.selectors import facts
from tsunagu.recommending import defects, wording
from tsunagu.recommending.defects import Defect, PartText, Pillar
from tsunagu.recommending.models import Answer, Company, Consent, Edition, Look, Part, Reached, Recommendation
from tsunagu.recommending.rules import Problem, Step, problems
from tsunagu.registry.kinds import Status
from tsunagu.registry.models import Designation, Lab, Organisation
from tsunagu.registry.selectors import tended_labs
from tsunagu.sharing.viewer import Viewer

_READ = ("company__organisation", "company__lab__region__bureau", "edition")


def lab_state(lab: Lab, *, scheme: str, on: date) -> Status | None:
    """Where the lab's designation under a scheme stands on a day; None without one, or before it."""
    found = Designation.objects.filter(lab=lab, scheme=scheme).select_related("round").first()
    if found is None:
        return None
    known = facts([found], on=on)[found.pk]
    if known.selected is not None and known.selected.earliest > on:
        return None
    return known.status


def may_recommend(lab: Lab, *, on: date) -> bool:
    """Whether a lab has a DX designation in force: only then it begins a recommendation."""
    return lab_state(lab, scheme="dx", on=on) is Status.SELECTED


def office_labs(viewer: Viewer) -> QuerySet[Lab]:
    """The labs whose office the viewer is."""
    return Lab.objects.select_related("region__bureau").filter(pk__in=viewer.office_lab_ids)


def companies(viewer: Viewer) -> QuerySet[Company]:
    """Companies as the labs the viewer tends know them."""
    return Company.objects.filter(lab__in=tended_labs(viewer)).select_related(
        "organisation", "lab__region__bureau"
    )


def own_companies(viewer: Viewer) -> QuerySet[Company]:
    """Companies of the labs whose office the viewer is: their drafts for DX認定 are for nobody else."""
    found = Company.objects.filter(lab__in=viewer.office_lab_ids)
    return found.select_related("organisation", "lab__region__bureau")


def editions(viewer: Viewer) -> QuerySet[Edition]:
    """All editions, the newest first; their rules are public."""
    del viewer
    return Edition.objects.all()


def editions_to_come(viewer: Viewer, *, on: date) -> QuerySet[Edition]:
    """Editions whose intake is not over, as far as is known."""
    return editions(viewer).exclude(closes_on__lt=on).filter(year__gte=on.year)


def recommendations(viewer: Viewer) -> QuerySet[Recommendation]:
    """Recommendations of the labs the viewer tends."""
    consents = Consent.objects.order_by("-asked_at", "-pk")
    return (
        Recommendation.objects.filter(company__lab__in=tended_labs(viewer))
        .select_related(*_READ)
        .prefetch_related(Prefetch("consents", queryset=consents))
    )


def board(viewer: Viewer, edition: Edition, *, late: bool = False, state: str = "") -> list[Recommendation]:
    """An edition's recommendations for the staff, narrowed."""
    found = recommendations(viewer).filter(edition=edition).order_by("company__lab__region__code", "pk")
    today = timezone.localdate()
    return [
        one for one in found if (not state or one.state == state) and (not late or one.is_duty_late(today))
    ]


def won_years(organisation: Organisation) -> frozenset[int]:
    """The years a company was selected, by what any lab recommended or wrote down."""
    own = Recommendation.objects.filter(company__organisation=organisation, state=Step.SELECTED)
    years = set(own.values_list("edition__year", flat=True))
    for known in Company.objects.filter(organisation=organisation).values_list("won_years", flat=True):
        years.update(known)
    return frozenset(years)


def problems_of(one: Recommendation, *, on: date | None = None) -> list[Problem]:
    """What stands between a recommendation and its sending."""
    on = on or timezone.localdate()
    rules, company = one.edition.rules, one.company
    state = lab_state(company.lab, scheme=rules.lab_scheme, on=on)
    company_facts = company.facts(won_elsewhere=won_years(company.organisation))
    return problems(rules, state, company_facts, one.slip, on)


def agreed(one: Recommendation) -> Consent | None:
    """The latest consent given."""
    return one.consents.filter(answer=Answer.CONSENTED).first()


def sent_lines(one: Recommendation) -> list[wording.Line]:
    """What is, or would be, sent: once there is consent just what the company agreed to."""
    given = agreed(one)
    if given is not None and one.state not in {Step.DRAFT, Step.ASKED, Step.REFUSED}:
        return wording.without(wording.read(given.lines), given.struck)
    return wording.without(wording.lines_of(one), one.struck)


def consent_by_token(token: str) -> Consent | None:
    """The question a company was sent; who has the link may read it."""
    found = Consent.objects.select_related(*[f"recommendation__{path}" for path in _READ])
    return found.filter(token=token).first()


def open_duties(viewer: Viewer) -> list[Recommendation]:
    """Recommendations whose company still has to file, the earliest due first."""
    found = [one for one in recommendations(viewer).filter(filed_on=None) if one.duty is not None]
    return sorted(found, key=lambda one: (one.duty.due_on if one.duty else date.max, one.pk))


# The way to DX認定.


PUBLICATION = {"published_on", "document_name", "address", "place"}


def _mark(done: bool, *, needed: bool = True) -> tuple[str, str]:
    if done:
        return ("agree", _("済み"))
    return ("unknown", _("まだ")) if needed else ("none", _("不要"))


@dataclass(frozen=True)
class PartSeen:
    """A part with what is wrong with it and the last look at its page."""

    number: Pillar
    part: Part | None
    defects: tuple[Defect, ...]
    look: Look | None

    @property
    def guidance(self) -> object:
        return defects.GUIDANCE[self.number]

    @property
    def marks(self) -> list[tuple[str, str]]:
        """The checklist's cells: (look of the badge, words) for text, publication, page, decision."""
        text = self.part.as_written if self.part else PartText(number=self.number)
        wrong = {one.field for one in self.defects}
        published = text.published_on and text.document_name and not wrong & PUBLICATION
        opened = self.look is not None and self.look.outcome == Reached.OPEN
        decided = text.decided_by and text.decided_on and not wrong & {"decided_by", "decided_on"}
        return [
            _mark(bool(text.text.strip())),
            _mark(bool(published), needed=self.number in defects.PUBLISHED),
            _mark(opened, needed=bool(text.address) and text.means == defects.Means.WEB),
            _mark(bool(decided), needed=self.number in defects.DECIDED),
        ]

    @property
    def is_in_order(self) -> bool:
        return self.part is not None and not self.defects


@dataclass(frozen=True)
class Overview:
    """A company's five parts."""

    parts: tuple[PartSeen, ...]
    together: tuple[Defect, ...]

    @property
    def in_order(self) -> int:
        return sum(one.is_in_order for one in self.parts)

    @property
    def is_ready(self) -> bool:
        return self.in_order == len(self.parts) and not self.together

    def all_defects(self) -> Iterable[Defect]:
        for one in self.parts:
            yield from one.defects
        yield from self.together


def overview(company: Company, *, on: date | None = None) -> Overview:
    """The five parts with every check, as on a day."""
    on = on or timezone.localdate()
    looks = Prefetch("looks", queryset=Look.objects.order_by("-looked_at", "-pk"))
    known = {one.number: one for one in company.parts.prefetch_related(looks)}
    texts = [
        known[number].as_written if number in known else PartText(number=Pillar(number))
        for number in Pillar.values
    ]
    seen = []
    for text in texts:
        part = known.get(int(text.number))
        look = next((one for one in part.looks.all() if one.address == part.address), None) if part else None
        found = defects.of_part(text, on=on) if part and text.is_begun else list(defects.unwritten(text))
        seen.append(PartSeen(text.number, part, tuple(found), look))
    return Overview(tuple(seen), tuple(defects.split_pages(texts)))
