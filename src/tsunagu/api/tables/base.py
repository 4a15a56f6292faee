"""What a public table is: its columns, where its rows come from, under which licence, and since when they are so.

Everything a table publishes is asked for as the public (`sharing.viewer.PUBLIC`), whoever asks: a file at one address
is the same for everybody. Japanese and English stand side by side here, since both are published at once.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Protocol, TypeAlias

from django.db.models import Model, QuerySet
from django.utils.translation import override

from tsunagu.api.addresses import absolute
from tsunagu.engines.dates import PartialDate
from tsunagu.sharing.viewer import Viewer

Value: TypeAlias = "str | int | float | bool | None"
Row: TypeAlias = dict[str, Value]


class Kind(Enum):
    """What a column holds."""

    TEXT = "text"
    CODE = "code"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    # ISO 8601; a DATE may stop at the month or the year, where no more is known.
    DAY = "day"
    DATE = "date"
    MOMENT = "moment"
    URL = "url"


@dataclass(frozen=True)
class Column:
    """One column. `gif`: the item of the Government Interoperability Framework it is, or else `own`: why there is none.

    `lookup`: how a query finds it, which makes it a filter; `*` where the rows are a list. `as_written`: names and
    sentences, which keep the characters people wrote them with. `choices`: the codes of a CODE with their labels.
    """

    key: str
    label: str
    label_en: str
    kind: Kind = Kind.TEXT
    unit: str = ""
    unit_en: str = ""
    gif: str = ""
    own: str = ""
    lookup: str = ""
    as_written: bool = False
    choices: Sequence[tuple[str, Any]] = ()

    def label_in(self, language: str) -> str:
        """The label, with the unit where there is one."""
        label, unit = (self.label_en, self.unit_en) if language == "en" else (self.label, self.unit)
        if not unit:
            return label
        return f"{label} ({unit})" if language == "en" else f"{label}（{unit}）"


OF_THE_PROGRAMME = "制度に固有の項目で、GIFのコアデータパーツに当たるものがない"


@dataclass(frozen=True)
class Licence:
    """Under which terms a table may be used."""

    key: str
    name: str
    name_en: str
    address: str


# Facts that the government made and published.
PDL = Licence(
    "PDL1.0",
    "公共データ利用規約（第1.0版）",
    "Public Data License (Version 1.0)",
    "https://www.digital.go.jp/resources/open_data/public_data_license_v1.0",
)
# Texts and numbers that labs and companies gave, and what is computed from them.
CC_BY = Licence(
    "CC-BY-4.0",
    "クリエイティブ・コモンズ 表示 4.0 国際",
    "Creative Commons Attribution 4.0 International",
    "https://creativecommons.org/licenses/by/4.0/",
)


# Columns with what they must read.
Wanted: TypeAlias = "Sequence[tuple[Column, str]]"


class Rows(Protocol):
    """The rows of a table, in a fixed order."""

    def narrowed(self, wanted: Wanted) -> "Rows": ...
    def count(self) -> int: ...
    def part(self, offset: int, limit: int) -> list[Row]: ...
    def __iter__(self) -> Iterator[Row]: ...


@dataclass(frozen=True)
class ListRows:
    """Rows that are all there already; with `make`, each is put together only when it is wanted."""

    rows: Sequence[Any]
    make: Callable[[Any], Row] | None = None

    def narrowed(self, wanted: Wanted) -> "ListRows":
        """Those whose columns read as wanted."""
        if not wanted:
            return self
        return ListRows([row for row in self if all(reads(row[one.key]) == text for one, text in wanted)])

    def count(self) -> int:
        return len(self.rows)

    def part(self, offset: int, limit: int) -> list[Row]:
        return list(self._made(self.rows[offset : offset + limit]))

    def __iter__(self) -> Iterator[Row]:
        return self._made(self.rows)

    def _made(self, rows: Sequence[Any]) -> Iterator[Row]:
        return iter(rows) if self.make is None else (self.make(one) for one in rows)


def reads(value: Value) -> str:
    """A value as an address writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


@dataclass(frozen=True)
class QueryRows:
    """Rows read from the database a page at a time; the query must order them."""

    query: "QuerySet[Any, Any]"
    row: Callable[[Any], Row]

    def narrowed(self, wanted: Wanted) -> "QueryRows":
        """Those that the query finds; nothing where the text cannot be a value of the column."""
        if not wanted:
            return self
        try:
            return QueryRows(self.query.filter(**{one.lookup: text for one, text in wanted}), self.row)
        except (ValueError, TypeError):
            return QueryRows(self.query.none(), self.row)

    def count(self) -> int:
        return self.query.count()

    def part(self, offset: int, limit: int) -> list[Row]:
        return [self.row(one) for one in self.query[offset : offset + limit]]

    def __iter__(self) -> Iterator[Row]:
        # In one go where the query fetches related rows too, which needs all of them at once.
        return (self.row(one) for one in self.query.iterator(chunk_size=2000))


@dataclass(frozen=True)
class Table:
    """A public table. `models`: those whose records it shows, so that a change of them is a change of the table.

    `rows(viewer, day)`: the rows as of a day; where `follows_day` is false, only today's exist.
    """

    key: str
    title: str
    title_en: str
    about: str
    about_en: str
    columns: tuple[Column, ...]
    rows: Callable[[Viewer, date], Rows]
    models: tuple[type[Model], ...]
    licence: Licence = PDL
    follows_day: bool = False
    keywords: tuple[str, ...] = ()
    every: str = "irregular"
    shown: tuple[Column, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "shown", tuple(_with_labels(self.columns)))

    @property
    def filters(self) -> list[Column]:
        """The columns that narrow the rows."""
        return [one for one in self.columns if one.lookup]

    def column(self, key: str) -> Column:
        """The column of a key. Raises `KeyError`."""
        return {one.key: one for one in self.shown}[key]

    def rows_in_japanese(self, viewer: Viewer, day: date) -> Rows:
        """The rows, names and all, as they are written in Japanese."""
        with override("ja"):
            return self.rows(viewer, day)

    def finished(self, rows: Iterable[Row], language: str) -> Iterator[Row]:
        """The rows with the label beside every code, in the order of the columns."""
        with override(language):
            labels = {
                one.key: {code: str(label) for code, label in one.choices}
                for one in self.columns
                if one.kind is Kind.CODE
            }
        for row in rows:
            done: Row = {}
            for one in self.columns:
                value = row[one.key]
                done[one.key] = _addressed(one, value)
                if one.kind is Kind.CODE:
                    done[f"{one.key}_label"] = labels[one.key].get(str(value)) if value is not None else None
            yield done


def _addressed(column: Column, value: Value) -> Value:
    """Paths of this site as whole addresses."""
    if column.kind is Kind.URL and isinstance(value, str) and value.startswith("/"):
        return absolute(value)
    return value


def _with_labels(columns: Iterable[Column]) -> Iterator[Column]:
    for one in columns:
        yield one
        if one.kind is Kind.CODE:
            yield Column(
                f"{one.key}_label",
                f"{one.label}の名称",
                f"{one.label_en} (label)",
                own=f"{one.label}の記号を言葉にしたもの",
            )


def written(when: PartialDate | None) -> str | None:
    """A date as far as it is known."""
    return when.iso if when else None


def number(value: Decimal | None) -> float | int | None:
    """A number as JSON knows it: whole ones without a point."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def text(value: str) -> str | None:
    """A text, or nothing: an empty text would claim that something is known."""
    return value or None
