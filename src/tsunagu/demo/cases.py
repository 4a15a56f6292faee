"""Made-up cases on their way and public, with labs that tried them again."""

from django.conf import settings
from django.db import transaction

from tsunagu.cases.forms import result_of
from tsunagu.cases.models import Case, CaseField, CaseReuse, CostBand, Industry, Stage
from tsunagu.cases.services.trying import keep_reuse
from tsunagu.cases.services.writing import keep_case, publish_case, send_case, start_case
from tsunagu.demo import MARK, STAFF
from tsunagu.engines.dates import PartialDate
from tsunagu.registry.loading import read_csv
from tsunagu.registry.models import Lab


@transaction.atomic
def make_cases() -> None:
    """Each story at three labs, the later ones grown from the first; one stopped, one still a draft."""
    labs = list(Lab.objects.select_related("region__prefecture").order_by("slug"))
    for number, story in enumerate(read_csv(settings.DATA_DIR / "demo_cases.csv")):
        first = _case(story, labs[number * 5 % len(labs)], 0)
        for copy in (1, 2):
            lab = labs[(number * 5 + copy * 7 + 1) % len(labs)]
            grown = _case(story, lab, copy)
            reuse = CaseReuse(
                case=first, lab=lab, tried_on=PartialDate(2025, 4 + copy), stage=(Stage.BEGUN, Stage.DONE)[number % 2],
                changed="地域の機器に替えた。", result="ねらいどおりに動いた。", own_case=grown,
            )  # fmt: skip
            keep_reuse(reuse)
    start_case(lab=labs[0])


def _case(story: dict[str, str], lab: Lab, copy: int) -> Case:
    title, result = story["title"], story["result"]
    case = start_case(lab=lab)
    case.title = f"{title}（{lab.region.name}）"
    case.summary = f"{title}取組。{MARK}"
    case.problem, case.approach, case.failed = story["problem"], story["approach"], story["failed"]
    case.outcome = f"{result.replace('→', 'から')} になった。" if copy < 2 else ""
    case.field, case.industry = (
        CaseField.objects.get(code=story["field"]),
        Industry.objects.get(code=story["industry"]),
    )
    case.technologies = story["technologies"].split("|")
    case.cost, case.months, case.staff = list(CostBand)[1 + copy], 4 + 3 * copy, "ラボ2人、会社3人"
    case.conditions = "担当者を一人決め、週に1回見ること。"
    case.stage = (Stage.SETTLED, Stage.DONE, Stage.STOPPED)[copy]
    case.stopped_why = "" if copy < 2 else "担当者が異動し、続けられなかった。"
    inner = case.inner
    inner.frankly, inner.contact = story["frankly"], "ラボの事務局（見本）"
    line = result_of(result)
    case = keep_case(case, inner=inner, results=[line] if line else [], policies=None, by=STAFF, seen=None)
    send_case(case=case)
    publish_case(case=case)
    case.refresh_from_db()
    return case
