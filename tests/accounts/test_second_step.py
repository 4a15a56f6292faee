"""The second step: who needs it, that nothing gets round it, and that a code counts once."""

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.management import CommandError, call_command
from django.test import Client
from tests.accounts.mailed import mailed

from tsunagu.accounts.rules import needs_two_steps
from tsunagu.accounts.services import issue_sign_in_link

PASSWORD = "はやい雲と古い自転車の話"


def code(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


@pytest.fixture
def secret() -> str:
    return generate_totp_secret()


@pytest.fixture
def careful(person_of: Any, secret: str) -> Any:
    """A person of IPA with password, app and recovery codes."""
    person = person_of("ipa")
    person.set_password(PASSWORD)
    person.save()
    TOTP.activate(person, secret)
    RecoveryCodes.activate(person)
    return person


def enter(client: Client, person: Any) -> Any:
    return client.post("/sign-in/", {"login": person.email, "password": PASSWORD})


def step(client: Client, typed: str) -> Any:
    return client.post("/sign-in/second-step/", {"code": typed})


def is_in(client: Client) -> bool:
    return client.get("/office/").status_code == 200


@pytest.mark.parametrize(
    ("roles", "needed"),
    [
        ({"meti"}, True), ({"ipa"}, True), ({"bureau"}, True), ({"reviewer"}, True), ({"lab_office"}, False),
        ({"lab_office", "reviewer"}, True), (set(), False),
    ],
)  # fmt: skip
def test_who_needs_two_steps(roles: set[str], needed: bool) -> None:
    assert needs_two_steps(roles) is needed


@pytest.mark.parametrize("role", ["meti", "ipa", "bureau"])
def test_staff_without_second_step_get_nothing_but_its_set_up(
    role: str, client_of: Any, settings: Any
) -> None:
    settings.TSUNAGU_REQUIRE_TWO_STEPS = True
    client = client_of(role)
    for address in (
        "/office/",
        "/office/labs/",
        "/office/organisations/file.csv",
        "/sign-in/landing/",
        "/account/name/",
    ):
        answer = client.get(address)
        assert answer.status_code in {302, 404}, address
        assert answer.status_code == 404 or answer.headers["Location"] == "/account/second-step/", address
    assert client.post("/office/labs/new/").status_code in {302, 404}
    assert "2段階の確認が要ります" in client.get("/account/second-step/").content.decode()
    assert client.get("/").status_code == 200


def test_lab_offices_may_go_without(client_of: Any, settings: Any) -> None:
    settings.TSUNAGU_REQUIRE_TWO_STEPS = True
    assert client_of("lab_office").get("/account/name/").status_code == 200


def test_demo_people_go_without_on_ones_own_machine_only(
    client_of: Any, person_of: Any, settings: Any
) -> None:
    settings.TSUNAGU_REQUIRE_TWO_STEPS = True
    person = person_of("ipa")
    person.is_demo = True
    person.save()
    client = client_of("ipa")
    assert is_in(client)
    settings.LOCAL_MODE = False
    assert not is_in(client)
    settings.TSUNAGU_REQUIRE_TWO_STEPS = False
    assert not is_in(client), "no setting relaxes it in production"


def test_setting_up_the_app_opens_the_back_office(
    person_of: Any, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.TSUNAGU_REQUIRE_TWO_STEPS = True
    person = person_of("ipa")
    client = Client()
    answer = client.post(f"/sign-in/{issue_sign_in_link(person=person)}/")
    assert answer.headers["Location"] == "/account/password/?first=1"
    answer = client.post("/account/password/?first=1", {"password": PASSWORD, "again": PASSWORD})
    assert answer.headers["Location"] == "/sign-in/landing/"
    assert client.get("/sign-in/landing/").headers["Location"] == "/account/second-step/"
    page = client.get("/account/app/")
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/account/app/", {"code": code(page.context["form"].secret)})
    assert answer.headers["Location"] == "/account/recovery-codes/"
    codes = client.get("/account/recovery-codes/").context["unused_codes"]
    assert len(set(codes)) == 10
    assert is_in(client)
    assert [message.subject for message in mailed()] == [
        "つなぐ: パスワードが決まりました",
        "つなぐ: 認証アプリが加わりました",
    ]


def test_password_and_code_sign_in(careful: Any, secret: str) -> None:
    client = Client()
    assert enter(client, careful).headers["Location"] == "/sign-in/second-step/"
    assert not is_in(client)
    assert step(client, "000000").status_code == 200
    assert not is_in(client)
    step(client, code(secret))
    assert is_in(client)


def test_a_link_does_not_get_round_the_second_step(careful: Any, secret: str) -> None:
    client = Client()
    answer = client.post(f"/sign-in/{issue_sign_in_link(person=careful)}/")
    assert answer.headers["Location"] == "/sign-in/second-step/"
    assert not is_in(client)
    assert client.get("/account/").status_code == 302
    assert client.post("/account/password/", {"password": PASSWORD, "again": PASSWORD}).status_code == 404
    step(client, code(secret))
    assert is_in(client)


def test_a_code_counts_once(careful: Any, secret: str) -> None:
    typed = code(secret, steps=1)
    first, second = Client(), Client()
    enter(first, careful)
    step(first, typed)
    assert is_in(first)
    enter(second, careful)
    # The library forgets used codes after half a minute, while this one is good for longer.
    from django.core.cache import cache

    cache.delete(f"allauth.mfa.totp.used?user={careful.pk}&code={typed}")
    assert step(second, typed).status_code == 200
    assert not is_in(second)
    assert step(second, f"{typed[:3]} {typed[3:]}").status_code == 200
    assert not is_in(second)


def test_old_codes_do_not_count(careful: Any, secret: str) -> None:
    client = Client()
    enter(client, careful)
    step(client, code(secret, steps=-3))
    assert not is_in(client)


def test_a_recovery_code_counts_once(careful: Any) -> None:
    codes = Authenticator.objects.get(user=careful, type="recovery_codes").wrap().get_unused_codes()
    first, second = Client(), Client()
    enter(first, careful)
    step(first, codes[0])
    assert is_in(first)
    enter(second, careful)
    step(second, codes[0])
    assert not is_in(second)
    step(second, codes[1])
    assert is_in(second)


def test_guessing_codes_is_stopped(careful: Any, secret: str) -> None:
    client = Client()
    enter(client, careful)
    for _attempt in range(5):
        step(client, "123123")
    answer = step(client, code(secret))
    assert "15分ほど待って" in answer.content.decode()
    assert not is_in(client)


def test_secrets_lie_encrypted(careful: Any, secret: str) -> None:
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))


