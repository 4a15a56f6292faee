"""Walking through every route as somebody, and keeping what came of it. The walk is split over two files so that two
processes share it."""

import functools
import inspect
import json
import re
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from tests.sharing.differential import LOOKING, TELLING_NOTHING, Pages, differences, told_by
from tests.sharing.remembering import remembered
from tests.sharing.reviewing_world import OF_A_ROLE
from tests.sharing.world import (
    ALL_ROUTES,
    NEEDS_MORE_THAN_A_ROLE,
    PEOPLE,
    READING,
    Someone,
    World,
    addresses,
    ask,
    last_change,
    method_of,
    object_exists,
    object_rule,
    places,
)

from tsunagu.sharing.audience import Audience, declared_audience

WAYS_OUT = {"people:end_view_as", "accounts:sign_out"}
PARTS = {1: PEOPLE[0::2], 2: PEOPLE[1::2]}
TOGETHER = timedelta(hours=1)


@dataclass
class Totals:
    """What one part of the walk came to."""

    checks: int = 0
    leaks: int = 0
    seconds: float = 0.0
    viewers: int = 0


def in_audience(someone: Someone, audience: Audience) -> bool:
    """Who is in a route's audience, said independently of the product."""
    return {
        Audience.PUBLIC: True,
        Audience.SIGNED_IN: someone.is_signed_in,
        Audience.LAB: someone.is_staff or someone.held in {"lab_office", "lab_member"},
        Audience.STAFF: someone.is_staff,
        Audience.SECRETARIAT: someone.is_secretariat,
    }[audience]


def audience_of(route: str) -> Audience:
    """The audience a route declares."""
    audience = declared_audience(ALL_ROUTES[route].callback)
    assert audience is not None
    return audience


def is_inside(someone: Someone, route: str) -> bool:
    """Whether somebody is in the audience of a route."""
    return in_audience(someone, audience_of(route))


def verdict(someone: Someone, route: str, where: str, variant: str, status: int, location: str) -> str:
    """What is wrong with an answer; empty when it is as the rules want it."""
    inside = is_inside(someone, route)
    if someone.looked_at_by_secretariat and variant not in READING and route not in WAYS_OUT:
        return "" if status == 403 else f"{status} while only looking"
    rule = object_rule(route)
    if inside and rule and rule[0] == "nobody" and status == 302 and location.startswith("/account/confirm/"):
        return ""  # asked to confirm that it is them before anything is looked up
    if inside and rule and where and not object_exists(rule[0], someone, where):
        return "" if status in {404, 405} else f"{status} for an object that does not exist for them"
    lacks_role = route in OF_A_ROLE and someone.held != OF_A_ROLE[route]
    if inside and (lacks_role or route in NEEDS_MORE_THAN_A_ROLE):
        return "" if status in {404, 405} else f"{status} without what it needs"
    if inside:
        return "" if status < 500 and status != 404 else f"{status} inside the audience"
    if not someone.is_signed_in and variant in READING:
        return (
            ""
            if status == 302 and location.startswith("/sign-in/")
            else f"{status} instead of the sign-in page"
        )
    return "" if status == 404 else f"{status} outside the audience"


# They ask in every way, and send to an object far away too; what differs by the way does not differ by role.
IN_EVERY_WAY = {"public", "ipa", "lab office"}
# Where they work is all that sets them apart from one of those, or from the bureau: they look at everything, and send nothing.
ELSEWHERE = {"near lab office", "far lab office", "other bureau"}
# (route, method) where somebody of the audience was told that the page does not take the method: it is decided before the
# page looks who asks or for what, and is asked again by those who ask in every way alone, each once.
NOT_TAKEN: set[tuple[str, str]] = set()
# Views that do not look whether htmx asks give the very same page.
LOOKS_AT_HTMX = re.compile(r"HX-Request|request\.htmx")


@functools.cache
def looks_at_htmx(module: str) -> bool:
    """Whether the views of a module answer htmx in another way."""
    return LOOKS_AT_HTMX.search(inspect.getsource(sys.modules[module])) is not None


def variants(route: str, where: str, someone: Someone) -> list[str]:
    """How a page is asked for, but for what pages are known not to take."""
    is_said_again = not is_inside(someone, route) or (
        someone.label in IN_EVERY_WAY and _is_first(where, someone)
    )
    return [
        variant
        for variant in _all_variants(route, where, someone)
        if is_said_again or (route, method_of(variant)) not in NOT_TAKEN
    ]


def _is_first(where: str, someone: Someone) -> bool:
    return where in {"", places(someone)[0]}


