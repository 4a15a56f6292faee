"""500 random tamperings with a real history, each found or not. `python -m bench.tamper [how many]` for other numbers."""

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator

from bench.numbers import Number, exactly
from bench.place import set_up
from bench.tampering import KINDS

TAMPERINGS = 500


def _lengthen_history() -> None:
    """Work as people do, so that the history is more than the first loading: 150 acts on real records."""
    from tsunagu.engines.dates import PartialDate
    from tsunagu.history.acting import Who, acting
    from tsunagu.registry import services
    from tsunagu.registry.models import Designation, Lab
    from tsunagu.sharing.viewer import Viewer

    for number, lab in enumerate(Lab.objects.order_by("pk")[:100]):
        with acting(Who(person_id=1, person="計測 花子", via="bench")):
            lab.summary = f"計測のための紹介文 {number}"
            services.save_record(lab)
    for one in Designation.objects.filter(scheme="dx", events=None).order_by("pk")[:50]:
        event = services.record_event(
            by=Viewer(), designation=one, kind="dormant", occurred_on=PartialDate(2026, 10), reason="other"
        )
        services.void_event(by=Viewer(), event=event, reason="計測")


def run(count: int) -> tuple[int, list[str], Counter[str]]:
    """(found, what was not found, how many of each kind)."""
    import psycopg

    from tsunagu.history.chain import examine, look_through
    from tsunagu.history.services import connection_parameters

    dice = random.Random(20261123)
    missed: list[str] = []
    kinds: Counter[str] = Counter()
    with psycopg.connect(**connection_parameters(), autocommit=True) as own:
        sound = examine(own)
        assert sound.ok, sound.broken[:3]
        for number in range(count):
            kind = KINDS[number % len(KINDS)] if number < len(KINDS) * 2 else dice.choice(KINDS)
            with own.transaction():
                own.execute("SET LOCAL session_replication_role = replica")
                what = kind(own, dice)
                if look_through(own, [sound.head]).ok:
                    missed.append(f"{kind.__name__}: {what}")
                kinds[kind.__name__] += 1
                raise psycopg.Rollback
        assert examine(own, [sound.head]).ok
    return count - len(missed), missed, kinds


def measure() -> Iterator[Number]:
    """Tamper 500 times; then time a check of the history as it is."""
    set_up()
    from tsunagu.history.services import verify

    _lengthen_history()
    found, missed, _kinds = run(TAMPERINGS)
    for one in missed:
        print(f"  not found: {one}", file=sys.stderr)
    yield exactly("history.tamperings_found", f"{found} of {TAMPERINGS}", f"{TAMPERINGS} of {TAMPERINGS}")
    started = time.monotonic()
    report = verify()
    seconds = time.monotonic() - started
    yield Number(
        "ok" if report.ok and seconds < 60 else "short",
        "history.verify",
        f"{report.changes} changes in {seconds:.2f} s",
        "sound",
    )


if __name__ == "__main__":
    set_up()
    _lengthen_history()
    found, missed, kinds = run(int(sys.argv[1]) if sys.argv[1:] else TAMPERINGS)
    print(found, dict(kinds), *missed, sep="\n")
