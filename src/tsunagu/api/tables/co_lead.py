"""Furusato Co-LEAD: its editions, the briefs anybody may read, what came of teams. No names of people; of companies only those who agreed."""

from datetime import date

from django.urls import reverse

from tsunagu.api.tables.base import CC_BY, OF_THE_PROGRAMME, Column, Kind, ListRows, Row, Table, text
from tsunagu.api.tables.parts import FISCAL_YEAR, PREFECTURE, PREFECTURE_CODE, SOURCE, URL, counted, identity
from tsunagu.sharing.viewer import Viewer
from tsunagu.talent.models import Brief, Edition, Mode, Outcome, OutcomeType, Reached, Step, Team, Way
from tsunagu.talent.selectors.editions import public_editions, published_briefs
from tsunagu.talent.selectors.report import report_of


def _edition_row(one: Edition) -> Row:
    past = one.step == Step.PAST
    return {
        "id": one.key,
        "fiscal_year": one.fiscal_year,
        "title": one.title,
        "title_en": text(one.title_en),
        "outcome_type": one.outcome_type,
        "way": None if past else one.way,
        "step": one.step,
        "opens_on": one.opens_on.isoformat() if one.opens_on else None,
        "closes_on": one.closes_on.isoformat() if one.closes_on else None,
        "reports_on": one.reports_on.isoformat() if one.reports_on else None,
        "facts": text(one.facts),
        "url": reverse("co_lead:edition", args=[one.key]),
        "source": text(one.source),
    }


def _editions(viewer: Viewer, day: date) -> ListRows:
    del viewer, day
    return ListRows(list(public_editions()), _edition_row)


EDITIONS = Table(
    "co-lead-editions",
    "ふるさとCo-LEADの回",
    "Furusato Co-LEAD editions",
    "年度ごとの回と、目指した成果の種類。過去の回は、公開の資料で分かることだけ。",
    "Yearly editions with their type of outcome. Of past ones only what public pages say.",
    (
        identity(lookup="*"),
        FISCAL_YEAR,
        Column("title", "名称", "Title", gif="名称", as_written=True),
        Column("title_en", "名称（英語）", "Title in English", gif="名称_英語", as_written=True),
        Column("outcome_type", "成果の種類", "Type of outcome", Kind.CODE, own=OF_THE_PROGRAMME, lookup="*", choices=OutcomeType.choices),
        Column("way", "組み方", "How people are matched", Kind.CODE, own=OF_THE_PROGRAMME, choices=Way.choices),
        Column("step", "段階", "Step", Kind.CODE, own=OF_THE_PROGRAMME, lookup="*", choices=Step.choices),
        Column("opens_on", "募集の始まり", "Opens on", Kind.DAY, gif="開始日"),
        Column("closes_on", "募集の終わり", "Closes on", Kind.DAY, gif="終了日"),
        Column("reports_on", "最終報告会", "Final report on", Kind.DAY, own=OF_THE_PROGRAMME),
        Column("facts", "分かっていること", "What is known", gif="説明", as_written=True),
        URL,
        SOURCE,
    ),
    _editions,
    (Edition,),
    CC_BY,
    keywords=("ふるさとCo-LEAD", "デジタル人材"),
)  # fmt: skip


def _brief_row(one: Brief) -> Row:
    return {
        "id": one.number,
        "edition": one.edition.key,
        "title": one.title,
        "gist": one.gist,
        "prefecture_code": one.company.prefecture_id,
        "prefecture": one.company.prefecture.label,
        "industry": one.company.industry.code,
        "skills": one.needs.count(),
        "hours": one.hours,
        "mode": one.mode,
        "url": reverse("co_lead:edition", args=[one.edition.key]),
    }


def _briefs(viewer: Viewer, day: date) -> ListRows:
    del viewer, day  # published ones, without who they are of
    found = [
        one for edition in public_editions() for one in published_briefs(edition).select_related("edition")
    ]
    return ListRows(found, _brief_row)


