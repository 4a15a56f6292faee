"""Data go when their day is over or when somebody asks, and never from under a team that works."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.talent.people import as_viewer, both_wish, make_brief, make_company, make_edition, make_entry

from tsunagu.accounts.models import Membership, Person
from tsunagu.accounts.services import invite_person, issue_sign_in_link, welcome_person
from tsunagu.history.models import Change
from tsunagu.outbox.models import Reminder
from tsunagu.questionnaires.models import FormVersion
from tsunagu.questionnaires.services.writing import start_sheet
from tsunagu.search.models import SavedSearch
from tsunagu.talent.models import Brief, Company, Consent, Entry, Interest, Kind, Talent
from tsunagu.talent.rules import NotAllowed
from tsunagu.talent.services import forgetting, forming, registering
from tsunagu.talent.services.editions import go_on, keep_edition

pytestmark = pytest.mark.django_db


def test_when_the_day_is_over_everything_registered_goes() -> None:
    edition = make_edition()
    entry = make_entry(edition, "忘 太郎", "data")
    brief = make_brief(make_company(edition), edition)
    both_wish(brief, entry)
    person = entry.talent.person
    Talent.objects.update(about="勤め先で在庫を直した")
    last = Consent.objects.get(person=person).keep_until
    assert last > edition.reports_on
    assert forgetting.forget_due(today=last) == 0
    assert forgetting.warn_due(today=last - timedelta(days=20)) >= 1
    assert Reminder.objects.filter(key__contains="forget", to_email=person.email).count() == 1
    assert forgetting.forget_due(today=last + timedelta(days=1)) == 2
    person.refresh_from_db()
    talent = Talent.objects.get(person=person)
    assert (talent.headline, talent.about, talent.skills.count()) == ("", "", 0)
    assert (person.is_active, person.name) == (False, "（消去済み）")
    assert "example.jp" not in person.email
    assert Interest.objects.get().opened_at is None
    assert Brief.objects.get().state == "withdrawn"
    assert not Membership.objects.filter(person=person, valid_to=None).exists()
    assert forgetting.forget_due(today=last + timedelta(days=2)) == 0


def test_the_history_never_held_what_is_erased() -> None:
    edition = make_edition()
    make_entry(edition, "記 録子", "data")
    Talent.objects.update(headline="秘密の紹介文")
    kept = Change.objects.filter(table_name="talent_talent")
    assert kept.exists()
    assert not any(
        "秘密の紹介文" in str(one.__dict__) or "現場を見て直します" in str(one.__dict__) for one in kept
    )


def test_somebody_with_another_part_in_the_programme_stays_known() -> None:
    edition = make_edition()
    entry = make_entry(edition, "二役 花子", "data")
    person = entry.talent.person
    invite_person(email=person.email, name=person.name, role="reviewer")
    forgetting.forget(person=person)
    person.refresh_from_db()
    assert (person.is_active, person.name) == (True, "二役 花子")
    assert Talent.objects.get(person=person).headline == ""
    assert Entry.objects.get().state == "withdrawn"


def test_somebody_whom_a_record_of_another_room_names_stays_known() -> None:
    edition = make_edition()
    person = make_entry(edition, "申請 も子", "data").talent.person
    version = FormVersion.objects.filter(published_at__isnull=False)[0]
    start_sheet(version=version, subject="application:1", by=as_viewer(person))
    forgetting.forget(person=person)
    person.refresh_from_db()
    assert (person.is_active, person.name) == (True, "申請 も子")


def test_nothing_goes_from_under_a_team_that_works() -> None:
    edition = make_edition()
    brief = make_brief(make_company(edition), edition)
    entries = [make_entry(edition, "一", "data"), make_entry(edition, "二", "ai")]
    for entry in entries:
        both_wish(brief, entry)
    edition = go_on(edition=edition, to="pairing")
    forming.put_together(brief=brief, entries=entries, reason="急ぐ")
    with pytest.raises(NotAllowed, match="動いているチーム"):
        forgetting.forget(person=entries[0].talent.person)
    assert forgetting.forget_due(today=timezone.localdate() + timedelta(days=3000)) == 0
    with pytest.raises(NotAllowed, match="チームに入っています"):
        registering.leave(entry=entries[0])


def test_somebody_who_never_finished_is_forgotten_in_a_month() -> None:
    edition = make_edition()
    person = welcome_person(email="half@example.jp", name="途中 一")
    registering.agree(person_id=person.pk, edition=edition, kind=Kind.TALENT)
    today = timezone.localdate()
    assert forgetting.forget_due(today=today + timedelta(days=30)) == 0
    assert forgetting.forget_due(today=today + timedelta(days=31)) == 1
    assert not Person.objects.filter(email="half@example.jp").exists()


def test_one_prolongs_or_erases_on_ones_own_page() -> None:
    edition = make_edition()
    entry = make_entry(edition, "自分 子", "data")
    client = Client()
    client.force_login(entry.talent.person)
    page = client.get("/co-lead-desk/").content.decode()
    assert "預けている個人情報" in page
    assert "使う目的: 連絡と記録のため" in page
    consent = Consent.objects.get()
    client.post(f"/co-lead-desk/keep/{consent.pk}/")
    later = Consent.objects.get().keep_until
    assert (later - consent.keep_until).days in {365, 366}
    assert "消えるもの" in client.get("/co-lead-desk/forget/").content.decode()
    client.post("/co-lead-desk/forget/")
    assert Talent.objects.get().headline == ""
    assert Consent.objects.count() == 0
    other = make_company(make_edition())
    assert (
        Client().post(f"/co-lead-desk/keep/{Consent.objects.get(person=other.contact).pk}/").status_code
        == 404
    )


def test_who_is_forgotten_is_signed_out_with_all_that_was_theirs() -> None:
    edition = make_edition()
    person = make_entry(edition, "全部 消子", "data").talent.person
    client = Client()
    token = issue_sign_in_link(person=person)
    client.post(reverse("accounts:use_link", args=[token]))
    assert client.get("/co-lead-desk/").status_code == 200
    SavedSearch.objects.create(person=person, name="自分の検索", query="q=在庫")
    answer = client.post("/co-lead-desk/forget/", follow=True)
    assert "消しました" in answer.content.decode()
    person.refresh_from_db()
    assert (person.is_active, SavedSearch.objects.count()) == (False, 0)
    assert client.get("/co-lead-desk/")["Location"].startswith("/sign-in/")


def test_a_shorter_time_holds_at_once_a_longer_never() -> None:
    edition = make_edition()
    make_company(edition)
    before = Consent.objects.get().keep_until
    edition.keep_months = 24
    keep_edition(edition)
    assert Consent.objects.get().keep_until == before
    edition.keep_months = 1
    keep_edition(edition)
    assert Consent.objects.get().keep_until < before
    assert as_viewer(Company.objects.get().contact).person_id is not None
