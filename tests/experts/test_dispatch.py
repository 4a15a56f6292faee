"""A lab asks for an expert and gets one with reasons; a month is assigned fairly; nobody is promised twice."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tsunagu.activities.models import Activity
from tsunagu.engines.matching import solve
from tsunagu.experts import selectors, tasks
from tsunagu.experts.models import (
    DispatchRequest,
    DispatchRules,
    Expert,
    FollowUp,
    Offer,
    RequestState,
    Theme,
    Visit,
)
from tsunagu.experts.rules import (
    CAPITAL,
    SCORE,
    Able,
    Asked,
    NotAllowed,
    Point,
    barred,
    distance,
    fit,
    shortlist,
)
from tsunagu.experts.services import asking, batching, offering, visiting
from tsunagu.outbox.models import Reminder
from tsunagu.registry.models import Lab, LocalGovernment, Organisation
from tsunagu.registry.services import save_organisation
from tsunagu.sharing.viewer import Role, Viewer

MONTH = date(2027, 2, 1)
STAFF = Viewer(person_id=None, roles=frozenset({Role.IPA}))
SAGA, TOKYO = Point(33.25, 130.3), Point(35.69, 139.69)


def able(key: int = 1, **more: Any) -> Able:
    known: dict[str, Any] = {
        "key": key, "themes": frozenset({"iot"}), "industries": frozenset({"A"}), "home": "410004", "place": SAGA,
        "areas": frozenset(), "mode": "either", "away_months": frozenset(), "most_a_year": 6, "most_a_month": 2,
        "conflicts": frozenset(),
    }  # fmt: skip
    return Able(**{**known, **more})


def asked(**more: Any) -> Asked:
    known: dict[str, Any] = {
        "key": 1, "lab": 1, "theme": "iot", "theme_name": "センサー", "industry": "A", "industry_name": "農業",
        "prefecture": "410004", "place": SAGA, "mode": "either", "month": MONTH, "organisations": frozenset(),
    }  # fmt: skip
    return Asked(**{**known, **more})


def test_the_best_there_can_be_is_one_and_says_why() -> None:
    its = fit(able(), asked())
    assert its.score == SCORE
    assert its.missing == ()
    assert any("テーマが合う" in text for text in its.reasons)
    far = fit(able(home="130001", place=TOKYO, themes=frozenset({"data"})), asked())
    assert far.score < its.score
    assert any("km" in text for text in far.reasons)
    assert any("テーマ" in text for text in far.missing)
    assert 850 < distance(SAGA, TOKYO) < 950


@pytest.mark.parametrize(
    "more",
    [
        {"conflicts": frozenset({"1"})}, {"away_months": frozenset({2})}, {"load_year": 6}, {"load_month": 2},
        {"mode": "online"}, {"mode": "onsite", "areas": frozenset({"130001"})}, {"key": 9},
    ],
)  # fmt: skip
def test_rules_bar_and_say_which(more: dict[str, Any]) -> None:
    wanted = asked(organisations=frozenset({"1"}), mode="onsite", refused=frozenset({9}))
    assert barred(able(**more), wanted)
    assert fit(able(**more), wanted).score == 0
    assert not barred(able(), wanted)


@given(st.integers(0, 6), st.integers(0, 3), st.booleans(), st.sampled_from([SAGA, TOKYO]))
def test_scores_stay_between_nothing_and_one(load: int, ever: int, same: bool, place: Point) -> None:
    its = fit(
        able(load_year=load, ever=ever, place=place, industries=frozenset({"A"} if same else ())), asked()
    )
    assert 0 <= its.score <= SCORE
    assert shortlist([able(2), able(1)], asked())[0][0].key == 1


def make_expert(name: str, home: str = "410004", **more: Any) -> Expert:
    from tsunagu.accounts.services import invite_person

    person = invite_person(email=f"e{Expert.objects.count()}@example.jp", name=name, role="expert")
    expert = Expert.objects.create(
        person=person,
        headline="現場",
        home=LocalGovernment.objects.get(pk=home),
        confirmed_on=timezone.localdate(),
        **more,
    )
    expert.themes.add(Theme.objects.get(code="iot"))
    return expert


def make_request(lab: str = "410004", state: str = "ready", **more: Any) -> DispatchRequest:
    count = DispatchRequest.objects.count()
    known: dict[str, Any] = {
        "title": f"見回りを減らしたい{count}", "theme": Theme.objects.get(code="iot"), "situation": "毎日見回る", "goal": "半分に",
        "month": MONTH, "sent_at": timezone.now(),
    }  # fmt: skip
    return DispatchRequest.objects.create(
        number=f"D-{count + 1:04d}", lab=Lab.objects.get(slug=lab), state=state, **{**known, **more}
    )


def agreed(request: DispatchRequest, expert: Expert) -> Offer:
    offer = offering.offer(request=request, expert=expert)
    for side in ("lab", "expert"):
        offering.answer(offer=offer, side=side, yes=True)
    offer.refresh_from_db()
    return offer


@pytest.mark.django_db
def test_from_the_request_to_a_year_later(client_of: Callable[..., Any]) -> None:
    expert = make_expert("近い人")
    make_expert("遠い人", home="130001")
    office, staff = client_of("lab_office"), client_of("ipa")
    form = {
        "title": "見回りを減らしたい", "theme": Theme.objects.get(code="iot").pk, "situation": "毎日見回っている", "goal": "半分にしたい",
        "month": "2027-02-01", "mode": "either",
    }  # fmt: skip
    office.post("/dispatch/labs/410004/new/", {"title": "見回りを減らしたい", "mode": "either"})
    one = DispatchRequest.objects.get()
    assert "テーマを選んでください。" in office.get(f"/dispatch/{one.number}/").content.decode()
    office.post(f"/dispatch/{one.number}/edit/", {**form, "version": one.version})
    office.post(f"/dispatch/{one.number}/act/", {"act": "send"})
    staff.post(f"/dispatch/{one.number}/act/", {"act": "ready"})
    page = staff.get(f"/dispatch/{one.number}/").content.decode()
    assert page.index("近い人") < page.index("遠い人")
    assert "テーマが合う" in page
    staff.post(f"/dispatch/{one.number}/act/", {"act": "offer", "expert": expert.pk})
    offer = Offer.objects.get()
    assert offer.reasons
    office.post(f"/dispatch/offers/{offer.pk}/act/", {"act": "yes"})
    own = type(office)()
    own.force_login(expert.person)
    assert "lab_office-" not in own.get(f"/dispatch/offers/{offer.pk}/").content.decode()
    own.post(f"/dispatch/offers/{offer.pk}/act/", {"act": "yes"})
    one.refresh_from_db()
    assert one.state == RequestState.AGREED
    assert "lab_office-" in own.get(f"/dispatch/offers/{offer.pk}/").content.decode()
    visit = {
        "held_on": timezone.localdate().isoformat(),
        "mode": "onsite",
        "hours": "2",
        "people": "5",
        "done": "畑を見た",
    }
    assert own.post(f"/dispatch/offers/{offer.pk}/visit/", visit).status_code == 302
    logged = Activity.objects.get(origin="dispatch")
    assert logged.kind.code == "accompaniment"
    assert (logged.lab.slug, logged.people, logged.summary) == ("410004", 5, "畑を見た")
    for client, told in ((office, "助かった"), (own, "よい現場")):
        client.post(
            f"/dispatch/offers/{offer.pk}/report/", {"reached": "4", "told": told, "inner": f"{told}の内緒"}
        )
    one.refresh_from_db()
    assert one.state == RequestState.DONE
    page = office.get(f"/dispatch/offers/{offer.pk}/").content.decode()
    assert "よい現場" in page
    assert "よい現場の内緒" not in page
    assert "よい現場の内緒" in staff.get(f"/dispatch/offers/{offer.pk}/").content.decode()
    FollowUp.objects.filter(months=3).update(due_on=timezone.localdate())
    office.post(f"/dispatch/offers/{offer.pk}/after/3/", {"progress": "settled", "note": "続いている"})
    assert FollowUp.objects.get(months=3).progress == "settled"
    assert FollowUp.objects.filter(answered_at=None).count() == 2
    spread = staff.get("/office/dispatch/spread/").content.decode()
    assert "近い人" in spread


@pytest.mark.django_db
def test_capacity_is_looked_at_when_both_have_said_yes() -> None:
    expert = make_expert("忙しい人", most_a_month=1)
    first, second = make_request(), make_request("152021")
    one = offering.offer(request=first, expert=expert)
    with pytest.raises(NotAllowed, match="その月の上限"):
        offering.offer(request=second, expert=expert)
    Expert.objects.filter(pk=expert.pk).update(most_a_month=2)
    other = offering.offer(request=second, expert=expert)
    Expert.objects.filter(pk=expert.pk).update(most_a_month=1)
    offering.answer(offer=one, side="lab", yes=True)
    with pytest.raises(NotAllowed, match="状況が変わり"):
        offering.answer(offer=one, side="expert", yes=True)
    offering.answer(offer=other, side="expert", yes=False, why_not="忙しい")
    offering.answer(offer=one, side="expert", yes=True)
    second.refresh_from_db()
    assert second.state == RequestState.READY
    with pytest.raises(NotAllowed, match="一度断って"):
        offering.offer(request=second, expert=expert)


@pytest.mark.django_db
def test_a_lab_has_its_limit_and_conflicts_bar() -> None:
    DispatchRules.objects.create(most_of_a_lab=1)
    expert = make_expert("甲")
    body = save_organisation(Organisation(name="利害株式会社", corporate_number="5010005007126"))
    agreed(make_request(), expert)
    with pytest.raises(NotAllowed, match="上限"):
        offering.offer(request=make_request(), expert=make_expert("乙"))
    expert.conflicts.add(body)
    other = make_request("152021", company="会社", corporate_number=body.corporate_number)
    assert expert not in [one for one, _its in selectors.candidates(other)]
    with pytest.raises(NotAllowed, match="利害関係"):
        offering.offer(request=other, expert=expert)


@pytest.mark.django_db
def test_a_month_at_once(client_of: Callable[..., Any]) -> None:
    for number in range(3):
        make_expert(f"人{number}", most_a_month=1)
    requests = [make_request(lab) for lab in ("410004", "410004", "152021", "460001")]
    plan = batching.plan_month(MONTH)
    assert len(plan.rows) == 3
    # With room for three only, every lab gets one before any gets two.
    assert {one.lab.slug for one, *_more in plan.rows} == {"410004", "152021", "460001"}
    ((left, why),) = plan.left
    assert left in requests
    assert "上限" in why or "埋まって" in why
    with pytest.raises(NotAllowed, match="状況が変わり"):
        batching.offer_month(month=MONTH, expected="x")
    client = client_of("ipa")
    answer = client.get(f"/office/dispatch/month/?month={MONTH.isoformat()}")
    parts = [part.decode() for part in answer.streaming_content]
    assert plan.solution.digest in "".join(parts)
    # What is being done is sent before the plan, so that a browser can show it.
    assert sum("<progress" in part for part in parts) >= 3
    assert "依頼4件と専門家3人を読みました" in parts[1]
    assert answer.headers["Content-Encoding"] == "identity"
    assert parts[-1].rstrip().endswith("</html>")
    client.post("/office/dispatch/month/", {"month": MONTH.isoformat(), "expected": plan.solution.digest})
    assert Offer.objects.count() == 3


def test_the_engine_puts_labs_without_any_first() -> None:
    experts = [able(1, most_a_month=1)]
    wanted = [asked(key=1, lab=1), asked(key=2, lab=2, theme="data")]
    problem = batching.problem_of(experts, wanted, had={1: 1}, most_of_a_lab=3, seed="s")
    assert [one.left for one in solve(problem).matches] == ["2"]
    full = batching.problem_of(experts, wanted, had={2: 3}, most_of_a_lab=3, seed="s")
    assert [one.left for one in solve(full).matches] == ["1"]


@pytest.mark.django_db
def test_nudges_on_the_third_and_tenth_day() -> None:
    request = make_request()
    offer = agreed(request, make_expert("連絡の人"))
    Reminder.objects.all().delete()
    for days, key in ((2, ""), (3, "nudge"), (10, "rematch")):
        Offer.objects.filter(pk=offer.pk).update(agreed_at=timezone.now() - timedelta(days=days))
        tasks.daily(0)
        told = Reminder.objects.filter(key__contains=key).exists() if key else not Reminder.objects.exists()
        assert told or key == "rematch"
    offering.end_offer(offer=offer, why="連絡がつかない")
    request.refresh_from_db()
    assert request.state == RequestState.READY
    visit = Visit(offer=offer, held_on=timezone.localdate(), mode="online", hours=1, done="x")
    with pytest.raises(NotAllowed):
        visiting.log_visit(visit, by=STAFF)


@pytest.mark.django_db
def test_bad_turns_are_refused_in_words() -> None:
    one = make_request(state="draft", goal="")
    with pytest.raises(NotAllowed, match="どうなったらよいか"):
        asking.send_request(request=one)
    sent = make_request(state="sent")
    with pytest.raises(NotAllowed, match="書き足して"):
        asking.triage(request=sent, ready=False)
    with pytest.raises(NotAllowed, match="理由"):
        asking.refuse_request(request=sent, note="")
    asking.withdraw_request(request=sent)
    with pytest.raises(NotAllowed, match="終わって"):
        asking.withdraw_request(request=sent)
    assert "130001" in CAPITAL


@pytest.mark.django_db
def test_who_sells_promises_alternatives(client_of: Callable[..., Any]) -> None:
    client = client_of("expert")
    form = {
        "headline": "売る人", "themes": [Theme.objects.all()[0].pk], "home": "130001", "mode": "either", "most_a_year": "6",
        "most_a_month": "2", "payer": "programme", "sells": "自社の会計ソフト", "is_listed": "on",
    }  # fmt: skip
    assert client.post("/expert-desk/", form).status_code == 422
    assert client.post("/expert-desk/", {**form, "shows_alternatives": "on"}).status_code == 302
    page = client_of("public").get("/experts/").content.decode()
    assert "売る人" in page
    assert client.get("/experts/").content.decode().count("@example") == 0
