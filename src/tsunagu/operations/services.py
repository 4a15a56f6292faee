"""Writing down what a check found."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from tsunagu.operations.models import CheckKind, CheckRun


def record_run(
    *, kind: CheckKind, ok: bool, seconds: float, ran_at: datetime | None = None, **numbers: Any
) -> CheckRun:
    """Keep the result of a check; the page /trust/ shows the last of each kind."""
    return CheckRun.objects.create(
        kind=kind, ok=ok, seconds=round(seconds, 2), ran_at=ran_at or timezone.now(), numbers=numbers
    )


def record_walk(path: Path) -> CheckRun:
    """Keep the result the tests wrote to `walk.json`; the same run is kept once. Raises OSError, ValueError."""
    found = json.loads(path.read_text())
    ran_at = datetime.fromisoformat(found["at"])
    known = CheckRun.objects.filter(kind=CheckKind.WALK, ran_at=ran_at).first()
    return known or record_run(
        kind=CheckKind.WALK,
        ok=found["leaks"] == 0,
        seconds=found["seconds"],
        ran_at=ran_at,
        checks=found["checks"],
        leaks=found["leaks"],
        viewers=found["viewers"],
    )
