"""Reads of certificates: their own pages for everybody who knows the code, the lists for those in charge."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from tsunagu.certificates.models import Certificate, IssueRun, Kind
from tsunagu.certificates.rules import Standing, State, standing, years_selected
from tsunagu.engines.textsearch.folding import fold
from tsunagu.registry.kinds import EventKind, Status
from tsunagu.registry.models import Designation, Round, StatusEvent
from tsunagu.registry.rules import (
    Happening,
    Span,
    in_order,
    last_event,
    selection_span,
    span_of,
    status_after,
)
from tsunagu.registry.selectors import staff_labs, tended_labs
from tsunagu.sharing.viewer import Viewer

_READ = ("designation__lab__region__bureau", "designation__round", "round", "superseded_by", "stored_file")


@dataclass(frozen=True)
class Facts:
    """A designation on a day: when it was made, where it stands, and the day it ended."""

    selected: Span | None
    events: tuple[Happening, ...]
    status: Status
    ended_on: date | None

    @property
    def years(self) -> str:
        """「2016–2025」."""
        return years_selected(self.selected, self.ended_on)


def facts(designations: Iterable[Designation], *, on: date) -> dict[int, Facts]:
    """The facts of designations (with their rounds) on a day; one query, whatever their number."""
    known = {one.pk: one for one in designations}
    events: dict[int, list[Happening]] = {pk: [] for pk in known}
    rows = StatusEvent.objects.filter(designation__in=known, voided_at=None).order_by("occurred_on", "pk")
    for row in rows:
        events[row.designation_id].append(Happening(row.kind, span_of(row.occurred_on), row.reason))
    return {pk: _facts(one, in_order(events[pk]), on) for pk, one in known.items()}


def _facts(designation: Designation, events: tuple[Happening, ...], on: date) -> Facts:
    its_round = designation.round
    selected = selection_span(
        (designation.selected_on, designation.announced_on),
        (its_round.selected_on, its_round.announced_on) if its_round else (),
        (),
    )
    last = last_event(events, on)
    is_over = last is not None and last.kind in {EventKind.ENDED, EventKind.MOVED}
    return Facts(selected, events, status_after(last), last.when.latest if last and is_over else None)


@dataclass(frozen=True)
class Checked:
    """What the public page of a certificate says today."""

    certificate: Certificate
    standing: Standing
    facts: Facts | None
    current: Certificate | None

    @property
    def badge(self) -> str:
        """The look of its label: those of the designation's own status, where they fit."""
        looks = {Standing.VALID: "selected", Standing.SUPERSEDED: "dormant", Standing.REVOKED: "refused"}
        return looks.get(self.standing, self.standing.value)


def _public(certificates: QuerySet[Certificate]) -> QuerySet[Certificate]:
    return certificates.select_related(*_READ)


def check(viewer: Viewer, code: str, *, on: date) -> Checked | None:
    """The certificate with this code and what it is worth on a day; it was handed out to be shown to anybody."""
    del viewer
    found = _public(Certificate.objects.filter(code=code.upper())).first()
    return checked(found, on=on) if found else None


def checked(certificate: Certificate, *, on: date) -> Checked:
    """What a certificate is worth on a day, and the edition that replaced it."""
    designation = certificate.designation
    known = facts([designation], on=on)[designation.pk] if designation else None
    current = None
    if certificate.state is State.SUPERSEDED:
        current = _newest(certificate)
    # A prize stays won whatever becomes of the designation.
    follows = known is not None and certificate.kind == Kind.DESIGNATION
    now = standing(certificate.state, known.status if known and follows else Status.SELECTED)
    return Checked(certificate, now, known, current)


def _newest(certificate: Certificate) -> Certificate:
    newest = _public(Certificate.objects.filter(number=certificate.number)).order_by("-edition").first()
    return newest or certificate


def by_number(viewer: Viewer, number: str) -> Certificate | None:
    """The newest edition of a number typed by hand, in any width of letters."""
    del viewer
    folded = fold(number)
    if not folded:
        return None
    return _public(Certificate.objects.filter(number_folded=folded)).order_by("-edition").first()


def certificates(viewer: Viewer, *, text: str = "") -> QuerySet[Certificate]:
    """Certificates for the back office: all for the secretariat, those of its labs for a bureau."""
    found = Certificate.objects.select_related(*_READ)
    if not viewer.is_secretariat:
        found = found.filter(designation__lab__in=staff_labs(viewer))
    folded = fold(text)
    if folded:
        found = found.filter(
            Q(number_folded__contains=folded)
            | Q(holder__contains=text.strip())
            | Q(designation__lab__region__name_folded__contains=folded)
        )
    return found


def tended_certificates(viewer: Viewer) -> QuerySet[Certificate]:
    """Certificates a lab's office may take from its own page, and staff from the back office."""
    if viewer.is_secretariat:
        return Certificate.objects.select_related(*_READ)
    return Certificate.objects.select_related(*_READ).filter(designation__lab__in=tended_labs(viewer))


def renamed(viewer: Viewer) -> QuerySet[Certificate]:
    """Certificates in force whose lab has another name today, for the secretariat."""
    if not viewer.is_secretariat:
        return Certificate.objects.none()
    in_force = Certificate.objects.filter(superseded_by=None, revoked_on=None, designation__isnull=False)
    lab, region = "designation__lab__name", "designation__lab__region__name"
    other = (~Q(**{lab: ""}) & ~Q(holder=F(lab))) | (Q(**{lab: ""}) & ~Q(holder=F(region)))
    return in_force.filter(other).select_related(*_READ)


def runs(viewer: Viewer) -> QuerySet[IssueRun]:
    """Rounds issued together, for the secretariat."""
    if not viewer.is_secretariat:
        return IssueRun.objects.none()
    return IssueRun.objects.select_related("round", "together")


@dataclass(frozen=True)
class Progress:
    """How far a run is."""

    done: int
    total: int

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


def progress(run: IssueRun) -> Progress:
    """Counted from the certificates themselves."""
    all_of_it = run.certificates.count()
    return Progress(all_of_it - run.certificates.filter(stored_file=None).count(), all_of_it)


def rounds_to_issue(viewer: Viewer) -> list[Round]:
    """Rounds the secretariat can issue certificates for, newest first."""
    if not viewer.is_secretariat:
        return []
    return list(Round.objects.order_by("scheme", "-number"))
