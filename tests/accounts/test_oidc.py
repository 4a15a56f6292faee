"""Signing in through an OpenID provider that really answers, and refusing everything malformed."""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from tests.accounts.malformed import MALFORMED, callback, present, sign_in
from tests.accounts.provider import Provider, environment, running

from tsunagu.config.oidc_settings import oidc_apps


@pytest.fixture(scope="module")
def running_provider() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def provider(running_provider: Provider, settings: Any, db: None) -> Provider:
    """The provider, switched on as GビズID would be."""
    running_provider.subject, running_provider.is_down = "subject-1", False
    running_provider.issuer_in_discovery = None
    apps = oidc_apps(environment(running_provider), local=True)
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {**settings.SOCIALACCOUNT_PROVIDERS["openid_connect"], "APPS": apps}
    }
    settings.ACCOUNT_RATE_LIMITS = {}
    return running_provider


@pytest.fixture
def connected(provider: Provider, person_of: Any) -> Any:
    """A person who has connected the provider's account the way people do."""
    person = person_of("lab_office")
    person.set_password("はやい雲と古い自転車の話")
    person.save()
    client = Client()
    client.post("/sign-in/", {"login": person.email, "password": "はやい雲と古い自転車の話"})
    answer = sign_in(client, provider, process="connect")
    assert answer.status_code == 302, answer.content.decode()
    return person


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_a_connected_account_signs_in(connected: Any, provider: Provider) -> None:
    client = Client()
    answer = sign_in(client, provider)
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(connected.pk)


def test_only_what_is_needed_is_asked_and_kept(connected: Any, provider: Provider) -> None:
    asked = provider.asked["authorize"]
    assert set(asked["scope"].split()) == {"openid", "profile", "user", "email"}
    assert asked["nonce"]
    assert asked["code_challenge"]
    assert "client_secret" not in provider.asked["token"]
    kept = SocialAccount.objects.get(user=connected)
    assert set(kept.extra_data) == {"iss", "sub", "account_type", "corporate_number"}
    assert provider.subject not in kept.uid, "the key is made of issuer and subject"


def test_an_unknown_account_makes_nobody_known(provider: Provider, person_of: Any) -> None:
    person = person_of("lab_office")
    provider.userinfo["email"] = person.email
    client = Client()
    answer = sign_in(client, provider)
    assert answer.status_code == 403
    assert "つながっていません" in answer.content.decode()
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()


def test_the_same_subject_at_another_issuer_is_somebody_else(connected: Any, provider: Provider) -> None:
    account = SocialAccount.objects.get(user=connected)
    from tsunagu.accounts.oidc_provider import StrictProvider

    make = StrictProvider.extract_uid
    assert make(None, {"iss": provider.issuer, "sub": "subject-1"}) == account.uid  # type: ignore[arg-type]
    assert make(None, {"iss": "https://other.example/", "sub": "subject-1"}) != account.uid  # type: ignore[arg-type]


def test_connecting_asks_for_a_fresh_confirmation(provider: Provider, client_of: Any) -> None:
    client = client_of("lab_office")
    answer = client.post("/sign-in/with/gbizid/", {"process": "connect"})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/confirm/")


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_token_opens_nothing(name: str, connected: Any, provider: Provider) -> None:
    client = Client()
    answer = present(client, provider, name)
    assert answer.status_code in {401, 503}, name
    assert not is_signed_in(client)
    assert "_auth_user_id" not in client.session


def test_an_answer_counts_once_and_only_in_its_own_browser(connected: Any, provider: Provider) -> None:
    client = Client()
    address = callback(client, provider)
    stranger = Client()
    assert stranger.get(address).status_code == 401
    assert not is_signed_in(stranger)
    provider.codes.clear()
    assert client.get(address).status_code == 401, "a code the provider does not know"
    assert client.get(address).status_code == 401, "a state already used"
    assert not is_signed_in(client)


def test_an_answer_of_another_issuer_is_refused(connected: Any, provider: Provider) -> None:
    client = Client()
    answer = client.get(callback(client, provider) + "&iss=https%3A%2F%2Fevil.example%2F")
    assert answer.status_code == 503
    assert not is_signed_in(client)


def test_discovery_of_another_issuer_is_refused(provider: Provider) -> None:
    provider.issuer_in_discovery = provider.issuer.rstrip("/")
    assert Client().post("/sign-in/with/gbizid/").status_code == 503


def test_when_the_provider_is_down_the_page_shows_the_other_doors(provider: Provider) -> None:
    provider.is_down = True
    answer = Client().post("/sign-in/with/gbizid/")
    assert answer.status_code == 503
    assert "メールのリンク" in answer.content.decode()
    assert Client().get("/sign-in/").status_code == 200


def test_the_browser_cannot_choose_scopes(provider: Provider) -> None:
    Client().post("/sign-in/with/gbizid/?scope=mandate&auth_params=nonce%3Dmine", {})
    client = Client()
    sign_in(client, provider)
    assert "mandate" not in provider.asked["authorize"]["scope"]


def test_a_connected_account_does_not_replace_the_second_step(connected: Any, provider: Provider) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(connected, generate_totp_secret())
    client = Client()
    answer = sign_in(client, provider)
    assert answer.headers["Location"] == "/sign-in/second-step/"
    assert not is_signed_in(client)


def test_nothing_is_switched_on_by_itself() -> None:
    assert oidc_apps({}, local=False) == []
    with pytest.raises(ImproperlyConfigured, match="CLIENT_ID"):
        oidc_apps({"TSUNAGU_OIDC_PROVIDERS": "gbizid"}, local=False)


def test_gbizid_is_ready_but_for_its_registration() -> None:
    given = {
        "TSUNAGU_OIDC_PROVIDERS": "gbizid",
        "TSUNAGU_OIDC_GBIZID_CLIENT_ID": "x",
        "TSUNAGU_OIDC_GBIZID_CLIENT_SECRET": "y",
    }
    (app,) = oidc_apps(given, local=False)
    assert app["settings"]["issuer"] == "https://gbiz-id.go.jp/oauth/"
    assert app["settings"]["server_url"] == "https://gbiz-id.go.jp/oauth/.well-known/openid-configuration"
    assert app["settings"]["token_auth_method"] == "client_secret_basic"
    (app,) = oidc_apps({**given, "TSUNAGU_OIDC_GBIZID_STAGING": "1"}, local=False)
    assert app["settings"]["issuer"] == "https://stg.gbiz-id.go.jp/oauth/"
    with pytest.raises(ImproperlyConfigured, match="https"):
        oidc_apps({**given, "TSUNAGU_OIDC_GBIZID_ISSUER": "http://127.0.0.1/"}, local=False)
