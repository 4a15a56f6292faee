"""The rules of recommending for DX Selection, edition by edition. Pure: an edition's rules are data (`Edition`).

A rule that no page found states is None and shows as 未確認: it stops nobody, but somebody has to look it up.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tsunagu.engines.dates import both_calendars
from tsunagu.registry.kinds import Status


class Route(TextChoices):
    """How a company enters (dossier §7): by itself, recommended by a lab, or by another body."""

    SELF = "self", gettext_lazy("自薦")
    LAB = "lab", gettext_lazy("他薦（ラボの推薦）")
    OTHER = "other", gettext_lazy("他薦（ほかの団体の推薦）")


class Nintei(TextChoices):
    """Where a company stands with DX認定."""

    UNKNOWN = "unknown", gettext_lazy("未確認")
    NONE = "none", gettext_lazy("取っていない")
    PREPARING = "preparing", gettext_lazy("準備中")
    FILED = "filed", gettext_lazy("申請済み")
    HELD = "held", gettext_lazy("認定を受けている")


class Step(TextChoices):
    """Where a recommendation stands."""

    DRAFT = "draft", gettext_lazy("下書き")
    ASKED = "asked", gettext_lazy("同意を求めている")
    REFUSED = "refused", gettext_lazy("会社が断った")
    CONSENTED = "consented", gettext_lazy("同意あり")
    SENT = "sent", gettext_lazy("推薦した")
    SELECTED = "selected", gettext_lazy("選定された")
    NOT_SELECTED = "not_selected", gettext_lazy("選定されなかった")
    WITHDRAWN = "withdrawn", gettext_lazy("取り下げた")


# While the text may still change; what was sent stays as it was sent.
OPEN = frozenset({Step.DRAFT, Step.ASKED, Step.REFUSED, Step.CONSENTED})
# The recommender's word holds once it was given to the organisers, whatever they decide.
GIVEN = frozenset({Step.SENT, Step.SELECTED, Step.NOT_SELECTED})
RESULTS = (Step.SELECTED, Step.NOT_SELECTED, Step.WITHDRAWN)


class NotAllowed(ValueError):
    """Something that cannot be done now; the message says why and what to do."""


@dataclass(frozen=True)
class Rules:
    """The rules of one edition; None where no page found says it."""

    year: int
    opens_on: date | None = None
    closes_on: date | None = None
    lab_scheme: str = "dx"
    routes_with: Collection[str] | None = None
    routes_without: Collection[str] | None = None
    pledge_needed: bool | None = None
    filing_deadline: date | None = None
    capital_below: int | None = None
    staff_at_most: int | None = None
    past_winners_excluded: bool | None = None

    def routes(self, *, holds: bool) -> Collection[str] | None:
        """The routes open to a company with or without DX認定."""
        return self.routes_with if holds else self.routes_without


@dataclass(frozen=True)
class CompanyFacts:
    """What the rules ask of a company. `size_note`: why it counts as of that size though a number is over."""

    capital: int | None = None
    staff: int | None = None
    size_note: str = ""
    nintei: Nintei = Nintei.UNKNOWN
    nintei_from: date | None = None
    nintei_to: date | None = None
    won_years: Collection[int] = ()

    def holds(self, on: date) -> bool:
        """Whether DX認定 is in force on a day; it runs for two years (IPA guide5)."""
        if self.nintei is not Nintei.HELD:
            return False
        return (self.nintei_from is None or self.nintei_from <= on) and (
            self.nintei_to is None or on <= self.nintei_to
        )


@dataclass(frozen=True)
class Slip:
    """What the rules ask of a recommendation."""

    route: Route
    reasons: str = ""
    pledge: str = ""
    planned_filing_on: date | None = None
    filed_on: date | None = None


class Weight(Enum):
    """Whether a problem stops sending, or is a rule of the edition that nobody has looked up yet."""

    STOPS = "stops"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True)
class Problem:
    """What is wrong, at which field, and how to mend it."""

    field: str
    message: str
    mend: str
    weight: Weight = Weight.STOPS

    @property
    def stops(self) -> bool:
        return self.weight is Weight.STOPS


def problems(
    rules: Rules, lab_state: Status | None, company: CompanyFacts, slip: Slip, on: date
) -> list[Problem]:
    """Everything between this recommendation and its sending on a day, those that stop it first."""
    found = [
        *_of_the_lab(rules, lab_state),
        *_of_the_intake(rules, on),
        *_of_the_route(rules, company, slip, on),
        *_of_the_size(rules, company),
        *_of_the_past(rules, company),
        *_of_nintei(rules, company, slip, on),
    ]
    if not slip.reasons.strip():
        found.append(Problem("reasons", _("推薦する理由がありません。"), _("推薦する理由を書いてください。")))
    return sorted(found, key=lambda one: not one.stops)


def _unconfirmed(field: str, what: str) -> Problem:
    return Problem(
        field,
        _("この回の「%(what)s」は未確認です（公開された資料で見つかっていません）。") % {"what": what},
        _("募集要領で確かめてください。分かったら、制度の事務局が回のきまりに入れます。"),
        Weight.UNCONFIRMED,
    )


def _of_the_lab(rules: Rules, state: Status | None) -> Iterator[Problem]:
    scheme = _("地方版IoT推進ラボ") if rules.lab_scheme == "iot" else _("地域DX推進ラボ")
    if state is None:
        message = _("このラボには%(scheme)sの選定の記録がありません。") % {"scheme": scheme}
    elif state is not Status.SELECTED:
        message = _("このラボの%(scheme)sの選定は「%(state)s」です。") % {
            "scheme": scheme,
            "state": state.label,
        }
    else:
        return
    mend = _("推薦できるのは、選定中のラボだけです。記録が違うときは、担当の経済産業局に知らせてください。")
    yield Problem("lab", message, mend)


def _of_the_intake(rules: Rules, on: date) -> Iterator[Problem]:
    if rules.opens_on is None or rules.closes_on is None:
        yield _unconfirmed("edition", _("受付の期間"))
    if rules.opens_on is not None and on < rules.opens_on:
        yield Problem(
            "edition",
            _("受付はまだ始まっていません（%(day)sから）。") % {"day": both_calendars(rules.opens_on)},
            _("同意まで済ませて、受付が始まってから推薦してください。"),
        )
    if rules.closes_on is not None and on > rules.closes_on:
        yield Problem(
            "edition",
            _("受付は%(day)sに終わりました。") % {"day": both_calendars(rules.closes_on)},
            _("次の回を選んでください。"),
        )


def _of_the_route(rules: Rules, company: CompanyFacts, slip: Slip, on: date) -> Iterator[Problem]:
    holds = company.holds(on)
    allowed = rules.routes(holds=holds)
    if allowed is None:
        yield _unconfirmed("route", _("推薦のしかた"))
        return
    if slip.route not in allowed:
        who = _("DX認定のある会社") if holds else _("DX認定のない会社")
        open_ones = "・".join(str(Route(one).label) for one in Route.values if one in allowed) or _("なし")
        yield Problem(
            "route",
            _("%(who)sは、この回では「%(route)s」では応募できません。")
            % {"who": who, "route": slip.route.label},
            _("選べるもの: %(open)s。") % {"open": open_ones},
        )


def _of_the_size(rules: Rules, company: CompanyFacts) -> Iterator[Problem]:
    limits = [
        ("capital", _("資本金"), company.capital, rules.capital_below),
        ("staff", _("従業員の数"), company.staff, rules.staff_at_most),
    ]
    if rules.capital_below is None and rules.staff_at_most is None:
        yield _unconfirmed("company", _("会社の規模"))
        return
    for field, label, value, limit in limits:
        if limit is None or company.size_note.strip():
            continue
        if value is None:
            yield Problem(
                field,
                _("会社の%(label)sが入っていません。") % {"label": label},
                _("会社に確かめて、会社の情報に入れてください。"),
            )
        elif value >= limit if field == "capital" else value > limit:
            most = f"{limit:,}{_('円未満') if field == 'capital' else _('人以下')}"
            yield Problem(
                field,
                _("%(label)sが、この回のきまり（%(most)s）を超えています。") % {"label": label, "most": most},
                _(
                    "それと同じくらいの規模といえるときは、会社の情報の「規模についての説明」に理由を書いてください。"
                ),
            )


def _of_the_past(rules: Rules, company: CompanyFacts) -> Iterator[Problem]:
    won = sorted(year for year in company.won_years if year < rules.year)
    if rules.past_winners_excluded is None:
        if won:
            yield _unconfirmed("company", _("過去に選定された会社の扱い"))
    elif rules.past_winners_excluded and won:
        yield Problem(
            "company",
            _("この会社は%(years)s年に選定されています。過去に選定された会社は応募できません。")
            % {"years": "・".join(str(one) for one in won)},
            _("ほかの会社を推薦してください。"),
        )


def _of_nintei(rules: Rules, company: CompanyFacts, slip: Slip, on: date) -> Iterator[Problem]:
    if company.nintei is Nintei.UNKNOWN:
        yield Problem(
            "nintei",
            _("会社がDX認定を受けているかどうかが、未確認です。"),
            _("会社に確かめて、会社の情報に入れてください。"),
        )
    if company.holds(on):
        return
    if company.nintei is Nintei.HELD:
        yield Problem(
            "nintei",
            _("会社のDX認定は、この日には有効ではありません。"),
            _("更新されているときは、認定の期間を直してください。"),
        )
    if rules.pledge_needed is None:
        yield _unconfirmed("pledge", _("推薦する人の申請補助の宣言"))
    elif rules.pledge_needed:
        yield from _of_the_pledge(rules, slip, on)


def _of_the_pledge(rules: Rules, slip: Slip, on: date) -> Iterator[Problem]:
    if not slip.pledge.strip():
        yield Problem(
            "pledge",
            _("DX認定のない会社を推薦するには、認定の申請を助けるという宣言が要ります。"),
            _("宣言の文を書いてください。"),
        )
    if rules.filing_deadline is None:
        yield _unconfirmed("planned_filing_on", _("DX認定を申請する期限"))
    if slip.filed_on is not None:
        return
    if slip.planned_filing_on is None:
        yield Problem(
            "planned_filing_on",
            _("DX認定を申請する予定の日がありません。"),
            _("会社と相談して、予定の日を入れてください。"),
        )
        return
    if rules.filing_deadline is not None and slip.planned_filing_on > rules.filing_deadline:
        yield Problem(
            "planned_filing_on",
            _("DX認定を申請する予定の日が、期限（%(day)s）より後です。")
            % {"day": both_calendars(rules.filing_deadline)},
            _("期限までの日にしてください。"),
        )
    if slip.planned_filing_on < on:
        yield Problem(
            "planned_filing_on",
            _("DX認定を申請する予定の日が過ぎています。"),
            _("申請したなら「申請した日」を記録し、まだなら新しい予定の日を入れてください。"),
        )
