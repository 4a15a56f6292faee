"""A month's requests assigned together: as many as can be, nobody with a bad match, labs without any first."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from tsunagu.engines.dates import fiscal_year, fiscal_year_range
from tsunagu.engines.matching import TOTAL, Edge, Forbidden, Node, Problem, Solution, solve
from tsunagu.experts.knowing import able, asked
from tsunagu.experts.models import DispatchRequest, Expert, Offer, RequestState
from tsunagu.experts.rules import BARS, FIRST_OF_A_LAB, SCORE, Able, Asked, NotAllowed, bar, fit, worth
from tsunagu.experts.selectors import listed, rules
from tsunagu.experts.services.offering import offer

# Below this a match helps nobody: better to say that nobody was found.
LOWEST = SCORE // 3
# How often it is told how far the weighing is.
EVERY = 60


@dataclass(frozen=True)
class Plan:
    """A month's proposal: pairs with their reasons, those left and why, and the engine's own account."""

    month: date
    rows: Sequence[tuple[DispatchRequest, Expert, int, Sequence[str], Sequence[str]]]
    left: Sequence[tuple[DispatchRequest, str]]
    solution: Solution


@dataclass(frozen=True)
class Progress:
    """How far a plan is: so many requests weighed of all, and in words what is being done."""

    done: int
    total: int
    said: str


def requests_of(month: date) -> list[DispatchRequest]:
    """What waits for an expert in a month, the oldest first."""
    return list(
        DispatchRequest.objects.filter(state=RequestState.READY, month=month.replace(day=1))
        .select_related("lab__region__local_government", "lab__region__prefecture", "theme", "industry")
        .prefetch_related("lab__members__organisation", "offers")
        .order_by("sent_at", "pk")
    )


class Weighing:
    """A month's requests weighed against every expert, one request after another."""

    def __init__(self, experts: Sequence[Able], *, had: dict[int, int], most_of_a_lab: int) -> None:
        self.experts, self.most_of_a_lab = [(one, str(one.key)) for one in experts], most_of_a_lab
        self.count = dict(had)
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self.forbidden: list[Forbidden] = []
        self.names, self.low = {rule: str(text) for rule, text in BARS.items()}, _("合い具合が低い")

    def add(self, one: Asked) -> None:
        """One request: what stands against each expert, or how well they fit."""
        first = not self.count.get(one.lab)
        self.count[one.lab] = self.count.get(one.lab, 0) + 1
        over = self.count[one.lab] > self.most_of_a_lab
        own, more = str(one.key), FIRST_OF_A_LAB if first else 0
        self.nodes.append(Node(own, 0, 0 if over else 1))
        for expert, key in self.experts:
            if rule := bar(expert, one):
                self.forbidden.append(Forbidden(own, key, self.names[rule]))
            elif (score := worth(expert, one)) < LOWEST:
                self.forbidden.append(Forbidden(own, key, self.low))
            elif not over:
                self.edges.append(Edge(own, key, score + more))

    def problem(self, seed: str) -> Problem:
        """What was weighed, as a problem for the engine."""
        room = [
            Node(key, 0, max(0, min(one.most_a_month - one.load_month, one.most_a_year - one.load_year)))
            for one, key in self.experts
        ]
        return Problem(self.nodes, room, self.edges, self.forbidden, objectives=[TOTAL], seed=seed)


def problem_of(
    experts: Sequence[Able], wanted: Sequence[Asked], *, had: dict[int, int], most_of_a_lab: int, seed: str
) -> Problem:
    """The month as a problem for the engine. `had`: dispatches of each lab this fiscal year; those beyond its limit stay out."""
    weighing = Weighing(experts, had=had, most_of_a_lab=most_of_a_lab)
    for one in wanted:
        weighing.add(one)
    return weighing.problem(seed)


def plan_month(month: date) -> Plan:
    """What the engine proposes for a month; nothing is changed."""
    *_progress, plan = planning(month)
    assert isinstance(plan, Plan)
    return plan


def planning(month: date) -> Iterator[Progress | Plan]:
    """The same a step at a time: how far it is, and the plan at the end."""
    month = month.replace(day=1)
    requests = {one.pk: one for one in requests_of(month)}
    experts = {one.pk: one for one in listed()}
    count = len(requests)
    yield Progress(0, count, _("依頼%(n)d件と専門家%(m)d人を読みました。") % {"n": count, "m": len(experts)})
    known, wanted = able(experts.values(), month=month), asked(requests.values())
    weighing = Weighing(known, had=_had(month), most_of_a_lab=rules().most_of_a_lab)
    for number, one in enumerate(wanted, 1):
        weighing.add(one)
        if number % EVERY == 0:
            said = _("合い具合を比べています。%(done)d件／%(n)d件")
            yield Progress(number, count, said % {"done": number, "n": count})
    yield Progress(count, count, _("いちばんよい組み合わせを探しています。"))
    problem = weighing.problem(month.isoformat())
    solution = solve(problem)
    yield Progress(count, count, _("理由を書いています。"))
    by_key, by_request = {one.key: one for one in known}, {one.key: one for one in wanted}
    rows = []
    for match in solution.matches:
        its = fit(by_key[int(match.right)], by_request[int(match.left)])
        rows.append(
            (requests[int(match.left)], experts[int(match.right)], its.score, its.reasons, its.missing)
        )
    matched = {int(one.left) for one in solution.matches}
    over = {int(one.key) for one in problem.left if not one.most}
    left = [
        (one, _why(by_request.get(pk), known, is_over=pk in over))
        for pk, one in requests.items()
        if pk not in matched
    ]
    yield Plan(month, rows, left, solution)


def _had(month: date) -> dict[int, int]:
    first, last = fiscal_year_range(fiscal_year(month))
    found: dict[int, int] = {}
    held = Offer.objects.filter(request__month__range=(first, last), agreed_at__isnull=False).exclude(
        request__state=RequestState.WITHDRAWN
    )
    for lab in held.values_list("request__lab_id", flat=True):
        found[lab] = found.get(lab, 0) + 1
    return found


def _why(one: Asked | None, experts: Sequence[Able], *, is_over: bool) -> str:
    """Why a request has nobody: the lab's limit, or what stands against each expert, the commonest first."""
    if one is None:
        return _("テーマか月がありません。")
    if is_over:
        return _("ラボの今年度の上限に達しています。")
    found = Counter(
        bar(expert, one) or ("low" if worth(expert, one) < LOWEST else "open") for expert in experts
    )
    open_ = found.pop("open", 0)
    said = "、".join(
        _("%(rule)s %(n)d人") % {"rule": BARS.get(rule, _("合い具合が低い")), "n": count}
        for rule, count in found.most_common()
    )
    if open_:
        return _("合う%(n)d人は、この月のほかの依頼で埋まっています。%(said)s") % {"n": open_, "said": said}
    return said or _("名簿に専門家がいません。")


@transaction.atomic
def offer_month(*, month: date, expected: str) -> int:
    """Make every offer of the plan that was looked at; returns how many. Raises `NotAllowed` when it changed meanwhile."""
    plan = plan_month(month)
    if plan.solution.digest != expected:
        raise NotAllowed(_("画面を見たあとに状況が変わりました。もう一度確かめてください。"))
    for request, expert, _score, _reasons, _missing in plan.rows:
        offer(request=request, expert=expert)
    return len(plan.rows)
