"""What a check raises."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Raised:
    """A contradiction: its kind, what it is about, and the values its sentence needs (JSON-safe)."""

    code: str
    subject: str
    params: dict[str, Any] = field(default_factory=dict)
