"""What labs plan, do and report, and the policies they use."""

from datetime import date

from django.urls import reverse

from tsunagu.activities.models import Activity, ActivityKind, Again, FactState, KindGroup, PolicyUse
from tsunagu.activities.selectors import activities, kinds, policy_uses
from tsunagu.api.tables.base import (
    CC_BY,
    OF_THE_PROGRAMME,
    Column,
    Kind,
    ListRows,
    QueryRows,
    Row,
    Table,
    number,
    text,
    written,
)
from tsunagu.api.tables.parts import FISCAL_YEAR, LAB, LAB_NAME, SOURCE, URL, counted, identity, looked_up
from tsunagu.registry import selectors
from tsunagu.registry.models import Indicator, IndicatorTarget, Policy
from tsunagu.reporting.models import IndicatorActual, Report
from tsunagu.reporting.selectors import actuals
from tsunagu.sharing.viewer import Viewer

OF_LAB = looked_up(LAB, "lab__slug")
NAME = Column("name", "名称", "Name", gif="名称", as_written=True)


def _kinds(viewer: Viewer, day: date) -> ListRows:
    del viewer
    rows: list[Row] = [
        {
            "id": one.code,
            "name": one.label,
            "name_en": text(one.label_en),
            "group": one.group,
            "source": text(one.source),
        }
        for one in kinds(on=day)
    ]
    return ListRows(rows)


KINDS = Table(
    "activity-kinds",
    "活動の種類",
    "Kinds of activity",
    "活動の記録に使う種類の一覧と、公表値のどの項目に当たるか。",
    "Kinds used in the log of activities, and the published item each belongs to.",
    (
        identity("記号", "Code", lookup="*"),
        NAME,
        Column("name_en", "英語名", "Name in English", gif="名称_英語", as_written=True),
        Column("group", "資料13ページの項目", "Published item", Kind.CODE, own=OF_THE_PROGRAMME, lookup="*", choices=KindGroup.choices),
        SOURCE,
    ),
    _kinds,
    (ActivityKind,),
    follows_day=True,
    keywords=("活動", "コード"),
)  # fmt: skip


def _activity_row(one: Activity) -> Row:
    return {
        "id": str(one.pk),
        "lab_id": one.lab.slug,
        "lab_name": str(one.lab),
        "kind": one.kind.code,
        "kind_name": one.kind.label,
        "title": one.title,
        "started_on": one.started_on.isoformat(),
        "ended_on": one.ended_on.isoformat() if one.ended_on else None,
        "people": one.people,
        "summary": text(one.summary),
        "evidence_link": text(one.evidence_link),
    }


def _activities(viewer: Viewer, day: date) -> QueryRows:
    found = activities(viewer).filter(started_on__lte=day)
    return QueryRows(found.order_by("-started_on", "-pk"), _activity_row)


ACTIVITIES = Table(
    "activities",
    "活動の記録",
    "Activities",
    "ラボが公開した活動。支援した企業の名前は含まない。",
    "Activities labs made public. Names of the companies helped are not included.",
    (
        identity(lookup="pk"),
        OF_LAB,
        LAB_NAME,
        Column("kind", "種類の記号", "Kind", own=OF_THE_PROGRAMME, lookup="kind__code"),
        Column("kind_name", "種類", "Kind (label)", gif="名称"),
        Column("title", "何をしたか", "Title", gif="名称", as_written=True),
        Column("started_on", "行った日", "Date", Kind.DAY, gif="開始日"),
        Column("ended_on", "終わった日", "End", Kind.DAY, gif="終了日"),
        counted("people", "参加した人数", "People", "人", "people"),
        Column("summary", "内容・成果", "Summary", gif="説明", as_written=True),
        Column("evidence_link", "裏づけになるページ", "Evidence", Kind.URL, gif="URL"),
    ),
    _activities,
    (Activity,),
    CC_BY,
    follows_day=True,
    keywords=("活動", "セミナー", "伴走支援"),
)


def _policy_row(one: Policy) -> Row:
    return {
        "id": one.code,
        "name": one.name,
        "owner": text(one.owner),
        "valid_from": written(one.valid_from),
        "valid_to": written(one.valid_to),
        "note": text(one.note),
        "source": text(one.source),
    }


