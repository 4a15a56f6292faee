"""Public pages: queries, time, weight, memory."""

import http.client
import random
import re
import statistics
import time
import urllib.request
from collections.abc import Iterator
from urllib.parse import urlsplit

from bench.numbers import Number, at_most
from bench.place import server, set_up

PAGES = [
    "/", "/labs/", "/labs/?as_of=2024-01-31&scheme=iot", "/labs/382051/", "/bureaus/", "/bureaus/kanto/", "/rounds/",
    "/rounds/dx-1/", "/about/", "/figures/", "/figures/F05/", "/figures/charts/", "/en/labs/",
]  # fmt: skip
REPEATS = 40
SYNTHETIC_LABS = 300
SYNTHETIC_YEARS = 10


def query_counts() -> dict[str, int]:
    """SQL statements per page for the first who comes after a change: within a transaction nothing read before is used."""
    from django.db import connection, transaction
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    counts = {}
    client = Client()
    for page in PAGES:
        with transaction.atomic(), CaptureQueriesContext(connection) as captured:
            client.get(page)
        counts[page] = len(captured)
    return counts


def page_times(address: str) -> dict[str, list[float]]:
    """Milliseconds from request to the last byte, one after another on one connection."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc)
    times: dict[str, list[float]] = {page: [] for page in PAGES}
    for turn in range(REPEATS + 3):
        for page in PAGES:
            started = time.perf_counter()
            connection.request("GET", page, headers={"Accept-Encoding": "gzip"})
            connection.getresponse().read()
            if turn >= 3:  # the first turns warm templates and connections
                times[page].append((time.perf_counter() - started) * 1000)
    return times


def worst_p95(times: dict[str, list[float]]) -> tuple[str, float]:
    """The slowest page by its 95th percentile."""
    p95 = {page: statistics.quantiles(values, n=20)[-1] for page, values in times.items()}
    page = max(p95, key=lambda one: p95[one])
    return page, p95[page]


def first_load(address: str) -> int:
    """Bytes a first visitor receives for the top page and all it links in."""

    def size(url: str) -> tuple[int, bytes]:
        request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request) as answer:
            body = answer.read()
            return len(body), body

    import gzip

    total, body = size(f"{address}/")
    html = gzip.decompress(body).decode()
    for link in set(re.findall(r'(?:src|href)="(/static/[^"]+)"', html)):
        total += size(f"{address}{link}")[0]
    return total


def make_history() -> None:
    """300 more labs, each with ten years of designations, events and members; seeded, so the same every time."""
    from django.db import transaction

    from tsunagu.engines.dates import PartialDate
    from tsunagu.registry.models import (
        Designation,
        Lab,
        LocalGovernment,
        MemberOrg,
        Organisation,
        Round,
        StatusEvent,
    )
    from tsunagu.registry.services import region_for, register_lab, save_organisation

    dice = random.Random(20250226)
    rounds = {(one.scheme, one.number): one for one in Round.objects.all()}
    taken = set(Lab.objects.values_list("region__code", flat=True))
    places = LocalGovernment.objects.filter(kind__in=["city", "town"]).exclude(lg_code__in=taken)[
        :SYNTHETIC_LABS
    ]
    with transaction.atomic():
        members = [save_organisation(Organisation(name=f"計測用の組織{n}")) for n in range(50)]
        for place in places:
            lab = register_lab(region=region_for(place), name=f"{place.name}計測ラボ")
            iot = Designation.objects.create(lab=lab, scheme="iot", round=rounds["iot", dice.randint(1, 3)])
            moved = dice.random() < 0.4
            if moved:
                Designation.objects.create(
                    lab=lab, scheme="dx", round=rounds["dx", dice.randint(1, 3)], succeeds=iot
                )
            events = []
            for year in range(2018, 2018 + SYNTHETIC_YEARS - 2):
                kind = "dormant" if year % 2 == 0 else "resumed"
                reason = "resources" if kind == "dormant" else "resumed"
                when = PartialDate(year, dice.randint(1, 12))
                events.append(StatusEvent(designation=iot, kind=kind, occurred_on=when, reason=reason))
            StatusEvent.objects.bulk_create(events)
            MemberOrg.objects.bulk_create(
                MemberOrg(lab=lab, organisation=one, role="member") for one in dice.sample(members, 10)
            )


def measure() -> Iterator[Number]:
    """Queries, p95 with the real records and with history, first load, memory."""
    set_up()
    real = query_counts()
    yield at_most("pages.queries_max", max(real.values()), 10, "queries")
    with server() as (address, process):
        page, p95 = worst_p95(page_times(address))
        yield at_most(f"pages.p95_real_records ({page})", round(p95, 1), 50, "ms")
        yield at_most("pages.first_load", round(first_load(address) / 1000, 1), 150, "kB")
        workers = process.children(recursive=True) or [process]
        most = max(one.memory_info().rss for one in workers) / 1_000_000
        yield at_most("pages.memory_per_worker", round(most, 1), 120, "MB")
    make_history()
    grown = query_counts()
    yield at_most(
        "pages.queries_added_by_300_labs", max(grown[one] - real[one] for one in PAGES), 0, "queries"
    )
    with server() as (address, process):
        page, p95 = worst_p95(page_times(address))
        yield at_most(f"pages.p95_300_labs_10_years ({page})", round(p95, 1), 100, "ms")
        workers = process.children(recursive=True) or [process]
        most = max(one.memory_info().rss for one in workers) / 1_000_000
        yield at_most("pages.memory_per_worker_with_history", round(most, 1), 120, "MB")
