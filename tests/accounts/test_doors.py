"""Password, link by mail, and how often one may try."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.accounts.mailed import mailed

from tsunagu.accounts.models import SignInLink
from tsunagu.accounts.services import issue_sign_in_link, use_sign_in_link
from tsunagu.sharing.client import client_address

PASSWORD = "はやい雲と古い自転車の話"


@pytest.fixture
def person(person_of: Any) -> Any:
    person = person_of("lab_office")
    person.set_password(PASSWORD)
    person.save()
    return person


def enter(client: Client, email: str, password: str = PASSWORD, **headers: Any) -> Any:
    return client.post("/sign-in/", {"login": email, "password": password}, **headers)


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def without_token(answer: Any) -> str:
    return re.sub(r'name="(?:csrfmiddlewaretoken|form_key)" value="[^"]+"', "", answer.content.decode())


def test_a_password_signs_in_and_leads_back(person: Any) -> None:
    client = Client()
    answer = client.post(
        "/sign-in/", {"login": person.email.upper(), "password": PASSWORD, "next": "/account/name/"}
    )
    assert answer.headers["Location"] == "/account/name/"
    assert is_in(client)


def test_nobody_is_led_away(person: Any) -> None:
    answer = Client().post(
        "/sign-in/", {"login": person.email, "password": PASSWORD, "next": "https://evil.example/"}
    )
    assert answer.headers["Location"] == "/sign-in/landing/"


def test_there_is_no_way_to_sign_up(db: None) -> None:
    for address in ("/signup/", "/accounts/signup/", "/account/signup/"):
        assert Client().get(address).status_code == 404


def test_the_session_key_changes(person: Any) -> None:
    client = Client()
    client.get("/sign-in/")
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key
    planted = session.session_key
    enter(client, person.email)
    assert is_in(client)
    assert client.session.session_key != planted
    stranger = Client()
    stranger.cookies["sessionid"] = planted
    assert not is_in(stranger)


def test_password_answers_do_not_tell_who_exists(person: Any) -> None:
    known, unknown = (
        enter(Client(), person.email, "違うパスワードです"),
        enter(Client(), "nobody@example.jp", "違うパスワードです"),
    )
    assert known.status_code == unknown.status_code == 200
    same = (
        without_token(known).replace(person.email, "×"),
        without_token(unknown).replace("nobody@example.jp", "×"),
    )
    assert same[0] == same[1]


def test_link_answers_do_not_tell_who_exists(person: Any) -> None:
    answers = [
        Client().post("/sign-in/link/", {"email": email}, follow=True)
        for email in (person.email, "nobody@example.jp")
    ]
    assert answers[0].redirect_chain == answers[1].redirect_chain
    assert without_token(answers[0]) == without_token(answers[1])
    assert len(mailed()) == 1
    assert person.email in mailed()[0].to[0]


def test_a_mailed_link_lives_an_hour(person: Any) -> None:
    Client().post("/sign-in/link/", {"email": person.email})
    link = SignInLink.objects.get(person=person)
    assert timedelta(minutes=59) < link.expires_at - timezone.now() <= timedelta(hours=1)
    (path,) = re.findall(r"http://testserver(/sign-in/\S+/)", mailed()[0].body)
    client = Client()
    client.post(path)
    assert is_in(client)
    assert Client().post(path).status_code == 410


def test_a_stranger_cannot_take_an_invitation_away(person: Any) -> None:
    invitation = issue_sign_in_link(person=person)
    Client().post("/sign-in/link/", {"email": person.email})
    assert use_sign_in_link(token=invitation) == person


def test_a_host_header_cannot_turn_links_elsewhere(person: Any, settings: Any) -> None:
    answer = Client().post("/sign-in/link/", {"email": person.email}, HTTP_HOST="evil.example")
    assert answer.status_code == 400
    assert mailed() == []
    settings.TSUNAGU_BASE_URL = "https://lab.example.go.jp"
    headers = {"HTTP_HOST": "localhost", "HTTP_X_FORWARDED_HOST": "evil.example"}
    Client().post("/sign-in/link/", {"email": person.email}, **headers)  # type: ignore[arg-type]
    assert "https://lab.example.go.jp/sign-in/" in mailed()[0].body
    assert "evil" not in mailed()[0].body


def test_a_name_cannot_add_mail_headers(person: Any) -> None:
    person.name = "太郎\nBcc: evil@example.jp"
    person.save()
    Client().post("/sign-in/link/", {"email": person.email})
    assert mailed()[0].to == [f"太郎 Bcc: evil@example.jp <{person.email}>"]


def test_someone_switched_off_gets_no_mail_and_no_answer_more(person: Any) -> None:
    client = Client()
    enter(client, person.email)
    person.is_active = False
    person.save()
    assert not is_in(client), "the very next request is refused"
    Client().post("/sign-in/link/", {"email": person.email})
    assert mailed() == []
    assert not is_in(client)


def test_the_sixth_wrong_try_is_stopped_and_the_link_still_works(person: Any) -> None:
    attacker = Client()
    for _attempt in range(5):
        assert enter(attacker, person.email, "違うパスワードです").status_code == 200
    stopped = enter(attacker, person.email, "違うパスワードです", REMOTE_ADDR="192.0.2.9")
    assert stopped.status_code == 429
    assert stopped.headers["Retry-After"] == "900"
    assert "しばらく待ってください" in stopped.content.decode()
    assert enter(Client(), person.email).status_code == 429, "the right password has to wait as well"
    Client().post("/sign-in/link/", {"email": person.email})
    (path,) = re.findall(r"http://testserver(/sign-in/\S+/)", mailed()[0].body)
    victim = Client()
    victim.post(path)
    assert is_in(victim)


def test_an_unknown_address_is_stopped_just_the_same(db: None) -> None:
    answers = [enter(Client(), "nobody@example.jp", "違うパスワードです").status_code for _try in range(6)]
    assert answers == [200] * 5 + [429]


def test_many_addresses_from_one_place_are_stopped(db: None) -> None:
    answers = [enter(Client(), f"n{n}@example.jp", "違うパスワードです").status_code for n in range(21)]
    assert answers == [200] * 20 + [429]


def test_the_fourth_link_in_an_hour_is_not_sent(person: Any) -> None:
    answers = [Client().post("/sign-in/link/", {"email": person.email}) for _try in range(4)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert answers[-1].headers["Retry-After"] == "3600"
    assert len(mailed()) == 3
    (path,) = re.findall(r"http://testserver(/sign-in/\S+/)", mailed()[-1].body)
    victim = Client()
    victim.post(path)
    assert is_in(victim), "whoever was flooded still has the last link"


def test_a_written_address_opens_no_further_tries(db: None) -> None:
    answers = [
        enter(Client(), f"n{n}@example.jp", "違う", HTTP_X_FORWARDED_FOR=f"198.51.100.{n}").status_code
        for n in range(21)
    ]
    assert answers[-1] == 429


@pytest.mark.parametrize(
    ("forwarded", "trusted", "found"),
    [
        ("198.51.100.1", 0, "192.0.2.1"),
        ("198.51.100.1", 1, "198.51.100.1"),
        ("10.0.0.1, 198.51.100.1", 1, "198.51.100.1"),
        ("10.0.0.1, 198.51.100.1, 203.0.113.5", 2, "198.51.100.1"),
        ("198.51.100.1", 2, "192.0.2.1"),
        ("evil", 1, "192.0.2.1"),
        ("", 1, "192.0.2.1"),
    ],
)
def test_only_what_trusted_proxies_wrote_is_believed(forwarded: str, trusted: int, found: str) -> None:
    assert client_address(remote="192.0.2.1", forwarded=forwarded, trusted_proxies=trusted) == found


def test_counters_lie_in_the_database(person: Any) -> None:
    from django.db import connection

    enter(Client(), person.email, "違うパスワードです")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_counter WHERE cache_key LIKE '%login_failed%'")
        assert cursor.fetchone()[0] == 2