def _policies(viewer: Viewer, day: date) -> QueryRows:
    del day
    return QueryRows(selectors.policies(viewer).order_by("code"), _policy_row)


POLICIES = Table(
    "policies",
    "ラボが使える施策",
    "Policies",
    "ラボが使える国などの施策と所管。",
    "Policies and programmes labs may use, with their owner.",
    (
        identity("記号", "Code", lookup="code"),
        NAME,
        Column("owner", "所管", "Owner", gif="組織名称", as_written=True),
        Column("valid_from", "始まり", "From", Kind.DATE, gif="開始日"),
        Column("valid_to", "終わり", "To", Kind.DATE, gif="終了日"),
        Column("note", "説明", "Note", gif="説明", as_written=True),
        SOURCE,
    ),
    _policies,
    (Policy,),
    keywords=("施策", "補助金"),
)


def _use_row(one: PolicyUse) -> Row:
    return {
        "id": str(one.pk),
        "lab_id": one.lab.slug,
        "lab_name": str(one.lab),
        "policy_id": one.policy.code,
        "policy": one.policy.name,
        "fiscal_year": one.fiscal_year,
        "companies": one.companies,
        "count": one.count,
        "result": text(one.result),
        "again": text(one.again),
        "state": one.state,
    }


def _uses(viewer: Viewer, day: date) -> QueryRows:
    found = policy_uses(viewer, as_of=day)
    return QueryRows(found.order_by("-fiscal_year", "lab__slug", "pk"), _use_row)


USES = Table(
    "policy-uses",
    "施策の活用実績",
    "Policy uses",
    "ラボが使った施策と、その結果（公開されたもの）。金額は含まない。",
    "Policies labs used and what came of it, where public. Amounts are not included.",
    (
        identity(lookup="pk"),
        OF_LAB,
        LAB_NAME,
        Column("policy_id", "施策の記号", "Policy", gif="ID", lookup="policy__code"),
        Column("policy", "施策", "Policy name", gif="名称", as_written=True),
        looked_up(FISCAL_YEAR, "fiscal_year"),
        counted("companies", "企業の数", "Companies", "社", "companies"),
        counted("count", "件数", "Count", "件", "count"),
        Column("result", "成果", "Result", gif="説明", as_written=True),
        Column("again", "また使うか", "Use it again", Kind.CODE, own=OF_THE_PROGRAMME, lookup="again", choices=Again.choices),
        Column("state", "確かめたか", "Verified", Kind.CODE, own=OF_THE_PROGRAMME, lookup="state", choices=FactState.choices),
    ),
    _uses,
    (PolicyUse,),
    CC_BY,
    follows_day=True,
    keywords=("施策", "活用"),
)  # fmt: skip


def _target_row(one: IndicatorTarget) -> Row:
    indicator = one.indicator
    return {
        "id": str(one.pk),
        "lab_id": indicator.lab.slug,
        "lab_name": str(indicator.lab),
        "indicator_id": str(indicator.pk),
        "indicator": indicator.name,
        "fiscal_year": one.year,
        "target": number(one.value),
        "value_unit": text(indicator.unit),
        "baseline": number(indicator.baseline),
        "baseline_year": indicator.baseline_year,
    }


def _targets(viewer: Viewer, day: date) -> QueryRows:
    del viewer, day  # the plans of selected labs are public, as on the labs' own pages
    found = IndicatorTarget.objects.select_related("indicator__lab__region")
    return QueryRows(
        found.order_by("indicator__lab__slug", "indicator__position", "indicator_id", "year"), _target_row
    )


INDICATOR = (
    looked_up(LAB, "indicator__lab__slug"),
    LAB_NAME,
    Column("indicator_id", "指標の番号", "Indicator ID", gif="ID", lookup="indicator_id"),
    Column("indicator", "指標", "Indicator", gif="名称", as_written=True),
)
VALUE_UNIT = Column(
    "value_unit", "単位", "Unit", own="指標ごとに単位が違うため、列として持つ", as_written=True
)

