"""A request's words, written by the lab and the coordinator together; candidate days; whose matter it is; alternatives."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.experts.test_dispatch import agreed, make_expert, make_request

from tsunagu.experts import selectors
from tsunagu.experts.models import BriefEdit, DispatchReport, DispatchRequest, Offer, RequestState, Theme
from tsunagu.experts.rules import NotAllowed
from tsunagu.experts.services import asking, visiting, writing
from tsunagu.outbox.models import Reminder
from tsunagu.sharing.viewer import Role, Viewer

pytestmark = pytest.mark.django_db
Clients = Callable[..., Client]


def written(one: DispatchRequest, **more: Any) -> dict[str, Any]:
    """The form as it stands."""
    one.refresh_from_db()
    known = {
        "title": one.title, "for_whom": one.for_whom, "company": one.company, "theme": one.theme_id or "",
        "situation": one.situation, "goal": one.goal, "month": one.month.isoformat() if one.month else "", "mode": one.mode,
        "times": one.times, "version": one.version,
    }  # fmt: skip
    return {**known, **more}


def sent() -> DispatchRequest:
    return make_request(state="sent", agreed_at=timezone.now(), goal="半分に", situation="毎日見回る")


def test_the_coordinator_writes_with_the_lab_and_the_lab_confirms(client_of: Clients) -> None:
    one, office, staff = sent(), client_of("lab_office"), client_of("ipa")
    edit, page, act = (f"/dispatch/{one.number}/{part}" for part in ("edit/", "", "act/"))
    assert staff.post(edit, written(one, goal="見回りを1日1回に")).status_code == 302
    kept = BriefEdit.objects.get()
    assert kept.side == "office"
    assert kept.words == {"どうなったらよいか": ["半分に", "見回りを1日1回に"]}
    assert Reminder.objects.filter(line__contains="事務局が直しました").exists()
    shown = office.get(page).content.decode()
    assert "事務局が文を直しました" in shown
    assert "<ins>" in shown
    assert "<del>" in shown
    # The search waits for the lab's word.
    staff.post(act, {"act": "ready"})
    one.refresh_from_db()
    assert (one.state, one.agreed_at is None, one.asked_at is None) == (RequestState.SENT, True, False)
    assert "ラボに確かめを頼みました" in staff.get(page).content.decode()
    office.post(act, {"act": "agree"})
    one.refresh_from_db()
    assert (one.state, one.asked_at) == (RequestState.READY, None)
    assert Reminder.objects.filter(line__contains="ラボが確かめました").exists()
    # Once an expert is sought neither writes any more, until it is handed back.
    assert "戻してもらって" in staff.post(edit, written(one, goal="x")).content.decode()
    staff.post(act, {"act": "return", "note": "月を変えられますか"})
    one.refresh_from_db()
    assert one.state == RequestState.RETURNED
    assert office.post(edit, written(one, goal="見回りを2日に1回に")).status_code == 302
    office.post(act, {"act": "send"})
    staff.post(act, {"act": "ready"})
    one.refresh_from_db()
    assert one.state == RequestState.READY
    assert [each.side for each in BriefEdit.objects.order_by("pk")] == ["office", "lab"]


def test_two_who_write_at_once_lose_nothing(client_of: Clients) -> None:
    one, office, staff = sent(), client_of("lab_office"), client_of("ipa")
    before = written(one)
    staff.post(f"/dispatch/{one.number}/edit/", {**before, "goal": "事務局の文"})
    answer = office.post(f"/dispatch/{one.number}/edit/", {**before, "goal": "ラボの文"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "事務局の文" in text
    assert "ラボの文" in text
    one.refresh_from_db()
    assert one.goal == "事務局の文"


def test_what_the_lab_writes_itself_needs_no_second_word(client_of: Clients) -> None:
    one, office = sent(), client_of("lab_office")
    office.post(f"/dispatch/{one.number}/edit/", written(one, goal="もっと減らす"))
    one.refresh_from_db()
    assert one.agreed_at is not None
    assert asking.triage(request=one, ready=True)
    with pytest.raises(NotAllowed, match="ありません"):
        writing.agree(request=one)


def test_saving_without_a_change_keeps_no_trace(client_of: Clients) -> None:
    one, staff = sent(), client_of("ipa")
    staff.post(f"/dispatch/{one.number}/edit/", written(one))
    one.refresh_from_db()
    assert not BriefEdit.objects.exists()
    assert one.agreed_at is not None


def test_nobody_else_writes(client_of: Clients) -> None:
    one, draft = sent(), make_request(state="draft")
    for role in ("bureau", "lab_member", "expert", "public"):
        answer = client_of(role).post(f"/dispatch/{one.number}/edit/", written(one, goal="よその文"))
        assert answer.status_code in {302, 404}, role
        one.refresh_from_db()
        assert one.goal == "半分に"
    # A draft is the lab's own.
    assert client_of("ipa").get(f"/dispatch/{draft.number}/edit/").status_code == 404
    staff = Viewer(person_id=None, roles=frozenset({Role.IPA}))
    assert writing.writer_of(draft, staff) == ""


def test_candidate_days_and_whose_matter_it_is(client_of: Clients) -> None:
    office = client_of("lab_office")
    coming = (timezone.localdate().replace(day=1) + timedelta(days=40)).replace(day=1)
    days = [coming.replace(day=12), coming.replace(day=5)]
    form = {
        "title": "在庫を見えるように", "for_whom": "company", "company": "", "theme": Theme.objects.get(code="iot").pk,
        "situation": "紙", "goal": "画面", "mode": "either", "days_0": days[0].isoformat(), "days_1": days[1].isoformat(),
        "days_2": "", "times": "火曜の午後",
    }  # fmt: skip
    office.post("/dispatch/labs/410004/new/", form)
    one = DispatchRequest.objects.get()
    assert (one.days, one.month, one.times) == ([days[1], days[0]], coming, "火曜の午後")
    page = office.get(f"/dispatch/{one.number}/").content.decode()
    assert "会社の名前を入れてください" in page
    assert f"{days[1].isoformat()}、{days[0].isoformat()} 火曜の午後" in page
    edit = f"/dispatch/{one.number}/edit/"
    wrong = office.post(edit, {**form, "version": one.version, "month": _other(coming), "company": "甲"})
    assert "来てほしい月の中" in wrong.content.decode()
    both = office.post(edit, {**form, "version": one.version, "for_whom": "lab", "company": "甲株式会社"})
    assert "会社の名前を消して" in both.content.decode()
    assert office.post(edit, {**form, "version": one.version, "company": "甲株式会社"}).status_code == 302
    one.refresh_from_db()
    assert selectors.problems(one) == []
    one.days = [date(2020, 1, 1)]
    assert "過ぎています" in selectors.problems(one)[0]


def _other(month: date) -> str:
    return (month.replace(day=28) + timedelta(days=10)).replace(day=1).isoformat()


def selling(client_of: Clients) -> tuple[Offer, Client, Client]:
    """A dispatch, met once, of an expert who sells something; their clients."""
    expert = make_expert("売る人", sells="自社の会計ソフト", shows_alternatives=True)
    offer = agreed(make_request(), expert)
    own = Client()
    own.force_login(expert.person)
    own.post(
        f"/dispatch/offers/{offer.pk}/visit/",
        {"held_on": timezone.localdate().isoformat(), "mode": "online", "hours": "1", "done": "見た"},
    )
    return offer, own, client_of("lab_office")


def test_who_sells_says_what_else_there_was(client_of: Clients) -> None:
    staff = client_of("ipa")
    offer, own, office = selling(client_of)
    address = f"/dispatch/offers/{offer.pk}/"
    assert "「自社の会計ソフト」を売っています" in office.get(address).content.decode()
    assert "必ず示してください" in own.get(address).content.decode()
    # To take the line out of one's entry later changes nothing.
    type(offer.expert).objects.filter(pk=offer.expert_id).update(sells="", shows_alternatives=False)
    given = {"reached": "4", "told": "会計の見直し"}
    refused = own.post(f"{address}report/", given)
    assert refused.status_code == 422
    assert "自社の会計ソフト" in refused.content.decode()
    with pytest.raises(NotAllowed, match="ほかに示した選択肢"):
        visiting.report(offer=offer, side="expert", reached=4, told="x", inner="", alternatives=" ")
    assert own.post(f"{address}report/", {**given, "alternatives": "表計算と、別の2社"}).status_code == 302
    assert "表計算と、別の2社" in office.get(address).content.decode()
    assert office.post(f"{address}report/", given).status_code == 422
    assert office.post(f"{address}report/", {**given, "was_shown": "no"}).status_code == 302
    assert Reminder.objects.filter(line__contains="示されなかった").exists()
    assert "示されなかった" in staff.get(address).content.decode()


def test_who_sells_nothing_is_not_asked(client_of: Clients) -> None:
    offer = agreed(make_request(), make_expert("売らない人"))
    office = client_of("lab_office")
    form = office.get(f"/dispatch/offers/{offer.pk}/report/").content.decode()
    assert "選択肢" not in form
    assert not DispatchReport.objects.exists()


def test_the_secretariat_sees_what_candidates_sell(client_of: Clients) -> None:
    make_expert("売る人", sells="自社の会計ソフト", shows_alternatives=True)
    one = make_request()
    assert (
        "売っているもの: 自社の会計ソフト"
        in client_of("ipa").get(f"/dispatch/{one.number}/").content.decode()
    )
