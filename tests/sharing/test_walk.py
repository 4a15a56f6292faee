"""Every route as every role: undeclared routes do not exist, and nobody sees what is not theirs."""

import json
import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import translation
from tests.sharing.world import (
    ALL_ROUTES,
    NEEDS_MORE_THAN_A_ROLE,
    OF_PUBLIC_PAGES,
    PEOPLE,
    READING,
    VARIANTS,
    Someone,
    World,
    addresses,
    ask,
    make_world,
    object_exists,
    object_rule,
)

from tsunagu.sharing.audience import Audience, declared_audience

WAYS_OUT = {"people:end_view_as", "accounts:sign_out"}
TOTALS = {"checks": 0, "leaks": 0, "seconds": 0.0, "viewers": 0}


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of refusals are expected here; each would be written to the log."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def world(person_of: Any) -> World:
    return make_world(person_of)


def in_audience(someone: Someone, audience: Audience) -> bool:
    """Who is in a route's audience, said independently of the product."""
    return {
        Audience.PUBLIC: True,
        Audience.SIGNED_IN: someone.is_signed_in,
        Audience.LAB: someone.is_staff or someone.held in {"lab_office", "lab_member"},
        Audience.STAFF: someone.is_staff,
        Audience.SECRETARIAT: someone.is_secretariat,
    }[audience]


def test_every_route_declares_its_audience() -> None:
    undeclared = [name for name, pattern in ALL_ROUTES.items() if declared_audience(pattern.callback) is None]
    assert undeclared == []


def test_a_route_without_audience_does_not_exist(rf: Any) -> None:
    from tsunagu.sharing.middleware import AudienceMiddleware

    def forgotten(request: Any) -> HttpResponse:
        return HttpResponse("secret")

    with pytest.raises(Http404):
        AudienceMiddleware(forgotten).process_view(rf.get("/"), forgotten, (), {})


def verdict(someone: Someone, route: str, where: str, variant: str, status: int, location: str) -> str:
    """What is wrong with an answer; empty when it is as the rules want it."""
    audience = declared_audience(ALL_ROUTES[route].callback)
    assert audience is not None
    if someone.looked_at_by_secretariat and variant not in READING and route not in WAYS_OUT:
        return "" if status == 403 else f"{status} while only looking"
    inside = in_audience(someone, audience)
    rule = object_rule(route)
    if inside and rule and rule[0] == "nobody" and status == 302 and location.startswith("/account/confirm/"):
        return ""  # asked to confirm that it is them before anything is looked up
    if inside and rule and where and not object_exists(rule[0], someone, where):
        return "" if status in {404, 405} else f"{status} for an object that does not exist for them"
    if inside and route in NEEDS_MORE_THAN_A_ROLE:
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


# Those for whom every way of asking is tried; what differs by the way does not differ by role.
IN_EVERY_WAY = {"public", "ipa", "lab office"}


def variants(route: str, where: str, someone: Someone) -> tuple[str, ...]:
    """How a page is asked for: in every way by a few, by the others to look and to send, and only to look at others' objects."""
    if where not in {"", "own"}:
        return ("get", "post") if where == "far" and someone.label in IN_EVERY_WAY else ("get",)
    if someone.label not in IN_EVERY_WAY:
        return ("get", "post")
    public = declared_audience(ALL_ROUTES[route].callback) is Audience.PUBLIC
    return OF_PUBLIC_PAGES if public else VARIANTS


@pytest.mark.parametrize("someone", PEOPLE, ids=lambda one: one.label)
def test_walk(someone: Someone, world: World) -> None:
    """Each route, own, near and far, in every variant: the right answer, and no text that is not for this person."""
    client = world.clients[someone.label]
    kept = [secret.text.encode() for secret in world.secrets if not secret.seen_by(someone)]
    started, checks, wrong = time.monotonic(), 0, []
    for route, where, address in addresses(world):
        for variant in variants(route, where, someone):
            answer = ask(client, variant, address)
            checks += 1
            said = verdict(
                someone, route, where, variant, answer.status_code, answer.headers.get("Location", "")
            )
            if said:
                wrong.append(f"{variant} {route} {where}: {said}")
            wrong += [
                f"{variant} {route} {where}: leaks {text.decode()}"
                for text in kept
                if text in answer.full_text
            ]
    TOTALS["checks"] += checks
    TOTALS["leaks"] += len(wrong)
    TOTALS["viewers"] += 1
    TOTALS["seconds"] += time.monotonic() - started
    assert not wrong, "\n".join(wrong)


def _shown(world: World, someone: Someone) -> str:
    client = world.clients[someone.label]
    return "".join(
        ask(client, "get", reverse(route, args=["410004"])).full_text.decode()
        for route in ("office:contacts", "office:documents")
    )


def test_the_walk_can_find_a_leak(world: World) -> None:
    """The texts the walk looks for are shown to those who may see them; else it would find nothing, ever."""
    seen = {one.label: _shown(world, one) for one in PEOPLE if one.is_signed_in}
    for secret in (one for one in world.secrets if "秘own-" in one.text or "-own-" in one.text):
        for one in PEOPLE:
            if one.is_signed_in:
                assert (secret.text in seen[one.label]) == secret.seen_by(one), (one.label, secret.text)


def test_what_a_lab_may_not_see_it_cannot_edit(world: World) -> None:
    from tsunagu.registry.models import LabContact

    kept = LabContact.objects.get(lab__slug="410004", audience="secretariat")
    for name, status in (("lab office", 404), ("bureau", 200), ("ipa", 200)):
        for route in ("office:edit_contact", "office:remove_contact"):
            answer = ask(world.clients[name], "get", reverse(route, args=[kept.pk]))
            assert answer.status_code in {status, 405}, (name, route)


def test_every_answer_carries_the_security_headers(client_of: Any, world: World) -> None:
    client = client_of("ipa")
    for _route, _where, address in [*addresses(world), ("", "", "/no-such-page/")]:
        answer = ask(client, "get", address)
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'self'" in policy or "default-src 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "no-store" in answer.headers["Cache-Control"]


def test_reading_changes_nothing(client_of: Any, world: World) -> None:
    """No page that is only looked at changes a record; what is confidential is noted in the history, nothing else."""
    from tsunagu.history.models import Change

    client = client_of("ipa")
    client.get(reverse("portal:about"))  # begins the session
    last = Change.objects.order_by("-id").values_list("id", flat=True).first() or 0
    for _route, _where, address in addresses(world):
        client.get(address)
    changed = Change.objects.filter(id__gt=last, action__in=["insert", "update", "delete"])
    assert list(changed.values_list("table_name", "action")) == []


def test_english_exists_for_public_pages_only() -> None:
    with translation.override("en"):
        assert reverse("portal:labs") == "/en/labs/"
        assert reverse("office:home") == "/office/"


def test_the_walk_is_long_enough_and_its_result_is_kept() -> None:
    """Runs last. The totals are read by the page /trust/ (`tsunagu record_walk`) and by `make numbers`."""
    if TOTALS["viewers"] < len(PEOPLE):
        pytest.skip("only part of the walk ran")
    result = {
        **TOTALS,
        "seconds": round(TOTALS["seconds"], 1),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    Path(settings.VAR_DIR, "walk.json").write_text(json.dumps(result) + "\n")
    assert TOTALS["checks"] >= 5_000
