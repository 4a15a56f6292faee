"""A form sent twice is taken once, whoever sends it and however close together."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.sharing.world import ALL_ROUTES

from tsunagu.registry.models import LabContact
from tsunagu.sharing.form_keys import FORM_KEY
from tsunagu.sharing.models import SentForm

ADDRESS = "/office/labs/410004/contacts/new/"


def key_on(client: Client, address: str = ADDRESS) -> str:
    """The one-time key of the page's last form."""
    found = re.findall(rf'name="{FORM_KEY}" value="([^"]+)"', client.get(address).content.decode())
    assert found
    return str(found[-1])


def sent(key: str, **change: str) -> dict[str, str]:
    return {FORM_KEY: key, "desk": "DX推進係", "email": "dx@example.jp", "audience": "labs", **change}


def test_sent_again_gets_the_same_answer_and_nothing_happens(client_of: Any) -> None:
    client = client_of("lab_office")
    form = sent(key_on(client))
    first, second = (client.post(ADDRESS, form) for _time in range(2))
    assert (first.status_code, first.headers["Location"]) == (302, "/office/labs/410004/contacts/")
    assert (second.status_code, second.headers["Location"]) == (302, "/office/labs/410004/contacts/")
    assert LabContact.objects.filter(desk="DX推進係").count() == 1


def test_a_form_to_be_mended_can_be_sent_again_with_the_same_key(client_of: Any) -> None:
    client = client_of("lab_office")
    key = key_on(client)
    assert client.post(ADDRESS, sent(key, email="まちがい")).status_code == 422
    assert SentForm.objects.count() == 0
    assert client.post(ADDRESS, sent(key)).status_code == 302
    assert LabContact.objects.filter(desk="DX推進係").count() == 1


def test_other_content_under_the_same_key_is_another_form(client_of: Any) -> None:
    client = client_of("lab_office")
    key = key_on(client)
    client.post(ADDRESS, sent(key))
    client.post(ADDRESS, sent(key, desk="企業支援係"))
    assert set(LabContact.objects.values_list("desk", flat=True)) == {"DX推進係", "企業支援係"}


def test_another_person_does_not_send_my_form(client_of: Any) -> None:
    key = key_on(client_of("lab_office"))
    answer = client_of("ipa").post(ADDRESS, sent(key))
    assert answer.status_code == 409
    assert "ほかの人がサインインしていたとき" in answer.content.decode()
    assert not LabContact.objects.exists()


def test_a_forged_key_is_no_key(client_of: Any) -> None:
    client = client_of("lab_office")
    for _time in range(2):
        client.post(ADDRESS, sent("ImZvcmdlZCI:1abc:def"))
    assert SentForm.objects.count() == 0


def test_what_fails_leaves_nothing(client_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from tsunagu.registry import forms

    def broken(contact: Any, **_details: Any) -> None:
        contact.save()
        raise RuntimeError

    monkeypatch.setattr(forms, "save_contact", broken)
    client = client_of("lab_office")
    client.raise_request_exception = False
    key = key_on(client)
    assert client.post(ADDRESS, sent(key)).status_code == 500
    assert not LabContact.objects.exists()
    monkeypatch.undo()
    assert client.post(ADDRESS, sent(key)).status_code == 302
    assert LabContact.objects.count() == 1


def test_the_database_cannot_read_what_is_kept(client_of: Any) -> None:
    client = client_of("lab_office")
    client.post(ADDRESS, sent(key_on(client)))
    (kept,) = SentForm.objects.all()
    assert b"410004" not in bytes(kept.answer)


def test_signing_in_is_never_answered_again(db: None, person_of: Any) -> None:
    from tsunagu.accounts.services import issue_sign_in_link

    address = reverse("accounts:use_link", args=[issue_sign_in_link(person=person_of("lab_office"))])
    client = Client()
    key = key_on(client, address)
    assert client.post(address, {FORM_KEY: key}).status_code == 302
    assert client.session["_auth_user_id"]
    other = Client()
    assert other.post(address, {FORM_KEY: key}).status_code == 410
    assert "_auth_user_id" not in other.session


def test_every_form_carries_a_key() -> None:
    """In every template of the product; a form without it could be taken twice."""
    import tsunagu

    forms = without = 0
    for template in Path(tsunagu.__file__).parent.rglob("*.html"):
        for form in re.findall(r'<form[^>]*method="post".*?</form>', template.read_text(), re.DOTALL):
            forms += 1
            without += "{% form_token %}" not in form
    assert forms > 30
    assert without == 0
    assert ALL_ROUTES
