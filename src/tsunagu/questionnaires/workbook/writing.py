"""Writing the workbook: one page per section and per table, to be filled in on an old Excel or any other office program."""

import io
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from tsunagu.questionnaires.definition import Field, Kind
from tsunagu.questionnaires.models import Sheet
from tsunagu.questionnaires.values import Value, is_empty, is_empty_row
from tsunagu.questionnaires.workbook import layout
from tsunagu.questionnaires.workbook.layout import Page

SPARE_ROWS = 20
MOST_IN_A_LIST = 255


def workbook_of(
    sheet: Sheet, values: Mapping[str, Value], versions: Mapping[str, int], *, title: str
) -> bytes:
    """The workbook of a sheet with its answers. `versions` are those of each field, so that a later upload knows what was seen."""
    target = io.BytesIO()
    # strings_to_*: what people wrote is never read as a formula, a number or a link.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    import xlsxwriter

    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": title, "created": sheet.touched_at.replace(tzinfo=None)})
        looks = _looks(book)
        _first_page(book, looks, sheet, title)
        for page in layout.pages(sheet.definition):
            if page.table is None:
                _questions(book, looks, page, values, versions)
            else:
                _table(
                    book,
                    looks,
                    page,
                    page.table,
                    values.get(page.table.key) or [],
                    versions.get(page.table.key, 0),
                )
    return target.getvalue()


def _looks(book: Any) -> dict[str, Any]:
    plain = {"text_wrap": True, "valign": "top"}
    return {
        "head": book.add_format({**plain, "bold": True, "bg_color": "#E8E8E8", "border": 1}),
        "grey": book.add_format({**plain, "font_color": "#767676", "num_format": "@"}),
        "plain": book.add_format(plain),
        "fill": book.add_format(
            {**plain, "num_format": "@", "bg_color": "#FFF7D6", "border": 1, "locked": False}
        ),
        "title": book.add_format({"bold": True, "font_size": 14}),
    }


def _first_page(book: Any, looks: dict[str, Any], sheet: Sheet, title: str) -> None:
    page = book.add_worksheet(layout.FIRST_PAGE)
    page.set_column(0, 0, 28)
    page.set_column(1, 1, 90)
    page.write_string(0, 0, title, looks["title"])
    rows = [
        (_("様式"), str(sheet.form_version)),
        (
            _("書き方"),
            _(
                "黄色の「回答」の欄だけに書いてください。ファイルを付ける欄は、この表ではなく画面で付けます。書いたら、画面から取り込みます。"
            ),
        ),
        (
            _("文字数"),
            _(
                "式で数えます。異体字の選択子や一部の漢字は、画面の数え方と1〜2文字ずれることがあります。取り込むときに数え直します。"
            ),
        ),
        (_("署名（変えないでください）"), layout.signature(sheet)),
    ]
    for number, (label, text) in enumerate(rows, start=1):
        page.write_string(number, 0, label, looks["head"])
        page.write_string(number, 1, text, looks["grey" if number == layout.SIGNATURE_ROW else "plain"])


def _questions(
    book: Any, looks: dict[str, Any], page: Page, values: Mapping[str, Value], versions: Mapping[str, int]
) -> None:
    out = book.add_worksheet(page.name)
    out.freeze_panes(layout.FIRST_ANSWER_ROW, 2)
    for column, width in enumerate((16, 34, 70, 8, 46, 10)):
        out.set_column(column, column, width)
    out.write_string(0, 0, page.section.title, looks["title"])
    for column, heading in enumerate(layout.HEADINGS):
        out.write_string(layout.FIRST_ANSWER_ROW - 1, column, heading, looks["head"])
    row = layout.FIRST_ANSWER_ROW
    for field in page.section.fields:
        if field.kind in {Kind.ROWS, Kind.FILE}:
            continue
        for key, label, text in _lines(field, values.get(field.key)):
            for number, piece in enumerate(layout.pieces(text)):
                out.write_string(row, layout.KEY, key, looks["grey"])
                out.write_string(row, layout.QUESTION, label if not number else _("（続き）"), looks["plain"])
                out.write_string(row, layout.ANSWER, piece, looks["fill"])
                out.write_string(row, layout.VERSION, str(versions.get(field.key, 0)), looks["grey"])
                if field.kind in {Kind.TEXT, Kind.LONG}:
                    cell = f"C{row + 1}"
                    out.write_formula(
                        row,
                        layout.COUNT,
                        f'=LEN(SUBSTITUTE({cell},CHAR(10),""))',
                        looks["plain"],
                        len(piece.replace("\n", "")),
                    )
                out.write_string(row, layout.GUIDANCE, _guidance(field), looks["plain"])
                _offer(out, row, layout.ANSWER, field)
                row += 1


