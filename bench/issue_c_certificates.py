"""A thousand certificates from the confirmed list to one file, by a real worker, with the progress people see.

`python -m bench.issue_c_certificates [how many]`.
"""

import subprocess
import sys
import time
from collections.abc import Iterator

from bench.numbers import Measure, Number, at_most
from bench.place import set_up

CERTIFICATES = 1_000
LIMIT = 60.0
PATIENCE = 300.0


def _labs(how_many: int) -> int:
    """Labs with designations in a round of their own; its key."""
    from tsunagu.registry.models import Designation, Lab, Region, Round

    region = Region.objects.get(code="410004")
    its_round = Round.objects.create(scheme="dx", number=99)
    labs = Lab.objects.bulk_create(
        Lab(slug=f"bench-{number}", region=region, name=f"{number}番目の髙﨑𠮷野地域DX推進ラボ")
        for number in range(how_many)
    )
    Designation.objects.bulk_create(Designation(lab=lab, scheme="dx", round=its_round) for lab in labs)
    return its_round.pk


def run(how_many: int) -> tuple[float, float, int, int]:
    """(seconds to the numbers, seconds to the last page and the one file, certificates printed, steps of progress seen)."""
    set_up()
    from datetime import date

    from tsunagu.certificates.selectors import progress
    from tsunagu.certificates.services.bulk import issue_round
    from tsunagu.registry.models import Round
    from tsunagu.sharing.viewer import Viewer

    its_round = Round.objects.get(pk=_labs(how_many))
    worker = subprocess.Popen([sys.executable, "-m", "tsunagu.config.command", "worker"])
    try:
        time.sleep(5)  # A worker is always running; its start is no part of the work.
        started = time.monotonic()
        made = issue_round(its_round=its_round, issued_on=date(2026, 11, 24), awarded_on=None, by=Viewer())
        numbered = time.monotonic() - started
        seen: set[int] = set()
        while made.finished_at is None and time.monotonic() - started < PATIENCE:
            seen.add(progress(made).done)
            time.sleep(0.2)
            made.refresh_from_db()
        return numbered, time.monotonic() - started, progress(made).done, len(seen)
    finally:
        worker.terminate()
        worker.wait(30)


def measure() -> Iterator[Number]:
    """The time of all, the rate, and whether the progress moved on the way."""
    numbered, seconds, done, steps = run(CERTIFICATES)
    if done < CERTIFICATES:
        yield Number("short", "certificates.printed", str(done), str(CERTIFICATES))
        return
    yield at_most(f"certificates.{CERTIFICATES}_issued", round(seconds, 1), LIMIT, "s")
    yield Number(
        "ok", "certificates.rate", f"{CERTIFICATES / seconds:.1f} per second", "as fast as that needs"
    )
    yield Number("ok", "certificates.numbers_given_after", f"{numbered:.1f} s", "before the page answers")
    yield Number("ok" if steps >= 5 else "short", "certificates.progress_steps_seen", str(steps), ">= 5")


MEASURES: list[Measure] = [measure]


if __name__ == "__main__":
    CERTIFICATES = int(sys.argv[1]) if len(sys.argv) > 1 else CERTIFICATES
    for number in measure():
        print(number.line(), flush=True)
