"""The score sheet as an Excel file to fill in without a connection, and back: only this person's and this panel's."""

import io
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from tsunagu.engines.tables import SheetOut, TableUnreadable, read_table, write_xlsx
from tsunagu.reviewing.models import Assignment, PanelMember, ReviewCriterion

SALT = "tsunagu.reviewing.offline"
SHEET = "採点"


@dataclass(frozen=True)
class CellProblem:
    """A cell that cannot be taken."""

    row: int
    column: str
    message: str


def _criteria(member: PanelMember) -> list[ReviewCriterion]:
    return list(member.panel.criteria_set.criteria.all())


def headings(member: PanelMember) -> list[str]:
    found = ["署名", "受付番号", "題名"]
    for one in _criteria(member):
        found += [f"{one.title} 点"] if one.is_scored else []
        found.append(f"{one.title} 理由")
    return [*found, "講評（申請者に伝えてよい）", "内部のコメント"]


def sheet_of(member: PanelMember, assignments: list[Assignment]) -> bytes:
    """One row a case, with what is kept so far; the signature ties each row to this person and case."""
    rows = []
    for one in assignments:
        stored = {score.criterion: score for score in one.review.scores.all()}
        row: list[Any] = [
            signing.Signer(salt=SALT).sign_object([member.pk, one.pk]),
            one.case.number,
            one.case.title,
        ]
        for criterion in _criteria(member):
            score = stored.get(criterion.code)
            row += [score.value if score and score.value is not None else ""] if criterion.is_scored else []
            row.append(score.comment if score else "")
        rows.append([*row, one.review.comment, one.review.inner_comment])
    target = io.BytesIO()
    write_xlsx(target, [SheetOut(SHEET, headings(member), rows)])
    return target.getvalue()


@dataclass(frozen=True)
class Row:
    """What a row says of a case."""

    assignment: int
    scores: dict[str, tuple[int | None, str]]
    comment: str
    inner_comment: str


def read_sheet(member: PanelMember, data: bytes, name: str) -> tuple[list[Row], list[CellProblem]]:
    """The rows of a filled-in sheet, and every cell that cannot be taken. A sheet of somebody else gives problems only."""
    try:
        table = read_table(data, name)
    except TableUnreadable as error:
        return [], [CellProblem(0, "", str(error))]
    wanted = headings(member)
    if list(table.headers[: len(wanted)]) != wanted:
        return [], [
            CellProblem(1, "", _("見出しが、この審査会の採点表と違います。もう一度受け取ってください。"))
        ]
    rows: list[Row] = []
    problems: list[CellProblem] = []
    for number, cells in zip(table.row_numbers, table.rows, strict=True):
        read = _row(member, dict(zip(wanted, cells, strict=False)), number, problems)
        if read is not None:
            rows.append(read)
    return rows, problems


def _row(member: PanelMember, cells: dict[str, str], number: int, problems: list[CellProblem]) -> Row | None:
    try:
        owner, assignment = signing.Signer(salt=SALT).unsign_object(cells.get("署名", ""))
    except signing.BadSignature:
        problems.append(
            CellProblem(number, "署名", _("署名の欄が変わっています。もとの行に戻してください。"))
        )
        return None
    if owner != member.pk:
        problems.append(CellProblem(number, "署名", _("ほかの審査員か、ほかの審査会の採点表です。")))
        return None
    scores: dict[str, tuple[int | None, str]] = {}
    for one in _criteria(member):
        heading = f"{one.title} 点"
        typed = cells.get(heading, "").strip()
        value = int(float(typed)) if typed.replace(".0", "").isdigit() else None
        if one.is_scored and typed and value not in {1, 2, 3, 4, 5}:
            problems.append(
                CellProblem(number, heading, _("「%(typed)s」は1〜5の数ではありません。") % {"typed": typed})
            )
            value = None
        scores[one.code] = (value if one.is_scored else None, cells.get(f"{one.title} 理由", "").strip())
    return Row(
        assignment,
        scores,
        cells.get("講評（申請者に伝えてよい）", "").strip(),
        cells.get("内部のコメント", "").strip(),
    )
