"""Cases from the first word to the second lab that tries them."""

from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tsunagu.cases import selectors
from tsunagu.cases.forms import line_of, result_of
from tsunagu.cases.models import (
    Case,
    CaseConsent,
    CaseField,
    CaseInner,
    CaseResult,
    CaseReuse,
    CaseState,
    Stage,
)
from tsunagu.cases.rules import Alike, NotAllowed, related
from tsunagu.cases.services import trying, writing
from tsunagu.engines.dates import PartialDate
from tsunagu.outbox.models import Mail
from tsunagu.registry.models import Lab
from tsunagu.registry.services import EditConflict
from tsunagu.search import selectors as search
from tsunagu.search.services import indexing
from tsunagu.sharing.viewer import PUBLIC, Role, Viewer

STAFF = Viewer(person_id=None, roles=frozenset({Role.IPA}), display_name="事務局")
FRANKLY = "ほんとうは二度しくじった"


def lab(number: int = 0) -> Lab:
    return Lab.objects.select_related("region__prefecture").order_by("slug")[number]


def made(owner: Lab | None = None, **more: Any) -> Case:
    """A case that lacks nothing, with a part for labs."""
    case = writing.start_case(lab=owner or lab())
    case.title, case.summary, case.problem, case.approach, case.failed = (
        "鳥獣害とセンサー",
        "ひとこと",
        "困りごと",
        "したこと",
        "失敗",
    )
    case.field = CaseField.objects.get(code="farming")
    for name, value in more.items():
        setattr(case, name, value)
    inner = case.inner
    inner.frankly = FRANKLY
    return writing.keep_case(case, inner=inner, results=[], policies=None, by=STAFF, seen=None)


def published(owner: Lab | None = None, **more: Any) -> Case:
    case = made(owner, **more)
    writing.send_case(case=case)
    writing.publish_case(case=case)
    case.refresh_from_db()
    return case


@pytest.mark.django_db
def test_what_is_missing_stops_it_and_says_what() -> None:
    case = writing.start_case(lab=lab())
    assert {field for field, _text in selectors.problems(case)} >= {"title", "problem", "field", "outcome"}
    with pytest.raises(NotAllowed, match="題名"):
        writing.send_case(case=case)


@pytest.mark.django_db
def test_a_named_company_consents_to_this_text_and_no_other() -> None:
    case = made(company="見本製作所")
    writing.send_case(case=case)
    with pytest.raises(NotAllowed, match="同意"):
        writing.publish_case(case=case)
    consent = writing.ask_consent(case=case, name="担当", email="a@example.jp")
    assert consent.text.count("見本製作所") == 1
    assert FRANKLY not in consent.text
    assert Mail.objects.get(kind="cases:consent").to_email == "a@example.jp"
    writing.answer_consent(consent=consent, given=True, name="担当 社長", reason="")
    writing.publish_case(case=case)
    case.refresh_from_db()
    assert case.state == CaseState.PUBLISHED
    # One word changed: no longer public until the company has agreed to the new text.
    case.problem = "別の困りごと"
    writing.keep_case(case, inner=case.inner, results=None, policies=None, by=STAFF, seen=case.version)
    case.refresh_from_db()
    assert case.state == CaseState.EDITING
    assert not writing.may_publish(case)
    with pytest.raises(NotAllowed, match="内容が変わった"):
        writing.answer_consent(consent=CaseConsent.objects.get(), given=True, name="担当", reason="")


@pytest.mark.django_db
def test_an_editor_reads_undisturbed_and_two_writers_do_not_overwrite_each_other() -> None:
    case = made()
    office = Viewer(1, roles=frozenset({Role.LAB_OFFICE}), office_lab_ids=frozenset({case.lab_id or 0}))
    first, second = Case.objects.get(pk=case.pk), Case.objects.get(pk=case.pk)
    first.title = "先に"
    kept = {"results": None, "policies": None, "by": office}
    writing.keep_case(first, inner=case.inner, seen=case.version, **kept)  # type: ignore[arg-type]
    with pytest.raises(EditConflict):
        writing.keep_case(second, inner=case.inner, seen=case.version, **kept)  # type: ignore[arg-type]
    writing.send_case(case=case)
    with pytest.raises(NotAllowed):
        writing.keep_case(first, inner=case.inner, seen=None, **kept)  # type: ignore[arg-type]
    writing.return_case(case=case, note="数を足してください")
    assert Case.objects.get(pk=case.pk).state == CaseState.RETURNED


