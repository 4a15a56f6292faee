"""Every route as every role: undeclared routes do not exist, and nobody sees what is not theirs."""

from pathlib import Path
from typing import Any

import pytest
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import translation
from tests.sharing.walking import LOOKS_AT_HTMX, PARTS, Totals, keep, unguarded, walk
from tests.sharing.world import ALL_ROUTES, PEOPLE, Someone, World, ask

import tsunagu
from tsunagu.sharing.audience import declared_audience

TOTALS = Totals()


def test_every_route_declares_its_audience() -> None:
    undeclared = [name for name, pattern in ALL_ROUTES.items() if declared_audience(pattern.callback) is None]
    assert undeclared == []


def test_a_route_without_audience_does_not_exist(rf: Any) -> None:
    from tsunagu.sharing.middleware import AudienceMiddleware

    def forgotten(request: Any) -> HttpResponse:
        return HttpResponse("secret")

    with pytest.raises(Http404):
        AudienceMiddleware(forgotten).process_view(rf.get("/"), forgotten, (), {})


def test_who_answers_htmx_in_another_way_is_asked_so() -> None:
    """Only views may look whether htmx asks, since the walk tells by a view's module how to ask for its page."""
    package = Path(tsunagu.__file__).parent
    looking = {
        ".".join(path.relative_to(package.parent).with_suffix("").parts)
        for ending in ("py", "html")
        for path in package.rglob(f"*.{ending}")
        if LOOKS_AT_HTMX.search(path.read_text())
    }
    assert looking
    assert looking <= {pattern.callback.__module__ for pattern in ALL_ROUTES.values()}


@pytest.mark.parametrize("someone", PARTS[1], ids=lambda one: one.label)
def test_walk(someone: Someone, world: World) -> None:
    """Nobody is told, by text, headers or a changed byte, what is kept from them; and who only reads changes nothing."""
    wrong = walk(someone, world, TOTALS)
    assert not wrong, "\n".join(wrong)


def _shown(world: World, someone: Someone) -> str:
    client = world.clients[someone.label]
    pages = [reverse(route, args=["410004"]) for route in ("office:contacts", "office:documents")]
    return "".join(
        ask(client, "get", page).full_text.decode() for page in (*pages, reverse("statistics:question"))
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


def test_english_exists_for_public_pages_only() -> None:
    with translation.override("en"):
        assert reverse("portal:labs") == "/en/labs/"
        assert reverse("office:home") == "/office/"


def test_the_walk_is_long_enough_and_its_result_is_kept() -> None:
    """Runs last. The totals are read by the page /trust/ (`tsunagu record_walk`) and by `make numbers`."""
    if TOTALS.viewers < len(PARTS[1]):
        pytest.skip("only part of the walk ran")
    keep(1, TOTALS)
    assert TOTALS.checks >= 2_500


def test_the_page_for_what_does_not_exist_tells_nobody_anything(world_of_the_file: World, db: None) -> None:
    for someone in PEOPLE:
        answer = world_of_the_file.clients[someone.label].get("/no/such/page/")
        assert answer.status_code == 404
        assert not unguarded(answer, someone)
        text = answer.content.decode()
        assert not [one for one in world_of_the_file.secrets if one.text in text and not one.seen_by(someone)]
