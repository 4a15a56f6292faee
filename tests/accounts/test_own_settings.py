"""Sessions, address, name and password."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone
from tests.accounts.mailed import mailed

from tsunagu.accounts.models import Person
from tsunagu.accounts.rules import device_parts, session_is_over

PASSWORD = "はやい雲と古い自転車の話"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36"


@pytest.fixture
def person(person_of: Any) -> Any:
    person = person_of("lab_office")
    person.set_password(PASSWORD)
    person.save()
    return person


def signed_in(person: Any, **headers: Any) -> Client:
    client = Client(**headers)
    client.post("/sign-in/", {"login": person.email, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_one_session_is_ended_from_another(person: Any) -> None:
    mine, other = signed_in(person), signed_in(person, headers={"user-agent": CHROME})
    page = mine.get("/account/sessions/").content.decode()
    assert "Windows（Chrome）" in page
    assert "127.0.0.1" in page
    key = UserSession.objects.get(user_agent=CHROME).pk
    mine.post(f"/account/sessions/{key}/end/")
    assert not is_in(other)
    assert is_in(mine)


def test_all_other_sessions_end(person: Any) -> None:
    mine, others = signed_in(person), [signed_in(person), signed_in(person)]
    mine.post("/account/sessions/end-others/")
    assert is_in(mine)
    assert not any(is_in(client) for client in others)


def test_nobody_ends_somebody_elses_session(person: Any, client_of: Any) -> None:
    theirs = signed_in(person)
    stranger = client_of("ipa")
    key = UserSession.objects.get(user=person).pk
    assert stranger.post(f"/account/sessions/{key}/end/").status_code == 404
    assert is_in(theirs)


def test_a_new_password_ends_other_sessions_and_is_told(person: Any) -> None:
    mine, other = signed_in(person), signed_in(person)
    fresh = "冬の港で拾った三枚の切符"
    answer = mine.post("/account/password/", {"password": fresh, "again": fresh})
    assert answer.headers["Location"] == "/account/"
    assert is_in(mine)
    assert not is_in(other)
    assert [message.subject for message in mailed()] == ["つなぐ: パスワードが変わりました"]
    assert "127.0.0.1" in mailed()[0].body


def test_a_weak_password_is_refused_in_words(person: Any) -> None:
    answer = signed_in(person).post("/account/password/", {"password": "tsunagu2026", "again": "tsunagu2026"})
    assert "短すぎます。12文字以上にしてください。" in answer.content.decode()


def test_an_address_changes_only_from_the_new_mailbox(person: Any) -> None:
    client = signed_in(person)
    old = person.email
    client.post("/account/email/", {"email": "New@example.jp"})
    assert Person.objects.get(pk=person.pk).email == old
    assert mailed()[0].to == ["lab_officeさん <new@example.jp>"] or "new@example.jp" in mailed()[0].to[0]
    (path,) = re.findall(r"http://testserver(/account/email/\S+/)", mailed()[0].body)
    client.get(path)
    assert Person.objects.get(pk=person.pk).email == old, "opening alone changes nothing"
    client.post(path)
    assert Person.objects.get(pk=person.pk).email == "new@example.jp"
    told = [message.to[0] for message in mailed()[1:]]
    assert len(told) == 2
    assert any(old in one for one in told)
    assert client.post(path).status_code == 410


def test_somebody_elses_proposal_and_taken_addresses_do_nothing(
    person: Any, person_of: Any, client_of: Any
) -> None:
    taken = person_of("ipa").email
    client = signed_in(person)
    assert client.post("/account/email/", {"email": taken}).status_code == 302
    assert mailed() == [], "whoever has the address is not named"
    client.post("/account/email/", {"email": "new@example.jp"})
    (path,) = re.findall(r"http://testserver(/account/email/\S+/)", mailed()[0].body)
    assert client_of("ipa").post(path).status_code == 410
    assert Person.objects.get(email=taken).name == "ipaさん"


def test_a_name_changes(person: Any) -> None:
    client = signed_in(person)
    client.post("/account/name/", {"name": "湯川 早苗", "email": "evil@example.jp", "is_active": ""})
    changed = Person.objects.get(pk=person.pk)
    assert (changed.name, changed.email, changed.is_active) == ("湯川 早苗", person.email, True)


def move_clock(client: Client, **back: timedelta) -> None:
    session = client.session
    for key, time_back in back.items():
        session[key] = session[key] - time_back.total_seconds()
    session.save()


def test_staff_are_signed_out_after_an_hour_away(client_of: Any) -> None:
    client = client_of("ipa")
    assert is_in(client)
    move_clock(client, seen_at=timedelta(minutes=59))
    assert is_in(client)
    move_clock(client, seen_at=timedelta(minutes=60))
    answer = client.get("/office/", follow=True)
    assert answer.redirect_chain[0][0].startswith("/sign-in/")
    assert "時間がたったので" in answer.content.decode()


def test_lab_offices_may_be_away_longer_but_not_for_ever(client_of: Any) -> None:
    client = client_of("lab_office")
    assert is_in(client)
    move_clock(client, seen_at=timedelta(hours=2))
    assert is_in(client)
    move_clock(client, signed_in_at=timedelta(hours=8))
    assert not is_in(client)


def test_being_active_does_not_move_the_end() -> None:
    now = timezone.now()
    late = now - timedelta(hours=8)
    assert session_is_over(signed_in_at=late, seen_at=now, now=now, is_staff=False)
    assert not session_is_over(signed_in_at=now, seen_at=now, now=now, is_staff=True)


@pytest.mark.parametrize(
    ("agent", "parts"),
    [
        (CHROME, ("Windows", "Chrome")),
        (CHROME + " Edg/131.0", ("Windows", "Edge")),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            ("iPhone", "Safari"),
        ),
        ("curl/8", ("", "")),
    ],
)
def test_devices_have_names(agent: str, parts: tuple[str, str]) -> None:
    assert device_parts(agent) == parts
