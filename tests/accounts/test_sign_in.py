"""Getting in by a one-time link."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from tsunagu.accounts.models import Membership, SignInLink
from tsunagu.accounts.selectors import viewer_for
from tsunagu.accounts.services import LinkRefused, issue_sign_in_link, use_sign_in_link


def test_a_link_signs_in_once(person_of: Any) -> None:
    token = issue_sign_in_link(person=person_of("ipa"))
    client = Client()
    assert client.get(f"/sign-in/{token}/").status_code == 200
    assert client.get("/office/").status_code == 302, "opening the link must not sign in by itself"
    assert client.post(f"/sign-in/{token}/").status_code == 302
    assert client.get("/office/").status_code == 200
    assert Client().post(f"/sign-in/{token}/").status_code == 410


def test_a_link_ends(person_of: Any) -> None:
    token = issue_sign_in_link(person=person_of("ipa"))
    SignInLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(LinkRefused):
        use_sign_in_link(token=token)


def test_a_new_link_replaces_the_old_one(person_of: Any) -> None:
    person = person_of("ipa")
    old = issue_sign_in_link(person=person)
    new = issue_sign_in_link(person=person)
    with pytest.raises(LinkRefused):
        use_sign_in_link(token=old)
    assert use_sign_in_link(token=new) == person


def test_the_token_itself_is_not_kept(person_of: Any) -> None:
    token = issue_sign_in_link(person=person_of("ipa"))
    assert token not in str(list(SignInLink.objects.values()))


def test_someone_switched_off_cannot_use_a_link(person_of: Any) -> None:
    person = person_of("ipa")
    token = issue_sign_in_link(person=person)
    person.is_active = False
    person.save()
    with pytest.raises(LinkRefused):
        use_sign_in_link(token=token)


def test_signing_out_ends_the_session(client_of: Any) -> None:
    client = client_of("ipa")
    client.post("/sign-out/")
    assert client.get("/office/").status_code == 302


def test_a_role_counts_only_while_it_is_valid(person_of: Any) -> None:
    person = person_of("ipa")
    today = timezone.localdate()
    assert viewer_for(person, on=today).is_secretariat
    Membership.objects.filter(person=person).update(valid_to=today)
    assert viewer_for(person, on=today).is_secretariat
    assert not viewer_for(person, on=today + timedelta(days=1)).is_staff


def test_the_lab_office_lands_at_its_own_lab(client_of: Any) -> None:
    client = client_of("lab_office")
    answer = client.get("/sign-in/landing/", follow=True)
    assert "佐賀県DX推進ラボ" in answer.content.decode()
    assert "新居浜市" not in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("ipa", "/office/"),
        ("bureau", "/office/"),
        ("lab_office", "/office/own-lab/"),
        ("lab_member", "/office/own-lab/"),
        ("reviewer", "/review/"),
        ("expert", "/expert-desk/"),
        ("support_org", "/"),
        ("company", "/co-lead-desk/"),
        ("talent", "/co-lead-desk/"),
    ],
)
def test_everyone_lands_at_a_page_that_is_for_them(client_of: Any, role: str, address: str) -> None:
    client = client_of(role)
    assert client.get("/sign-in/landing/")["Location"] == address
    page = client.get(address)
    assert page.status_code == 200
    assert "担当するラボが登録されていません" not in page.content.decode()


def test_demo_people_exist_on_ones_own_machine_only(settings: Any, db: None) -> None:
    settings.LOCAL_MODE = False
    with pytest.raises(CommandError, match="手元の試用環境"):
        call_command("print_demo_links")


def test_an_invitation_prints_a_link(capsys: Any, db: None) -> None:
    call_command("invite_person", "taro@example.go.jp", "太郎", "bureau", "--bureau", "kanto")
    assert "/sign-in/" in capsys.readouterr().out
    with pytest.raises(CommandError, match="--bureau"):
        call_command("invite_person", "jiro@example.go.jp", "次郎", "bureau")
