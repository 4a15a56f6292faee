"""The first pages of the back office and of a lab lead to every room their people work in, and to no other."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tsunagu.registry.models import Lab


def links(client: Client, address: str) -> set[str]:
    page = client.get(address)
    assert page.status_code == 200
    return {one for one in re.findall(r'<a\b[^>]*href="(/[^"]*)"', page.content.decode()) if "?" not in one}


@pytest.mark.parametrize("role", ["ipa", "bureau", "lab_office", "lab_member", "reviewer", "expert"])
def test_no_link_of_the_first_page_ends_nowhere(client_of: Any, role: str) -> None:
    client = client_of(role)
    first = client.get("/sign-in/landing/")["Location"]
    ends = {one: client.get(one, follow=True).status_code for one in links(client, first)}
    assert {one: code for one, code in ends.items() if code != 200} == {}


def test_the_secretariat_finds_every_room(client_of: Any) -> None:
    found = links(client_of("ipa"), reverse("office:home"))
    rooms = (
        "dispatch:list",
        "search_office:state",
        "keys:list",
        "cases:own",
        "reviewing:panels",
        "findings:list",
    )
    assert {reverse(one) for one in rooms} <= found


def test_a_lab_finds_experts_cases_and_its_transition(client_of: Any) -> None:
    found = links(client_of("lab_office"), reverse("office:own_lab"))
    assert {reverse(one) for one in ("dispatch:list", "cases:own", "keys:list")} <= found
    assert reverse("transition:own", args=["410004"]) not in found, "it has moved long ago"


def test_a_lab_on_the_way_finds_the_transition(client_of: Any) -> None:
    lab = Lab.objects.get(slug="400009")
    found = links(client_of("lab_office", lab=lab.slug), reverse("office:own_lab"))
    assert reverse("transition:own", args=[lab.slug]) in found
