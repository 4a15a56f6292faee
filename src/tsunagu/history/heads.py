"""Heads of the chain kept outside the database, one line each; whoever rewrites the database must also reach this file."""

import json
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from tsunagu.history.chain import Head

# Plain SQL: pages ask it before they use what was read earlier (`unchanged.py`).
LAST_LINK = "SELECT seq, hash FROM history_seal ORDER BY seq DESC LIMIT 1"


def heads_file() -> Path:
    """`history-heads.jsonl` beside the other things this machine keeps."""
    return Path(settings.VAR_DIR) / "history-heads.jsonl"


def current_head() -> Head:
    """The end of the chain now."""
    with connection.cursor() as cursor:
        cursor.execute(LAST_LINK)
        last = cursor.fetchone()
    return Head(last[0], bytes(last[1]).hex()) if last else Head(0, "")


def database_name() -> str:
    """Heads are of one database; several may share a folder."""
    return str(connection.settings_dict["NAME"])


def keep_head(head: Head) -> None:
    """Write a head down, unless it is the one written last."""
    if head.seq == 0 or ((known := kept_heads()) and known[-1] == head):
        return
    _write(head)


def _write(head: Head, **more: object) -> None:
    line = {
        "at": timezone.now().isoformat(timespec="seconds"),
        "database": database_name(),
        **head.__dict__,
        **more,
    }
    path = heads_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(json.dumps(line) + "\n")


def kept_heads(path: Path | None = None) -> list[Head]:
    """All heads written down for this database, oldest first."""
    path = path or heads_file()
    if not path.exists():
        return []
    kept: list[Head] = []
    for row in (json.loads(line) for line in path.read_text().splitlines() if line.strip()):
        if row.get("database") != database_name():
            continue
        if row.get("restored"):
            # What came after the backup is known to be gone.
            kept = [head for head in kept if head.seq <= row["seq"]]
        kept.append(Head(row["seq"], row["hash"]))
    return kept


def keep_restored_head(head: Head) -> None:
    """Write down that a backup was put back: heads kept since it was made are no longer expected."""
    if head.seq:
        _write(head, restored=True)
