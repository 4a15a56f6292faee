"""The score sheet as an Excel file to fill in without a connection, and back: only this person's and this panel's."""

import io
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from tsunagu.engines.tables import SheetOut, TableUnreadable, read_table, write_xlsx
from tsunagu.reviewing.models import Assignment, PanelMember, ReviewCriterion
from tsunagu.reviewing.rules import HIGHEST, LOWEST

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
    """What a row says of a case. An empty cell says nothing: what is kept already stays."""

    number: int
    assignment: int
    scores: dict[str, tuple[int | None, str]]
    comment: str | None
    inner_comment: str | None


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
        if read is None:
            continue
        if read.assignment in {one.assignment for one in rows}:
            problems.append(CellProblem(number, "署名", _("同じ案件の行が2つあります。1つにしてください。")))
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
        value = _score(typed) if one.is_scored else None
        if one.is_scored and typed and value is None:
            problems.append(
                CellProblem(number, heading, _("「%(typed)s」は1〜5の数ではありません。") % {"typed": typed})
            )
        comment = cells.get(f"{one.title} 理由", "").strip()
        if value is not None or comment:
            scores[one.code] = (value, comment)
    return Row(
        number,
        assignment,
        scores,
        cells.get("講評（申請者に伝えてよい）", "").strip() or None,
        cells.get("内部のコメント", "").strip() or None,
    )


def _score(typed: str) -> int | None:
    """1–5, also as a spreadsheet writes whole numbers (4.0) and in full width; None for anything else."""
    whole = typed.removesuffix(".0")
    return int(whole) if len(whole) == 1 and whole.isdecimal() and LOWEST <= int(whole) <= HIGHEST else None
