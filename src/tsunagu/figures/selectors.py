"""Reads of figures: each published number with the computed one beside it."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial

from django.utils.translation import get_language

from tsunagu.activities.selectors import labs_by_group, tier_of
from tsunagu.figures.definitions import CATALOGUE, Answers, Definition, World
from tsunagu.figures.models import PublishedFigure
from tsunagu.figures.rules import Computed, Verdict, as_text, compare
from tsunagu.history.unchanged import WhileUnchanged
from tsunagu.registry.models import Criterion, Merit, Round
from tsunagu.registry.records import Book
from tsunagu.registry.selectors import book
from tsunagu.sharing.viewer import Viewer
from tsunagu.surveys.selectors import PublicAnswers


@dataclass(frozen=True)
class FigureRow:
    """A published figure beside what the records give as of a day."""

    published: PublishedFigure
    definition: Definition
    computed: Computed
    as_of: date

    @property
    def verdict(self) -> Verdict:
        return compare(self.published.numerator, self.computed.numerator)

    @property
    def published_text(self) -> str:
        one = self.published
        return as_text(one.numerator, one.denominator, one.percent)

    @property
    def computed_text(self) -> str:
        one = self.computed
        return as_text(one.numerator, one.denominator, one.percent)

    @property
    def is_other_day(self) -> bool:
        """Whether the computed number stands for another day than the published one."""
        return not self.published.as_of.earliest <= self.as_of <= self.published.as_of.latest


class Records:
    """The records figures are computed from: read in a handful of queries, opened on any day."""

    def __init__(self, viewer: Viewer) -> None:
        self.rounds = tuple(Round.objects.all())
        self.book: Book = book(viewer, rounds=self.rounds)
        self.merits = tuple(Merit.objects.all())
        self.criteria = tuple(Criterion.objects.all())
        self._viewer = viewer
        self._worlds: dict[date, World] = {}
        self._doing: dict[date, dict[str, set[int]]] = {}

    def on(self, day: date) -> World:
        if day not in self._worlds:
            self._worlds[day] = World(
                self.book.on(day),
                self.rounds,
                self.merits,
                self.criteria,
                partial(self._reasons, day),
                partial(self._activity_asked, day),
                partial(self._labs_doing, day),
            )
        return self._worlds[day]

    @cached_property
    def _surveys(self) -> PublicAnswers:
        return PublicAnswers()

    def _reasons(self, day: date) -> Answers | None:
        found = self._surveys.reasons(as_of=day)
        return Answers(str(found.wave.pk), found.counts) if found else None

    def _activity_asked(self, day: date) -> Answers | None:
        found = self._surveys.asked(as_of=day)
        if found is None:
            return None
        count, counted = found
        return Answers(str(counted.wave.pk), counted.counts, count)

    def _labs_doing(self, day: date, group: str) -> frozenset[int] | None:
        if day not in self._doing:
            self._doing[day] = labs_by_group(self._viewer, as_of=day)
        by_group = self._doing[day]
        return frozenset(by_group.get(group, ())) if by_group else None


def _row(published: PublishedFigure, records: Records, as_of: date | None) -> FigureRow:
    day = as_of or published.as_of.latest
    definition = CATALOGUE[published.code]
    return FigureRow(published, definition, definition.compute(records.on(day)), day)


ROWS: WhileUnchanged[tuple[FigureRow, ...]] = WhileUnchanged(most=8)


def figures(viewer: Viewer, *, as_of: date | None = None) -> tuple[FigureRow, ...]:
    """Every published figure with the computed one: on its own day, or all on the day asked for."""
    return ROWS.get((get_language(), tier_of(viewer), as_of), lambda: _rows(viewer, as_of))


def _rows(viewer: Viewer, as_of: date | None) -> tuple[FigureRow, ...]:
    records = Records(viewer)
    return tuple(_row(one, records, as_of) for one in PublishedFigure.objects.select_related("part_of"))


def figure_by_code(viewer: Viewer, code: str, *, as_of: date | None = None) -> FigureRow | None:
    """One figure with its records, or None when nothing of that code was published."""
    published = PublishedFigure.objects.filter(code=code).first()
    return _row(published, Records(viewer), as_of) if published else None
