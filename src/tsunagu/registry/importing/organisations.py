"""Importing organisations in bulk: rows are checked here, compared and written by PostgreSQL in one statement each."""

from collections.abc import Iterator

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from tsunagu.engines.textsearch.folding import fold
from tsunagu.registry.codes import half_width, is_corporate_number, natural_key
from tsunagu.registry.importing.plan import SHOWN_CHANGES, Plan
from tsunagu.registry.importing.sheet import Column, RowError, Sheet, shape_errors
from tsunagu.registry.kinds import OrganisationKind
from tsunagu.registry.models import ImportBatch, LocalGovernment

COLUMNS = (
    Column("name", "名称", ("組織名", "法人名", "商号又は名称"), required=True),
    Column("corporate_number", "法人番号"),
    Column("kind", "種類", ("区分",)),
    Column("prefecture", "都道府県", ("都道府県名",)),
    Column("website", "ウェブサイト", ("URL", "ホームページ")),
    Column("source", "出典"),
)
LABELS = {column.key: column.label for column in COLUMNS}
NAME_LIMIT = 200
StageRow = tuple[int, str, str, str, str, str | None, str, str, str]

STAGE = """
CREATE TEMPORARY TABLE organisation_stage (
  row integer, name text, name_folded text, kind text, corporate_number text, prefecture_id text,
  website text, source text, natural_key text
) ON COMMIT DROP
"""
DIFFERS = """
  (o.name <> s.name OR (s.kind <> 'unknown' AND o.kind <> s.kind)
   OR (s.prefecture_id IS NOT NULL AND o.prefecture_id IS DISTINCT FROM s.prefecture_id)
   OR (s.website <> '' AND o.website <> s.website) OR (s.source <> '' AND o.source <> s.source))
"""
# S608: only constants of this file are put together; values always travel as parameters.
COMPARE = f"""
SELECT count(*) FILTER (WHERE o.id IS NULL),
       count(*) FILTER (WHERE o.id IS NOT NULL AND o.merged_into_id IS NULL AND {DIFFERS})
FROM organisation_stage s LEFT JOIN registry_organisation o USING (natural_key)
"""
SHOW = f"""
SELECT s.row, s.name, o.id IS NULL,
       concat_ws('、', CASE WHEN o.name <> s.name THEN o.name || ' → ' || s.name END,
                       CASE WHEN s.kind <> 'unknown' AND o.kind <> s.kind THEN o.kind || ' → ' || s.kind END,
                       CASE WHEN s.website <> '' AND o.website <> s.website THEN o.website || ' → ' || s.website END)
FROM organisation_stage s LEFT JOIN registry_organisation o USING (natural_key)
WHERE o.id IS NULL OR (o.merged_into_id IS NULL AND {DIFFERS})
ORDER BY s.row LIMIT {SHOWN_CHANGES}
"""
UPSERT = """
INSERT INTO registry_organisation AS o
  (name, name_folded, kind, corporate_number, prefecture_id, website, source, natural_key, merge_reason, import_batch_id)
SELECT name, name_folded, kind, corporate_number, prefecture_id, website, source, natural_key, '', %s
FROM organisation_stage
ON CONFLICT (natural_key) DO UPDATE SET
  name = excluded.name, name_folded = excluded.name_folded,
  kind = CASE WHEN excluded.kind = 'unknown' THEN o.kind ELSE excluded.kind END,
  prefecture_id = coalesce(excluded.prefecture_id, o.prefecture_id),
  website = coalesce(nullif(excluded.website, ''), o.website),
  source = coalesce(nullif(excluded.source, ''), o.source),
  import_batch_id = excluded.import_batch_id
WHERE o.merged_into_id IS NULL AND (o.name, o.kind, o.prefecture_id, o.website, o.source) IS DISTINCT FROM (
  excluded.name, CASE WHEN excluded.kind = 'unknown' THEN o.kind ELSE excluded.kind END,
  coalesce(excluded.prefecture_id, o.prefecture_id), coalesce(nullif(excluded.website, ''), o.website),
  coalesce(nullif(excluded.source, ''), o.source))
"""


