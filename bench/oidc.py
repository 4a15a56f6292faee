"""Malformed tokens against the real sign-in, with a provider that really answers."""

import logging
from collections.abc import Iterator

from bench.numbers import Number, exactly
from bench.place import set_up


def measure() -> Iterator[Number]:
    """`oidc.malformed_rejected`: how many malformed tokens were refused, of how many."""
    rejected, total = malformed_rejected()
    yield exactly("oidc.malformed_rejected", f"{rejected} {total}", f"{total} {total}")


def malformed_rejected() -> tuple[int, int]:
    """Run every malformed token through the whole code flow; one counts as refused when it opened no session.

    Beforehand and afterwards a sound token has to open one: a door that is always shut refuses nothing.
    """
    set_up()
    # Every refusal is written to the log; here they are what is wanted.
    logging.disable(logging.WARNING)
    from allauth.socialaccount.models import SocialAccount
    from django.conf import settings
    from django.test import Client, override_settings
    from tests.accounts.malformed import MALFORMED, present, sign_in
    from tests.accounts.provider import environment, running

    from tsunagu.accounts.oidc_provider import StrictProvider
    from tsunagu.accounts.services import invite_person
    from tsunagu.config.oidc_settings import oidc_apps
    from tsunagu.registry.models import Lab

    def opens_a_session(client: Client) -> bool:
        return "_auth_user_id" in client.session

    with running() as provider:
        apps = oidc_apps(environment(provider), local=True)
        providers = {"openid_connect": {**settings.SOCIALACCOUNT_PROVIDERS["openid_connect"], "APPS": apps}}
        hosts = [*settings.ALLOWED_HOSTS, "testserver"]
        with override_settings(
            SOCIALACCOUNT_PROVIDERS=providers, ACCOUNT_RATE_LIMITS=False, ALLOWED_HOSTS=hosts
        ):
            lab = Lab.objects.order_by("pk")[0]
            person = invite_person(
                email="oidc@example.invalid", name="試験", role="lab_office", lab=lab, is_demo=True
            )
            said = {"iss": provider.issuer, "sub": provider.subject}
            SocialAccount.objects.get_or_create(
                user=person, provider="gbizid", uid=StrictProvider.extract_uid(None, said)
            )
            rejected = 0
            if _sound(sign_in, provider, opens_a_session):
                for name in MALFORMED:
                    client = Client(raise_request_exception=False)
                    answer = present(client, provider, name)
                    rejected += 400 <= answer.status_code < 504 and not opens_a_session(client)
            if not _sound(sign_in, provider, opens_a_session):
                rejected = 0
    return rejected, len(MALFORMED)


def _sound(sign_in, provider, opens_a_session) -> bool:  # type: ignore[no-untyped-def]
    from django.test import Client

    client = Client()
    sign_in(client, provider)
    return opens_a_session(client)
