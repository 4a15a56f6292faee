"""The rules of selection: states of an application and who holds it, deadlines to the second, business days. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class State(TextChoices):
    """Where an application stands. `decided` is a decision that is not announced yet."""

    DRAFT = "draft", gettext_lazy("下書き")
    SUBMITTED = "submitted", gettext_lazy("提出済み")
    RETURNED = "returned", gettext_lazy("差戻し中")
    ACCEPTED = "accepted", gettext_lazy("受理")
    IN_REVIEW = "in_review", gettext_lazy("書類審査中")
    INTERVIEW = "interview", gettext_lazy("面談審査中")
    DECIDED = "decided", gettext_lazy("決定（公表前）")
    SELECTED = "selected", gettext_lazy("選定")
    CONDITIONAL = "conditional", gettext_lazy("条件つき選定")
    REJECTED = "rejected", gettext_lazy("不選定")
    INELIGIBLE = "ineligible", gettext_lazy("要件を満たさない")
    WITHDRAWN = "withdrawn", gettext_lazy("取下げ")


class Outcome(TextChoices):
    """What is decided about an application."""

    SELECT = "select", gettext_lazy("選定する")
    CONDITIONAL = "conditional", gettext_lazy("条件を付けて選定する")
    REJECT = "reject", gettext_lazy("選定しない")


class Holder(TextChoices):
    """Who has to do something next."""

    APPLICANT = "applicant", gettext_lazy("申請者")
    SECRETARIAT = "secretariat", gettext_lazy("制度の事務局")
    REVIEWERS = "reviewers", gettext_lazy("審査員")
    NOBODY = "nobody", gettext_lazy("なし（終わりました）")


class Screening(TextChoices):
    """Why an application does not meet the requirements (dossier §3, eligibility)."""

    NOT_A_BODY = "not_a_body", gettext_lazy("自治体などで構成される組合・団体等ではない")
    NO_MUNICIPALITY = "no_municipality", gettext_lazy("自治体が参加していない")
    NOT_IN_JAPAN = "not_in_japan", gettext_lazy("日本国内の活動ではない")
    NO_CONSENT = "no_consent", gettext_lazy("自治体の同意がない")
    SAME_APPLICATION = "same_application", gettext_lazy("目的と構成が同じ申請がすでにある")
    OTHER = "other", gettext_lazy("その他")


RESULT_STATES = {
    Outcome.SELECT: State.SELECTED,
    Outcome.CONDITIONAL: State.CONDITIONAL,
    Outcome.REJECT: State.REJECTED,
}
FINISHED = frozenset({State.SELECTED, State.CONDITIONAL, State.REJECTED, State.INELIGIBLE, State.WITHDRAWN})
WITH_THE_SECRETARIAT = frozenset({State.SUBMITTED, State.ACCEPTED, State.IN_REVIEW, State.INTERVIEW})
# From each state, where it may go next (deck p.8: documents and interview; the rest is the secretariat's order of work).
NEXT: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.SUBMITTED, State.WITHDRAWN}),
    State.SUBMITTED: frozenset(
        {State.ACCEPTED, State.RETURNED, State.INELIGIBLE, State.WITHDRAWN, State.DRAFT}
    ),
    State.RETURNED: frozenset({State.SUBMITTED, State.WITHDRAWN}),
    State.ACCEPTED: frozenset({State.IN_REVIEW, State.RETURNED, State.WITHDRAWN, State.INELIGIBLE}),
    State.IN_REVIEW: frozenset({State.INTERVIEW, State.DECIDED, State.RETURNED, State.WITHDRAWN}),
    State.INTERVIEW: frozenset({State.DECIDED, State.WITHDRAWN}),
    # An applicant who does not know yet may still withdraw.
    State.DECIDED: frozenset(
        {State.SELECTED, State.CONDITIONAL, State.REJECTED, State.IN_REVIEW, State.INTERVIEW, State.WITHDRAWN}
    ),
    **{one: frozenset() for one in FINISHED},
}


class NotAllowed(ValueError):
    """An act the rules do not allow now; the message says why, for the person who tried."""


def check_move(now: str, then: State) -> None:
    """Raises `NotAllowed` unless an application may go from one state to the other."""
    if then not in NEXT[State(now)]:
        raise NotAllowed(
            _("いまの状態（%(now)s）からは「%(then)s」にできません。")
            % {"now": State(now).label, "then": then.label}
        )


@dataclass(frozen=True)
class Standing:
    """What an applicant is told: the state in words, what comes next, and who holds it."""

    words: str
    next_step: str
    holder: Holder


def shown_state(state: str, decided_from: str = "") -> State:
    """The state an applicant is shown: until a decision is announced, the one before it, as if nothing had happened."""
    return State(decided_from or State.IN_REVIEW) if state == State.DECIDED else State(state)


def standing(state: str, decided_from: str = "") -> Standing:
    """Where an application stands for its applicant. A decision is told only when it is announced."""
    shown = shown_state(state, decided_from)
    steps = {
        State.DRAFT: (_("締切までに書いて、提出してください。"), Holder.APPLICANT),
        State.SUBMITTED: (_("事務局が、要件と書類がそろっているかを確かめます。"), Holder.SECRETARIAT),
        State.RETURNED: (_("差し戻された章を直して、もう一度提出してください。"), Holder.APPLICANT),
        State.ACCEPTED: (_("書類審査が始まるのを待っています。"), Holder.SECRETARIAT),
        State.IN_REVIEW: (
            _("審査員が書類を読んでいます。面談の日程は、あとでお知らせします。"),
            Holder.REVIEWERS,
        ),
        State.INTERVIEW: (_("面談の日程を確かめてください。"), Holder.REVIEWERS),
        State.SELECTED: (_("選定されました。ラボのページと選定証を確かめてください。"), Holder.NOBODY),
        State.CONDITIONAL: (_("条件を期日までに満たし、事務局に知らせてください。"), Holder.APPLICANT),
        State.REJECTED: (
            _("理由と講評を確かめてください。直して、次の締切にもう一度申請できます。"),
            Holder.NOBODY,
        ),
        State.INELIGIBLE: (
            _("理由を確かめてください。要件を満たせば、もう一度申請できます。"),
            Holder.NOBODY,
        ),
        State.WITHDRAWN: (_("取り下げられました。内容は残っていて、写して申請し直せます。"), Holder.NOBODY),
    }
    step, holder = steps[shown]
    return Standing(str(shown.label), step, holder)


def is_in_time(received_at: datetime, closes_at: datetime | None) -> bool:
    """Whether something came in time: the closing second itself still counts; without a deadline always."""
    return closes_at is None or received_at < closes_at.replace(microsecond=0) + timedelta(seconds=1)


@dataclass(frozen=True)
class Closing:
    """A cut-off of a call, as the rule of intake looks at it."""

    key: int
    closes_at: datetime


def counted_for(
    received_at: datetime, closings: Iterable[Closing], *, extended: dict[int, datetime]
) -> Closing | None:
    """The cut-off something received now counts for: the earliest not over, an extension moving its own; None when all are over."""
    for one in sorted(closings, key=lambda each: each.closes_at):
        until = max(one.closes_at, extended.get(one.key, one.closes_at))
        if is_in_time(received_at, until):
            return one
    return None


def receipt_number(prefix: str, number: int) -> str:
    """受付番号, with a check letter so that one slip in copying is noticed."""
    letters = "ABCDEFGHJKLMNPRSTUVWXYZ"
    total = sum(place * ord(one) for place, one in enumerate(f"{prefix}{number:04d}", start=1))
    return f"{prefix}-{number:04d}{letters[total % 23]}"
