"""A million logged activities: national tables, free questions, and 100,000 activities taken in. `python -m bench.activities`."""

import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from bench.bulk import corporate_number
from bench.numbers import Number, at_most
from bench.place import set_up

ACTIVITIES = 1_000_000
IMPORTED = 100_000
COMPANIES = 60_000
RUNS = 20

FILL = f"""
INSERT INTO activities_activity (lab_id, kind_id, title, started_on, people, summary, evidence_link, audience, origin, origin_key)
SELECT (SELECT array_agg(id ORDER BY id) FROM registry_lab)[1 + n %% (SELECT count(*) FROM registry_lab)],
       (SELECT array_agg(id ORDER BY id) FROM activities_activitykind)[1 + (n / 7) %% 9],
       'セミナー ' || n || CASE n %% 50 WHEN 0 THEN ' 鳥獣害のセンサー' ELSE '' END,
       date '2017-04-01' + (n::bigint * 7919 %% 3500)::int, (n %% 90)::int, '', '',
       CASE n %% 3 WHEN 0 THEN 'labs' WHEN 1 THEN 'public' ELSE 'region' END, 'log', ''
FROM generate_series(1, {ACTIVITIES}) n
"""
HELPED = f"""
INSERT INTO activities_activitycompany (activity_id, name, corporate_number, company_key)
SELECT id, '', '', 'c' || (id * 31 + m * 17) %% {COMPANIES} FROM activities_activity, generate_series(0, 1) m
WHERE id %% 4 <> 3
"""


def fill() -> None:
    """The log, written past the history's triggers (measured elsewhere), and its roll-up."""
    from django.db import connection, transaction

    from tsunagu.activities.services.rolling import rebuild

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(FILL, [])
        cursor.execute(HELPED, [])
    rebuild()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def timed(ask: Callable[[], Any]) -> float:
    """The 95th percentile of repeated asking, in seconds."""
    times = []
    for _run in range(RUNS):
        started = time.perf_counter()
        ask()
        times.append(time.perf_counter() - started)
    return statistics.quantiles(times, n=20)[-1]


def lab_list() -> bytes:
    """A lab's own list with its own headings and words, seeded."""
    from tsunagu.engines.tables import csv_lines

    dice = random.Random(11)
    numbers = [corporate_number(200_000_000_000 + each) for each in range(3000)]
    words = ["セミナー", "相談窓口", "伴走支援", "研修・人材育成", "マッチング・交流会"]
    rows = (
        (
            number, (date(2024, 4, 1) + timedelta(days=number % 900)).isoformat(), dice.choice(words), f"{number}回目の集まり",
            dice.randrange(200), "\n".join(dice.sample(numbers, 2)), "現場で話した。" * 5,
        )
        for number in range(IMPORTED)
    )  # fmt: skip
    return b"".join(
        csv_lines(["レコード番号", "開催日", "区分", "件名", "参加人数", "支援先法人番号", "備考"], rows)
    )


def measure_tables() -> Iterator[Number]:
    """National tables from the roll-up, and any question from the log."""
    from django.utils import timezone

    from tsunagu.activities import selectors, services
    from tsunagu.activities.models import Activity, ActivityKind
    from tsunagu.registry.models import Lab
    from tsunagu.sharing.viewer import PUBLIC, Viewer

    everything = Viewer(person_id=None, roles=frozenset({"ipa"}))
    lab = Lab.objects.select_related("region__bureau").order_by("pk")[0]
    office = Viewer(
        person_id=2, roles=frozenset({"lab_office"}), lab_ids=frozenset({lab.pk}), office_lab_ids=frozenset({lab.pk}),
        near_bureaus=frozenset({lab.region.bureau.code}),
    )  # fmt: skip
    today = timezone.localdate()
    worst = 0.0
    for viewer in (everything, PUBLIC, office):
        for by in ("kind", "bureau"):
            worst = max(
                worst,
                timed(lambda v=viewer, b=by: selectors.national_table(v, as_of=today, today=today, by=b)),
            )  # type: ignore[misc]
    yield at_most("statistics.national_table_1m", round(worst, 3), 0.15, "s (p95)")
    kind = ActivityKind.objects.get(code="seminar")

    def after_a_change() -> None:
        services.save_activity(
            Activity(lab=lab, kind=kind, title="測定", started_on=today, audience="public"),
            details=services.Details(), by=everything,
        )  # fmt: skip

    times = []
    for _run in range(5):
        after_a_change()
        started = time.perf_counter()
        selectors.national_table(everything, as_of=today, today=today)
        times.append(time.perf_counter() - started)
    yield at_most("statistics.table_right_after_a_change", round(max(times), 3), 0.15, "s")
    day = date(2023, 11, 17)
    asked = timed(lambda: selectors.national_table(everything, as_of=day, today=today))
    yield at_most("statistics.table_as_of_any_day", round(asked, 3), 1.5, "s (p95)")
    questions: list[dict[str, str]] = [
        {}, {"q": "鳥獣害 センサー"}, {"kind": "seminar", "bureau": "kyushu"}, {"since": "2020-04-01", "until": "2024-03-31"}, {"q": "セミナー 99"},
    ]  # fmt: skip
    worst = 0.0
    for viewer in (everything, PUBLIC, office):
        for wanted in questions:

            def ask(viewer: Viewer = viewer, wanted: dict[str, str] = wanted) -> None:
                list(selectors.narrowed(viewer, wanted, as_of=today).rows[:50])

            started = time.perf_counter()
            ask()
            took = time.perf_counter() - started
            print(f"  {wanted or 'everything'} {took:.2f} s", file=sys.stderr)
            worst = max(worst, took)
    yield at_most("statistics.any_question_1m", round(worst, 3), 1.5, "s")


def measure_import() -> Iterator[Number]:
    """100,000 activities with full history: dry run with every error, apply, and the same file again."""
    from tsunagu.activities.importing import batches
    from tsunagu.activities.services.rolling import catch_up
    from tsunagu.registry.models import Lab
    from tsunagu.sharing.viewer import Viewer

    lab = Lab.objects.select_related("region").order_by("pk")[1]
    content, by = lab_list(), Viewer(person_id=None, roles=frozenset({"ipa"}))
    started = time.perf_counter()
    batch = batches.upload(lab=lab, by=by, file_name="measured.csv", content=content)
    assert batch.state == "checked", (batch.state, batch.errors[:3], batch.columns)
    batch = batches.apply(batch=batch, by=by)
    assert (batch.state, batch.new_count) == ("applied", IMPORTED)
    took = time.perf_counter() - started
    catch_up()
    counted = time.perf_counter() - started
    yield at_most("activities.import_100k", round(took, 1), 60, "s")
    yield at_most("activities.import_100k_and_counted", round(counted, 1), 60, "s")
    wrong = content.replace("伴走支援".encode(), "はげまし".encode())
    started = time.perf_counter()
    batch = batches.upload(lab=lab, by=by, file_name="wrong.csv", content=wrong)
    assert batch.state == "refused"
    assert batch.error_count > 1000
    yield at_most(
        "activities.import_100k_with_errors",
        round(time.perf_counter() - started, 1),
        60,
        "s",
        f"{batch.error_count} errors",
    )


def measure() -> Iterator[Number]:
    set_up()
    fill()
    yield from measure_tables()
    yield from measure_import()


if __name__ == "__main__":
    for one in measure():
        print(one.line(), flush=True)
