"""The closing hour: 500 people with a draft, each saving a field every few seconds by itself, then all sending.

`python -m bench.closing_hour [people]`. Everybody's requests go to two web processes over real HTTP; at the end each
answer in the database is compared with the last one acknowledged.
"""

import random
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import requests

from bench.numbers import Number, at_most, exactly
from bench.place import server, set_up
from bench.selection_world import make_drafts

PEOPLE, SECONDS = 500, 40
# The page saves at the latest 5 seconds after a key was pressed; everybody types all the time.
EVERY = 5.0
FIELDS = ("vision", "issues")
CLIENTS = 48


@dataclass
class Person:
    """Somebody writing: the cookie, the addresses, what was acknowledged last."""

    cookies: dict[str, str]
    sheet: str
    application: str
    versions: dict[str, int] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    token: str = ""


@dataclass
class Times:
    """Seconds of every answer, and what went wrong."""

    saves: list[float] = field(default_factory=list)
    sends: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1] if len(seconds) > 1 else 0.0


def _people(count: int) -> list[Person]:
    from django.test import Client

    found = []
    for person, application in make_drafts(count):
        client = Client()
        client.force_login(person)
        cookies = {name: one.value for name, one in client.cookies.items()}
        found.append(
            Person(cookies, str(application.sheet.key), str(application.key), dict.fromkeys(FIELDS, 1))
        )
    return found


_own = threading.local()


def _session() -> requests.Session:
    if not hasattr(_own, "session"):
        _own.session = requests.Session()
    return _own.session  # type: ignore[no-any-return]


def _begin(address: str, one: Person) -> None:
    """Open the section's page, as a browser does before it can save."""
    page = _session().get(f"{address}/answers/{one.sheet}/s/vision/", cookies=one.cookies, timeout=60)
    assert page.status_code == 200, page.status_code
    one.token = page.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    one.cookies |= page.cookies.get_dict()


def _save(address: str, one: Person, times: Times, dice: random.Random) -> None:
    name = dice.choice(FIELDS)
    text = f"{dice.getrandbits(64):x} " + "書いている文です。" * dice.randint(5, 80)
    body = {
        "csrfmiddlewaretoken": one.token,
        "section": "vision",
        f"f.{name}": text,
        f"v.{name}": str(one.versions[name]),
    }
    started = time.monotonic()
    try:
        answer = _session().post(
            f"{address}/answers/{one.sheet}/autosave/",
            data=body,
            cookies=one.cookies,
            timeout=60,
            allow_redirects=False,
        )
        times.saves.append(time.monotonic() - started)
        found = answer.json()
    except (requests.RequestException, ValueError) as error:
        times.wrong.append(str(error))
        return
    if answer.status_code != 200 or found["clashes"]:
        times.wrong.append(f"{answer.status_code} {found}")
        return
    one.versions[name] = found["versions"][name]
    one.kept[name] = text.strip("\n")


def _send(address: str, one: Person, times: Times) -> None:
    page = _session().get(f"{address}/answers/{one.sheet}/check/", cookies=one.cookies, timeout=120)
    form = page.text.split("/send/")[1]
    body = {
        name: form.split(f'name="{name}" value="')[1].split('"')[0]
        for name in ("csrfmiddlewaretoken", "form_key")
        if f'name="{name}"' in form
    }
    started = time.monotonic()
    answer = _session().post(
        f"{address}/answers/{one.sheet}/send/",
        data=body,
        cookies=one.cookies,
        timeout=120,
        allow_redirects=False,
    )
    times.sends.append(time.monotonic() - started)
    if answer.status_code != 302:
        times.wrong.append(f"send {answer.status_code}")


def run(people: int = PEOPLE, seconds: float = SECONDS) -> tuple[Times, int, int]:
    """(times, answers that are not what was acknowledged last, applications without a number)."""
    set_up()
    writers = _people(people)
    times, dice = Times(), random.Random(4)
    with server(workers=2) as (address, _process), ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda one: _begin(address, one), writers))
        started = time.monotonic()
        # Everybody saves once in each round of five seconds, at a moment of their own.
        for number in range(max(1, int(seconds / EVERY))):
            moments = sorted((started + (number + dice.random()) * EVERY, place) for place in range(people))
            waiting = []
            for moment, place in moments:
                time.sleep(max(0.0, moment - time.monotonic()))
                waiting.append(
                    pool.submit(_save, address, writers[place], times, random.Random(dice.getrandbits(32)))
                )
            for one in waiting:
                one.result()
        # At the last minute all send: as many a second as can be taken, 16 at a time.
        with ThreadPoolExecutor(8) as last:
            list(last.map(lambda one: _send(address, one, times), writers))
    return times, _lost(writers), _unnumbered(writers)


def _lost(writers: list[Person]) -> int:
    from tsunagu.questionnaires.models import Answer

    stored: dict[tuple[str, str], Any] = {
        (str(key), name): value
        for key, name, value in Answer.objects.filter(field__in=FIELDS).values_list(
            "sheet__key", "field", "value"
        )
    }
    return sum(stored.get((one.sheet, name)) != text for one in writers for name, text in one.kept.items())


def _unnumbered(writers: list[Person]) -> int:
    from tsunagu.selection.models import Application

    wanted = {one.application for one in writers}
    numbered = Application.objects.filter(key__in=wanted, state="submitted").exclude(number="")
    return len(wanted) - numbered.values("number").distinct().count()


def measure() -> Iterator[Number]:
    """The numbers of issue C about the closing hour."""
    times, lost, unnumbered = run(PEOPLE, SECONDS)
    print(f"# {len(times.saves)} saves by {PEOPLE} people in {SECONDS} s, p50 {statistics.median(times.saves) * 1000:.0f} ms; "
          f"{len(times.sends)} sent, p50 {statistics.median(times.sends) * 1000:.0f} ms; wrong: {times.wrong[:3]}")  # fmt: skip
    yield at_most("autosave.p95_500_people", round(p95(times.saves) * 1000), 500, "ms")
    yield exactly("autosave.lost", lost + len(times.wrong), 0)
    yield at_most("submit.p95", round(p95(times.sends), 2), 1, "s")
    yield exactly("submit.without_number", unnumbered, 0)


if __name__ == "__main__":
    if sys.argv[1:]:
        PEOPLE = int(sys.argv[1])
    for number in measure():
        print(number.line())
