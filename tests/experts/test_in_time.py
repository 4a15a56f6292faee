"""What happens by the calendar: first contacts that did not happen, looking again, a year later, three, six and twelve months."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.experts.test_dispatch import agreed, make_expert, make_request

from tsunagu.experts import selectors, tasks
from tsunagu.experts.models import DispatchRules, Expert, FollowUp, Offer, RequestState, Visit
from tsunagu.experts.rules import NotAllowed
from tsunagu.experts.services import keeping, offering, visiting
from tsunagu.outbox.models import Reminder
from tsunagu.sharing.viewer import Role, Viewer

pytestmark = pytest.mark.django_db
Clients = Callable[..., Client]


@pytest.fixture
def people(client_of: Clients) -> None:
    """Somebody at the lab's office and at the secretariat, who can be told."""
    client_of("lab_office")
    client_of("ipa")


def told_on(offer: Offer, day: int) -> set[str]:
    """Whom a morning tells, so many days after both agreed."""
    Reminder.objects.all().delete()
    Offer.objects.filter(pk=offer.pk).update(agreed_at=timezone.now() - timedelta(days=day))
    tasks.daily(0)
    return {one.to_email.partition("@")[0].partition("-")[0] for one in Reminder.objects.all()}


def lines() -> str:
    return "\n".join(Reminder.objects.values_list("line", flat=True))


@pytest.mark.usefixtures("people")
def test_the_third_and_the_tenth_day() -> None:
    offer = agreed(make_request(), make_expert("連絡の人"))
    expert = offer.expert.person.email.partition("@")[0]
    assert told_on(offer, 2) == set()
    assert told_on(offer, 3) == {"lab_office", expert}
    assert "はじめの連絡をしてください" in lines()
    assert told_on(offer, 9) == {"lab_office", expert}
    assert told_on(offer, 10) == {"ipa"}
    assert "10日たっても連絡がありません" in lines()
    # The morning after says it no second time.
    tasks.daily(0)
    assert Reminder.objects.count() == 1


@pytest.mark.usefixtures("people")
def test_the_secretariat_sets_the_days() -> None:
    offer = agreed(make_request(), make_expert("連絡の人"))
    DispatchRules.objects.create(nudge_days=5, rematch_days=7)
    assert told_on(offer, 4) == set()
    assert "lab_office" in told_on(offer, 5)
    assert told_on(offer, 7) == {"ipa"}


@pytest.mark.usefixtures("people")
def test_who_was_in_contact_hears_nothing(client_of: Clients) -> None:
    offer = agreed(make_request(), make_expert("連絡した人"))
    client_of("lab_office").post(f"/dispatch/offers/{offer.pk}/act/", {"act": "contact"})
    assert told_on(offer, 10) == set()
    met = agreed(make_request(), make_expert("会った人"))
    visit = Visit(offer=met, held_on=timezone.localdate(), mode="online", hours=1, done="会った")
    visiting.log_visit(visit, by=Viewer(None, roles=frozenset({Role.LAB_OFFICE})))
    assert told_on(met, 10) == set()


@pytest.mark.usefixtures("people")
def test_looking_again_finds_somebody_else(client_of: Clients) -> None:
    first, second = make_expert("連絡のない人"), make_expert("次の人")
    request, staff = make_request(), client_of("ipa")
    offer = agreed(request, first)
    address = f"/dispatch/offers/{offer.pk}/act/"
    staff.post(address, {"act": "again", "note": ""})
    request.refresh_from_db()
    assert request.state == RequestState.AGREED
    staff.post(address, {"act": "again", "note": "連絡がつかない"})
    request.refresh_from_db()
    assert request.state == RequestState.READY
    assert [one for one, _fit in selectors.candidates(request)] == [second]
    staff.post(f"/dispatch/{request.number}/act/", {"act": "offer", "expert": second.pk})
    again = Offer.objects.get(ended_at=None)
    assert again.expert == second
    for side in ("lab", "expert"):
        offering.answer(offer=again, side=side, yes=True)
    request.refresh_from_db()
    assert request.state == RequestState.AGREED
    assert told_on(offer, 30) & {"ipa"} == set()


@pytest.mark.usefixtures("people")
def test_an_entry_is_confirmed_every_year() -> None:
    one, today = make_expert("一年たった人"), timezone.localdate()
    for days, told in ((364, 0), (365, 1), (400, 1)):
        Reminder.objects.all().delete()
        Expert.objects.filter(pk=one.pk).update(confirmed_on=today - timedelta(days=days))
        tasks.daily(0)
        tasks.daily(0)
        assert Reminder.objects.filter(to_email=one.person.email).count() == told, days
    one.refresh_from_db()
    keeping.keep_expert(one, many={})
    Reminder.objects.all().delete()
    tasks.daily(0)
    assert (one.confirmed_on, Reminder.objects.count()) == (today, 0)
    # Who is not in the directory is left in peace.
    Expert.objects.filter(pk=one.pk).update(confirmed_on=today - timedelta(days=400), is_listed=False)
    tasks.daily(0)
    assert not Reminder.objects.exists()


def finished() -> Offer:
    offer = agreed(make_request(), make_expert("終えた人"))
    by = Viewer(None, roles=frozenset({Role.LAB_OFFICE}))
    visiting.log_visit(
        Visit(offer=offer, held_on=timezone.localdate(), mode="online", hours=1, done="会った"), by=by
    )
    for side in ("lab", "expert"):
        visiting.report(offer=offer, side=side, reached=3, told="した", inner="")
    return offer


@pytest.mark.usefixtures("people")
def test_three_six_and_twelve_months_later(client_of: Clients) -> None:
    offer, office, today = finished(), client_of("lab_office"), timezone.localdate()
    due = list(FollowUp.objects.order_by("months"))
    assert [one.months for one in due] == [3, 6, 12]
    assert [round((one.due_on - today).days / 30.4) for one in due] == [3, 6, 12]
    with pytest.raises(NotAllowed, match="まだ答える日"):
        visiting.answer_follow_up(follow_up=due[0], progress="going")
    for one in due:
        Reminder.objects.all().delete()
        tasks.daily(0)
        assert not Reminder.objects.exists()
        FollowUp.objects.filter(pk=one.pk).update(due_on=today)
        tasks.daily(0)
        (told,) = Reminder.objects.all()
        assert f"{one.months}か月です" in told.line
        assert told.to_email.startswith("lab_office")
        page = office.get(f"/dispatch/offers/{offer.pk}/").content.decode()
        assert f"/after/{one.months}/" in page
        office.post(f"/dispatch/offers/{offer.pk}/after/{one.months}/", {"progress": "settled"})
        one.refresh_from_db()
        assert (one.progress, one.answered_at is None) == ("settled", False)
