"""Issuing, reissuing, revoking: one in force, numbers once, and paper that never changes."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from tsunagu.certificates.models import Certificate, CertificateTemplate, IssueRun
from tsunagu.certificates.rules import State
from tsunagu.certificates.selectors import progress, renamed
from tsunagu.certificates.services import bulk, issuing
from tsunagu.certificates.services.issuing import IssueRefused, issue, reissue, revoke, save_template
from tsunagu.certificates.wording import template_of
from tsunagu.files.services import FileNotTaken
from tsunagu.outbox.placeholders import PlaceholderRefused
from tsunagu.registry.models import Designation, Lab, Round
from tsunagu.registry.services import EditConflict
from tsunagu.sharing.viewer import PUBLIC

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)


@pytest.fixture
def meti(viewer_of: Callable[..., Any]) -> Any:
    return viewer_of("meti")


@pytest.fixture
def designation() -> Designation:
    found = Designation.objects.filter(lab__slug="410004", scheme="dx", round__isnull=False).first()
    found = found or Designation.objects.filter(scheme="dx", round__isnull=False).order_by("pk").first()
    assert found is not None
    return found


def words_of(certificate: Certificate) -> str:
    assert certificate.stored_file is not None
    with (
        default_storage.open(certificate.stored_file.place) as stored,
        pypdfium2.PdfDocument(stored.read()) as read,
    ):
        assert len(read) == 1
        return str(read[0].get_textpage().get_text_range())


def test_a_certificate_has_its_number_its_file_and_its_own_page(designation: Designation, meti: Any) -> None:
    one = issue(designation=designation, issued_on=DAY, awarded_on=DAY, by=meti)
    assert designation.round is not None
    assert one.number == f"地DX第{designation.round.number}-001号"
    assert one.state is State.VALID
    assert len(one.code) == 16
    assert one.address.endswith(f"/certificates/{one.code}/")
    words = words_of(one)
    assert one.number in words
    assert one.holder in words
    assert "令和8年11月24日" in words


def test_a_second_one_is_refused_while_one_is_in_force(designation: Designation, meti: Any) -> None:
    issue(designation=designation, issued_on=DAY, by=meti)
    with pytest.raises(IssueRefused, match="有効な選定証"):
        issue(designation=designation, issued_on=DAY, by=meti)


def test_a_number_is_never_given_twice(designation: Designation, meti: Any) -> None:
    first = issue(designation=designation, issued_on=DAY, by=meti)
    revoke(certificate=first, reason="名称の誤り", by=meti, on=DAY)
    second = issue(designation=designation, issued_on=DAY, by=meti)
    assert (first.serial, second.serial) == (1, 2)
    assert first.number != second.number


def test_an_unresolved_scheme_gets_none(meti: Any) -> None:
    unclear = Designation.objects.filter(scheme="unresolved").first()
    if unclear is None:
        pytest.skip("every scheme is known")
    with pytest.raises(IssueRefused, match="制度が未確認"):
        issue(designation=unclear, issued_on=DAY, by=meti)


def test_a_change_of_name_is_seen_and_the_reissue_keeps_the_number(
    designation: Designation, meti: Any
) -> None:
    old = issue(designation=designation, issued_on=DAY, awarded_on=date(2025, 2, 26), by=meti)
    assert not renamed(meti).filter(pk=old.pk).exists()
    Lab.objects.filter(pk=designation.lab_id).update(name="髙﨑新ラボ")
    assert list(renamed(meti)) == [old]
    assert not renamed(PUBLIC).exists()
    new = reissue(certificate=old, by=meti, on=DAY)
    old.refresh_from_db()
    assert (new.number, new.serial, new.edition) == (old.number, old.serial, 2)
    assert new.code != old.code
    assert (old.state, new.state) == (State.SUPERSEDED, State.VALID)
    assert not renamed(meti).exists()
    words = words_of(new)
    assert "髙﨑新ラボ" in words
    assert "令和8年11月24日 再交付（第2版）" in words
    assert "令和7年2月26日" in words
    with pytest.raises(IssueRefused):
        reissue(certificate=old, by=meti)
    assert reissue(certificate=new, by=meti, on=DAY).edition == 3


def test_the_first_number_stays_when_the_pattern_has_changed(designation: Designation, meti: Any) -> None:
    old = issue(designation=designation, issued_on=DAY, by=meti)
    template = template_of("dx")
    template.number_pattern = "X{{ round }}-{{ serial }}"
    template.text = "{{ number }}"
    save_template(template, by=meti)
    new = reissue(certificate=old, by=meti, on=DAY)
    assert (new.number, new.text) == (old.number, old.number)


def test_a_revoked_one_stays_revoked(designation: Designation, meti: Any) -> None:
    one = issue(designation=designation, issued_on=DAY, by=meti)
    revoke(certificate=one, reason="誤り", by=meti)
    with pytest.raises(IssueRefused):
        revoke(certificate=one, reason="もう一度", by=meti)
    with pytest.raises(IssueRefused):
        reissue(certificate=one, by=meti)
    one.refresh_from_db()
    assert one.revoke_reason == "誤り"


@pytest.mark.parametrize(
    "change", [{"holder": "別の名"}, {"number": "偽"}, {"code": "X"}, {"issued_on": date(2020, 1, 1)}]
)
def test_the_database_keeps_what_is_printed(
    designation: Designation, meti: Any, change: dict[str, Any]
) -> None:
    one = issue(designation=designation, issued_on=DAY, by=meti)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Certificate.objects.filter(pk=one.pk).update(**change)
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        one.delete()


def test_the_wording_is_checked_and_two_editors_meet(meti: Any) -> None:
    template = template_of("dx")
    template.text = "{{ nonsense }}"
    with pytest.raises(PlaceholderRefused):
        save_template(template, by=meti)
    template.text = "{{ name }}"
    save_template(template, by=meti)
    seen = CertificateTemplate.objects.get().version
    save_template(template_of("dx"), by=meti, seen=seen)
    with pytest.raises(EditConflict):
        save_template(template_of("dx"), by=meti, seen=seen)


@pytest.fixture
def whole_round(meti: Any) -> Round:
    return Round.objects.get(scheme="dx", number=1)


def test_a_round_is_numbered_at_once_and_printed_by_the_worker(whole_round: Round, meti: Any) -> None:
    designations = Designation.objects.filter(round=whole_round).count()
    assert designations > 3
    rows = bulk.plan(its_round=whole_round, issued_on=DAY)
    assert [row.certificate.serial for row in rows if row.certificate] == list(range(1, designations + 1))
    run = bulk.issue_round(its_round=whole_round, issued_on=DAY, awarded_on=DAY, by=meti)
    assert progress(run).done == 0
    assert progress(run).total == designations
    bulk.print_run(run_id=run.pk)
    run.refresh_from_db()
    assert run.finished_at is not None
    assert progress(run).percent == 100
    assert run.together is not None
    with default_storage.open(run.together.place) as stored, pypdfium2.PdfDocument(stored.read()) as read:
        assert len(read) == designations
    # All are in force now: there is nothing left to issue.
    again = bulk.plan(its_round=whole_round, issued_on=DAY)
    assert all(row.stops and row.certificate is None for row in again)
    with pytest.raises(IssueRefused, match="発行する選定証はありません"):
        bulk.issue_round(its_round=whole_round, issued_on=DAY, awarded_on=None, by=meti)


def test_a_run_broken_off_goes_on_where_it_was(
    whole_round: Round, meti: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = bulk.issue_round(its_round=whole_round, issued_on=DAY, awarded_on=None, by=meti)
    monkeypatch.setattr(bulk, "PAGES_A_STEP", 2)
    assert bulk._print_some(run.pk)
    first = set(run.certificates.exclude(stored_file=None).values_list("pk", "stored_file_id"))
    assert len(first) == 2
    bulk.print_run(run_id=run.pk)
    assert first <= set(run.certificates.values_list("pk", "stored_file_id"))
    assert progress(run).percent == 100


def test_a_run_that_breaks_says_so_to_the_secretariat(
    whole_round: Round, meti: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = bulk.issue_round(its_round=whole_round, issued_on=DAY, awarded_on=None, by=meti)

    def full(**_kept: Any) -> Any:
        raise FileNotTaken("保存できませんでした。")

    with monkeypatch.context() as broken:
        broken.setattr(issuing, "store_file", full)
        bulk.print_run(run_id=run.pk)
    run.refresh_from_db()
    assert (run.problem, run.finished_at) == ("保存できませんでした。", None)
    bulk.try_again(run=run)
    bulk.print_run(run_id=run.pk)
    run.refresh_from_db()
    assert (run.problem, progress(run).percent) == ("", 100)


def test_problems_are_shown_first_and_stop_what_cannot_be_printed(whole_round: Round, meti: Any) -> None:
    one, other, third = Designation.objects.filter(round=whole_round).order_by("pk")[:3]
    Lab.objects.filter(pk=one.lab_id).update(name="同じ名のラボ")
    Lab.objects.filter(pk=other.lab_id).update(name="同じ名のラボ")
    Lab.objects.filter(pk=third.lab_id).update(name="ラボ🙂")
    rows = {row.designation.pk: row for row in bulk.plan(its_round=whole_round, issued_on=DAY)}
    assert "同じ名称" in " ".join(rows[one.pk].remarks)
    assert "U+1F642" in " ".join(rows[third.pk].remarks)
    template = template_of("dx")
    template.text = "長い文です。" * 200
    save_template(template, by=meti)
    with pytest.raises(IssueRefused, match="先に直す"):
        bulk.issue_round(its_round=whole_round, issued_on=DAY, awarded_on=None, by=meti)
    assert not Certificate.objects.exists()
    assert not IssueRun.objects.exists()


def test_a_pattern_that_makes_a_number_again_is_stopped(whole_round: Round, meti: Any) -> None:
    """Two schemes may be given the same pattern by mistake: their numbers must not meet."""
    dx = Designation.objects.filter(round=whole_round).order_by("lab__region__code", "pk").first()
    iot = Designation.objects.filter(scheme="iot", round__number=1).order_by("pk").first()
    assert dx is not None
    assert iot is not None
    issue(designation=dx, issued_on=DAY, by=meti)
    template = template_of("iot")
    template.number_pattern = template_of("dx").number_pattern
    save_template(template, by=meti)
    with pytest.raises(IssueRefused, match="すでに使われています"):
        issue(designation=iot, issued_on=DAY, by=meti)
    assert iot.round is not None
    rows = bulk.plan(its_round=iot.round, issued_on=DAY)
    assert [bool(row.stops) for row in rows[:2]] == [True, False]
