"""A month's requests assigned together: as many as can be, nobody with a bad match, labs without any first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from tsunagu.engines.dates import fiscal_year, fiscal_year_range
from tsunagu.engines.matching import TOTAL, Edge, Forbidden, Node, Problem, Solution, solve
from tsunagu.experts.knowing import able, asked
from tsunagu.experts.models import DispatchRequest, Expert, Offer, RequestState
from tsunagu.experts.rules import FIRST_OF_A_LAB, SCORE, Able, Asked, NotAllowed, fit
from tsunagu.experts.selectors import listed, rules
from tsunagu.experts.services.offering import offer

# Below this a match helps nobody: better to say that nobody was found.
LOWEST = SCORE // 3


@dataclass(frozen=True)
class Plan:
    """A month's proposal: pairs with their reasons, those left and why, and the engine's own account."""

    month: date
    rows: Sequence[tuple[DispatchRequest, Expert, int, Sequence[str], Sequence[str]]]
    left: Sequence[tuple[DispatchRequest, str]]
    solution: Solution


def requests_of(month: date) -> list[DispatchRequest]:
    """What waits for an expert in a month, the oldest first."""
    return list(
        DispatchRequest.objects.filter(state=RequestState.READY, month=month.replace(day=1))
        .select_related("lab__region__local_government", "lab__region__prefecture", "theme", "industry")
        .prefetch_related("lab__members__organisation", "offers")
        .order_by("sent_at", "pk")
    )


def problem_of(
    experts: Sequence[Able], wanted: Sequence[Asked], *, had: dict[int, int], most_of_a_lab: int, seed: str
) -> Problem:
    """The month as a problem for the engine. `had`: dispatches of each lab this fiscal year; those beyond its limit stay out."""
    edges, forbidden, nodes = [], [], []
    count = dict(had)
    for one in wanted:
        first = not count.get(one.lab)
        count[one.lab] = count.get(one.lab, 0) + 1
        over = count[one.lab] > most_of_a_lab
        nodes.append(Node(str(one.key), 0, 0 if over else 1))
        for expert in experts:
            its = fit(expert, one)
            if its.barred:
                forbidden.append(Forbidden(str(one.key), str(expert.key), its.barred))
            elif its.score < LOWEST:
                forbidden.append(Forbidden(str(one.key), str(expert.key), _("合い具合が低い")))
            elif not over:
                edges.append(
                    Edge(
                        str(one.key),
                        str(expert.key),
                        its.score + (FIRST_OF_A_LAB if first else 0),
                        its.reasons,
                    )
                )
    room = [
        Node(str(one.key), 0, max(0, min(one.most_a_month - one.load_month, one.most_a_year - one.load_year)))
        for one in experts
    ]
    return Problem(nodes, room, edges, forbidden, objectives=[TOTAL], seed=seed)


def plan_month(month: date) -> Plan:
    """What the engine proposes for a month; nothing is changed."""
    month = month.replace(day=1)
    requests = {one.pk: one for one in requests_of(month)}
    experts = {one.pk: one for one in listed()}
    known = able(experts.values(), month=month)
    wanted = asked(requests.values())
    problem = problem_of(
        known, wanted, had=_had(month), most_of_a_lab=rules().most_of_a_lab, seed=month.isoformat()
    )
    solution = solve(problem)
    by_key, by_request = {one.key: one for one in known}, {one.key: one for one in wanted}
    rows = []
    for match in solution.matches:
        its = fit(by_key[int(match.right)], by_request[int(match.left)])
        rows.append(
            (requests[int(match.left)], experts[int(match.right)], its.score, its.reasons, its.missing)
        )
    matched = {int(one.left) for one in solution.matches}
    left = [
        (one, _why(by_request.get(pk), known, problem)) for pk, one in requests.items() if pk not in matched
    ]
    return Plan(month, rows, left, solution)


def _had(month: date) -> dict[int, int]:
    first, last = fiscal_year_range(fiscal_year(month))
    found: dict[int, int] = {}
    held = Offer.objects.filter(request__month__range=(first, last), agreed_at__isnull=False).exclude(
        request__state=RequestState.WITHDRAWN
    )
    for lab in held.values_list("request__lab_id", flat=True):
        found[lab] = found.get(lab, 0) + 1
    return found


def _why(one: Asked | None, experts: Sequence[Able], problem: Problem) -> str:
    """Why a request has nobody: the lab's limit, or what stands against each expert, the commonest first."""
    if one is None:
        return _("テーマか月がありません。")
    if any(node.key == str(one.key) and node.most == 0 for node in problem.left):
        return _("ラボの今年度の上限に達しています。")
    counts: dict[str, int] = {}
    for expert in experts:
        its = fit(expert, one)
        if rule := its.barred or (_("合い具合が低い") if its.score < LOWEST else ""):
            counts[rule] = counts.get(rule, 0) + 1
    open_ = len(experts) - sum(counts.values())
    said = "、".join(
        _("%(rule)s %(n)d人") % {"rule": rule, "n": count}
        for rule, count in sorted(counts.items(), key=lambda two: -two[1])
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
