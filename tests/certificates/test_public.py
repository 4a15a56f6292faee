"""The public pages: what a paper is worth today, by code, by number, and signed for machines."""

import base64
import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tsunagu.certificates.models import Certificate
from tsunagu.certificates.services.issuing import issue, reissue, revoke
from tsunagu.engines.dates import PartialDate
from tsunagu.registry.models import Designation, Lab
from tsunagu.registry.services import record_event

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)


@pytest.fixture
def meti(viewer_of: Callable[..., Any]) -> Any:
    return viewer_of("meti")


@pytest.fixture
def certificate(meti: Any) -> Certificate:
    designation = Designation.objects.filter(scheme="dx", round__isnull=False).order_by("pk").first()
    assert designation is not None
    return issue(designation=designation, issued_on=DAY, awarded_on=DAY, by=meti)


def page(client: Client, one: Certificate, name: str = "check") -> str:
    answer = client.get(reverse(f"certificates:{name}", args=[one.code]))
    assert answer.status_code == 200
    return answer.content.decode()


def happens(meti: Any, one: Certificate, kind: str, reason: str, day: PartialDate) -> None:
    assert one.designation is not None
    record_event(by=meti, designation=one.designation, kind=kind, reason=reason, occurred_on=day)


def test_a_valid_one_says_so_in_both_languages(client: Client, certificate: Certificate) -> None:
    shown = page(client, certificate)
    assert "有効です" in shown
    assert certificate.holder in shown
    assert certificate.number in shown
    english = client.get(f"/en/certificates/{certificate.code}/")
    assert english.status_code == 200
    assert certificate.number in english.content.decode()


def test_codes_are_read_in_any_case_and_unknown_ones_are_404(
    client: Client, certificate: Certificate
) -> None:
    assert client.get(f"/certificates/{certificate.code.lower()}/").status_code == 200
    assert client.get("/certificates/AAAAAAAAAAAAAAAA/").status_code == 404
    assert client.get("/certificates/AAAAAAAAAAAAAAAA.json").status_code == 404


def test_a_revoked_one_says_why(client: Client, certificate: Certificate, meti: Any) -> None:
    revoke(certificate=certificate, reason="名称の誤り", by=meti, on=DAY)
    shown = page(client, certificate)
    assert "取り消されました" in shown
    assert "名称の誤り" in shown
    assert "有効です" not in shown


def test_a_reissued_one_leads_to_the_newest(client: Client, certificate: Certificate, meti: Any) -> None:
    second = reissue(certificate=certificate, by=meti)
    third = reissue(certificate=second, by=meti)
    shown = page(client, certificate)
    assert "再交付されたため" in shown
    assert third.code in shown
    assert "有効です" in page(client, third)


@pytest.mark.parametrize(
    ("kind", "reason", "words"),
    [("dormant", "resources", "選定は休止中です"), ("ended", "goal_achieved", "選定は終了しました")],
)
def test_it_follows_the_designation(
    client: Client, certificate: Certificate, meti: Any, kind: str, reason: str, words: str
) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    happens(meti, certificate, kind, reason, PartialDate(yesterday.year, yesterday.month, yesterday.day))
    shown = page(client, certificate)
    assert words in shown
    assert "有効です" not in shown
    if kind == "ended":
        first = certificate.designation.round.selected_on or certificate.designation.round.announced_on  # type: ignore[union-attr]
        assert f"{first.year}–{yesterday.year} 選定" in shown  # type: ignore[union-attr]


def test_an_end_that_is_still_to_come_changes_nothing_today(
    client: Client, certificate: Certificate, meti: Any
) -> None:
    later = timezone.localdate() + timedelta(days=40)
    happens(meti, certificate, "ended", "goal_achieved", PartialDate(later.year, later.month, later.day))
    assert "有効です" in page(client, certificate)


@pytest.mark.parametrize("typed", ["{}", " {} ", "wide"])
def test_a_number_typed_by_hand_finds_it(client: Client, certificate: Certificate, typed: str) -> None:
    number = certificate.number
    wide = number.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    answer = client.get(
        reverse("certificates:find"), {"number": wide if typed == "wide" else typed.format(number)}
    )
    assert answer.status_code == 302
    assert answer["Location"] == reverse("certificates:check", args=[certificate.code])


def test_an_unknown_number_is_answered_kindly(client: Client, certificate: Certificate) -> None:
    answer = client.get(reverse("certificates:find"), {"number": "地DX第9-999号"})
    assert answer.status_code == 404
    assert "見つかりません" in answer.content.decode()
    assert "地DX第9-999号" in answer.content.decode()


def test_guessing_is_limited(client: Client, certificate: Certificate) -> None:
    answers = [client.get("/certificates/AAAAAAAAAAAAAAAA/").status_code for _try in range(62)]
    assert answers[0] == 404
    assert answers[-1] == 429


def unpack(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def verified(client: Client, token: str) -> dict[str, Any]:
    """What the page tells others to do, done with nothing of ours."""
    head, body, signature = token.split(".")
    kid = json.loads(unpack(head))["kid"]
    keys = client.get("/certificates/keys.json").json()["keys"]
    key = next(one for one in keys if one["kid"] == kid)
    Ed25519PublicKey.from_public_bytes(unpack(key["x"])).verify(unpack(signature), f"{head}.{body}".encode())
    found: dict[str, Any] = json.loads(unpack(body))
    return found


def test_the_signature_can_be_verified_by_others(client: Client, certificate: Certificate) -> None:
    token = page(client, certificate, "jws")
    facts = verified(client, token)
    assert facts == json.loads(page(client, certificate, "json"))
    assert (facts["number"], facts["is_valid"]) == (certificate.number, True)
    head, body, signature = token.split(".")
    forged = (
        base64.urlsafe_b64encode(unpack(body).replace(b'"edition": 1', b'"edition": 9')).rstrip(b"=").decode()
    )
    with pytest.raises(InvalidSignature):
        verified(client, f"{head}.{forged}.{signature}")


def test_a_signature_of_before_the_secret_changed_can_still_be_verified(
    client: Client, certificate: Certificate, settings: Any
) -> None:
    token = page(client, certificate, "jws")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "x" * 60
    assert verified(client, token)["number"] == certificate.number


def test_a_rename_does_not_change_what_the_page_says_was_printed(
    client: Client, certificate: Certificate
) -> None:
    assert certificate.designation is not None
    Lab.objects.filter(pk=certificate.designation.lab_id).update(name="まったく別の名称")
    assert "まったく別の名称" not in page(client, certificate)
