"""Reading the board: each staff member their own labs; as of a day where asked."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone

from tsunagu.questionnaires.facts import facts_of
from tsunagu.questionnaires.hosting import Known
from tsunagu.questionnaires.models import CRITERIA
from tsunagu.registry import selectors as registry
from tsunagu.registry.kinds import Scheme
from tsunagu.registry.models import Designation, Lab
from tsunagu.sharing.policy import visible
from tsunagu.sharing.viewer import Viewer
from tsunagu.transition.models import Consultation, Entry, PlanPoint, SupportEnd, WhyNot
from tsunagu.transition.rules import Intention, gaps


def labs_on_the_way(viewer: Viewer) -> QuerySet[Lab]:
    """IoT labs without a DX designation, as far as a staff member is in charge of them."""
    return _iot_only(registry.staff_labs(viewer))


def _iot_only(found: QuerySet[Lab]) -> QuerySet[Lab]:
    iot = Designation.objects.filter(lab=OuterRef("pk"), scheme=Scheme.IOT)
    dx = Designation.objects.filter(lab=OuterRef("pk"), scheme=Scheme.DX)
    return found.filter(Exists(iot), ~Exists(dx)).select_related("region__bureau", "region__prefecture")


def own_lab(viewer: Viewer, slug: str) -> Lab | None:
    """An IoT lab whose office the viewer is, or which is in their charge."""
    tended = registry.tended_labs(viewer) | registry.staff_labs(viewer)
    return _iot_only(Lab.objects.filter(pk__in=tended.values("pk"))).filter(slug=slug).first()


@dataclass(frozen=True)
class Row:
    """A lab on the board with its latest entry."""

    lab: Lab
    entry: Entry | None

    @property
    def state(self) -> str:
        return self.entry.state if self.entry else Intention.UNKNOWN

    @property
    def state_words(self) -> str:
        return str(Intention(self.state).label)

    @property
    def is_overdue(self) -> bool:
        return bool(self.entry and self.entry.due_on and self.entry.due_on < timezone.localdate())


def board(
    viewer: Viewer,
    *,
    as_of: date | None = None,
    bureau: str = "",
    state: str = "",
    reason: str = "",
    overdue: bool = False,
    mine: bool = False,
) -> list[Row]:
    """The labs with their state, as of a day; filters as in the page's address."""
    entries = Entry.objects.filter(lab=OuterRef("pk"))
    if as_of is not None:
        end = timezone.make_aware(datetime.combine(as_of, time.max))
        entries = entries.filter(noted_at__lte=end)
    labs = labs_on_the_way(viewer).annotate(
        latest=Subquery(entries.order_by("-noted_at", "-pk").values("pk")[:1])
    )
    if bureau:
        labs = labs.filter(region__bureau__code=bureau)
    found = list(labs.order_by("region__bureau__position", "region__code"))
    latest = Entry.objects.select_related("owner").prefetch_related(Prefetch("reasons", WhyNot.objects.all()))
    by_key = {one.pk: one for one in latest.filter(pk__in=[one.latest for one in found if one.latest])}
    rows = [Row(one, by_key.get(one.latest)) for one in found]
    rows = [
        one
        for one in rows
        if (not overdue or one.is_overdue)
        and (not mine or (one.entry is not None and one.entry.owner_id == viewer.person_id))
    ]
    return narrowed(rows, state=state, reason=reason)


def narrowed(rows: list[Row], *, state: str = "", reason: str = "") -> list[Row]:
    """Those of the rows in a state, giving a reason."""
    return [
        one
        for one in rows
        if (not state or one.state == state)
        and (
            not reason
            or (one.entry is not None and reason in [each.code for each in one.entry.reasons.all()])
        )
    ]


def counts(rows: list[Row]) -> list[tuple[Intention, int]]:
    """How many labs stand in each state."""
    return [(one, sum(row.state == one for row in rows)) for one in Intention]


def reason_counts(rows: list[Row]) -> list[tuple[WhyNot, int]]:
    """How many labs give each reason now."""
    given = [each.pk for row in rows if row.entry for each in row.entry.reasons.all()]
    return [(one, given.count(one.pk)) for one in WhyNot.objects.all()]


def entries(lab: Lab) -> QuerySet[Entry]:
    return lab.transition_entries.select_related("owner", "noted_by").prefetch_related("reasons")


@dataclass(frozen=True)
class Mapped:
    """One of the six criteria beside what the IoT plan says to it."""

    code: str
    label: str
    point: PlanPoint | None
    is_gap: bool
    is_added: bool
    guidance: str


def plan_map(lab: Lab, viewer: Viewer) -> list[Mapped]:
    """The six criteria with the plan's points and the gaps named."""
    points = {one.criterion: one for one in lab.plan_points.all()}
    codes = [code for code, _label in CRITERIA]
    missing = set(gaps(points, codes))
    said = {one.code: one.body for one in registry.criteria(viewer, Scheme.DX)}
    return [
        Mapped(
            code,
            str(label),
            points.get(code),
            code in missing,
            code in {"direction", "transformation"},
            said.get(code, ""),
        )
        for code, label in CRITERIA
    ]


def consultations(lab: Lab, viewer: Viewer) -> QuerySet[Consultation]:
    """The consultations of a lab, for those who are party to them."""
    return visible(Consultation.objects.filter(lab=lab), viewer)


def support_end() -> SupportEnd | None:
    return SupportEnd.objects.first()


def proposals(lab: Lab, viewer: Viewer) -> dict[str, Known]:
    """What a DX application of the lab can be filled with, by data element: the registry, the plan map, consultations."""
    found = facts_of(lab)
    elements = {
        "direction": "plan.vision", "regionality": "plan.issues", "transformation": "plan.transformation",
        "municipal_commitment": "plan.commitment", "diversity_unity": "plan.unity", "other_considerations": "plan.human_resources",
    }  # fmt: skip
    for one in lab.plan_points.all():
        source = f"IoT推進ラボの計画 {one.source}".strip()
        found[elements[one.criterion]] = Known(one.text, source)
    results = [one.text for one in lab.plan_points.all() if one.criterion == "regionality"]
    if results:
        found["transition.results"] = Known("\n".join(results), "IoT推進ラボの計画")
    held = [one for one in consultations(lab, viewer) if one.answer]
    if held:
        found["transition.changes"] = Known("\n".join(one.answer for one in held), "事前相談")
    return found