@pytest.mark.django_db
def test_the_labs_part_is_nowhere_for_the_public(client: Client) -> None:
    case = published()
    indexing.rebuild()
    addresses = [
        f"/cases/{case.number}/", f"/en/cases/{case.number}/", "/cases/", "/cases/feed.atom", "/cases/feed.rss",
        f"/search/?q={FRANKLY}", f"/search/titles/?q={FRANKLY}",
    ]  # fmt: skip
    for address in addresses:
        assert FRANKLY not in client.get(address).content.decode().replace(f'value="{FRANKLY}"', "").replace(
            f"「{FRANKLY}」", ""
        ), address
    circle = Viewer(9, roles=frozenset({Role.LAB_MEMBER}), lab_ids=frozenset({lab(3).pk}))
    assert search.find(PUBLIC, FRANKLY).exact == 0
    assert f"case:{case.pk}" not in {hit.key for hit in search.find(PUBLIC, FRANKLY).hits}
    assert [hit.key for hit in search.find(circle, FRANKLY).hits][:1] == [f"case:{case.pk}"]
    assert [hit.key for hit in search.find(circle, "鳥獣害").hits].count(f"case:{case.pk}") == 1
    inner = selectors.inner_of(circle, case)
    assert inner is not None
    assert inner.frankly == FRANKLY
    assert selectors.inner_of(PUBLIC, case) is None


@pytest.mark.django_db
def test_a_withdrawn_case_leaves_a_stub_and_is_found_no_more(client: Client) -> None:
    case = published(title="とんぼの羽化")
    indexing.rebuild()
    assert [hit.key for hit in search.find(PUBLIC, case.title).hits] == [f"case:{case.pk}"]
    writing.withdraw_case(case=case, why="outdated")
    indexing.catch_up()
    page = client.get(f"/cases/{case.number}/")
    assert page.status_code == 410
    assert case.title not in page.content.decode()
    assert "古くなった" in page.content.decode()
    assert search.find(PUBLIC, case.title).total == 0
    assert client.get("/cases/C-9999/").status_code == 404


@pytest.mark.django_db
def test_owners_are_asked_once_a_month_after_a_year(person_of: Any) -> None:
    person_of("lab_office")
    case = published()
    assert writing.ask_stale_owners() == 0
    Case.objects.filter(pk=case.pk).update(verified_on=timezone.localdate() - timedelta(days=366))
    assert case.pk in {one.pk for one in selectors.stale_cases(timezone.localdate())}
    writing.confirm_case(case=case)
    assert case.pk not in {one.pk for one in selectors.stale_cases(timezone.localdate())}


@pytest.mark.django_db
def test_labs_that_tried_it_and_those_that_tried_theirs_are_shown() -> None:
    first = published(lab(0))
    second = published(lab(1))
    trying.keep_reuse(
        CaseReuse(case=first, lab=lab(1), tried_on=PartialDate(2026, 4), own_case=second, stage=Stage.DONE)
    )
    trying.keep_reuse(CaseReuse(case=second, lab=lab(2), tried_on=PartialDate(2026, 5)))
    assert [(one.reuse.lab_id, one.depth) for one in selectors.descendants(first)] == [
        (lab(1).pk, 1),
        (lab(2).pk, 2),
    ]
    with pytest.raises(NotAllowed):
        trying.keep_reuse(CaseReuse(case=first, lab=lab(0), tried_on=PartialDate(2026, 5)))
    (other, reason), *_rest = selectors.related_cases(first)
    assert other == second
    assert "同じ分野" in reason