BRIEFS = Table(
    "co-lead-briefs",
    "会社の相談書（ふるさとCo-LEAD）",
    "Company briefs (Furusato Co-LEAD)",
    "会社とコーディネーターの両方が公開してよいとした相談書。会社の名前は含まない。",
    "Briefs that both the company and its coordinator agreed to publish, without the company's name.",
    (
        identity(lookup="*"),
        Column("edition", "回の記号", "Edition", gif="ID", lookup="*"),
        Column("title", "題名", "Title", gif="名称", as_written=True),
        Column("gist", "ひとことで", "Gist", gif="説明", as_written=True),
        PREFECTURE_CODE,
        PREFECTURE,
        Column("industry", "業種の記号", "Industry code", own="日本標準産業分類の大分類の記号", lookup="*"),
        counted("skills", "要る技能の数", "Skills needed", "件", "skills"),
        counted("hours", "1人が1か月に使う時間", "Hours a month of each", "時間", "hours"),
        Column(
            "mode",
            "働き方",
            "How they work",
            Kind.CODE,
            own=OF_THE_PROGRAMME,
            lookup="*",
            choices=Mode.choices,
        ),
        URL,
    ),
    _briefs,
    (Brief,),
    CC_BY,
    keywords=("ふるさとCo-LEAD", "相談"),
)


def _outcome_rows(edition: Edition) -> list[Row]:
    return [
        {
            "id": f"{edition.key}.{one.team.brief.number}",
            "edition": edition.key,
            "brief": one.team.brief.number,
            "title": one.team.brief.title,
            "company": text(one.name),
            "reached": one.outcome.reached,
            "told": one.outcome.told,
            "learned": text(one.outcome.learned),
            "filed_on": one.outcome.filed_on.isoformat() if one.outcome.filed_on else None,
            "granted_on": one.outcome.granted_on.isoformat() if one.outcome.granted_on else None,
            "goes_on": one.outcome.goes_on,
            "is_verified": one.outcome.verified_at is not None,
        }
        for one in report_of(edition).told
        if one.outcome is not None
    ]


def _outcomes(viewer: Viewer, day: date) -> ListRows:
    del viewer, day  # of editions whose final report was published
    return ListRows(
        [row for one in public_editions().filter(step=Step.REPORTED) for row in _outcome_rows(one)]
    )


OUTCOMES = Table(
    "co-lead-outcomes",
    "チームの成果（ふるさとCo-LEAD）",
    "Outcomes of teams (Furusato Co-LEAD)",
    "最終報告を公開した回のチームの成果。会社の名前は、会社が同意したものだけ。",
    "Outcomes of teams in editions whose final report was published; companies are named only where they agreed.",
    (
        identity(lookup="*"),
        Column("edition", "回の記号", "Edition", gif="ID", lookup="*"),
        Column("brief", "相談書の番号", "Brief", gif="ID", lookup="*"),
        Column("title", "題名", "Title", gif="名称", as_written=True),
        Column("company", "会社", "Company", gif="組織名称", as_written=True),
        Column("reached", "目標にどこまで近づいたか", "How far the goal was reached", Kind.CODE, own=OF_THE_PROGRAMME, lookup="*", choices=Reached.choices),
        Column("told", "できたことと、その結果", "What was done, and what came of it", gif="説明", as_written=True),
        Column("learned", "うまくいかなかったこと", "What did not work", gif="説明", as_written=True),
        Column("filed_on", "DX認定を申請した日", "DX certification applied for on", Kind.DAY, own=OF_THE_PROGRAMME),
        Column("granted_on", "DX認定を受けた日", "DX certification granted on", Kind.DAY, own=OF_THE_PROGRAMME),
        Column("goes_on", "仕事を続けるか", "Whether they go on together", Kind.BOOLEAN, own=OF_THE_PROGRAMME, lookup="*"),
        Column("is_verified", "事務局が確かめたか", "Whether the secretariat verified it", Kind.BOOLEAN, own=OF_THE_PROGRAMME, lookup="*"),
    ),
    _outcomes,
    (Outcome, Team),
    CC_BY,
    keywords=("ふるさとCo-LEAD", "DX認定"),
)  # fmt: skip

TABLES = (EDITIONS, BRIEFS, OUTCOMES)
