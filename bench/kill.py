"""kill -9 of web and database while people write: what was acknowledged is there, and nothing is there by halves.

`python -m bench.kill [how many]`. A writer adds a member to a lab whose organisation is new: one page, one transaction,
two records, their history and its seal.
"""

import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import requests

from bench.crash import Database, Web, hidden, prepare, sign_in_links, signed_in
from bench.numbers import Number, exactly

KILLS = 200
WRITERS = 4
PORT = 8950
LAB = "410004"


@dataclass
class Written:
    """What the writers sent, and what they were told is stored."""

    sent: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)


def _write(session: requests.Session, address: str, name: str, written: Written) -> None:
    page = session.get(f"{address}/office/labs/{LAB}/members/new/", timeout=10)
    if page.status_code != 200 or "/sign-in/" in page.url:
        return
    with written.lock:
        written.sent.add(name)
    form = {**hidden(page.text), "organisation_name": name, "name": name, "role": "member", "kind": "company"}
    answer = session.post(page.url, data=form, timeout=10, allow_redirects=False)
    if answer.status_code == 302 and "/sign-in/" not in answer.headers["Location"]:
        with written.lock:
            written.acknowledged.add(name)


def _keep_writing(
    number: int, session: requests.Session, address: str, written: Written, stop: threading.Event
) -> None:
    count = 0
    while not stop.is_set():
        count += 1
        try:
            _write(session, address, f"株式会社計測{number}-{count}", written)
        except requests.RequestException:
            time.sleep(0.05)


def run(kills: int) -> dict[str, int]:
    """Kill so many times; returns what was counted."""
    dice = random.Random(9)
    written, stop = Written(), threading.Event()
    with tempfile.TemporaryDirectory(prefix="tsunagu-kill-") as name:
        var = Path(name)
        var.chmod(0o755)
        database = Database(var)
        database.start()
        try:
            environment = prepare(database, var)
            web = Web(environment, PORT)
            web.start()
            web.wait()
            links = sign_in_links(environment, web.address)[:2]
            sessions = [signed_in(link) for link in links]
            writers = []
            for number in range(WRITERS):
                own = requests.Session()
                own.cookies.update(sessions[number % len(sessions)].cookies)
                writers.append(
                    threading.Thread(target=_keep_writing, args=(number, own, web.address, written, stop))
                )
            for writer in writers:
                writer.start()
            try:
                for _number in range(kills):
                    time.sleep(dice.uniform(0.1, 1.2))
                    _kill_one(dice, database, web)
                    web.wait()
            finally:
                stop.set()
                for writer in writers:
                    writer.join()
            web.stop()
            return {"kills": kills, **_count(database, written)}
        finally:
            database.stop()


def _kill_one(dice: random.Random, database: Database, web: Web) -> None:
    what = dice.choice(["worker", "web", "database", "both"])
    if what == "worker":
        web.kill_worker(dice.randrange(2))
    if what in {"database", "both"}:
        database.kill()
    if what in {"web", "both"}:
        web.kill()
    if what in {"database", "both"}:
        database.start()
    if what in {"web", "both"}:
        web.start()


def _count(database: Database, written: Written) -> dict[str, int]:
    from tsunagu.history.chain import examine

    with psycopg.connect(database.url(), autocommit=True) as own:
        rows = own.execute(
            "SELECT o.name, count(m.id), (SELECT count(*) FROM history_change c JOIN history_seal s USING (act_id) "
            "WHERE c.table_name = 'registry_organisation' AND c.action = 'insert' AND c.record_id = o.id::text) "
            "FROM registry_organisation o LEFT JOIN registry_memberorg m ON m.organisation_id = o.id "
            "WHERE o.name LIKE '株式会社計測%' GROUP BY o.id, o.name"
        ).fetchall()
        report = examine(own)
    stored = {name for name, members, changes in rows}
    whole = {name for name, members, changes in rows if members == 1 and changes == 1}
    return {
        "sent": len(written.sent),
        "acknowledged": len(written.acknowledged),
        "lost": len(written.acknowledged - stored),
        "half": len(stored - whole) + len(rows) - len(stored),
        "chain": len(report.broken),
    }


def measure() -> Iterator[Number]:
    """The numbers of issue B."""
    done = run(KILLS)
    assert done["acknowledged"] > KILLS, done
    told = f"{done['lost']} of {done['acknowledged']} in {done['kills']} kills"
    yield Number(
        "ok" if done["lost"] == 0 else "short", "kill.acknowledged_writes_lost", told, "0 in 200 kills"
    )
    yield exactly("kill.half_written", done["half"], 0)
    yield exactly("kill.history_broken", done["chain"], 0)


if __name__ == "__main__":
    print(run(int(sys.argv[1]) if sys.argv[1:] else KILLS))
