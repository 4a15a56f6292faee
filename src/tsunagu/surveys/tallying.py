"""Counting the answers of a wave, question by question, with small cells hidden. Pure."""

import statistics
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from tsunagu.questionnaires.definition import Definition, Field, Kind
from tsunagu.questionnaires.flow import asked_sections
from tsunagu.questionnaires.values import as_number, is_empty
from tsunagu.surveys.rules import (
    MINIMUM,
    QUARTILES_FROM,
    Cell,
    Cross,
    exchanges,
    hide_cells,
    hide_means,
    hide_totals,
    is_small,
)

ONE_ANSWER = frozenset({Kind.CHOICE, Kind.YES_NO})
COUNTED = ONE_ANSWER | {Kind.CHOICES}
TEXTS = frozenset({Kind.TEXT, Kind.LONG})
Groups = Mapping[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Response:
    """The answers of one lab, with the group it belongs to in each breakdown."""

    answers: Mapping[str, Any]
    groups: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OptionCount:
    """How many chose an option; None where it is hidden."""

    code: str
    label: str
    count: int | None
    share: int | None = None


@dataclass(frozen=True)
class GroupLine:
    """A group of a breakdown: how many of it answered the survey, and its count for each option (or its mean)."""

    code: str
    label: str
    size: int
    counts: tuple[int | None, ...] = ()
    mean: Decimal | None = None


@dataclass(frozen=True)
class Breakdown:
    """A question by bureau, scheme, category or size; `lines` are empty where only hiding everything is safe."""

    dimension: str
    lines: tuple[GroupLine, ...]


@dataclass(frozen=True)
class Summary:
    """A number over all labs; what would point at one lab is None."""

    mean: Decimal | None
    median: Decimal | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None


@dataclass(frozen=True)
class QuestionResult:
    """A question with what was answered; `answered` is None and the rest empty where too few answered to show anything."""

    field: Field
    answered: int | None
    options: tuple[OptionCount, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    summary: Summary | None = None
    texts: tuple[str, ...] = ()

    @property
    def hidden(self) -> frozenset[str]:
        """Options whose count is hidden."""
        return frozenset(one.code for one in self.options if one.count is None)


def options_of(one: Field) -> list[tuple[str, str]]:
    """The answers to choose of a question that is counted."""
    if one.kind == Kind.YES_NO:
        return [("yes", _("はい")), ("no", _("いいえ"))]
    return [(each.code, each.label) for each in one.options]


def hung_on(definition: Definition, one: Field) -> set[str]:
    """The questions whose answers decide, directly or through others, whether this one is asked."""
    found: set[str] = set()
    waiting = [one.key]
    while waiting:
        key = waiting.pop()
        here, place = definition.field(key), definition.section_of(key)
        conditions = [*(here.show_if if here else ()), *(place.show_if if place else ())]
        for each in conditions:
            if each.field not in found:
                found.add(each.field)
                waiting.append(each.field)
    return found


def _chosen(one: Field, value: Any) -> set[str]:
    given = value if isinstance(value, list) else [value]
    known = {code for code, _label in options_of(one)}
    return {str(each) for each in given} & known


def _given(definition: Definition, responses: Sequence[Response]) -> list[dict[str, Any]]:
    """What each lab answered to the questions it was in the end asked: an answer left behind by a change is none."""
    found = []
    for one in responses:
        asked = {each.key for section in asked_sections(definition, one.answers) for each in section.fields}
        found.append(
            {key: value for key, value in one.answers.items() if key in asked and not is_empty(value)}
        )
    return found


def tally(
    definition: Definition, responses: Sequence[Response], dimensions: Groups, *, with_texts: bool = False
) -> list[QuestionResult]:
    """The results of every question in the order of the form."""
    given = _given(definition, responses)
    values = {
        one.key: [(each[one.key], response.groups) for each, response in zip(given, responses, strict=True) if one.key in each]
        for one in definition.fields()
    }  # fmt: skip
    sizes = {
        name: {code: sum(one.groups.get(name) == code for one in responses) for code, _label in groups}
        for name, groups in dimensions.items()
    }
    return count_questions(definition, values, dimensions, sizes, with_texts=with_texts)


def count_questions(
    definition: Definition,
    values: Mapping[str, Sequence[tuple[Any, Mapping[str, str]]]],
    dimensions: Groups,
    sizes: Mapping[str, Mapping[str, int]],
    *,
    with_texts: bool = False,
) -> list[QuestionResult]:
    """The results from the answers to each question: all that is left of an anonymous wave."""
    done: dict[str, QuestionResult] = {}
    hidden_in: dict[str, dict[str, set[str]]] = {}
    for one in definition.fields():
        parents = hung_on(definition, one)
        rows = values.get(one.key, ())
        # How many were asked tells how many answered the question before: hidden there, hidden here.
        if is_small(len(rows)) or any(_is_hidden(done.get(each)) for each in parents):
            done[one.key] = QuestionResult(one, None)
            continue
        blocked = {
            name: {code for code, _l in groups if any(code in hidden_in.get(each, {}).get(name, set()) for each in parents)}
            for name, groups in dimensions.items()
        }  # fmt: skip
        if one.kind in COUNTED:
            done[one.key], hidden_in[one.key] = _counted(one, rows, dimensions, sizes, blocked)
        elif one.kind == Kind.NUMBER:
            done[one.key] = _measured(one, rows, dimensions, sizes, blocked)
        else:
            texts = tuple(str(value) for value, _groups in rows) if with_texts and one.kind in TEXTS else ()
            done[one.key] = QuestionResult(one, len(rows), texts=texts)
    return list(done.values())


def _is_hidden(result: QuestionResult | None) -> bool:
    return result is not None and (result.answered is None or bool(result.hidden))


def _counted(
    one: Field,
    rows: Sequence[tuple[Any, Mapping[str, str]]],
    dimensions: Groups,
    sizes: Mapping[str, Mapping[str, int]],
    blocked: Mapping[str, Collection[str]],
) -> tuple[QuestionResult, dict[str, set[str]]]:
    """The counts of a question, and the groups of each breakdown in which something of it is hidden."""
    adds_up, codes = one.kind in ONE_ANSWER, [code for code, _label in options_of(one)]
    totals = Counter(dict.fromkeys(codes, 0))
    for value, _groups in rows:
        totals.update(_chosen(one, value))
    hidden = hide_totals(totals, adds_up=adds_up, answered=len(rows))
    swaps = exchanges(totals, hidden) if adds_up else []
    options = tuple(
        OptionCount(code, label, None if code in hidden else totals[code], _share(totals[code], len(rows), code in hidden))
        for code, label in options_of(one)
    )  # fmt: skip
    breakdowns, hidden_groups = [], {}
    for name, groups in dimensions.items():
        cross = _cross(codes, groups, sizes[name], adds_up, one, name, rows)
        cells = hide_cells(cross, swaps=swaps, blocked=blocked[name])
        breakdowns.append(Breakdown(name, _lines(groups, sizes[name], codes, cross, cells)))
        every = {code for code, _label in groups}
        hidden_groups[name] = every if cells is None else {group for _code, group in cells}
    return QuestionResult(one, len(rows), options, tuple(breakdowns)), hidden_groups


def _share(number: int, whole: int, is_hidden: bool) -> int | None:
    return None if is_hidden or not whole else round(100 * number / whole)


def _cross(
    codes: Sequence[str],
    groups: Sequence[tuple[str, str]],
    sizes: Mapping[str, int],
    adds_up: bool,
    one: Field,
    name: str,
    rows: Sequence[tuple[Any, Mapping[str, str]]],
) -> Cross:
    counts: Counter[Cell] = Counter({(code, group): 0 for code in codes for group, _label in groups})
    for value, where in rows:
        counts.update((code, where[name]) for code in _chosen(one, value))
    return Cross(counts, sizes, adds_up)


def _lines(
    groups: Sequence[tuple[str, str]],
    sizes: Mapping[str, int],
    codes: Sequence[str],
    cross: Cross,
    hidden: set[Cell] | None,
) -> tuple[GroupLine, ...]:
    if hidden is None:
        return ()
    return tuple(
        GroupLine(
            group, label, sizes[group],
            tuple(None if (code, group) in hidden else cross.counts[(code, group)] for code in codes),
        )
        for group, label in groups
    )  # fmt: skip


def _measured(
    one: Field,
    rows: Sequence[tuple[Any, Mapping[str, str]]],
    dimensions: Groups,
    sizes: Mapping[str, Mapping[str, int]],
    blocked: Mapping[str, Collection[str]],
) -> QuestionResult:
    known = [(number, groups) for value, groups in rows if (number := as_number(value)) is not None]
    if len(known) < MINIMUM:
        return QuestionResult(one, None if known else 0)
    breakdowns = []
    for name, groups in dimensions.items():
        by_group = {
            code: [number for number, where in known if where[name] == code] for code, _label in groups
        }
        hidden = hide_means({code: len(found) for code, found in by_group.items()}, blocked[name])
        lines = tuple(
            GroupLine(code, label, sizes[name][code],
                      mean=mean(by_group[code]) if by_group[code] and code not in hidden else None)
            for code, label in groups
        )  # fmt: skip
        breakdowns.append(Breakdown(name, lines))
    return QuestionResult(
        one, len(known), breakdowns=tuple(breakdowns), summary=summary([number for number, _g in known])
    )


def mean(numbers: Sequence[Decimal]) -> Decimal:
    """The mean, to one place."""
    return (sum(numbers, Decimal(0)) / len(numbers)).quantize(Decimal("0.1"))


def summary(numbers: Sequence[Decimal]) -> Summary:
    """Mean, median and quartiles; the latter only of so many that none is one lab's own number for sure."""
    if len(numbers) < QUARTILES_FROM:
        return Summary(mean(numbers) if len(numbers) >= MINIMUM else None)
    lower, median, upper = statistics.quantiles(numbers, n=4, method="inclusive")
    return Summary(mean(numbers), median, lower, upper)
