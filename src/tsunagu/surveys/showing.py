"""Results as pages and files show them: a picture for each question, the table below it, rows for a spreadsheet."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tsunagu.engines.picture.bars import Bar, BarChart, Part, bar_chart
from tsunagu.questionnaires.definition import Kind
from tsunagu.questionnaires.values import is_empty, shown
from tsunagu.surveys.models import HistoricalResult, Invitation
from tsunagu.surveys.tallying import QuestionResult, options_of


def hidden() -> str:
    """What stands in the place of a hidden number."""
    return _("少数のため非表示")


def dimension_label(name: str) -> str:
    """What a breakdown is by."""
    return {
        "bureau": _("経済産業局"), "scheme": _("制度"), "category": _("選定時の類型"), "region_kind": _("地域の大きさ"),
    }[name]  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A question on a page of results; `own` is the reader's own answer in words, `own_codes` the options chosen."""

    result: QuestionResult
    chart: BarChart | None
    dimensions: tuple[tuple[str, Any], ...]
    own: str = ""
    own_codes: frozenset[str] = frozenset()


def show(results: list[QuestionResult], *, own: Invitation | None = None) -> list[Shown]:
    """The questions with their pictures, and beside them what the reader's lab answered."""
    answers = own.snapshot.answers if own is not None and own.snapshot is not None else {}
    return [_shown(one, answers) for one in results]


def _shown(one: QuestionResult, answers: dict[str, Any]) -> Shown:
    bars = [Bar(each.label, (Part("plain", each.count),)) for each in one.options if each.count is not None]
    value = answers.get(one.field.key)
    codes = value if isinstance(value, list) else [value]
    return Shown(
        one,
        bar_chart(bars) if bars else None,
        tuple((dimension_label(each.dimension), each) for each in one.breakdowns),
        shown(one.field, value) if not is_empty(value) and one.field.kind != Kind.ROWS else "",
        frozenset(str(each) for each in codes if each) if one.options else frozenset(),
    )


def show_historical(
    found: list[HistoricalResult], *, english: bool
) -> tuple[str, BarChart, list[tuple[str, HistoricalResult]]]:
    """A question of which only some numbers survive."""
    labels = [((one.label_en if english else "") or one.label, one) for one in found]
    bars = [Bar(label, (Part("plain", one.count),)) for label, one in labels]
    question = (found[0].question_en if english else "") or found[0].question
    return question, bar_chart(bars), labels


def headings() -> list[str]:
    """The columns of a file of results."""
    return [_("質問"), _("内訳"), _("区分"), _("回答したラボ"), _("選択肢"), _("数")]


def rows(results: list[QuestionResult]) -> Iterator[list[Any]]:
    """A line for each number of the results; hidden ones say so."""
    for one in results:
        label = one.field.label
        if one.answered is None:
            yield [label, _("全国"), "", hidden(), "", hidden()]
            continue
        for each in one.options:
            yield [label, _("全国"), "", one.answered, each.label, _said(each.count)]
        if one.summary is not None:
            for name, number in (
                (_("平均"), one.summary.mean), (_("中央値"), one.summary.median),
                (_("第1四分位"), one.summary.lower), (_("第3四分位"), one.summary.upper),
            ):  # fmt: skip
                yield [label, _("全国"), "", one.answered, name, _said(number)]
        if not one.options and one.summary is None:
            yield [label, _("全国"), "", one.answered, "", ""]
        yield from _broken_down(one)


def _broken_down(one: QuestionResult) -> Iterator[list[Any]]:
    labels = [label for _code, label in options_of(one.field)] if one.options else []
    for breakdown in one.breakdowns:
        by = dimension_label(breakdown.dimension)
        if not breakdown.lines:
            yield [one.field.label, by, "", "", "", hidden()]
        for line in breakdown.lines:
            for label, number in zip(labels, line.counts, strict=True):
                yield [one.field.label, by, line.label, line.size, label, _said(number)]
            if not labels:
                yield [
                    one.field.label,
                    by,
                    line.label,
                    line.size,
                    _("平均"),
                    _said(line.mean) if line.size else "",
                ]


def historical_rows(found: list[tuple[str, list[HistoricalResult]]]) -> Iterator[list[Any]]:
    """A line for each number that survived."""
    for _element, numbers in found:
        for one in numbers:
            yield [one.question, _("全国"), "", "" if one.total is None else one.total, one.label, one.count]


def _said(number: Any) -> Any:
    return hidden() if number is None else number
