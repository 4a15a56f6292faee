"""From a report to an entry, a jury, an announcement and a certificate."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.reporting.conftest import World, world

from tsunagu.awards import selectors, services
from tsunagu.awards.models import Award, Prize
from tsunagu.awards.rules import NotAllowed, Phase, phase, story_of
from tsunagu.reviewing.models import CriteriaSet
from tsunagu.reviewing.readings import text_of

__all__ = ["world"]


@pytest.fixture
def award(db: None) -> Award:
    now = timezone.now()
    return services.save_award(
        Award(
            key="award-2026", fiscal_year=2026, title="地域DX推進ラボ表彰2026", summary="よい取組を広める。",
            criteria_set=CriteriaSet.objects.get(key="award"), opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1),
        ),
        prizes=["最優秀賞", "優秀賞"],
    )  # fmt: skip


def close(award: Award) -> Award:
    award.closes_at = timezone.now() - timedelta(minutes=1)
    award.save()
    return award


def test_entry_is_made_from_the_report_in_one_step(world: World, award: Award) -> None:
    with pytest.raises(NotAllowed):
        services.enter(award=award, report=world.fresh())
    report = world.submit()
    client = Client()
    client.force_login(world.office_person)
    page = client.get(reverse("awards:own")).content.decode()
    assert "の報告から応募する" in page
    answer = client.post(reverse("awards:enter", args=[award.pk, report.pk]))
    assert answer.status_code == 302
    entry = selectors.own_entries(world.office).get()
    assert "窓口に来た会社の半分" in entry.story
    assert "セミナー 7件" in entry.story
    assert services.enter(award=award, report=report).pk == entry.pk


def test_jury_reads_entries_and_winner_gets_certificate_and_gallery(
    world: World, award: Award, person_of: Any
) -> None:
    entry = services.enter(award=award, report=world.submit())
    now = timezone.now()
    panel = services.open_jury(award=award, opens_at=now, closes_at=now + timedelta(days=7))
    case = panel.cases.get()
    assert case.lab == world.lab
    assert "窓口に来た会社" in text_of(case, world.ipa)[0].paragraphs[0].text
    prize = Prize.objects.get(name="最優秀賞")
    services.choose(entry=entry, prize=prize, comment="数の裏づけがある。")
    public = Client()
    assert "最優秀賞" not in public.get(reverse("gallery:gallery")).content.decode()
    office = Client()
    office.force_login(world.office_person)
    close(award)
    page = office.get(reverse("awards:entry", args=[entry.pk])).content.decode()
    assert "最優秀賞" not in page
    assert "数の裏づけがある。" not in page
    assert services.announce(award=award, by=world.ipa) == 1
    entry.refresh_from_db()
    assert entry.certificate is not None
    assert "最優秀賞" in entry.certificate.text
    shown = public.get(reverse("gallery:gallery")).content.decode()
    assert "最優秀賞" in shown
    assert "窓口に来た会社の半分" in shown
    assert "最優秀賞" in office.get(reverse("awards:entry", args=[entry.pk])).content.decode()
    checked = public.get(reverse("certificates:check", args=[entry.certificate.code])).content.decode()
    assert "有効です" in checked
    with pytest.raises(NotAllowed):
        services.announce(award=award, by=world.ipa)
    panel.refresh_from_db()
    assert not panel.cases.filter(closed_at=None).exists()


def test_award_certificate_is_reissued_in_its_own_words(world: World, award: Award) -> None:
    from tsunagu.certificates.services.issuing import reissue

    entry = services.enter(award=award, report=world.submit())
    services.choose(entry=entry, prize=Prize.objects.get(name="優秀賞"), comment="")
    services.announce(award=close(award), by=world.ipa)
    entry.refresh_from_db()
    assert entry.certificate is not None
    again = reissue(certificate=entry.certificate, by=world.ipa)
    assert (again.text, again.number, again.edition) == (entry.certificate.text, entry.certificate.number, 2)


def test_withdrawn_entries_leave_the_jury_and_cannot_win(world: World, award: Award) -> None:
    entry = services.enter(award=award, report=world.submit())
    now = timezone.now()
    panel = services.open_jury(award=award, opens_at=now, closes_at=now + timedelta(days=7))
    services.withdraw(entry=entry)
    assert not panel.cases.filter(closed_at=None).exists()
    with pytest.raises(NotAllowed):
        services.choose(entry=entry, prize=Prize.objects.get(name="優秀賞"), comment="")
    with pytest.raises(NotAllowed):
        services.announce(award=close(award), by=world.ipa)


def test_secretariats_pages(world: World, award: Award) -> None:
    entry = services.enter(award=award, report=world.submit())
    client = Client()
    client.force_login(world.ipa_person)
    for address in (
        reverse("awards_office:awards"), reverse("awards_office:new"), reverse("awards_office:award", args=[award.pk]),
        reverse("awards_office:edit", args=[award.pk]), reverse("awards_office:jury", args=[award.pk]),
        reverse("awards_office:choose", args=[award.pk, entry.pk]),
    ):  # fmt: skip
        assert client.get(address).status_code == 200, address
    form = {"prize": Prize.objects.get(name="優秀賞").pk, "comment": "よい", "version": entry.version}
    assert client.post(reverse("awards_office:choose", args=[award.pk, entry.pk]), form).status_code == 302
    entry.refresh_from_db()
    assert str(entry.prize) == "優秀賞"


def test_phase_counts_the_closing_second() -> None:
    end = timezone.now()
    days = {"opens_at": end - timedelta(days=1), "closes_at": end, "announced_at": None}
    assert phase(end, **days) is Phase.OPEN
    assert phase(end + timedelta(seconds=1), **days) is Phase.JUDGING
    assert phase(end - timedelta(days=2), **days) is Phase.COMING


def test_story_of_an_empty_report_is_empty() -> None:
    assert story_of({}) == ""