def test_a_changed_key_lets_nobody_in_unless_the_old_one_is_kept(
    careful: Any, secret: str, settings: Any
) -> None:
    old, settings.SECRET_KEY = (
        settings.SECRET_KEY,
        "another key, quite as long as the first one was, of course",
    )
    client = Client()
    enter(client, careful)
    assert step(client, code(secret)).status_code == 200
    assert not is_in(client)
    settings.SECRET_KEY_FALLBACKS = [old]
    step(client, code(secret, steps=1))
    assert is_in(client)


@pytest.mark.parametrize(
    "address",
    [
        "/account/password/", "/account/email/", "/account/app/", "/account/app/remove/", "/account/recovery-codes/",
        "/account/recovery-codes/new/", "/account/recovery-codes/file/", "/account/passkeys/new/", "/account/outside/",
    ],
)  # fmt: skip
def test_sensitive_pages_ask_once_more(address: str, careful: Any, secret: str) -> None:
    client = Client()
    enter(client, careful)
    step(client, code(secret))
    assert client.get(address, follow=True).redirect_chain in ([], [("/account/app/remove/", 302)])
    session = client.session
    session["account_authentication_methods"] = [
        {**record, "at": record["at"] - 3600} for record in session["account_authentication_methods"]
    ]
    session.save()
    for method in (client.get, client.post):
        answer = method(address)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/account/confirm/?next=/account/")
    client.post("/account/confirm/", {"password": "違うパスワードです"})
    assert client.get(address).status_code == 302
    assert (
        client.post("/account/confirm/", {"password": PASSWORD, "next": address}).headers["Location"]
        == address
    )
    assert client.get(address, follow=True).status_code == 200


def test_whoever_has_only_links_confirms_by_a_fresh_one(client_of: Any, person_of: Any) -> None:
    import re

    person = person_of("lab_office")
    client = client_of("lab_office")
    answer = client.get("/account/password/")
    assert answer.headers["Location"] == "/account/confirm/mail/?next=/account/password/"
    client.get(answer.headers["Location"])
    client.post("/account/confirm/mail/")
    (path,) = re.findall(r"http://testserver(/sign-in/\S+/)", mailed()[0].body)
    assert client.post(path).headers["Location"] == "/account/password/"
    assert client.get("/account/password/").status_code == 200
    assert person.email in mailed()[0].to[0]


def test_a_lost_second_step_is_reset_by_the_operator(careful: Any, secret: str, settings: Any) -> None:
    settings.TSUNAGU_REQUIRE_TWO_STEPS = True
    client = Client()
    enter(client, careful)
    step(client, code(secret))
    assert is_in(client)
    call_command("reset_second_step", careful.email)
    assert not is_in(client), "sessions end as well"
    assert "外されました" in mailed()[-1].subject
    enter(client, careful)
    assert client.get("/office/").headers["Location"] == "/account/second-step/"
    with pytest.raises(CommandError, match="登録されていません"):
        call_command("reset_second_step", "nobody@example.jp")
