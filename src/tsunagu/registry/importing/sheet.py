"""From an uploaded file to named cells: headers matched in Japanese or English, every problem with its place."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from tsunagu.engines.tables import Table, TableUnreadable, read_table
from tsunagu.engines.textsearch.folding import fold


@dataclass(frozen=True)
class Column:
    """A column a list may have: its key in our files, its Japanese heading, other headings people use."""

    key: str
    label: str
    other: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class RowError:
    """What is wrong where, and how to mend it."""

    row: int
    column: str
    value: str
    message: str
    mend: str

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


class SheetRefused(Exception):
    """The file as a whole cannot be taken; the text says why and what to do."""


@dataclass(frozen=True)
class Sheet:
    """A table whose columns are known by key."""

    table: Table
    places: dict[str, int]
    labels: dict[str, str]
    ignored: tuple[str, ...]

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Row number as seen in a spreadsheet, and the cells by key; a column the file lacks is ''."""
        for number, row in zip(self.table.row_numbers, self.table.rows, strict=True):
            yield number, {key: row[place] for key, place in self.places.items()}


def unreadable_message(error: TableUnreadable) -> str:
    """The reader's error as a sentence for the person who uploaded the file."""
    messages = {
        "encoding_unknown": _(
            "文字コードが分かりません。「CSV UTF-8」か Excel（.xlsx）で保存し直してください。"
        ),
        "old_xls": _("古い形式（.xls）か、パスワード付きのファイルです。.xlsx で保存し直してください。"),
        "macro": _("マクロを含むファイルは受け取れません。.xlsx で保存し直してください。"),
        "external_link": _(
            "ほかのファイルへのリンクを含んでいます。値として貼り付けて保存し直してください。"
        ),
        "embedded_object": _("埋め込みファイルを含んでいます。取り除いて保存し直してください。"),
        "broken_file": _("ファイルが壊れているため読めません。保存し直してからもう一度選んでください。"),
        "empty": _("ファイルに行がありません。"),
        "duplicate_header": _("同じ見出しの列が2つあります。どちらかを消してください。"),
        "too_large": _("ファイルが大きすぎます。50MB以下に分けてください。"),
        "too_many_rows": _("行が多すぎます。20万行以下に分けてください。"),
        "too_many_columns": _("列が多すぎます。200列以下にしてください。"),
        "too_many_cells": _("セルが多すぎるか、遠く離れたセルに値があります。余分な行と列を消してください。"),
        "unsupported_format": _("この形式は読めません。CSV か Excel（.xlsx）で保存し直してください。"),
        "suspicious_compression": _("展開すると大きくなりすぎるファイルです。CSVで保存し直してください。"),
    }
    return messages.get(error.code, _("ファイルを読めません。保存し直してからもう一度選んでください。"))


def read_sheet(content: bytes, file_name: str, columns: Sequence[Column]) -> Sheet:
    """Read an upload and match its headings. Raises `SheetRefused`."""
    try:
        table = read_table(content, file_name)
    except TableUnreadable as error:
        raise SheetRefused(unreadable_message(error)) from error
    known = {
        fold(name): column.key for column in columns for name in (column.key, column.label, *column.other)
    }
    places: dict[str, int] = {}
    ignored = []
    for place, header in enumerate(table.headers):
        key = known.get(fold(header))
        if key is None or key in places:
            ignored.append(header)
        else:
            places[key] = place
    missing = [column.label for column in columns if column.required and column.key not in places]
    if missing:
        raise SheetRefused(
            _("必要な列がありません: %(columns)s。1行目に見出しを入れてください。")
            % {"columns": "、".join(missing)}
        )
    labels = {column.key: column.label for column in columns}
    return Sheet(table, places, labels, tuple(header for header in ignored if header))


def shape_errors(table: Table) -> list[RowError]:
    """Rows whose number of cells does not fit the headings."""
    return [
        RowError(
            problem.row,
            "",
            "",
            _("見出しより多くのセルがあります。"),
            _('区切りの「,」が値に入っていないか確かめ、値を「"」で囲んでください。'),
        )
        for problem in table.problems
    ]
