"""What was typed survives the end of a session: for the same person, in the same browser, for an hour."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tsunagu.registry.models import LabContact
from tsunagu.sharing.kept_input import COOKIE
from tsunagu.sharing.models import KeptInput

FORM = "/office/labs/410004/contacts/new/"


def typed_after_the_end(client: Client, **change: str) -> Any:
    """The form was shown, the session ended, then the form was sent."""
    (key,) = re.findall(
        r'name="form_key" value="([^"]+)"',
        client.get(FORM).content.decode().split("<main")[1].split("</main")[0],
    )
    client.post("/sign-out/")
    return client.post(FORM, {"form_key": key, "desk": "長く書いた窓口", "audience": "labs", **change})


def test_typed_text_is_there_after_signing_in_again(client_of: Any, person_of: Any) -> None:
    client = client_of("lab_office")
    answer = typed_after_the_end(client)
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/sign-in/")
    assert not LabContact.objects.exists()
    client.force_login(person_of("lab_office"))
    assert "預かっています" in client.get("/").content.decode()
    page = client.get("/account/kept-input/").content.decode()
    assert "長く書いた窓口" in page
    assert f'action="{FORM}"' in page
    (key,) = re.findall(
        r'name="form_key" value="([^"]+)"', page.split(f'action="{FORM}"')[1].split("</form")[0]
    )
    client.post(FORM, {"form_key": key, "desk": "長く書いた窓口", "audience": "labs"})
    assert LabContact.objects.get().desk == "長く書いた窓口"
    client.post("/account/kept-input/")
    assert not KeptInput.objects.exists()
    assert COOKIE not in {name for name, cookie in client.cookies.items() if cookie.value}


def test_nobody_else_sees_it(client_of: Any, person_of: Any) -> None:
    client = client_of("lab_office")
    typed_after_the_end(client)
    client.force_login(person_of("ipa"))
    assert "長く書いた窓口" not in client.get("/account/kept-input/").content.decode()


def test_it_is_gone_after_an_hour_or_with_another_secret(client_of: Any, person_of: Any) -> None:
    client = client_of("lab_office")
    typed_after_the_end(client)
    value = client.cookies[COOKIE].value
    client.force_login(person_of("lab_office"))
    for wrong in ("", "x", "x:y", value[:-1] + ("A" if value[-1] != "A" else "B")):
        client.cookies[COOKIE] = wrong
        assert "預かっている入力はありません" in client.get("/account/kept-input/").content.decode()
    typed_after_the_end(client)
    client.force_login(person_of("lab_office"))
    KeptInput.objects.update(kept_at=timezone.now() - timedelta(minutes=61))
    assert "預かっている入力はありません" in client.get("/account/kept-input/").content.decode()


@pytest.mark.parametrize("change", [{"password": "x"}, {"note": "x" * 1_000_001}])
def test_secrets_and_masses_are_not_kept(client_of: Any, change: dict[str, str]) -> None:
    assert typed_after_the_end(client_of("lab_office"), **change).status_code == 404
    assert not KeptInput.objects.exists()


def test_the_database_cannot_read_it(client_of: Any) -> None:
    typed_after_the_end(client_of("lab_office"))
    assert "長く書いた".encode() not in bytes(KeptInput.objects.get().typed)


def test_a_strangers_post_is_not_kept(client: Client, db: None) -> None:
    assert client.post(FORM, {"desk": "x", "form_key": "forged"}).status_code == 404
    assert not KeptInput.objects.exists()


def test_one_button_stays_signed_in(client_of: Any) -> None:
    client = client_of("ipa")
    client.get("/office/")
    session = client.session
    session["seen_at"] = (timezone.now() - timedelta(minutes=58)).timestamp()
    session.save()
    answer = client.post("/account/stay/", headers={"X-Stay": "1"})
    assert answer.status_code == 204
    assert int(answer.headers["X-Session-Ends"]) > timezone.now().timestamp() + 59 * 60
    assert 'data-session-ends="' in client.get("/office/").content.decode()
    assert "data-session-ends" not in Client().get("/").content.decode()
