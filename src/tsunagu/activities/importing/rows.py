"""Reading a lab's list into checked rows, with everything that is wrong in it.

kintone writes a record with a table as several rows: the first is marked with * under レコードの開始行, the others only
hold further rows of the table.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.activities.importing.columns import LABELS
from tsunagu.activities.models import ActivityKind
from tsunagu.activities.rules import Company, NotLogged, check_days, read_companies
from tsunagu.engines.dates import DateNotUnderstood, parse_date
from tsunagu.engines.tables import Table
from tsunagu.engines.textsearch.folding import fold
from tsunagu.registry.importing.sheet import RowError, shape_errors
from tsunagu.registry.models import Lab, Policy
from tsunagu.sharing.policy import RecordAudience

RECORD_START = "レコードの開始行"


@dataclass(frozen=True)
class Row:
    """A checked row, ready to be stored."""

    number: int
    key: str
    kind: int
    title: str
    started_on: date
    ended_on: date | None
    people: int | None
    summary: str
    evidence_link: str
    audience: str
    companies: tuple[tuple[str, str, str], ...]
    policies: tuple[int, ...]


@dataclass
class Reading:
    """A file read with a lab's choice of columns: rows that can be stored, and everything that is wrong."""

    rows: list[Row] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    count: int = 0
    unknown_kinds: list[str] = field(default_factory=list)


@dataclass
class _Record:
    """A record of the file: its first row, and for kintone the rows of its table."""

    number: int
    cells: dict[str, str]
    more: list[dict[str, str]] = field(default_factory=list)


def _records(table: Table, columns: Mapping[str, str]) -> Iterator[_Record]:
    places = {key: table.headers.index(header) for key, header in columns.items() if header in table.headers}
    start = table.headers.index(RECORD_START) if RECORD_START in table.headers else None
    current: _Record | None = None
    for number, row in zip(table.row_numbers, table.rows, strict=True):
        cells = {key: row[place].strip() for key, place in places.items()}
        if start is not None and not row[start].strip() and current is not None:
            current.more.append(cells)
            continue
        if current is not None:
            yield current
        current = _Record(number, cells)
    if current is not None:
        yield current


