"""Which heading of a lab's list means what."""

from collections.abc import Mapping

from tsunagu.activities.models import ColumnMapping
from tsunagu.engines.textsearch.folding import fold
from tsunagu.registry.importing.sheet import Column

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
