"""Published cases, their results in figures, the technologies they use, and the codes they are sorted by."""

from datetime import date
from typing import Any

from django.db.models import F, Func
from django.urls import reverse

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
from tsunagu.api.tables.parts import (
    LAB_NAME,
    PREFECTURE,
    PREFECTURE_CODE,
    SOURCE,
    URL,
    counted,
    identity,
    looked_up,
)
from tsunagu.cases.models import About, Case, CaseField, CaseResult, CaseState, CostBand, Industry, Stage
from tsunagu.cases.selectors import fields, industries, public_cases
from tsunagu.sharing.viewer import Viewer

WORDS = ("事例", "DX", "横展開")


def _case_row(one: Case) -> Row:
    return {
        "id": one.number,
        "title": one.title,
        "about": one.about,
        "lab_id": one.lab.slug if one.lab else None,
        "lab_name": str(one.lab) if one.lab else None,
        "company": text(one.company),
        "prefecture_code": one.prefecture_id,
        "prefecture": one.prefecture.name if one.prefecture else None,
        "industry": one.industry.code if one.industry else None,
        "field": one.field.code if one.field else None,
        "summary": text(one.summary),
        "problem": text(one.problem),
        "approach": text(one.approach),
        "cost": text(one.cost),
        "months": one.months,
        "staff": text(one.staff),
        "outcome": text(one.outcome),
        "failed": text(one.failed),
        "conditions": text(one.conditions),
        "stage": one.stage,
        "began_on": written(one.began_on),
        "verified_on": one.verified_on.isoformat() if one.verified_on else None,
        "published_at": one.published_at.isoformat(timespec="seconds") if one.published_at else None,
        "source": text(one.source),
        "url": reverse("case_pages:case", args=[one.number]),
    }


def _cases(viewer: Viewer, day: date) -> QueryRows:
    del viewer, day  # published ones; what was published on a past day is not kept
    return QueryRows(public_cases().order_by("number"), _case_row)


CASES = Table(
    "cases",
    "事例",
    "Cases",
    "公開している取組の事例。ラボの間だけで話す部分は含まない。",
    "Published cases. What labs tell only each other is not included.",
    (
        identity("事例の番号", "Case number", lookup="number"),
        Column("title", "題名", "Title", gif="名称", as_written=True),
        Column("about", "何の事例か", "About", Kind.CODE, own=OF_THE_PROGRAMME, lookup="about", choices=About.choices),
        Column("lab_id", "ラボ番号", "Lab ID", gif="ID", lookup="lab__slug"),
        LAB_NAME,
        Column("company", "会社・団体の名前", "Company", gif="組織名称", as_written=True),
        looked_up(PREFECTURE_CODE, "prefecture_id"),
        PREFECTURE,
        Column("industry", "業種の記号（日本標準産業分類の大分類）", "Industry (JSIC division)", own="日本標準産業分類の記号", lookup="industry__code"),
        Column("field", "分野の記号", "Field", own=OF_THE_PROGRAMME, lookup="field__code"),
        Column("summary", "ひとことで", "In short", gif="説明", as_written=True),
        Column("problem", "困っていたこと", "Problem", own=OF_THE_PROGRAMME, as_written=True),
        Column("approach", "したこと・工夫", "Approach", own=OF_THE_PROGRAMME, as_written=True),
        Column("cost", "費用", "Cost band", Kind.CODE, own=OF_THE_PROGRAMME, lookup="cost", choices=CostBand.choices),
        counted("months", "かかった月数", "Months", "か月", "months"),
        Column("staff", "関わった人", "Staff", own=OF_THE_PROGRAMME, as_written=True),
        Column("outcome", "成果", "Outcome", own=OF_THE_PROGRAMME, as_written=True),
        Column("failed", "うまくいかなかったこと", "What failed", own=OF_THE_PROGRAMME, as_written=True),
        Column("conditions", "ほかで使うときの条件", "Conditions for reuse", own=OF_THE_PROGRAMME, as_written=True),
        Column("stage", "いまの段階", "Stage", Kind.CODE, own=OF_THE_PROGRAMME, lookup="stage", choices=Stage.choices),
        Column("began_on", "始めた時期", "Began", Kind.DATE, gif="開始日"),
        Column("verified_on", "内容を確かめた日", "Verified on", Kind.DAY, gif="更新日"),
        Column("published_at", "公開した日時", "Published at", Kind.MOMENT, gif="公開日"),
        SOURCE,
        URL,
    ),
    _cases,
    (Case,),
    CC_BY,
    keywords=WORDS,
)  # fmt: skip