def _all_variants(route: str, where: str, someone: Someone) -> tuple[str, ...]:
    """To look by everybody, to send by all who work in its audience, in every way by some."""
    looking = READING if looks_at_htmx(ALL_ROUTES[route].callback.__module__) else ("get",)
    is_first = _is_first(where, someone)
    everywhere = someone.label in IN_EVERY_WAY
    if not (everywhere or is_inside(someone, route)):
        # Sent away before anything is read, whatever is sent and whosever object it names: so those above show.
        return ("get",) if is_first else ()
    if someone.label in ELSEWHERE or (someone.is_signed_in and not someone.works):
        # Of those whose roles do not count, that each page says so once is enough.
        return looking
    if not is_first and not (everywhere and where == "far"):
        return looking
    # Pages that are there for everybody need not be asked to be deleted.
    deleting = ("delete",) if everywhere and is_first and audience_of(route) is not Audience.PUBLIC else ()
    return (*looking, "post", *deleting)


def unguarded(answer: Any, someone: Someone) -> str:
    """What is wrong with the security headers of an answer; empty when all are there."""
    headers = answer.headers
    policy = headers.get("Content-Security-Policy", "")
    is_strict = "default-src 'self'" in policy or "default-src 'none'" in policy
    if "unsafe" in policy or not is_strict:
        return f"Content-Security-Policy: {policy}"
    if (headers.get("X-Content-Type-Options"), headers.get("X-Frame-Options")) != ("nosniff", "DENY"):
        return "X-Content-Type-Options or X-Frame-Options"
    if someone.is_signed_in and "no-store" not in headers.get("Cache-Control", ""):
        return "may be kept by a cache"
    return ""


def walk(someone: Someone, world: World, totals: Totals) -> list[str]:
    """Each route, own, near and far, in every variant: what is wrong with the answers, texts not for this person, and
    for some of them pages that tell of what is kept from them by a byte."""
    client = world.clients[someone.label]
    client.get(reverse("portal:about"))  # still here, however long ago the world was made
    with remembered():
        wrong, pages = _walk(someone, world, totals)
    if someone.label not in LOOKING:
        return wrong
    with remembered():
        return wrong + differences(someone, world, pages)


def _walk(someone: Someone, world: World, totals: Totals) -> tuple[list[str], Pages]:
    client = world.clients[someone.label]
    last = last_change() if someone.label in IN_EVERY_WAY else None
    kept = [secret.text.encode() for secret in world.secrets if not secret.seen_by(someone)]
    started, checks, wrong = time.monotonic(), 0, []
    pages: Pages = {}
    for route, where, address in addresses(world, places(someone)):
        for variant in variants(route, where, someone):
            answer = ask(client, variant, address, changes_after=last if variant == "get" else None)
            checks += 1
            if answer.status_code == 405 and is_inside(someone, route):
                NOT_TAKEN.add((route, method_of(variant)))
            said = verdict(
                someone, route, where, variant, answer.status_code, answer.headers.get("Location", "")
            )
            faults = [said, unguarded(answer, someone), *(f"changes {one}" for one in answer.changes)]
            faults += [f"leaks {text.decode()}" for text in kept if text in answer.full_text]
            wrong += [f"{variant} {route} {where}: {fault}" for fault in faults if fault]
            if variant == "get" and is_inside(someone, route) and answer.status_code not in TELLING_NOTHING:
                pages[f"{route} {where}"] = told_by(answer)
    totals.checks += checks
    totals.leaks += len(wrong)
    totals.viewers += 1
    totals.seconds += time.monotonic() - started
    return wrong, pages


def keep(part: int, totals: Totals) -> None:
    """Keep what a part came to; whoever comes second puts both together for the page /trust/ and `make numbers`."""
    now = datetime.now(UTC)
    place = Path(settings.VAR_DIR)
    mine = {**vars(totals), "seconds": round(totals.seconds, 1), "at": now.isoformat(timespec="seconds")}
    (place / f"walk-{part}.json").write_text(json.dumps(mine) + "\n")
    other = place / f"walk-{3 - part}.json"
    if not other.exists():
        return
    theirs = json.loads(other.read_text())
    if now - datetime.fromisoformat(theirs["at"]) > TOGETHER:
        return
    both = {name: mine[name] + theirs[name] for name in ("checks", "leaks", "viewers")}
    # They ran side by side.
    both |= {"seconds": max(mine["seconds"], theirs["seconds"]), "at": mine["at"]}
    (place / "walk.json").write_text(json.dumps(both) + "\n")