TARGETS = Table(
    "indicator-targets",
    "計画の指標と目標",
    "Indicators and targets",
    "ラボの計画にある指標の、年度ごとの目標。数の単位は「単位」の列にある。",
    "Targets by fiscal year of the indicators in the labs' plans. The unit stands in its own column.",
    (
        identity(lookup="pk"),
        *INDICATOR,
        looked_up(FISCAL_YEAR, "year"),
        Column("target", "目標", "Target", Kind.NUMBER, "単位の列を参照", "see unit", own=OF_THE_PROGRAMME),
        VALUE_UNIT,
        Column(
            "baseline", "基準値", "Baseline", Kind.NUMBER, "単位の列を参照", "see unit", own=OF_THE_PROGRAMME
        ),
        Column("baseline_year", "基準年度", "Baseline year", Kind.INTEGER, "年度", "FY", gif="年度"),
    ),
    _targets,
    (Indicator, IndicatorTarget),
    CC_BY,
    keywords=("指標", "目標", "KPI"),
)


def _actual_row(one: IndicatorActual) -> Row:
    return {
        "id": str(one.pk),
        "lab_id": one.indicator.lab.slug,
        "lab_name": str(one.indicator.lab),
        "indicator_id": str(one.indicator_id),
        "indicator": one.indicator.name,
        "fiscal_year": one.fiscal_year,
        "value": number(one.value),
        "value_unit": text(one.indicator.unit),
        "state": one.state,
    }


def _actuals(viewer: Viewer, day: date) -> QueryRows:
    del viewer  # of reports their labs agreed to publish
    found = actuals(as_of=day).filter(report__is_public=True, report__accepted_at__isnull=False)
    return QueryRows(found.order_by("indicator__lab__slug", "indicator_id", "fiscal_year", "pk"), _actual_row)


ACTUALS = Table(
    "indicator-actuals",
    "指標の実績",
    "Indicator actuals",
    "受理され、公開に同意のあった活動報告の、指標の実績。",
    "Actual values of indicators from accepted reports their labs agreed to publish.",
    (
        identity(lookup="pk"),
        *INDICATOR,
        looked_up(FISCAL_YEAR, "fiscal_year"),
        Column("value", "実績", "Actual value", Kind.NUMBER, "単位の列を参照", "see unit", own=OF_THE_PROGRAMME),
        VALUE_UNIT,
        Column("state", "確かめたか", "Verified", Kind.CODE, own=OF_THE_PROGRAMME, lookup="state", choices=FactState.choices),
    ),
    _actuals,
    (IndicatorActual, Report),
    CC_BY,
    follows_day=True,
    keywords=("指標", "実績"),
)  # fmt: skip


def _report_row(one: Report) -> Row:
    return {
        "id": str(one.pk),
        "lab_id": one.lab.slug,
        "lab_name": str(one.lab),
        "fiscal_year": one.year.fiscal_year,
        "accepted_on": one.accepted_at.date().isoformat() if one.accepted_at else None,
        "summary": text(one.public_summary),
        "url": reverse("portal:lab_activities", args=[one.lab.slug]),
    }


def _reports(viewer: Viewer, day: date) -> QueryRows:
    del viewer  # of labs that agreed to publish
    found = Report.objects.filter(is_public=True, accepted_at__date__lte=day).select_related(
        "year", "lab__region"
    )
    return QueryRows(found.order_by("-year__fiscal_year", "lab__slug"), _report_row)


REPORTS = Table(
    "reports",
    "活動報告（要約）",
    "Annual reports",
    "受理され、公開に同意のあった年度ごとの活動報告の要約。",
    "Summaries of accepted annual reports whose labs agreed to publish them.",
    (
        identity(lookup="pk"),
        OF_LAB,
        LAB_NAME,
        looked_up(FISCAL_YEAR, "year__fiscal_year"),
        Column("accepted_on", "受理した日", "Accepted on", Kind.DAY, gif="日付"),
        Column("summary", "要約", "Summary", gif="説明", as_written=True),
        URL,
    ),
    _reports,
    (Report,),
    CC_BY,
    follows_day=True,
    keywords=("活動報告",),
)

TABLES = (KINDS, ACTIVITIES, POLICIES, USES, TARGETS, ACTUALS, REPORTS)
