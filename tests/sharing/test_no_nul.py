"""What the database's texts cannot hold never reaches it from an address."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tsunagu.sharing.middleware import NoNulMiddleware

SEARCHED = (
    "/office/organisations/?q=x%00", "/office/labs/?q=%00", "/office/mail/?q=%00&kind=%00", "/office/people/?q=%00x",
    "/office/certificates/?q=%00",
)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("address", SEARCHED)
def test_lists_of_the_back_office_answer(client_of: Any, address: str) -> None:
    assert client_of("ipa").get(address).status_code == 200


@pytest.mark.django_db
def test_a_program_is_told(client: Client) -> None:
    answer = client.get("/api/v1/cases?prefecture_code=%00")
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")


@given(st.lists(st.sampled_from(["%", "%0", "0", "00", "%00", "%2500", "q=", "a", "&", "\0"]), max_size=12))
def test_none_is_left_and_nothing_else_is_taken(parts: list[str]) -> None:
    request = HttpRequest()
    request.META["QUERY_STRING"] = before = "".join(parts).replace("\0", "")
    NoNulMiddleware(lambda _request: HttpResponse())(request)
    after = request.META["QUERY_STRING"]
    assert "%00" not in after
    assert after == before or "%00" in before
