"""Taking in a lab's own list of activities (CSV or XLSX, kintone's exports included), whatever its columns are called.

kintone writes a record with a table as several rows: the first is marked with * under レコードの開始行, the others only
hold further rows of the table. Checked rows are compared and written by PostgreSQL in a few statements.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.activities.models import ActivityImport, ActivityKind, ColumnMapping
from tsunagu.activities.rules import Company, NotLogged, check_days, read_companies
from tsunagu.engines.dates import DateNotUnderstood, parse_date
from tsunagu.engines.tables import Table, TableUnreadable, read_table
from tsunagu.engines.textsearch.folding import fold
from tsunagu.registry.importing.sheet import (
    Column,
    RowError,
    SheetRefused,
    shape_errors,
    unreadable_message,
)
from tsunagu.registry.models import Lab, Policy
from tsunagu.sharing.policy import RecordAudience
from tsunagu.sharing.viewer import Viewer

COLUMNS = (
    Column("started_on", "行った日", ("日付", "実施日", "開催日", "開始日", "date", "年月日"), required=True),
    Column("kind", "種類", ("活動種別", "区分", "分類", "種別", "カテゴリ", "type"), required=True),
    Column(
        "title",
        "何をしたか",
        ("題名", "件名", "タイトル", "活動名", "名称", "内容", "イベント名"),
        required=True,
    ),
    Column("ended_on", "終わった日", ("終了日",)),
    Column("people", "参加した人数", ("人数", "参加者数", "参加人数", "来場者数")),
    Column("companies", "支援した企業", ("企業", "企業名", "会社名", "支援先", "支援先企業", "参加企業")),
    Column("numbers", "法人番号", ("企業の法人番号", "支援先法人番号")),
    Column("policies", "使った施策", ("施策", "活用施策", "政策", "補助金")),
    Column("summary", "内容・成果", ("詳細", "備考", "概要", "成果", "メモ")),
    Column("evidence_link", "裏づけになるページ", ("URL", "リンク", "ページ")),
    Column("audience", "公開範囲", ()),
    Column("own_key", "自分の一覧での番号", ("レコード番号", "ID", "管理番号", "番号", "No")),
)
LABELS = {one.key: one.label for one in COLUMNS}
# Who has more to mend than this has chosen a wrong column.
KEPT_ERRORS = 5_000
RECORD_START = "レコードの開始行"
TRACKED = ("kind_id", "title", "started_on", "ended_on", "people", "summary", "evidence_link", "audience")

STAGE = """
CREATE TEMPORARY TABLE activity_stage (
  row integer, origin_key varchar, kind_id bigint, title text, started_on date, ended_on date, people integer,
  summary text, evidence_link text, audience text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE company_stage (origin_key varchar, company_key varchar, name text, corporate_number text) ON COMMIT DROP;
CREATE TEMPORARY TABLE policy_stage (origin_key varchar, policy_id bigint) ON COMMIT DROP
"""
_OLD = ", ".join(f"a.{name}" for name in TRACKED)
_NEW = ", ".join(f"s.{name}" for name in TRACKED)
# S608: only constants of this file are put together; values always travel as parameters.
COMPARE = f"""
SELECT count(*) FILTER (WHERE a.id IS NULL), count(*) FILTER (WHERE a.id IS NOT NULL AND (
  ({_OLD}) IS DISTINCT FROM ({_NEW})
  OR (SELECT array_agg(c.company_key ORDER BY c.company_key) FROM activities_activitycompany c WHERE c.activity_id = a.id)
     IS DISTINCT FROM (SELECT array_agg(c.company_key ORDER BY c.company_key) FROM company_stage c WHERE c.origin_key = s.origin_key)
  OR (SELECT array_agg(p.policy_id ORDER BY p.policy_id) FROM activities_activity_policies p WHERE p.activity_id = a.id)
     IS DISTINCT FROM (SELECT array_agg(p.policy_id ORDER BY p.policy_id) FROM policy_stage p WHERE p.origin_key = s.origin_key)))
FROM activity_stage s
LEFT JOIN activities_activity a ON a.lab_id = %s AND a.origin = 'import' AND a.origin_key = s.origin_key
"""
UPSERT = f"""
INSERT INTO activities_activity AS a (lab_id, origin, origin_key, batch_id, noted_by_id, {", ".join(TRACKED)})
SELECT %(lab)s, 'import', s.origin_key, %(batch)s, %(by)s, {_NEW} FROM activity_stage s
ON CONFLICT (lab_id, origin, origin_key) WHERE origin_key <> '' DO UPDATE SET
  {", ".join(f"{name} = excluded.{name}" for name in TRACKED)}, batch_id = excluded.batch_id
WHERE ({_OLD}) IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in TRACKED)})
"""
TAKEN = """
CREATE TEMPORARY TABLE taken ON COMMIT DROP AS
SELECT a.id, s.origin_key FROM activity_stage s
JOIN activities_activity a ON a.lab_id = %(lab)s AND a.origin = 'import' AND a.origin_key = s.origin_key
"""
LINKS = (
    "ANALYZE taken",
    """
    DELETE FROM activities_activitycompany c USING taken t WHERE c.activity_id = t.id AND NOT EXISTS (
      SELECT FROM company_stage s WHERE s.origin_key = t.origin_key AND s.company_key = c.company_key)
    """,
    """
    INSERT INTO activities_activitycompany (activity_id, company_key, name, corporate_number)
    SELECT t.id, s.company_key, s.name, s.corporate_number FROM company_stage s JOIN taken t USING (origin_key)
    ON CONFLICT (activity_id, company_key) DO NOTHING
    """,
    """
    DELETE FROM activities_activity_policies p USING taken t WHERE p.activity_id = t.id AND NOT EXISTS (
      SELECT FROM policy_stage s WHERE s.origin_key = t.origin_key AND s.policy_id = p.policy_id)
    """,
    """
    INSERT INTO activities_activity_policies (activity_id, policy_id)
    SELECT t.id, s.policy_id FROM policy_stage s JOIN taken t USING (origin_key)
    ON CONFLICT (activity_id, policy_id) DO NOTHING
    """,
)


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


def open_table(content: bytes, file_name: str) -> Table:
    """The table in a file. Raises `SheetRefused` in the words of the page."""
    try:
        return read_table(content, file_name)
    except TableUnreadable as error:
        raise SheetRefused(unreadable_message(error)) from error


def guess_columns(headers: tuple[str, ...] | list[str], kept: list[ColumnMapping]) -> dict[str, str]:
    """Which heading means what: by a mapping the lab kept whose headings are all there, else by their names."""
    present = set(headers)
    for mapping in kept:
        if set(mapping.columns.values()) <= present:
            return dict(mapping.columns)
    known = {fold(name): one.key for one in COLUMNS for name in (one.key, one.label, *one.other)}
    found: dict[str, str] = {}
    for header in headers:
        key = known.get(fold(header))
        if key is not None:
            found.setdefault(key, header)
    return found


def missing_columns(columns: Mapping[str, str]) -> list[str]:
    """Required columns nothing was chosen for."""
    return [one.label for one in COLUMNS if one.required and not columns.get(one.key)]


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


def _stage(cursor: Any, rows: list[Row]) -> None:
    cursor.execute("DROP TABLE IF EXISTS activity_stage, company_stage, policy_stage, taken")
    cursor.execute(STAGE)
    with cursor.copy("COPY activity_stage FROM STDIN") as copy:
        for one in rows:
            copy.write_row((
                one.number, one.key, one.kind, one.title, one.started_on, one.ended_on, one.people, one.summary,
                one.evidence_link, one.audience,
            ))  # fmt: skip
    with cursor.copy("COPY company_stage FROM STDIN") as copy:
        for one in rows:
            for key, name, number in one.companies:
                copy.write_row((one.key, key, name, number))
    with cursor.copy("COPY policy_stage FROM STDIN") as copy:
        for one in rows:
            for policy in one.policies:
                copy.write_row((one.key, policy))
    for table in ("activity_stage", "company_stage", "policy_stage"):
        cursor.execute(f"CREATE INDEX ON {table} (origin_key)")
        cursor.execute(f"ANALYZE {table}")


@transaction.atomic
def upload(*, lab: Lab, by: Viewer, file_name: str, content: bytes) -> ActivityImport:
    """Keep a file and guess its columns; where nothing is open, check it at once. Raises `SheetRefused`."""
    table = open_table(content, file_name)
    kept = list(ColumnMapping.objects.filter(lab=lab).order_by("-pk"))
    columns = guess_columns(table.headers, kept)
    batch = ActivityImport.objects.create(
        lab=lab,
        file_name=file_name[:255],
        content=content,
        columns={"columns": columns, "words": words_of(lab), "unknown_kinds": []},
        uploaded_by_id=by.person_id,
    )
    if missing_columns(columns):
        return batch
    return check(batch=batch, columns=columns, words=words_of(lab), by=by)


def words_of(lab: Lab) -> dict[str, dict[str, str]]:
    """How a lab's own words are read, from all the mappings it kept."""
    found: dict[str, dict[str, str]] = {}
    for mapping in ColumnMapping.objects.filter(lab=lab).order_by("pk"):
        for what, words in mapping.words.items():
            found.setdefault(what, {}).update(words)
    return found