@pytest.mark.django_db
def test_pages_take_few_queries_and_any_question(client: Client, django_assert_max_num_queries: Any) -> None:
    first = published(lab(0))
    for number in (1, 2, 3):
        second = published(lab(number))
        trying.keep_reuse(
            CaseReuse(case=first, lab=lab(number), tried_on=PartialDate(2026, 4), own_case=second)
        )
    for address in (f"/cases/{first.number}/", "/cases/", "/cases/feed.atom"):
        with django_assert_max_num_queries(10):
            assert client.get(address).status_code == 200
    assert client.get("/cases/?field=farming&stage=x&page=99999").status_code == 200
    assert client.get("/cases/feed.xml").status_code == 404


@pytest.mark.django_db
def test_the_known_cases_are_loaded_once_with_their_sources(client: Client) -> None:
    shipped = Case.objects.filter(number__startswith="S-")
    assert shipped.count() == 35
    assert all(one.source.startswith("http") and one.verified_on for one in shipped)
    assert CaseResult.objects.filter(case__number="S-0001").count() == 3
    assert CaseInner.objects.filter(case__in=shipped, frankly="").count() == 35
    call_command("load_programme", stdout=StringIO())
    assert shipped.count() == 35
    assert "51" in client.get("/cases/S-0001/").content.decode()
    page = client.get("/cases/S-0014/").text
    assert [one.became for one in Case.objects.get(number="S-0016").results.all()] == ["5,000", "2"]
    assert "2017年2月（平成29年）" in page
    assert page.count("出典による") == 1
    assert "自己申告" not in page


@pytest.mark.django_db
def test_a_case_without_a_lab_says_whom_to_ask_and_is_found_by_its_bureau(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    case = Case.objects.get(title__startswith="伊那市:")
    with django_assert_max_num_queries(10):
        page = client.get(f"/cases/{case.number}/").text
    assert case.lab is None
    assert 'href="/labs/200000/"' in page
    assert 'href="/labs/202096/"' in page
    assert "同じ都道府県のラボ" not in client.get("/cases/S-0001/").text
    indexing.rebuild()
    for bureau, is_found in (("kanto", True), ("kyushu", False)):
        hits = search.find(PUBLIC, "わな 伊那市", chosen={"bureau": [bureau]}).hits
        assert (f"case:{case.pk}" in {hit.key for hit in hits}) == is_found
        assert (
            f"/cases/{case.number}/" in client.get(f"/cases/?bureau={bureau}&field=farming").text
        ) == is_found


numbers = st.decimals(min_value=0, max_value=10**9, places=1).map(lambda value: Decimal(str(value)))


@given(
    st.text("あ時間の率A", min_size=1, max_size=20),
    st.none() | numbers,
    numbers,
    st.sampled_from(["件", "時間／週", "％", "万円"]),
)
def test_a_result_written_out_is_read_back(
    measure: str, before: Decimal | None, after: Decimal, unit: str
) -> None:
    one = CaseResult(measure=measure, before=before, after=after, unit=unit)
    found = result_of(line_of(one))
    assert found is not None
    assert (found.measure, found.before, found.after, found.unit) == (measure, before, after, unit)


@pytest.mark.parametrize("line", ["", "よくなった", "10 → 4", "→", "時間 4 時間"])
def test_what_is_no_result_is_refused(line: str) -> None:
    assert result_of(line) is None


alikes = st.builds(
    Alike, key=st.integers(0, 9), industry=st.sampled_from(["", "製造", "農業"]), field=st.sampled_from(["", "食"]),
    technologies=st.lists(st.sampled_from(["AI", "ＡＩ", "IoT"]), max_size=2), prefecture=st.sampled_from(["", "岡山"]),
)  # fmt: skip


@given(alikes, st.lists(alikes, max_size=8))
def test_alike_cases_have_a_reason_that_is_true(one: Alike, others: list[Alike]) -> None:
    known = {other.key: other for other in others}
    for key, reasons in related(one, list(known.values())):
        assert key != one.key
        assert reasons
        for reason in reasons:
            if reason.kind != "technology":
                assert getattr(one, reason.kind) == getattr(known[key], reason.kind) == reason.value
