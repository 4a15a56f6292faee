"""Why a file is refused, and the limits it must keep."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Limits:
    """What one upload may hold; sizes in bytes. `max_ratio` guards against archives that explode."""

    max_bytes: int = 50 * 1024 * 1024
    max_rows: int = 200_000
    max_columns: int = 200
    max_entries: int = 2_000
    max_unpacked: int = 400 * 1024 * 1024
    max_ratio: int = 200


class TableUnreadable(ValueError):
    """A file that cannot be taken as a table; `code` says why, `params` holds the numbers for the sentence."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