@transaction.atomic
def check(
    *, batch: ActivityImport, columns: Mapping[str, str], words: Mapping[str, Mapping[str, str]], by: Viewer
) -> ActivityImport:
    """Dry run with a choice of columns: what would be new, changed or the same, and every error.

    A file that has been applied stays as it is.
    """
    batch = _locked(batch)
    return batch if batch.state == "applied" else _run(batch, columns, words, by, apply=False)


@transaction.atomic
def apply(*, batch: ActivityImport, by: Viewer) -> ActivityImport:
    """Store a checked file, all or nothing, and once only."""
    batch = _locked(batch)
    if batch.state != "checked":
        return batch
    return _run(batch, batch.columns["columns"], batch.columns["words"], by, apply=True)


def _locked(batch: ActivityImport) -> ActivityImport:
    return (
        ActivityImport.objects.select_for_update(of=("self",)).select_related("lab__region").get(pk=batch.pk)
    )


def _run(
    batch: ActivityImport,
    columns: Mapping[str, str],
    words: Mapping[str, Mapping[str, str]],
    by: Viewer,
    *,
    apply: bool,
) -> ActivityImport:
    table = open_table(bytes(batch.content), batch.file_name)
    reading = read_rows(batch.lab, table, columns, words)
    with connection.cursor() as cursor:
        _stage(cursor, reading.rows)
        cursor.execute(COMPARE, [batch.lab_id])
        batch.new_count, batch.changed_count = cursor.fetchone()
        if apply and not reading.errors:
            values = {"lab": batch.lab_id, "batch": batch.pk, "by": by.person_id}
            cursor.execute(UPSERT, values)
            cursor.execute(TAKEN, values)
            for statement in LINKS:
                cursor.execute(statement)
    batch.row_count, batch.error_count = reading.count, len(reading.errors)
    batch.same_count = len(reading.rows) - batch.new_count - batch.changed_count
    batch.errors = [one.as_dict() for one in reading.errors[:KEPT_ERRORS]]
    batch.columns = {"columns": dict(columns), "words": {what: dict(each) for what, each in words.items()},
                     "unknown_kinds": reading.unknown_kinds[:50]}  # fmt: skip
    batch.state = "refused" if reading.errors else "applied" if apply else "checked"
    batch.applied_at = timezone.now() if batch.state == "applied" else None
    batch.save()
    return batch


@transaction.atomic
def keep_mapping(
    *, lab: Lab, name: str, columns: Mapping[str, str], words: Mapping[str, Any]
) -> ColumnMapping:
    """Keep a choice of columns under a name for the next file."""
    mapping, _made = ColumnMapping.objects.update_or_create(
        lab=lab, name=name.strip()[:60], defaults={"columns": dict(columns), "words": dict(words)}
    )
    return mapping
