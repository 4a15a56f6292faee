"""The product's own search and rebuild over many cases in the database: speed, indexing, memory.

`python -m bench.search_speed [COUNT …]`; each size in a process and a database of its own, so that nothing of one measurement
is left for another. Progress goes to stderr. A million take some 25 minutes on two cores and 8 GB of disk.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from bench.numbers import Number, at_least, at_most
from bench.place import clear_away, set_up
from bench.search_world import SEED, Speech, fill, say

if TYPE_CHECKING:
    from tsunagu.sharing.viewer import Viewer

LIMITS = {100_000: 15.0, 1_000_000: 60.0}
DATABASE = "tsunagu_bench_search"
MEGABYTE = 1024 * 1024
MEMORY = 250
RATE = 1_000
ROUNDS = 30
WARM_UP = 2
PUT_ALONE = 15_000


def questions(speech: Speech) -> list[str]:
    """What people type, one of each kind; hardly ever the same twice but for the last, which is what the bare page asks."""
    noun, verb, place = speech.noun, speech.verb, speech.place
    slip = next(one for one in iter(noun, None) if len(one) > 2)
    return [
        noun(),
        noun()[:-1],
        f"{noun()} {noun()}",
        f"{noun()} {noun()} {noun()}",
        f"{place()} {noun()}",
        f"{noun()}の{noun()}を{verb()}にはどうすればよいか",
        f"{noun()}を{verb()}方法",
        f"{place()}で{noun()}の{noun()}を{noun()}で{verb()}ために、何から始めればよいかを知りたい",
        f"{slip[0]}蓋{slip[2:]}",
        f"{slip[:-1]}蓋 {noun()}",
        f'"{noun()}を{verb()}"',
        f"{noun()} -{noun()}",
        f"計測{speech.chance.randrange(90_000)}",
        "ペンギン",
        "",
    ]


def visitors() -> "list[Viewer]":
    """Everybody, and somebody of a lab, who also finds the parts for labs."""
    from tsunagu.registry.models import Lab
    from tsunagu.sharing.viewer import PUBLIC, Role, Viewer

    lab = Lab.objects.select_related("region__bureau").order_by("pk")[0]
    office = Viewer(
        person_id=1,
        roles=frozenset({Role.LAB_OFFICE}),
        lab_ids=frozenset({lab.pk}),
        office_lab_ids=frozenset({lab.pk}),
        near_bureaus=frozenset({lab.region.bureau.code}),
    )
    return [PUBLIC, office]


def search_times() -> list[tuple[float, float, str]]:
    """Each search as the page makes it: index, audience, facets, then the policy in SQL about what is shown.

    Milliseconds on the clock, milliseconds of this process's own work (which tell how busy the machine was), what was asked.
    """
    from tsunagu.cases.models import CaseField
    from tsunagu.search import selectors

    fields = list(CaseField.objects.values_list("code", flat=True))
    chance, speech, who, times = random.Random(SEED), Speech(SEED), visitors(), []
    for turn in range(ROUNDS + WARM_UP):
        for text in questions(speech):
            more: dict[str, Any] = {"chosen": {"field": [chance.choice(fields)]}} if turn % 4 == 3 else {}
            if turn % 5 == 4:
                more |= {"page": 2, "newest_first": True}
            started, worked = time.perf_counter(), time.process_time()
            found = selectors.find(who[turn % 2], text, **more)
            spent, work = (time.perf_counter() - started) * 1000, (time.process_time() - worked) * 1000
            assert found.ready
            assert text or found.total, "nothing there"
            if turn >= WARM_UP:
                times.append((spent, work, text))
    return times


def rebuild() -> tuple[float, float, int]:
    """The command an operator runs: (seconds, CPU seconds with all it starts, most resident bytes of one process)."""
    command = [sys.executable, "-m", "tsunagu.config.command", "manage", "rebuild_search"]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=sys.stderr)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"rebuild_search ended with {status}")
    return time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024


def measured_here(count: int) -> dict[str, Any]:
    """Everything for one size, in this process, which must be a fresh one."""
    with tempfile.TemporaryDirectory(prefix="tsunagu-search-") as folder:
        os.environ["TSUNAGU_SEARCH_DIR"] = folder
        set_up(DATABASE)
        try:
            fill(count)
            # Last: what it loads would be counted as there before the first search.
            return _indexed(Path(folder)) | _searched() | {"alone": put_alone()}
        finally:
            clear_away(DATABASE)


def _indexed(folder: Path) -> dict[str, Any]:
    from tsunagu.search.places import engine

    say("rebuild_search")
    seconds, spent, most = rebuild()
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    documents = engine("inside").reader().count_all()
    say(f"{documents:,} documents in {seconds:.0f} s, {spent:.0f} CPU s, {size / MEGABYTE:,.0f} MB on disk")
    return {"documents": documents, "seconds": seconds, "spent": spent, "most": most}


def put_alone() -> float:
    """Documents a CPU second into one index, analysis included, the records read before: what the engine itself takes."""
    from tsunagu.engines.textsearch.embedded import Embedded
    from tsunagu.search.counted import COUNTED
    from tsunagu.search.services.indexing import documents
    from tsunagu.search.subjects.all import SUBJECTS

    found = documents("case", list(islice(SUBJECTS["case"].numbers(), PUT_ALONE)))
    with tempfile.TemporaryDirectory(prefix="tsunagu-search-") as folder:
        started = time.process_time()
        with Embedded(Path(folder), COUNTED).fresh() as writer:
            writer.put(found)
            writer.commit()
        return len(found) / (time.process_time() - started)


def _searched() -> dict[str, Any]:
    # What a process that serves pages has before its first search.
    import tsunagu.config.wsgi  # noqa: F401

    base = _own_memory()
    times = sorted(search_times())
    for spent, work, text in times[-5:]:
        say(f"slowest: {spent:.1f} ms, {work:.1f} of them work, for {text!r}")
    busy = sorted(work for _, work, _ in times)
    say(f"work: median {busy[len(busy) // 2]:.1f} ms, p95 {busy[int(len(busy) * 0.95)]:.1f} ms")
    return {
        "p95": times[int(len(times) * 0.95)][0],
        "median": times[len(times) // 2][0],
        "searches": len(times),
        "over": _own_memory() - base,
    }


def _own_memory() -> int:
    """Resident bytes without pages of files, which are the system's to take back and shared by all processes."""
    found = psutil.Process().memory_info()
    return int(found.rss - found.shared)


