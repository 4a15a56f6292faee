"""Published statements against each other (seed A1, A4, A5)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tsunagu.findings.checks.raised import Raised


@dataclass(frozen=True)
class Stated:
    """A published number: its code, what it measures, and which total it is a part of."""

    code: str
    measure: str
    value: int
    as_of: str
    statement: str
    part_of: str = ""
    partition: str = ""


def parts_against_totals(stated: Sequence[Stated]) -> Iterator[Raised]:
    """Parts of one partition that do not add up to their total."""
    totals = {one.code: one for one in stated}
    parts: dict[tuple[str, str], list[Stated]] = defaultdict(list)
    for one in stated:
        if one.part_of in totals:
            parts[one.part_of, one.partition].append(one)
    for (code, partition), members in sorted(parts.items()):
        total, added = totals[code], sum(one.value for one in members)
        if added != total.value:
            yield Raised(
                "parts_do_not_add_up",
                f"{code}:{partition}",
                {
                    "figure": code,
                    "total": total.value,
                    "sum": added,
                    "parts": [f"{one.code} {one.value}" for one in members],
                    "statement": total.statement,
                },
            )


def one_measure_two_values(stated: Sequence[Stated]) -> Iterator[Raised]:
    """One thing for which different numbers were published; the days may explain it, a person decides."""
    by_measure: dict[str, list[Stated]] = defaultdict(list)
    for one in stated:
        if one.measure:
            by_measure[one.measure].append(one)
    for measure, members in sorted(by_measure.items()):
        members.sort(key=lambda one: (one.as_of, one.code))
        if len({one.value for one in members}) > 1:
            yield Raised(
                "one_measure_two_values",
                measure,
                {
                    "values": [
                        {
                            "figure": one.code,
                            "value": one.value,
                            "as_of": one.as_of,
                            "statement": one.statement,
                        }
                        for one in members
                    ]
                },
            )
