"""Roles from April to April, handed over, and looked at by the secretariat."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tsunagu.accounts.role_rules import Standing, counts, standing

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("confirmed", "today", "expected"),
    [
        (date(2026, 4, 1), date(2026, 4, 1), Standing.HELD),
        (date(2026, 3, 31), date(2026, 3, 31), Standing.HELD),
        (date(2026, 3, 31), date(2026, 4, 1), Standing.TO_CONFIRM),
        (date(2026, 3, 31), date(2026, 4, 30), Standing.TO_CONFIRM),
        (date(2026, 3, 31), date(2026, 5, 1), Standing.RESTING),
        (date(2026, 3, 31), date(2027, 3, 31), Standing.RESTING),
        (date(2026, 5, 2), date(2027, 3, 31), Standing.HELD),
    ],
)
def test_a_role_is_confirmed_each_april(confirmed: date, today: date, expected: Standing) -> None:
    assert (
        standing(valid_from=date(2020, 1, 1), valid_to=None, confirmed_on=confirmed, today=today) is expected
    )


@given(DAYS, DAYS, DAYS, DAYS)
def test_no_role_counts_outside_its_days(first: date, last: date, confirmed: date, today: date) -> None:
    stands = standing(valid_from=first, valid_to=last, confirmed_on=confirmed, today=today)
    if not first <= today <= last:
        assert stands is Standing.OVER
        assert not counts(stands)
    if counts(stands):
        assert today - max(confirmed, first) < timedelta(days=366 + 30)


def test_three_clicks_hand_everything_over(client_of: Any, person_of: Any) -> None:
    from tsunagu.accounts.models import Membership, Person
    from tsunagu.registry.importing.batches import check_upload
    from tsunagu.sharing.viewer import Viewer

    leaving = person_of("ipa")
    batch = check_upload(
        by=Viewer(person_id=leaving.pk),
        kind="organisations",
        file_name="o.csv",
        content="名称\n株式会社新\n".encode(),
    )
    client = client_of("ipa")
    membership = Membership.objects.get(person=leaving)
    own = client.get(reverse("people:own_roles")).content.decode()  # the name in the header: first click
    address = reverse("people:hand_over", args=[membership.pk])
    assert address in own
    assert "o.csv" in client.get(address).content.decode()  # second click
    yesterday = timezone.localdate() - timedelta(days=1)
    sent = {"name": "後任 太郎", "email": "next@example.invalid", "last_day": yesterday.isoformat()}
    client.post(address, sent)  # third click
    successor = Person.objects.get(email="next@example.invalid")
    batch.refresh_from_db()
    assert batch.uploaded_by == successor
    assert Membership.objects.filter(person=successor, role="ipa", valid_to=None).exists()


def test_whoever_left_is_out_at_the_next_request(client_of: Any) -> None:
    from tsunagu.accounts.models import Membership

    client = client_of("bureau")
    assert client.get(reverse("office:home")).status_code == 200
    Membership.objects.update(valid_from=date(2020, 1, 1), valid_to=timezone.localdate() - timedelta(days=1))
    assert client.get(reverse("office:home")).status_code == 404


def test_one_cannot_hand_over_to_oneself(client_of: Any) -> None:
    from tsunagu.accounts.models import Membership

    client = client_of("lab_office")
    membership = Membership.objects.get(role="lab_office")
    answer = client.post(
        reverse("people:hand_over", args=[membership.pk]),
        {"name": "x", "email": membership.person.email.upper(), "last_day": "2026-12-01"},
    )
    assert answer.status_code == 422
    assert "後任のアドレス" in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "given_role", "allowed"),
    [
        ("ipa", "meti", True),
        ("bureau", "lab_office", True),
        ("bureau", "ipa", False),
        ("lab_office", "lab_member", True),
        ("lab_office", "lab_office", False),
        ("lab_member", "lab_member", False),
    ],
)
def test_nobody_gives_more_than_they_look_after(
    client_of: Any, role: str, given_role: str, allowed: bool
) -> None:
    from tsunagu.accounts.models import Membership
    from tsunagu.registry.models import Lab

    lab = Lab.objects.get(slug="410004")
    client = client_of(role, bureau="kyushu")
    sent = {"name": "新人", "email": "new@example.invalid", "role": given_role, "lab": lab.pk}
    client.post(reverse("people:invite"), sent)
    assert Membership.objects.filter(person__email="new@example.invalid").exists() is allowed


def test_looking_as_somebody_is_announced_written_down_and_changes_nothing(
    client_of: Any, person_of: Any
) -> None:
    from tsunagu.accounts.models import Membership
    from tsunagu.history.models import Change

    office = person_of("lab_office")
    client: Client = client_of("ipa")
    membership = Membership.objects.get(person=office)
    client.post(reverse("people:begin_view_as", args=[membership.pk]))
    page = client.get(reverse("portal:top")).content.decode()
    assert "lab_officeさん さんとして表示しています" in page
    assert client.get(reverse("office:home")).status_code == 404
    assert client.post(reverse("people:confirm", args=[membership.pk])).status_code == 403
    began = Change.objects.select_related("act").get(action="view_as_began")
    assert (began.record_id, began.act.person) == (str(office.pk), "ipaさん")
    client.post(reverse("people:end_view_as"))
    assert client.get(reverse("office:home")).status_code == 200
    assert Change.objects.filter(action="view_as_ended").exists()


def test_nobody_looks_as_the_secretariat(client_of: Any, person_of: Any) -> None:
    from tsunagu.accounts.models import Membership

    meti = person_of("meti")
    client = client_of("ipa")
    client.post(reverse("people:begin_view_as", args=[Membership.objects.get(person=meti).pk]))
    assert "view_as" not in client.session


def test_signing_in_and_failing_to_are_remembered(db: None, person_of: Any) -> None:
    from tsunagu.accounts.services import issue_sign_in_link
    from tsunagu.history.models import Change

    person = person_of("lab_office")
    client = Client()
    client.post(reverse("accounts:use_link", args=[issue_sign_in_link(person=person)]))
    entered = Change.objects.select_related("act").get(action="signed_in")
    assert (entered.record_id, entered.act.person) == (str(person.pk), person.name)
    Client().post(
        "/sign-in/",
        {"login": "nobody@example.jp", "email": "nobody@example.jp", "password": "wrong-wrong-wrong"},
    )
    assert Change.objects.get(action="sign_in_failed").after == {"email": "nobody@example.jp"}
