"""The same form as an Excel workbook, out and back in without losing a character."""

from tsunagu.questionnaires.workbook.reading import CellProblem, NotThisSheet, ReadBack, read_back
from tsunagu.questionnaires.workbook.writing import workbook_of

__all__ = ["CellProblem", "NotThisSheet", "ReadBack", "read_back", "workbook_of"]