def _result_row(one: CaseResult) -> Row:
    return {
        "id": str(one.pk),
        "case_id": one.case.number,
        "measure": one.measure,
        "before": number(one.before),
        "after": number(one.after),
        "value_unit": one.unit,
        "is_verified": one.verified_on is not None,
        "verified_on": one.verified_on.isoformat() if one.verified_on else None,
    }


def _results(viewer: Viewer, day: date) -> QueryRows:
    del viewer, day
    found = CaseResult.objects.filter(case__state=CaseState.PUBLISHED).select_related("case")
    return QueryRows(found.order_by("case__number", "pk"), _result_row)


OF_CASE = Column("case_id", "事例の番号", "Case number", gif="ID", lookup="case__number")
RESULTS = Table(
    "case-results",
    "事例の成果の数",
    "Results of cases",
    "事例の成果を数で表したもの。確かめたものか、自己申告かを分ける。",
    "Results of cases in figures, verified or self-reported.",
    (
        identity(lookup="pk"),
        OF_CASE,
        Column("measure", "何の数か", "Measure", gif="名称", as_written=True),
        Column("before", "前", "Before", Kind.NUMBER, "単位の列を参照", "see unit", own=OF_THE_PROGRAMME),
        Column("after", "後", "After", Kind.NUMBER, "単位の列を参照", "see unit", own=OF_THE_PROGRAMME),
        Column("value_unit", "単位", "Unit", own="成果ごとに単位が違うため、列として持つ", as_written=True),
        Column("is_verified", "確かめたか", "Verified", Kind.BOOLEAN, own=OF_THE_PROGRAMME),
        Column("verified_on", "確かめた日", "Verified on", Kind.DAY, gif="日付"),
    ),
    _results,
    (Case, CaseResult),
    CC_BY,
    keywords=WORDS,
)


def _technology_row(one: dict[str, Any]) -> Row:
    return {
        "id": f"{one['number']}.{one['technology']}",
        "case_id": one["number"],
        "technology": one["technology"],
    }


def _technologies(viewer: Viewer, day: date) -> QueryRows:
    del viewer, day
    each = Func(F("technologies"), function="unnest")
    found = public_cases().select_related(None).annotate(technology=each).values("number", "technology")
    # Distinct: one row for each, and counted as such (a count without it forgets the rows that unnesting makes).
    return QueryRows(found.order_by("number", "technology").distinct(), _technology_row)


TECHNOLOGIES = Table(
    "case-technologies",
    "事例が使った技術",
    "Technologies of cases",
    "事例が使った技術。1行に1つ。",
    "Technologies a case uses, one in a row.",
    (
        identity(),
        Column("case_id", "事例の番号", "Case number", gif="ID", lookup="number"),
        Column("technology", "技術", "Technology", gif="名称", as_written=True),
    ),
    _technologies,
    (Case,),
    CC_BY,
    keywords=WORDS,
)


def _codes(viewer: Viewer, day: date) -> ListRows:
    del viewer, day
    rows: list[Row] = []
    for kind, found in (("industry", industries()), ("field", fields())):
        for one in found:
            rows.append(
                {
                    "id": f"{kind}.{one.code}", "what": kind, "code": one.code, "name": one.name,
                    "name_en": text(one.name_en), "source": text(one.source),
                }
            )  # fmt: skip
    return ListRows(rows)


CODES = Table(
    "case-codes",
    "事例の業種と分野の記号",
    "Codes of industries and fields",
    "事例の業種（日本標準産業分類の大分類）と分野の記号。",
    "Codes of industries (divisions of the Japan Standard Industrial Classification) and fields of cases.",
    (
        identity(lookup="*"),
        Column("what", "種類", "What", Kind.CODE, own=OF_THE_PROGRAMME, lookup="*",
               choices=[("industry", "業種"), ("field", "分野")]),
        Column("code", "記号", "Code", gif="ID"),
        Column("name", "名称", "Name", gif="名称", as_written=True),
        Column("name_en", "英語名", "Name in English", gif="名称_英語", as_written=True),
        SOURCE,
    ),
    _codes,
    (Industry, CaseField),
    keywords=("コード",),
)  # fmt: skip

TABLES = (CASES, RESULTS, TECHNOLOGIES, CODES)
