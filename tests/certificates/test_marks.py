"""The mark: terms before files, a register of uses, the day it stops, notices, and pages that still show it."""

import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tsunagu.certificates.mark_selectors import kit_is_open, takedown
from tsunagu.certificates.models import LinkCheck, MarkAcceptance, MarkKit, MarkTerms, MarkUse
from tsunagu.certificates.services import links, marks
from tsunagu.certificates.services.marks import MarkRefused
from tsunagu.engines.dates import PartialDate
from tsunagu.outbox.models import Mail
from tsunagu.registry.models import Designation, Lab, LabContact
from tsunagu.registry.services import record_event

pytestmark = pytest.mark.django_db
SAGA = "410004"
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture
def lab() -> Lab:
    return Lab.objects.get(slug=SAGA)


@pytest.fixture
def designation(lab: Lab) -> Designation:
    found = lab.designations.order_by("-pk").first()
    assert found is not None
    return found


@pytest.fixture
def terms(viewer_of: Callable[..., Any]) -> MarkTerms:
    return marks.publish_terms(
        text="第1条 ロゴマークは選定中に使えます。",
        changes="",
        effective_on=date(2026, 4, 1),
        by=viewer_of("meti"),
    )


@pytest.fixture
def kit(viewer_of: Callable[..., Any]) -> MarkKit:
    upload = SimpleUploadedFile("logo.png", PNG, "image/png")
    return marks.publish_kit(changes="はじめの版", uploads=[upload], by=viewer_of("meti"))


def use_of(designation: Designation, **details: Any) -> MarkUse:
    kept = {"medium": "web", "place": "市のページ", "used_from": date(2024, 4, 1), **details}
    return MarkUse.objects.create(designation=designation, **kept)


def ends(designation: Designation, by: Any, days_ago: int = 3) -> date:
    day = timezone.localdate() - timedelta(days=days_ago)
    when = PartialDate(day.year, day.month, day.day)
    record_event(by=by, designation=designation, kind="ended", reason="goal_achieved", occurred_on=when)
    return day


def test_the_files_open_when_the_labs_own_office_has_accepted(
    lab: Lab, terms: MarkTerms, kit: MarkKit, client_of: Callable[..., Any], viewer_of: Callable[..., Any]
) -> None:
    office = client_of("lab_office")
    file = reverse("marks:lab_kit_file", args=[SAGA, kit.files.get().pk])
    assert office.get(file).status_code == 404
    shown = office.get(reverse("marks:lab", args=[SAGA])).content.decode()
    assert "第1条" in shown
    assert "logo.png" not in shown
    answer = office.post(reverse("marks:accept", args=[SAGA]), {"terms": terms.pk})
    assert answer.status_code == 302
    accepted = MarkAcceptance.objects.get()
    assert (accepted.terms, accepted.accepted_by_label) == (terms, "lab_officeさん")
    assert b"".join(office.get(file).streaming_content) == PNG
    assert "logo.png" in office.get(reverse("marks:lab", args=[SAGA])).content.decode()


def test_nobody_accepts_for_a_lab(lab: Lab, terms: MarkTerms, viewer_of: Callable[..., Any]) -> None:
    for viewer in (viewer_of("meti"), viewer_of("lab_office", lab="152021")):
        with pytest.raises(MarkRefused, match="このラボの事務局"):
            marks.accept_terms(lab=lab, terms=terms, by=viewer)
    assert not MarkAcceptance.objects.exists()


def test_a_new_version_closes_the_files_until_it_is_accepted(
    lab: Lab, terms: MarkTerms, viewer_of: Callable[..., Any]
) -> None:
    office, today = viewer_of("lab_office"), timezone.localdate()
    marks.accept_terms(lab=lab, terms=terms, by=office)
    assert kit_is_open(lab, on=today)
    later = marks.publish_terms(
        text="改", changes="第1条", effective_on=today + timedelta(days=9), by=viewer_of("meti")
    )
    assert kit_is_open(lab, on=today)
    assert not kit_is_open(lab, on=today + timedelta(days=9))
    with pytest.raises(MarkRefused, match="新しくなりました"):
        marks.accept_terms(lab=lab, terms=later, by=office)
    assert later.number == terms.number + 1


def test_terms_replaced_while_reading_are_not_accepted_unread(
    lab: Lab, terms: MarkTerms, client_of: Callable[..., Any], viewer_of: Callable[..., Any]
) -> None:
    marks.publish_terms(text="改", changes="x", effective_on=date(2026, 5, 1), by=viewer_of("meti"))
    client_of("lab_office").post(reverse("marks:accept", args=[SAGA]), {"terms": terms.pk})
    assert not MarkAcceptance.objects.exists()


def test_after_the_end_nothing_opens_and_open_uses_are_listed(
    lab: Lab, designation: Designation, terms: MarkTerms, kit: MarkKit, viewer_of: Callable[..., Any]
) -> None:
    meti, today = viewer_of("meti"), timezone.localdate()
    marks.accept_terms(lab=lab, terms=terms, by=viewer_of("lab_office"))
    still, finished = use_of(designation), use_of(designation, used_to=date(2024, 5, 1))
    assert takedown(meti, on=today) == []
    day = ends(designation, meti)
    for other in lab.designations.exclude(pk=designation.pk):
        assert other.scheme == "iot"
    late = takedown(meti, on=today)
    assert [(one.use, one.right.stops) for one in late] == [(still, day)]
    assert finished not in [one.use for one in late]
    assert not takedown(viewer_of("bureau", bureau="kanto"), on=today)
    assert takedown(viewer_of("bureau", bureau="kyushu"), on=today)


