"""Why a file is refused, and the limits it must keep."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Limits:
    """What one upload may hold; sizes in bytes.

    `max_ratio` (unpacked ÷ packed) and `max_unpacked` guard against archives that explode; `max_cells` is the
    area from A1 to the farthest filled cell, which the workbook reader holds in memory whole.
    """

    max_bytes: int = 50 * 1024 * 1024
    max_rows: int = 200_000
    max_columns: int = 200
    max_cells: int = 5_000_000
    max_entries: int = 2_000
    max_unpacked: int = 200 * 1024 * 1024
    max_ratio: int = 100


class TableUnreadable(ValueError):
    """A file that cannot be taken as a table.

    `code` is one of empty, too_large, too_many_rows, too_many_columns, too_many_cells, old_xls, macro,
    external_link, embedded_object, suspicious_compression, unsupported_format, broken_file, encoding_unknown,
    duplicate_header, no_such_sheet; `params` holds the numbers or names for the sentence.
    """

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