def measure_one(count: int) -> Iterator[Number]:
    """The numbers for one size, from a process of its own."""
    program = [sys.executable, "-m", "bench.search_speed", "--here", str(count)]
    done = subprocess.run(program, stdout=subprocess.PIPE, check=True)
    found = json.loads(done.stdout)
    rate = found["documents"] / found["spent"]
    alone = f"{found['alone']:.0f} into one index, records read before"
    yield at_least(f"search.indexed_each_cpu_second_{count}", rate, RATE, "documents", alone)
    yield at_most(
        f"search.p95_with_facets_{count}", round(found["p95"], 1), LIMITS.get(count, 60.0), "ms",
        f"median {found['median']:.1f}, {found['searches']} searches",
    )  # fmt: skip
    yield at_most(f"search.memory_over_base_{count}", round(found["over"] / MEGABYTE), MEMORY, "MB")


def measure() -> Iterator[Number]:
    """Both sizes, each from beginning to end."""
    for count in LIMITS:
        yield from measure_one(count)


def main(arguments: list[str]) -> None:
    """Print lines, or with `--here COUNT` what was measured as JSON."""
    if arguments[:1] == ["--here"]:
        print(json.dumps(measured_here(int(arguments[1]))))
        return
    for size in map(int, arguments or ["100000"]):
        for number in measure_one(size):
            print(number.line(), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