def _kinds_in_every_language() -> dict[str, str]:
    """A list may be written in any language of the product, whatever the language of the page."""
    found = {kind.value: kind.value for kind in OrganisationKind}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {fold(str(kind.label)): kind.value for kind in OrganisationKind}
    return found


def read_rows(sheet: Sheet, plan: Plan) -> Iterator[StageRow]:
    """Checked rows ready for the staging table; what is wrong goes into `plan.errors`."""
    prefectures = dict(LocalGovernment.objects.filter(prefecture=None).values_list("name", "lg_code"))
    kinds = _kinds_in_every_language()
    seen: dict[str, int] = {}
    plan.errors.extend(shape_errors(sheet.table))
    for number, cells in sheet.rows():
        plan.rows += 1
        wrong: list[tuple[str, str, str]] = []
        name, corporate_number = cells["name"], half_width(cells.get("corporate_number", ""))
        prefecture, kind = cells.get("prefecture", ""), cells.get("kind", "")
        if not name:
            wrong.append(("name", _("名称が空欄です。"), _("名称を入れてください。")))
        elif len(name) > NAME_LIMIT:
            wrong.append(("name", _("名称が長すぎます。"), _("200文字以内にしてください。")))
        if corporate_number and not is_corporate_number(corporate_number):
            wrong.append((
                "corporate_number",
                _("法人番号の検査数字が合いません。"),
                _("国税庁の法人番号公表サイトで13桁を確かめてください。Excelの指数表示にも注意してください。"),
            ))  # fmt: skip
        if prefecture and prefecture not in prefectures:
            wrong.append(
                (
                    "prefecture",
                    _("都道府県名ではありません。"),
                    _("「北海道」「東京都」のように入れてください。"),
                )
            )
        if kind and fold(kind) not in kinds:
            labels = "、".join(str(one.label) for one in OrganisationKind)
            wrong.append(("kind", _("使えない種類です。"), _("次のどれか: %(kinds)s") % {"kinds": labels}))
        key = natural_key(
            corporate_number=corporate_number, name=name, prefecture_code=prefectures.get(prefecture, "")
        )
        first = seen.setdefault(key, number)
        if first != number:
            wrong.append((
                "corporate_number" if corporate_number else "name",
                _("%(row)s行目と同じ組織です。") % {"row": first},
                _("どちらかの行を消してください。"),
            ))  # fmt: skip
        if wrong:
            plan.errors.extend(
                RowError(number, LABELS[column], cells.get(column, ""), message, mend)
                for column, message, mend in wrong
            )
            continue
        yield (
            number, name, fold(name), kinds.get(fold(kind), "unknown"), corporate_number,
            prefectures.get(prefecture), cells.get("website", ""), cells.get("source", ""), key,
        )  # fmt: skip


def import_organisations(sheet: Sheet, *, batch: ImportBatch | None, apply: bool) -> Plan:
    """Bring the organisations in line with the list, or only say what that would do. All or nothing."""
    plan = Plan()
    rows = list(read_rows(sheet, plan))
    with transaction.atomic(), connection.cursor() as cursor:
        stage(cursor, rows)
        cursor.execute(COMPARE)
        plan.new, plan.changed = cursor.fetchone()
        plan.same = len(rows) - plan.new - plan.changed
        cursor.execute(SHOW)
        plan.changes = [
            {"row": row, "subject": name, "what": "new" if is_new else "changed", "text": text}
            for row, name, is_new, text in cursor.fetchall()
        ]
        if apply and not plan.errors:
            cursor.execute(UPSERT, [batch.pk if batch else None])
    return plan


def stage(cursor: object, rows: list[StageRow]) -> None:
    """Copy checked rows into a table that lives until the transaction ends."""
    cursor.execute("DROP TABLE IF EXISTS organisation_stage")  # type: ignore[attr-defined]
    cursor.execute(STAGE)  # type: ignore[attr-defined]
    with cursor.copy("COPY organisation_stage FROM STDIN") as copy:  # type: ignore[attr-defined]
        for row in rows:
            copy.write_row(row)
    cursor.execute("ANALYZE organisation_stage")  # type: ignore[attr-defined]
