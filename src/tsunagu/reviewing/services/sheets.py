"""Taking a filled-in score sheet: all of its rows or none."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from tsunagu.reviewing.models import Assignment
from tsunagu.reviewing.offline import CellProblem, Row
from tsunagu.reviewing.services.panels import NotPossible
from tsunagu.reviewing.services.scoring import save_review


@transaction.atomic
def take_rows(*, rows: Iterable[Row], mine: Mapping[int, Assignment]) -> tuple[int, list[CellProblem]]:
    """Keep what the rows say; returns how many changed something, and why rows cannot be taken (then none is)."""
    problems: list[CellProblem] = []
    taken = 0
    with transaction.atomic():
        for row in rows:
            try:
                taken += _take(row, mine[row.assignment])
            except NotPossible as refusal:
                problems.append(CellProblem(row.number, "", str(refusal)))
        if problems:
            transaction.set_rollback(True)
    return (0 if problems else taken), problems


def _take(row: Row, assignment: Assignment) -> bool:
    """Keep one row. An empty cell leaves what is stored; a row that says nothing new is not an edit."""
    review = assignment.review
    stored = {one.criterion: (one.value, one.comment) for one in review.scores.all()}
    wanted = {}
    for code, (value, comment) in row.scores.items():
        had = stored.get(code, (None, ""))
        wanted[code] = (had[0] if value is None else value, comment or had[1])
    texts = (row.comment or review.comment, row.inner_comment or review.inner_comment)
    if all(stored.get(code) == found for code, found in wanted.items()) and texts == (
        review.comment,
        review.inner_comment,
    ):
        return False
    save_review(assignment=assignment, scores=wanted, comment=texts[0], inner_comment=texts[1])
    return True
