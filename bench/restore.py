"""Back up and restore a database far beyond ten times the real one: 100,000 organisations with their history, 1,000 files."""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

from bench.bulk import organisation_list
from bench.numbers import Number, at_most
from bench.place import set_up

FILES, FILE_SIZE = 1_000, 100_000
LIMIT = 15 * 60


def _rows() -> int:
    import psycopg

    from tsunagu.history.services import connection_parameters
    from tsunagu.operations.backup import row_counts

    with psycopg.connect(**connection_parameters(), autocommit=True) as own:
        return sum(row_counts(own).values())


def _grow() -> None:
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    from tsunagu.registry.importing.batches import apply_batch, check_upload
    from tsunagu.registry.models import Organisation
    from tsunagu.sharing.viewer import Viewer

    if Organisation.objects.count() < 100_000:
        batch = check_upload(
            by=Viewer(), kind="organisations", file_name="o.csv", content=organisation_list()
        )
        apply_batch(by=Viewer(), batch=batch)
    dice = random.Random(5)
    for number in range(FILES):
        default_storage.save(f"bench/{number}.bin", ContentFile(dice.randbytes(FILE_SIZE)))


def measure() -> Iterator[Number]:
    """The drill on the grown database: every check of a real restore included."""
    set_up()
    from django.conf import settings

    from tsunagu.operations.drill import run_drill

    shutil.rmtree(Path(settings.MEDIA_ROOT), ignore_errors=True)
    before = _rows()
    _grow()
    after = _rows()
    assert after >= before * 10, (before, after)
    run = run_drill()
    shutil.rmtree(Path(settings.MEDIA_ROOT), ignore_errors=True)
    print(
        f"# {before} rows grown to {after}, {run.numbers['size'] / 1e6:.0f} MB backed up in {run.numbers['backup_seconds']} s"
    )
    yield at_most("restore.ten_times_the_records", run.numbers["restore_seconds"], LIMIT, "s")