def _lines(field: Field, value: Value) -> list[tuple[str, str, str]]:
    """(key, label, text) of each line a field takes in the workbook."""
    mark = _("【必須】") if field.required else _("【任意】")
    label = f"{field.label} {mark}"
    if field.kind == Kind.ORGANISATION:
        given = value if isinstance(value, dict) else {"name": value or ""}
        return [
            (f"{field.key}.name", label, str(given.get("name", ""))),
            (
                f"{field.key}.corporate_number",
                _("%(label)s 法人番号") % {"label": field.label},
                str(given.get("corporate_number", "")),
            ),
        ]
    return [(field.key, label, cell_words(field, value))]


def cell_words(field: Field, value: Value) -> str:
    """An answer as it stands in a cell: options by their words, everything else as it is kept."""
    if is_empty(value):
        return ""
    if field.kind == Kind.CHOICES and isinstance(value, list):
        return "\n".join(layout.option_words(field, one) for one in value)
    if isinstance(value, dict):
        return str(value.get("code") or value.get("name", ""))
    if field.kind in {Kind.CHOICE, Kind.YES_NO}:
        return layout.option_words(field, str(value))
    return str(value)


def _guidance(field: Field) -> str:
    parts = [field.help, field.guidance]
    if field.kind in {Kind.TEXT, Kind.LONG}:
        parts.append(_("%(limit)d文字まで") % {"limit": field.limit})
    if field.kind == Kind.NUMBER:
        parts.append(_("数（%(unit)s）") % {"unit": field.unit} if field.unit else _("数"))
    if field.kind == Kind.DATE:
        parts.append(_("年月日。例: 2026-04-01"))
    if field.kind == Kind.CHOICES:
        parts.append(
            _("次から選び、1行に1つ書く: %(options)s")
            % {"options": "、".join(one.label for one in field.options)}
        )
    elif field.kind == Kind.CHOICE:
        parts.append(_("次から1つ: %(options)s") % {"options": "、".join(one.label for one in field.options)})
    return "\n".join(one for one in parts if one)


def _offer(out: Any, row: int, column: int, field: Field) -> None:
    """A list to choose from, where it fits Excel's limit; a typed answer is taken all the same."""
    words = (
        list(layout.YES_NO.values()) if field.kind == Kind.YES_NO else [one.label for one in field.options]
    )
    is_choice = field.kind in {Kind.CHOICE, Kind.YES_NO}
    if is_choice and len(",".join(words)) <= MOST_IN_A_LIST and not any("," in one for one in words):
        out.data_validation(
            row, column, row, column, {"validate": "list", "source": words, "error_type": "information"}
        )


def _table(
    book: Any, looks: dict[str, Any], page: Page, table: Field, rows: list[dict[str, Value]], version: int
) -> None:
    out = book.add_worksheet(page.name)
    out.freeze_panes(layout.FIRST_ANSWER_ROW, 1)
    places = layout.columns(table)
    out.set_column(0, 0, 10)
    out.set_column(1, len(places), 24)
    out.write_string(0, 0, table.key, looks["grey"])
    out.write_string(0, 1, str(version), looks["grey"])
    out.write_string(0, 2, table.label, looks["title"])
    out.write_string(1, 0, _("記号"), looks["grey"])
    out.write_string(2, 0, _("行"), looks["head"])
    for column, (field, key, heading) in enumerate(places, start=1):
        out.write_string(1, column, key, looks["grey"])
        mark = _("【必須】") if field.required else ""
        out.write_string(2, column, f"{heading}{mark}", looks["head"])
    kept = [one for one in rows if isinstance(one, dict) and not is_empty_row(one)]
    for number in range(min(len(kept) + SPARE_ROWS, table.most_rows)):
        row = layout.FIRST_ANSWER_ROW + number
        given = kept[number] if number < len(kept) else {}
        out.write_string(row, 0, str(number + 1), looks["plain"])
        for column, (field, key, _heading) in enumerate(places, start=1):
            out.write_string(row, column, _table_cell(field, key, given.get(field.key)), looks["fill"])
            _offer(out, row, column, field)


def _table_cell(field: Field, key: str, value: Value) -> str:
    if field.kind == Kind.ORGANISATION:
        given = value if isinstance(value, dict) else {"name": value or ""}
        return str(given.get(key.partition(".")[2], ""))
    return cell_words(field, value)
