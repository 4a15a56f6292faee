"""100,000 organisations in and out."""

import random
import tempfile
import time
from collections.abc import Iterator
from io import BytesIO

from bench.numbers import Number, at_most
from bench.place import set_up

ROWS = 100_000


def corporate_number(body: int) -> str:
    """A number with a right check digit (国税庁: 9 − Σ(digit × weight) mod 9, weights 1, 2 from the right)."""
    digits = f"{body:012d}"
    total = sum(int(digit) * (1 if place % 2 == 0 else 2) for place, digit in enumerate(reversed(digits)))
    return f"{9 - total % 9}{digits}"


def organisation_list() -> bytes:
    """A seeded CSV as a person would send it."""
    from tsunagu.engines.tables import csv_lines

    dice = random.Random(7)
    kinds = ["企業・事業者", "金融機関", "大学・各種学校", "市民団体等"]
    prefectures = ["北海道", "東京都", "長野県", "大阪府", "福岡県", "沖縄県"]
    rows = (
        (
            f"株式会社計測{number}髙橋商店",
            corporate_number(100_000_000_000 + number),
            dice.choice(kinds),
            dice.choice(prefectures),
            f"https://example.jp/{number}",
            "計測用",
        )
        for number in range(ROWS)
    )
    return b"".join(csv_lines(["名称", "法人番号", "種類", "都道府県", "ウェブサイト", "出典"], rows))


def measure() -> Iterator[Number]:
    """Import through the same doors as an upload, then export through the pages' own rows."""
    set_up()
    # As in a process that serves pages, which looks through what it has loaded less often.
    import tsunagu.config.wsgi  # noqa: F401
    from tsunagu.engines.tables import SheetOut, csv_lines, write_xlsx
    from tsunagu.registry.importing import organisations
    from tsunagu.registry.importing.batches import apply_batch, check_upload
    from tsunagu.registry.importing.plan import Plan
    from tsunagu.registry.importing.sheet import read_sheet
    from tsunagu.registry.models import Organisation
    from tsunagu.registry.views.organisations import _rows
    from tsunagu.sharing.viewer import Viewer

    content = organisation_list()
    started = time.monotonic()
    list(organisations.read_rows(read_sheet(content, "o.csv", organisations.COLUMNS), Plan()))
    validation = time.monotonic() - started
    started = time.monotonic()
    batch = check_upload(by=Viewer(), kind="organisations", file_name="o.csv", content=content)
    checked = time.monotonic() - started
    started = time.monotonic()
    done = apply_batch(by=Viewer(), batch=batch)
    applied = time.monotonic() - started
    assert (done.state, done.new_count) == ("applied", ROWS), (done.state, done.errors[:3])
    yield at_most("import.100k_beyond_validation", round(applied - validation, 2), 8, "s")
    yield at_most("import.100k_dry_run_and_apply", round(checked + applied, 2), 30, "s")
    again = check_upload(by=Viewer(), kind="organisations", file_name="o.csv", content=content)
    assert (again.new_count, again.changed_count, again.same_count) == (0, 0, ROWS)

    found = Organisation.objects.filter(merged_into=None).order_by("pk")
    started = time.monotonic()
    size = sum(len(chunk) for chunk in csv_lines(["x"] * 6, _rows(found)))
    yield at_most("export.100k_csv", round(time.monotonic() - started, 2), 1.5, "s")
    assert size > ROWS * 50
    started = time.monotonic()
    with tempfile.TemporaryFile() as file:
        write_xlsx(file, [SheetOut("組織", ["x"] * 6, _rows(found))])
        assert file.tell() or isinstance(file, BytesIO)
    yield at_most("export.100k_xlsx", round(time.monotonic() - started, 2), 12, "s")
