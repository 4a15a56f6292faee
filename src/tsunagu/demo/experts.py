"""Made-up experts, and requests of labs at every stage from the draft to what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from tsunagu.accounts.selectors import viewer_for
from tsunagu.accounts.services import invite_person
from tsunagu.cases.models import Industry
from tsunagu.demo import MARK, STAFF
from tsunagu.experts.models import DispatchRequest, Expert, Mode, Offer, Shown, Side, Theme, Visit
from tsunagu.experts.services import asking, keeping, offering, visiting, writing
from tsunagu.registry.models import Lab, LocalGovernment
from tsunagu.sharing.viewer import Role


@dataclass(frozen=True)
class Told:
    """An expert as they describe themselves; themes, industries and home by code."""

    headline: str
    themes: str
    industries: str
    home: str
    sells: str = ""


EXPERTS = (
    Told("工場の見える化を、小さな機械から始める", "iot data", "E", "230006"),
    Told("農業のセンサーを、電波の届かない所で動かす", "iot process", "A", "410004", "農業用の計測機器"),
    Told("紙の受発注をやめ、在庫を見えるようにする", "process data", "E I", "270008"),
    Told("旅館の予約と清掃の段取りをまとめる", "process organisation", "M", "170003"),
    Told("小さな会社の情報セキュリティを、決まりから整える", "security nintei", "", "130001"),
    Told("経営者と1枚のDXの方針を書く", "strategy nintei", "", "400009"),
    Told("地域の店のネット販売を立ち上げる", "commerce people", "I", "010006"),
    Told("ラボの運営を、会社・大学・銀行と回す", "lab organisation", "", "340006"),
)
# Title, theme, industry, how far it has come.
REQUESTS = (
    ("鳥獣害のわなの見回りを減らしたい", "iot", "A", "offered"),
    ("機械の止まりをその日のうちに知りたい", "iot", "E", "done"),
    ("予約表と清掃の表を1つにまとめたい", "process", "M", "agreed"),
    ("受注の書き写しをやめたい", "data", "E", "ready"),
    ("DX認定の申請の前に、方針を見てほしい", "nintei", "", "ready"),
    ("会員の会社に、情報セキュリティの話をしてほしい", "security", "", "ready"),
    ("ネット販売を始めた店の次の一歩を考えたい", "commerce", "I", "sent"),
    ("構成員の集まりが続かない", "lab", "", "draft"),
)


@transaction.atomic
def make_experts() -> int:
    """The experts, and a request for each stage; how many experts there are."""
    for number, told in enumerate(EXPERTS, start=1):
        _expert(number, told)
    labs = Lab.objects.select_related("region__prefecture").order_by("slug")
    for number, (title, theme, industry, stage) in enumerate(REQUESTS):
        # The first two are of the lab whose office people try the pages as.
        request = _request(labs[max(0, number - 1) * 3], title, theme, industry)
        _go_on(request, stage)
    return len(EXPERTS)


def _expert(number: int, told: Told) -> None:
    person = invite_person(
        email=f"expert-{number}@demo.invalid",
        name=f"見本の専門家{number}{MARK}",
        role=Role.EXPERT,
        is_demo=True,
    )
    expert = Expert(
        person=person,
        headline=told.headline,
        about=f"{told.headline}ことを、これまで各地の会社と続けてきました。{MARK}",
        home=LocalGovernment.objects.get(pk=told.home),
        sells=told.sells,
        shows_alternatives=bool(told.sells),
    )
    many: dict[str, Iterable[object]] = {
        "themes": Theme.objects.filter(code__in=told.themes.split()),
        "industries": Industry.objects.filter(code__in=told.industries.split()),
    }
    keeping.keep_expert(expert, many=many)


def _request(lab: Lab, title: str, theme: str, industry: str) -> DispatchRequest:
    request = DispatchRequest(
        title=f"{title}{MARK}", theme=Theme.objects.get(code=theme), industry=Industry.objects.filter(code=industry).first(),
        situation="担当が一人で、ほかの仕事の合間に進めている。", goal="半年で、毎週の手間を半分にしたい。", mode=Mode.EITHER,
        month=(timezone.localdate().replace(day=1) + timedelta(days=32)).replace(day=1),
    )  # fmt: skip
    return writing.keep_request(request, lab=lab, by=STAFF)


def _go_on(request: DispatchRequest, stage: str) -> None:
    """As far as a stage, each step as people take it."""
    if stage == "draft":
        return
    asking.send_request(request=request)
    if stage == "sent":
        return
    asking.triage(request=request, ready=True)
    if stage == "ready":
        return
    offer = offering.offer(request=request, expert=_nearest(request))
    if stage == "offered":
        return
    for side in (Side.LAB, Side.EXPERT):
        offer = offering.answer(offer=offer, side=side, yes=True)
    if stage == "done":
        _finish(offer)


def _nearest(request: DispatchRequest) -> Expert:
    """Who fits best by what is known."""
    return max(Expert.objects.order_by("pk"), key=lambda one: offering.fit_of(request, one).score)


def _finish(offer: Offer) -> None:
    """One meeting, and the reports of both."""
    by = viewer_for(offer.expert.person, on=timezone.localdate())
    visit = Visit(
        offer=offer, held_on=timezone.localdate(), mode=Mode.ONLINE, hours=2, people=4,
        done="止まった時刻を、手書きの日報から書き出した", next_step="1台にだけ機器を付ける",
    )  # fmt: skip
    visiting.log_visit(visit, by=by)
    for side in (Side.LAB, Side.EXPERT):
        visiting.report(
            offer=offer, side=side, reached=4, told="1台で試すことが決まった。", inner="",
            alternatives="ほかの会社の機器を2つ" if side == Side.EXPERT else "",
            was_shown=Shown.YES if side == Side.LAB else "",
        )  # fmt: skip
