"""Tables in and out: uploaded CSV and XLSX read safely, and written so that no cell becomes a formula."""

from tsunagu.engines.tables.reading import Limits, RowProblem, Table, TableUnreadable, read_table
from tsunagu.engines.tables.writing import SheetOut, TableUnwritable, csv_lines, neutralised, write_xlsx

__all__ = [
    "Limits",
    "RowProblem",
    "SheetOut",
    "Table",
    "TableUnreadable",
    "TableUnwritable",
    "csv_lines",
    "neutralised",
    "read_table",
    "write_xlsx",
]
