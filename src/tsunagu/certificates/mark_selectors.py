"""Reads about the mark: who may use it, where it is used, and what has to come down."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from tsunagu.certificates.models import (
    LinkCheck,
    MarkAcceptance,
    MarkKit,
    MarkKitFile,
    MarkTerms,
    MarkUse,
    MarkWithdrawal,
)
from tsunagu.certificates.models.marks import Outcome
from tsunagu.certificates.rules import MarkRight, mark_right
from tsunagu.certificates.selectors import facts
from tsunagu.registry.models import Designation, Lab
from tsunagu.registry.selectors import staff_labs, tended_labs
from tsunagu.sharing.viewer import Viewer


def current_terms(on: date) -> MarkTerms | None:
    """The version of the terms in force on a day."""
    return MarkTerms.objects.filter(effective_on__lte=on).order_by("-number").first()


def current_kit() -> MarkKit | None:
    """The newest files of the mark."""
    return MarkKit.objects.prefetch_related("files__stored_file").first()


def rights(designations: Iterable[Designation], *, on: date) -> dict[int, MarkRight]:
    """From when to when each designation lets its lab use the mark; two queries, whatever their number."""
    known = list(designations)
    of_day = facts(known, on=on)
    withdrawn = {
        one.designation_id: one
        for one in MarkWithdrawal.objects.filter(designation__in=known, voided_at=None)
    }
    return {
        one.pk: mark_right(
            selected=of_day[one.pk].selected,
            events=of_day[one.pk].events,
            withdrawn=withdrawn[one.pk].stops_on if one.pk in withdrawn else None,
            reason=withdrawn[one.pk].reason if one.pk in withdrawn else "",
        )
        for one in known
    }


@dataclass(frozen=True)
class LabMark:
    """What a lab may do with the mark under one designation."""

    designation: Designation
    right: MarkRight
    is_on: bool
    accepted: MarkAcceptance | None
    withdrawal: MarkWithdrawal | None


def lab_marks(designations: Iterable[Designation], *, on: date) -> list[LabMark]:
    """The right of each designation on a day, and whether the terms in force were accepted for it."""
    known = list(designations)
    terms = current_terms(on)
    of_all = rights(known, on=on)
    accepted = {
        one.designation_id: one
        for one in MarkAcceptance.objects.filter(designation__in=known, terms=terms).select_related("terms")
    }
    withdrawn = {
        one.designation_id: one
        for one in MarkWithdrawal.objects.filter(designation__in=known, voided_at=None)
    }
    return [
        LabMark(one, of_all[one.pk], of_all[one.pk].on(on), accepted.get(one.pk), withdrawn.get(one.pk))
        for one in known
    ]


def designations_of(lab: Lab) -> QuerySet[Designation]:
    """A lab's designations with what the rules ask about."""
    return lab.designations.select_related("round", "lab__region").order_by("pk")


def kit_is_open(lab: Lab, *, on: date) -> bool:
    """Whether the lab may take the files of the mark: a right today, and the terms in force accepted for it."""
    return any(one.is_on and one.accepted for one in lab_marks(designations_of(lab), on=on))


def kit_file(viewer: Viewer, lab: Lab, pk: int, *, on: date) -> MarkKitFile | None:
    """A file of a kit: for staff always, for the lab's office once the kit is open."""
    if not viewer.is_staff and not kit_is_open(lab, on=on):
        return None
    return MarkKitFile.objects.filter(pk=pk).select_related("stored_file").first()


def with_last_check(uses: QuerySet[MarkUse]) -> QuerySet[MarkUse]:
    """Uses with `last_outcome` and `last_checked_at` of the newest look at their page."""
    newest = LinkCheck.objects.filter(use=OuterRef("pk")).order_by("-checked_at", "-pk")
    return uses.annotate(
        last_outcome=Subquery(newest.values("outcome")[:1]),
        last_checked_at=Subquery(newest.values("checked_at")[:1]),
    )


def uses_of(lab: Lab) -> QuerySet[MarkUse]:
    """Where a lab uses the mark, newest first."""
    found = MarkUse.objects.filter(designation__lab=lab).select_related("designation__lab__region", "photo")
    return with_last_check(found).order_by("-used_from", "-pk")


def tended_uses(viewer: Viewer) -> QuerySet[MarkUse]:
    """Uses the viewer may correct: of the labs whose pages they keep."""
    return MarkUse.objects.filter(designation__lab__in=tended_labs(viewer)).select_related(
        "designation__lab__region", "photo"
    )


@dataclass(frozen=True)
class Overdue:
    """A use still open although the right has ended."""

    use: MarkUse
    right: MarkRight


def takedown(viewer: Viewer, *, on: date) -> list[Overdue]:
    """Uses still open after the day they had to stop, or said to have ended while their page still shows the mark.

    The longest overdue first; for staff, of their labs.
    """
    uses = with_last_check(MarkUse.objects.filter(designation__lab__in=staff_labs(viewer)))
    still = Q(used_to=None) | Q(last_outcome=Outcome.SHOWN, last_checked_at__date__gt=F("used_to"))
    uses = uses.filter(still).select_related("designation__lab__region__bureau", "designation__round")
    return overdue(uses, on=on)


def overdue(still_used: Iterable[MarkUse], *, on: date) -> list[Overdue]:
    """Of uses that go on those whose right has ended by a day."""
    uses = list(still_used)
    of_all = rights({one.designation_id: one.designation for one in uses}.values(), on=on)
    late = [
        Overdue(one, of_all[one.designation_id])
        for one in uses
        if (stops := of_all[one.designation_id].stops) is not None and stops <= on
    ]
    return sorted(late, key=lambda one: (one.right.stops or date.max, one.use.pk))


def staff_designations(viewer: Viewer) -> QuerySet[Designation]:
    """Designations of the labs the viewer works on, in the order of the country."""
    return (
        Designation.objects.filter(lab__in=staff_labs(viewer))
        .select_related("lab__region__bureau", "round")
        .order_by("lab__region__code", "lab__slug", "pk")
    )
