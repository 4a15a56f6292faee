"""What has to be up to date before the server starts; each part is done only when it is behind."""

import fcntl
import hashlib
from collections.abc import Iterable
from pathlib import Path


def fingerprint(folders: Iterable[Path]) -> str:
    """Changes whenever a file below the folders is added, removed or written."""
    total = hashlib.sha256()
    for folder in sorted(folders):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                stat = path.stat()
                total.update(f"{path}|{stat.st_size}|{stat.st_mtime_ns}\n".encode())
    return total.hexdigest()


class Stamp:
    """Remembers in a file for which state something was last done."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def matches(self, state: str) -> bool:
        return self.path.is_file() and self.path.read_text() == state

    def put(self, state: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(state)


def prepare(var_dir: Path) -> None:
    """Bring tables, the programme's records and static files up to date. Needs Django to be set up."""
    var_dir.mkdir(parents=True, exist_ok=True)
    # Two launches at once must not both migrate.
    with (var_dir / "prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _migrate()
        _load()
        _collect_static(Stamp(var_dir / "static.stamp"))


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("データベースの表を用意しています…", flush=True)
        call_command("migrate", verbosity=0, interactive=False)


def _load() -> None:
    from django.conf import settings
    from django.core.management import call_command

    if settings.DEMO_MODE:
        call_command("load_programme", if_changed=True, without_labs=True)
        call_command("make_demo")
    else:
        call_command("load_programme", if_changed=True)
    _look_at_tables()


def _look_at_tables() -> None:
    """What the catalogue of open data says of its tables; from then on workers keep it."""
    from tsunagu.api.stating import look_at_all, states

    if not states():
        look_at_all()


def _collect_static(stamp: Stamp) -> None:
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    folders = {Path(storage.location) for finder in get_finders() for _path, storage in finder.list([])}
    state = fingerprint(folders)
    if not stamp.matches(state) or not Path(settings.STATIC_ROOT).is_dir():
        print("画面の部品を用意しています…", flush=True)
        # Not cleared: a server that is running still hands out the files of its own version.
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.put(state)
