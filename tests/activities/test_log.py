"""The log on a real database: what is stored, who sees it, and that the roll-up always says what the log says."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tsunagu.accounts.selectors import viewer_for
from tsunagu.activities import selectors, services
from tsunagu.activities.models import Activity, ActivityKind, CompanyCount, MonthCount, PolicyUse, Stale
from tsunagu.activities.rules import Company, NotLogged
from tsunagu.activities.services import Details, rolling
from tsunagu.registry.models import Lab, Policy
from tsunagu.sharing.viewer import PUBLIC, Viewer

EVERYTHING = Viewer(roles=frozenset({"ipa"}))
TODAY = date(2026, 11, 24)
AUDIENCES = ("public", "labs", "region", "parties")


def log(
    lab: Lab,
    day: date,
    *,
    kind: str = "seminar",
    people: int = 3,
    companies: tuple[str, ...] = (),
    **more: Any,
) -> Activity:
    one = Activity(
        lab=lab, kind=ActivityKind.objects.get(code=kind), title=more.pop("title", "集まり"), started_on=day, people=people,
        audience=more.pop("audience", "public"),
    )  # fmt: skip
    details = Details(companies=[Company(name) for name in companies], **more)
    return services.save_activity(one, details=details, by=EVERYTHING)


class RollUpSaysWhatTheLogSays(TestCase):
    """Whatever is written, corrected and taken away, in whatever order, the national tables equal a count of the log."""

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["add", "change", "remove", "read"]),
                st.integers(0, 3),
                st.integers(0, 900),
                st.sampled_from(["seminar", "help_desk", "project"]),
                st.sampled_from(AUDIENCES),
                st.sets(st.sampled_from("あいうえ"), max_size=3),
            ),
            min_size=1,
            max_size=12,
        ),
        st.integers(0, 900),
    )
    def test(self, steps: list[Any], as_of: int) -> None:
        labs = list(Lab.objects.select_related("region__bureau").order_by("pk")[:4])
        made: list[Activity] = []
        for what, lab, day, kind, audience, companies in steps:
            if what == "read":
                rolling.catch_up()
            elif what == "add" or not made:
                made.append(
                    log(
                        labs[lab],
                        TODAY - timedelta(days=day),
                        kind=kind,
                        audience=audience,
                        companies=tuple(companies),
                    )
                )
            elif what == "change":
                one = made[lab % len(made)]
                one.started_on, one.audience = TODAY - timedelta(days=day), audience
                one.kind = ActivityKind.objects.get(code=kind)
                services.save_activity(
                    one, details=Details(companies=[Company(name) for name in companies]), by=EVERYTHING
                )
            else:
                services.remove_activity(made.pop(lab % len(made)))
        for viewer, seen in (
            (EVERYTHING, set(AUDIENCES)), (PUBLIC, {"public"}),
            (Viewer(person_id=1, roles=frozenset({"expert"})), {"public", "labs"}),
        ):  # fmt: skip
            for day in (TODAY, TODAY - timedelta(days=as_of)):
                for by in ("kind", "bureau"):
                    self.compare(
                        selectors.national_table(viewer, as_of=day, today=TODAY, by=by), seen, day, by
                    )
        assert not Stale.objects.exists()
        assert not CompanyCount.objects.filter(companies__lt=0).exists()

    def compare(self, table: selectors.Table, seen: set[str], day: date, by: str) -> None:
        cells: dict[Any, list[Activity]] = defaultdict(list)
        found = Activity.objects.filter(started_on__lte=day, audience__in=seen)
        for one in found.select_related("kind", "lab__region__bureau").prefetch_related("companies"):
            year = one.started_on.year - (one.started_on.month < 4)
            key = one.kind.code if by == "kind" else one.lab.region.bureau.code
            cells[(key, year)].append(one)
            cells[(None, year)].append(one)
        expected = {
            key: (
                len(ones),
                sum(one.people or 0 for one in ones),
                len({company.company_key for one in ones for company in one.companies.all()}),
                {one.lab_id for one in ones},
            )
            for key, ones in cells.items()
        }
        said = {
            (code, year): (cell.activities, cell.people, cell.companies or 0, cell.labs)
            for code, _label, line in [*table.rows, (None, "", table.whole)]
            for year, cell in line.items()
        }
        assert said == expected


def test_a_company_helped_by_two_labs_is_one_in_the_nation(db: None) -> None:
    first, second = Lab.objects.select_related("region").order_by("pk")[:2]
    for lab in (first, second):
        services.save_activity(
            Activity(lab=lab, kind=ActivityKind.objects.get(code="seminar"), title="a", started_on=date(2026, 5, 1), audience="public"),
            details=Details(companies=[Company("国税庁", "7000012050002")]), by=EVERYTHING,
        )  # fmt: skip
    table = selectors.national_table(EVERYTHING, as_of=TODAY, today=TODAY)
    assert (table.whole[2026].companies, table.whole[2026].activities) == (1, 2)


def test_rebuilding_changes_nothing(db: None) -> None:
    for number, lab in enumerate(Lab.objects.select_related("region").order_by("pk")[:3]):
        log(lab, TODAY - timedelta(days=200 * number), companies=("あ", "い"))
    before = selectors.national_table(EVERYTHING, as_of=TODAY, today=TODAY)
    rolling.rebuild()
    assert selectors.national_table(EVERYTHING, as_of=TODAY, today=TODAY) == before
    assert MonthCount.objects.count() == 3


def test_another_room_records_once(db: None) -> None:
    lab = Lab.objects.select_related("region").first()
    assert lab is not None
    for people in (5, 8):
        services.record_activity(
            lab=lab, kind="seminar", title="懇談会", started_on=date(2026, 5, 1), origin="event", origin_key="12",
            people=people, by=EVERYTHING,
        )  # fmt: skip
    assert [one.people for one in lab.activities.all()] == [8]


def test_unused_policies_fit_what_the_lab_does(db: None) -> None:
    lab = Lab.objects.select_related("region").first()
    assert lab is not None
    assert selectors.unused_policies(lab, 2026, on=TODAY) == []
    one = log(lab, date(2026, 5, 1), kind="accompaniment", companies=("あ", "い"))
    found = {each.policy.code: each for each in selectors.unused_policies(lab, 2026, on=TODAY)}
    assert {"it_hojo", "dx_nintei"} <= found.keys()
    assert found["it_hojo"].companies == 2
    one.policies.add(Policy.objects.get(code="it_hojo"))
    assert "it_hojo" not in {each.policy.code for each in selectors.unused_policies(lab, 2026, on=TODAY)}


def test_a_corrected_policy_use_leaves_earlier_days_as_they_were(db: None) -> None:
    lab, policy = Lab.objects.select_related("region__bureau").first(), Policy.objects.get(code="it_hojo")
    assert lab is not None
    facts = {"companies": 3, "count": 4, "amount": 100, "result": "", "again": "yes", "audience": "public"}
    services.record_use(lab=lab, policy=policy, fiscal_year=2025, source="a", **facts)
    past = timezone.now() - timedelta(days=10)
    PolicyUse.objects.update(recorded_at=past)
    services.record_use(lab=lab, policy=policy, fiscal_year=2025, source="a", **facts)
    assert PolicyUse.objects.count() == 1
    services.record_use(lab=lab, policy=policy, fiscal_year=2025, source="b", **{**facts, "count": 9})
    bureau = lab.region.bureau.code
    _years, now = selectors.policy_table(EVERYTHING)
    _years, then = selectors.policy_table(EVERYTHING, as_of=timezone.localdate() - timedelta(days=5))
    _years, never = selectors.policy_table(EVERYTHING, as_of=timezone.localdate() - timedelta(days=50))
    key = ("it_hojo", bureau, 2025)
    assert (now[key].count, then[key].count, never) == (9, 4, {})


def test_verifying_needs_evidence(db: None) -> None:
    lab = Lab.objects.first()
    assert lab is not None
    use = services.record_use(
        lab=lab, policy=Policy.objects.get(code="it_hojo"), fiscal_year=2025, source="", audience="public"
    )
    with pytest.raises(NotLogged):
        services.verify_use(use=use, evidence="  ")
    assert services.verify_use(use=use, evidence="交付決定の一覧").state == "verified"


def test_pages(person_of: Any) -> None:
    person = person_of("lab_office")
    client = Client()
    client.force_login(person)
    lab = Lab.objects.get(slug="410004")
    kind = ActivityKind.objects.get(code="help_desk")
    new = reverse("activities:new", args=[lab.slug])
    assert client.get(new).status_code == 200
    typed = {
        "kind": kind.pk,
        "title": "秘密の相談",
        "started_on": "令和8年5月1日",
        "people": "2",
        "companies": "あ商店\n7000012050002",
        "audience": "",
    }
    assert client.post(new, typed).status_code == 302
    one = lab.activities.get()
    assert (one.started_on, one.audience, one.companies.count()) == (date(2026, 5, 1), "labs", 2)
    wrong = client.post(new, {**typed, "title": "", "started_on": "2099-01-01", "companies": "7000012050003"})
    assert wrong.status_code == 422
    page = wrong.content.decode()
    assert "検査数字" in page
    assert "まだ来ていない日" in page
    assert "7000012050003" in page
    public = Client()
    for address in (
        reverse("portal:lab_activities", args=[lab.slug]),
        reverse("statistics:question"),
        reverse("statistics:table"),
    ):
        assert "秘密の相談" not in public.get(address).content.decode()
    assert public.get(reverse("statistics:question") + "?q=秘密").content.decode().count("秘密の相談") == 0
    assert "秘密の相談" in client.get(reverse("statistics:question")).content.decode()
    edit = reverse("activities:edit", args=[one.pk])
    assert client.get(edit).status_code == 200
    stale = {**typed, "title": "直した", "version": one.version - 1, "audience": "public"}
    assert client.post(edit, stale).status_code == 409
    assert client.post(edit, {**stale, "version": one.version}).status_code == 302
    assert "直した" in public.get(reverse("portal:lab_activities", args=[lab.slug])).content.decode()
    assert "あ商店" not in public.get(reverse("portal:lab_activities", args=[lab.slug])).content.decode()
    assert (
        client.get(reverse("activities:lab_file", args=[lab.slug, "csv"]) + "?year=2026").status_code == 200
    )
    assert client.post(reverse("activities:remove", args=[one.pk])).status_code == 302
    assert not lab.activities.exists()


def test_viewer_reading(person_of: Any) -> None:
    member = viewer_for(person_of("lab_member"), on=timezone.localdate())
    lab = Lab.objects.select_related("region__bureau").get(slug="410004")
    log(lab, date(2026, 5, 1), audience="parties")
    assert selectors.activities(member, lab=lab).count() == 1
    assert selectors.activities(PUBLIC, lab=lab).count() == 0
    assert not selectors.tended_activities(member).exists()