def test_a_withdrawal_stops_it_and_can_be_taken_back(
    lab: Lab, designation: Designation, viewer_of: Callable[..., Any]
) -> None:
    meti, today = viewer_of("meti"), timezone.localdate()
    use_of(designation)
    made = marks.withdraw(designation=designation, stops_on=today, reason="規程の違反", by=meti)
    assert [one.right.why for one in takedown(meti, on=today)] == ["規程の違反"]
    with pytest.raises(MarkRefused):
        marks.withdraw(designation=designation, stops_on=today, reason="もう一度", by=meti)
    marks.void_withdrawal(withdrawal=made, reason="誤り")
    assert takedown(meti, on=today) == []


def test_notices_are_drafts_to_the_desks_once(
    lab: Lab, designation: Designation, viewer_of: Callable[..., Any]
) -> None:
    meti = viewer_of("meti")
    LabContact.objects.create(lab=lab, desk="窓口", email="desk@example.invalid")
    use_of(designation, place="県のページ", address="https://www.example.jp/", sought="ロゴ")
    assert marks.draft_stop_notices() == 0
    day = ends(designation, meti)
    assert marks.draft_stop_notices() == 1
    assert marks.draft_stop_notices() == 1
    mail = Mail.objects.get(kind="mark:stop")
    assert (mail.state, mail.to_email) == ("draft", "desk@example.invalid")
    assert "県のページ" in mail.body
    assert str(day.year) in mail.body
    assert f"/office/labs/{SAGA}/mark/" in mail.body


class Town(BaseHTTPRequestHandler):
    """A town's web page whose text a test changes."""

    text = ""

    def do_GET(self) -> None:
        self.send_response(200 if self.text else 410)
        self.end_headers()
        self.wfile.write(self.text.encode())

    def log_message(self, *_words: Any) -> None:
        pass


@pytest.fixture
def town(settings: Any) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Town)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host = f"127.0.0.1:{server.server_address[1]}"
    settings.TSUNAGU_LINK_CHECK_ALLOWED = frozenset({host})
    yield host
    server.shutdown()
    server.server_close()


def test_a_registered_page_is_looked_at_and_the_finding_dated(
    designation: Designation, town: str, settings: Any
) -> None:
    use = use_of(designation, address=f"http://{town}/", sought="地域DX推進ラボ")
    found = []
    for text in ("<img alt='地域DX推進ラボ'>", "<p>なし</p>", ""):
        Town.text = text
        check = links.check_use(use_id=use.pk)
        assert check is not None
        found.append(check.outcome)
    settings.TSUNAGU_LINK_CHECK_ALLOWED = frozenset()
    refused = links.check_use(use_id=use.pk)
    assert refused is not None
    assert [*found, refused.outcome] == ["shown", "gone", "gone", "refused"]
    assert LinkCheck.objects.filter(use=use).count() == 4
    assert links.check_use(use_id=999_999) is None


def test_pages_in_use_or_lately_so_are_looked_at_every_week(designation: Designation) -> None:
    use_of(designation, address="https://a.example/", sought="x")
    today = timezone.localdate()
    use_of(designation, address="https://b.example/", sought="x", used_to=today - timedelta(days=200))
    use_of(designation, address="https://c.example/", sought="x", used_to=today - timedelta(days=20))
    use_of(designation)
    assert links.queue_checks() == 2


def test_a_page_that_still_shows_what_was_said_to_have_ended_is_listed(
    designation: Designation, viewer_of: Callable[..., Any]
) -> None:
    meti, today = viewer_of("meti"), timezone.localdate()
    use = use_of(designation, address="https://a.example/", sought="x", used_to=today - timedelta(days=2))
    ends(designation, meti, days_ago=3)
    assert takedown(meti, on=today) == []
    LinkCheck.objects.create(use=use, outcome="shown")
    assert [one.use for one in takedown(meti, on=today)] == [use]
    LinkCheck.objects.create(use=use, outcome="gone")
    assert takedown(meti, on=today) == []


def test_a_use_with_a_photo_is_kept_by_the_office(
    lab: Lab, designation: Designation, client_of: Callable[..., Any]
) -> None:
    office = client_of("lab_office")
    values = {
        "designation": designation.pk, "medium": "sign", "place": "産業展", "address": "", "sought": "",
        "used_from": "2026-04-01", "used_to": "", "photo_file": SimpleUploadedFile("p.png", PNG, "image/png"),
    }  # fmt: skip
    answer = office.post(reverse("marks:new_use", args=[SAGA]), values)
    assert answer.status_code == 302, answer.content.decode()
    use = MarkUse.objects.get()
    assert b"".join(office.get(reverse("marks:use_photo", args=[use.pk])).streaming_content) == PNG
    values |= {"used_to": "2026-05-01", "version": use.version}
    values.pop("photo_file")
    assert office.post(reverse("marks:edit_use", args=[use.pk]), values).status_code == 302
    use.refresh_from_db()
    assert use.used_to == date(2026, 5, 1)
    assert use.photo is not None
    stale = office.post(reverse("marks:edit_use", args=[use.pk]), values)
    assert stale.status_code == 409


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"address": "https://www.example.jp/"}, "目じるし"),
        ({"used_to": "2020-01-01"}, "使い始めた日より前"),
        ({"photo_file": SimpleUploadedFile("x.exe", b"MZ")}, "受け取れません"),
    ],
)
def test_what_is_wrong_with_a_use_is_said(
    designation: Designation, client_of: Callable[..., Any], change: dict[str, Any], words: str
) -> None:
    values = {
        "designation": designation.pk, "medium": "web", "place": "ページ", "address": "", "sought": "",
        "used_from": "2026-04-01", "used_to": "", **change,
    }  # fmt: skip
    answer = client_of("lab_office").post(reverse("marks:new_use", args=[SAGA]), values)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not MarkUse.objects.exists()