class Reader:
    """Reads records of a lab's file into rows; looks up what is named once for the whole file."""

    def __init__(self, lab: Lab, words: Mapping[str, Mapping[str, str]]) -> None:
        self.prefecture = lab.region.prefecture_id or ""
        self.today = timezone.localdate()
        kinds = list(ActivityKind.objects.all())
        self.kinds = {
            fold(name): one for one in kinds for name in (one.code, one.label, one.label_en) if name
        }
        by_code = {one.code: one for one in kinds}
        self.kinds |= {
            fold(word): by_code[code] for word, code in words.get("kind", {}).items() if code in by_code
        }
        self.policies = {
            fold(name): one.pk
            for one in Policy.objects.all()
            for name in (one.code, one.name, one.name.split("（")[0])
        }
        self.audiences = {
            fold(name): one.value
            for one in RecordAudience
            for name in (one.value, str(one.label), str(one.label).split("（")[0])
        }
        self.days: dict[str, date | None] = {}
        self.companies: dict[str, tuple[tuple[str, str, str], ...]] = {}
        self.unknown: dict[str, None] = {}

    def read(self, record: _Record) -> tuple[Row | None, list[RowError]]:
        """The row, or what is wrong with it."""
        cells, wrong = record.cells, list[RowError]()

        def complain(key: str, message: str, mend: str) -> None:
            wrong.append(RowError(record.number, LABELS[key], cells.get(key, "")[:200], message, mend))

        title = cells.get("title", "")
        if not title:
            complain("title", _("空欄です。"), _("何をしたかを書いてください。"))
        elif len(title) > 200:
            complain("title", _("長すぎます。"), _("200文字以内にしてください。"))
        kind = self.kinds.get(fold(cells.get("kind", "")))
        if kind is None:
            self.unknown[cells.get("kind", "")] = None
            complain(
                "kind",
                _("どの種類か分かりません。"),
                _("列の割り当ての画面で、この言葉の種類を選んでください。"),
            )
        started = self._day(cells.get("started_on", ""))
        ended = self._day(cells["ended_on"]) if cells.get("ended_on") else None
        if started is None:
            complain(
                "started_on",
                _("日付として読めません。"),
                _("2026-05-01 か 令和8年5月1日 のように書いてください。"),
            )
        if cells.get("ended_on") and ended is None:
            complain(
                "ended_on",
                _("日付として読めません。"),
                _("2026-05-01 か 令和8年5月1日 のように書いてください。"),
            )
        if started is not None:
            try:
                check_days(started, ended, today=self.today)
            except NotLogged as problem:
                complain("started_on", str(problem), _("日付を確かめてください。"))
        people = _count(cells.get("people", ""))
        if people is None and cells.get("people"):
            complain("people", _("人数として読めません。"), _("「12」のように数だけを書いてください。"))
        link = cells.get("evidence_link", "")
        if link and (urlsplit(link).scheme not in {"http", "https"} or len(link) > 500):
            complain(
                "evidence_link",
                _("ページの住所として読めません。"),
                _("https:// から始まる住所を書いてください。"),
            )
        audience = self.audiences.get(fold(cells.get("audience", "")), "") if cells.get("audience") else None
        if audience == "":
            complain(
                "audience",
                _("公開範囲として読めません。"),
                _("公開・ラボ間・地域内・当事者 のどれかにしてください。"),
            )
        companies = self._companies(record, complain)
        policies = self._policies(cells.get("policies", ""), complain)
        if wrong or kind is None or started is None:
            return None, wrong
        own = cells.get("own_key", "")
        key = f"id:{own}"[:80] if own else _digest(started.isoformat(), str(kind.pk), title)
        return Row(
            record.number, key, kind.pk, title, started, ended, people, cells.get("summary", ""), link,
            audience or kind.default_audience, companies, policies,
        ), []  # fmt: skip

    def _day(self, text: str) -> date | None:
        if text not in self.days:
            try:
                found = parse_date(text.split(" ")[0] if re.match(r"\d{4}[-/]", text) else text)
                self.days[text] = found.earliest if found.earliest == found.latest else None
            except DateNotUnderstood:
                self.days[text] = None
        return self.days[text]

    def _companies(self, record: _Record, complain: Any) -> tuple[tuple[str, str, str], ...]:
        found: dict[str, tuple[str, str, str]] = {}
        for cells in (record.cells, *record.more):
            names, numbers = cells.get("companies", ""), cells.get("numbers", "")
            text = f"{names}\0{numbers}"
            if text not in self.companies:
                try:
                    self.companies[text] = self._named(names, numbers)
                except NotLogged as problem:
                    complain(
                        "companies" if names else "numbers",
                        str(problem),
                        _("国税庁の法人番号公表サイトで確かめてください。"),
                    )
                    continue
            found |= {one[0]: one for one in self.companies[text]}
        return tuple(found.values())

    def _named(self, names: str, numbers: str) -> tuple[tuple[str, str, str], ...]:
        listed = [one for one in re.split(r"[\n;；、]+", names) if one.strip()]
        given = [one for one in re.split(r"[\n;；、,\s]+", numbers) if one.strip()]
        if len(listed) == len(given):
            listed = [f"{name} {number}" for name, number in zip(listed, given, strict=True)]
            given = []
        companies: list[Company] = read_companies("\n".join([*listed, *given]))
        return tuple((one.key(self.prefecture), one.name, one.corporate_number) for one in companies)

    def _policies(self, text: str, complain: Any) -> tuple[int, ...]:
        found = []
        for word in re.split(r"[\n;；、,]+", text):
            if not word.strip():
                continue
            known = self.policies.get(fold(word))
            if known is None:
                complain(
                    "policies",
                    _("施策の一覧にありません: %(word)s。") % {"word": word.strip()},
                    _("一覧にある名前にするか、空欄にしてください。"),
                )
            else:
                found.append(known)
        return tuple(dict.fromkeys(found))


def _count(text: str) -> int | None:
    plain = (
        unicodedata.normalize("NFKC", text)
        .replace(",", "")
        .strip()
        .removesuffix("名")
        .removesuffix("人")
        .strip()
    )
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 9 else None


def _digest(*parts: str) -> str:
    return "row:" + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


def read_rows(
    lab: Lab, table: Table, columns: Mapping[str, str], words: Mapping[str, Mapping[str, str]]
) -> Reading:
    """Every record of a file with a choice of columns; two that would be one and the same are an error."""
    reader, reading, seen = Reader(lab, words), Reading(), dict[str, int]()
    reading.errors += shape_errors(table)
    for record in _records(table, columns):
        reading.count += 1
        row, wrong = reader.read(record)
        reading.errors += wrong
        if row is None:
            continue
        first = seen.setdefault(row.key, row.number)
        if first != row.number:
            reading.errors.append(
                RowError(
                    row.number,
                    LABELS["title"],
                    row.title,
                    _("%(row)s行目と同じ活動です。") % {"row": first},
                    _("どちらかの行を消すか、題名を分けてください。"),
                )
            )
            continue
        reading.rows.append(row)
    reading.unknown_kinds = [one for one in reader.unknown if one]
    return reading
