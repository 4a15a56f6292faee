"""The Excel workbook: out and in without losing a character, nobody else's, every wrong cell named."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.questionnaires.conftest import GOOD

from tsunagu.engines.tables import SheetOut, write_xlsx
from tsunagu.questionnaires.models import Form, Sheet
from tsunagu.questionnaires.services.writing import start_sheet
from tsunagu.questionnaires.values import read_typed
from tsunagu.questionnaires.workbook import NotThisSheet, read_back, workbook_of
from tsunagu.questionnaires.workbook.layout import pieces
from tsunagu.sharing.viewer import Viewer

pytestmark = pytest.mark.django_db
HARD = [
    "𠮷野家で𩸽",
    "髙﨑",
    "葛\U000e0100城市",
    "㋿元年",
    "=1+2",
    "+81-3",
    "-5",
    "@家",
    "'先頭",
    "１２３",
    "0012",
    "👨‍👩‍👧",
    "_x000D_",
    "<b>&amp;",
    "a\tb",
]


def book(sheet: Sheet, values: dict[str, Any]) -> bytes:
    return workbook_of(sheet, values, dict.fromkeys(values, 3), title="試し")


@pytest.mark.parametrize("text", HARD)
def test_hard_characters_come_back(sheet: Sheet, text: str) -> None:
    values = {
        **GOOD,
        "name": text,
        "story": f"{text}\n\n{text}",
        "rows": [{"what": text, "much": "3", "who": {"name": text}}],
    }
    read = read_back(book(sheet, values), sheet)
    assert read.values["name"] == text
    assert read.values["story"] == values["story"]
    assert read.values["rows"][0]["what"] == text
    assert read.values["rows"][0]["who"]["name"] == text
    assert read.seen["name"] == 3


def test_every_kind_comes_back(sheet: Sheet) -> None:
    read = read_back(book(sheet, GOOD), sheet)
    assert read.problems == []
    kept = {key: value for key, value in read.values.items() if value}
    assert kept == {**GOOD, "body": {"name": "架空市"}}
    assert read.seen["rows"] == 3


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(
        alphabet=st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=80
    )
)
def test_any_text_comes_back(sheet: Sheet, text: str) -> None:
    field = sheet.definition.by_key["story"]
    kept = read_typed(field, text)
    read = read_back(book(sheet, {**GOOD, "story": kept}), sheet)
    assert read.values["story"] == kept


def test_a_text_longer_than_a_cell_goes_on_below(sheet: Sheet) -> None:
    text = "𠮷" * 30_000 + "終わり"
    assert len(pieces(text)) == 2
    assert read_back(book(sheet, {**GOOD, "story": text}), sheet).values["story"] == text


def test_nobody_elses_workbook_is_taken(form: Form, sheet: Sheet, writer: Viewer) -> None:
    other = start_sheet(version=form.versions.get(), subject="testing:2", by=writer)
    with pytest.raises(NotThisSheet, match="ほかのラボ"):
        read_back(book(other, GOOD), sheet)
    target = io.BytesIO()
    write_xlsx(target, [SheetOut("x", ["y"], [["z"]])])
    with pytest.raises(NotThisSheet, match="つなぐで受け取った"):
        read_back(target.getvalue(), sheet)
    with pytest.raises(NotThisSheet):
        read_back(b"no workbook at all", sheet)


def edited(data: bytes, change: Any) -> bytes:
    """The workbook with its parts changed, as another program would save it."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.infolist():
            part = change(one.filename, old.read(one.filename))
            if part is not None:
                new.writestr(one.filename, part)
    return target.getvalue()


def test_names_links_and_properties_may_be_stripped(sheet: Sheet) -> None:
    def strip(name: str, part: bytes) -> bytes | None:
        if name.startswith("docProps/"):
            return None
        return (
            part.replace(b'<Override PartName="/docProps', b'<Gone PartName="/docProps')
            if name == "[Content_Types].xml"
            else part
        )

    read = read_back(edited(book(sheet, GOOD), strip), sheet)
    assert read.values["name"] == "𠮷野家"


def test_wrong_cells_are_named(sheet: Sheet) -> None:
    values = {**GOOD, "count": "たくさん", "rows": [{"what": "もの", "much": "x", "who": ""}]}
    read = read_back(book(sheet, values), sheet)
    found = {(one.cell, one.label) for one in read.problems}
    assert found == {("C6", "数"), ("C4", "いくつ")}
    assert read.values["count"] == "たくさん"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice がありません")
def test_saved_by_another_office_program_it_still_comes_back(sheet: Sheet, tmp_path: Path) -> None:
    path = tmp_path / "in.xlsx"
    path.write_bytes(book(sheet, {**GOOD, "story": "\n".join(HARD[:8])}))
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", tmp_path / "out", path],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    read = read_back((tmp_path / "out" / "in.xlsx").read_bytes(), sheet)
    assert read.values["story"] == "\n".join(HARD[:8])
    assert read.problems == []
