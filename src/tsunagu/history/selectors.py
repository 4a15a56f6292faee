"""Reads of the history. Who may see a record's history is decided by whoever may see the record in the back office."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet

from tsunagu.history.models import Act, Change
from tsunagu.history.words import Told, tell
from tsunagu.sharing.viewer import Viewer

SHOWN_CHANGES = 20


@dataclass(frozen=True)
class Moment:
    """One act on a timeline: who, when, by which way, and what changed."""

    act: Act
    told: Sequence[Told]
    more: int


def acts_of(viewer: Viewer, records: Iterable[Model]) -> QuerySet[Act]:
    """Acts that touched any of these records, the newest first; for staff. The caller passes records the viewer may see."""
    if not viewer.is_staff:
        return Act.objects.none()
    return Act.objects.filter(pk__in=_changes_of(records).values("act_id")).order_by("-pk")


def _changes_of(records: Iterable[Model]) -> QuerySet[Change]:
    keys: dict[str, list[str]] = defaultdict(list)
    for one in records:
        keys[one._meta.db_table].append(str(one.pk))
    touched = Q(pk__in=[])
    for table, pks in keys.items():
        touched |= Q(table_name=table, record_id__in=pks)
    return Change.objects.filter(touched)


def moments(acts: Sequence[Act], records: Iterable[Model] | None = None) -> list[Moment]:
    """The acts with their changes in words; with `records`, only what concerns those."""
    numbers = [act.pk for act in acts]
    changes = (Change.objects.all() if records is None else _changes_of(records)).filter(act_id__in=numbers)
    by_act: dict[int, list[Change]] = defaultdict(list)
    for change in changes.order_by("id")[:5_000]:
        by_act[change.act_id].append(change)
    shown = {number: rows[:SHOWN_CHANGES] for number, rows in by_act.items()}
    told = iter(tell(change for number in numbers for change in shown.get(number, [])))
    return [
        Moment(
            act,
            [next(told) for _change in shown.get(act.pk, [])],
            len(by_act[act.pk]) - len(shown.get(act.pk, [])),
        )
        for act in acts
    ]


def log(viewer: Viewer, **wanted: Any) -> QuerySet[Act]:
    """The whole history, the newest first, for the secretariat: `person`, `table` and `day` narrow it down."""
    if not viewer.is_secretariat:
        return Act.objects.none()
    acts = Act.objects.order_by("-pk")
    if person := wanted.get("person"):
        acts = acts.filter(Q(person__icontains=person) | Q(acting_for__icontains=person))
    if table := wanted.get("table"):
        acts = acts.filter(Q(pk__in=Change.objects.filter(table_name=table).values("act_id")))
    if day := wanted.get("day"):
        acts = acts.filter(began_at__date=day)
    return acts
