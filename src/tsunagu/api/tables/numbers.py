"""Published figures beside computed ones, the national tables of activities, and results of surveys."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils import timezone

from tsunagu.activities.models import Activity, ActivityKind
from tsunagu.activities.selectors import national_table
from tsunagu.api.tables.base import CC_BY, OF_THE_PROGRAMME, Column, Kind, ListRows, Row, Table, text, written
from tsunagu.api.tables.parts import FISCAL_YEAR, SOURCE, URL, counted, identity
from tsunagu.figures.models import PublishedFigure
from tsunagu.figures.rules import Verdict
from tsunagu.figures.selectors import FigureRow, figures
from tsunagu.registry.models import Designation, StatusEvent
from tsunagu.sharing.viewer import Viewer
from tsunagu.surveys import selectors as surveys
from tsunagu.surveys.models import HistoricalResult, Wave

VERDICTS = [
    (Verdict.AGREE.value, "一致"),
    (Verdict.DIFFER.value, "相違"),
    (Verdict.UNKNOWN.value, "まだ計算できない"),
]


def _figure_row(one: FigureRow) -> Row:
    published, computed = one.published, one.computed.numerator
    exact = computed.low if computed is not None and computed.is_exact else None
    return {
        "id": published.code,
        "section": published.section,
        "statement": published.statement,
        "numerator": published.numerator,
        "denominator": published.denominator,
        "percent": published.percent,
        "published_as_of": written(published.as_of),
        "computed": exact,
        "computed_low": computed.low if computed is not None else None,
        "computed_high": computed.high if computed is not None else None,
        "computed_as_of": one.as_of.isoformat(),
        "verdict": one.verdict.value,
        "source": text(published.source),
        "url": reverse("figures:figure", args=[published.code]),
    }


def _figures(viewer: Viewer, day: date) -> ListRows:
    asked = day if day < timezone.localdate() else None
    return ListRows([_figure_row(one) for one in figures(viewer, as_of=asked)])


FIGURES = Table(
    "figures",
    "公表値と、記録から数えた値",
    "Published figures and what the records give",
    "制度の資料に載った数値と、このサイトの記録から同じ定義で数えた値。合わないものも、そのまま載せる。",
    "Numbers published in the programme's documents beside the same numbers counted from the records. Differences are shown as they are.",
    (
        identity("公表値の番号", "Figure ID", lookup="*"),
        Column("section", "資料の箇所", "Section of the document", gif="備考", as_written=True),
        Column("statement", "記載", "Statement", gif="説明", as_written=True),
        counted("numerator", "公表された数", "Published number", "記載のとおり", "as stated"),
        counted("denominator", "公表された分母", "Published denominator", "記載のとおり", "as stated"),
        counted("percent", "公表された割合", "Published share", "%", "%"),
        Column("published_as_of", "公表値の時点", "As of (published)", Kind.DATE, gif="日付"),
        counted("computed", "記録から数えた数", "Number from the records", "記載のとおり", "as stated"),
        counted(
            "computed_low", "記録から数えた数の下限", "Lowest by the records", "記載のとおり", "as stated"
        ),
        counted(
            "computed_high", "記録から数えた数の上限", "Highest by the records", "記載のとおり", "as stated"
        ),
        Column("computed_as_of", "数えた時点", "As of (computed)", Kind.DAY, gif="日付"),
        Column(
            "verdict", "比べた結果", "Verdict", Kind.CODE, own=OF_THE_PROGRAMME, lookup="*", choices=VERDICTS
        ),
        SOURCE,
        URL,
    ),
    _figures,
    (PublishedFigure, Designation, StatusEvent),
    follows_day=True,
    keywords=("公表値", "根拠"),
)


def _statistics(viewer: Viewer, day: date, by: str) -> ListRows:
    table = national_table(viewer, as_of=day, today=timezone.localdate(), by=by)
    rows: list[Row] = [
        {
            "id": f"{year}.{code}",
            "fiscal_year": year,
            by: code,
            f"{by}_name": label,
            "activities": cell.activities,
            "people": cell.people,
            "companies": cell.companies,
            "labs": len(cell.labs),
        }
        for code, label, cells in table.rows
        for year, cell in sorted(cells.items())
    ]
    return ListRows(rows)


def _by_kind(viewer: Viewer, day: date) -> ListRows:
    return _statistics(viewer, day, "kind")


def _by_bureau(viewer: Viewer, day: date) -> ListRows:
    return _statistics(viewer, day, "bureau")


COUNTS = (
    counted("activities", "活動の数", "Activities", "件", "count"),
    counted("people", "参加した人数（のべ）", "People taking part", "人", "people"),
    counted("companies", "支援した企業の数", "Companies helped", "社", "companies"),
    counted("labs", "ラボの数", "Labs", "ラボ", "labs"),
)

BY_KIND = Table(
    "activity-statistics",
    "活動の全国集計（種類別）",
    "Activities by kind",
    "公開された活動の記録を、年度と種類ごとに数えたもの。企業は同じ年度に何度支援しても1社と数える。",
    "Public records of activities counted by fiscal year and kind. A company counts once a year.",
    (
        identity(lookup="*"),
        FISCAL_YEAR,
        Column("kind", "種類の記号", "Kind", own=OF_THE_PROGRAMME, lookup="*"),
        Column("kind_name", "種類", "Kind (label)", gif="名称"),
        *COUNTS,
    ),
    _by_kind,
    (Activity, ActivityKind),
    CC_BY,
    follows_day=True,
    keywords=("活動", "集計"),
)
BY_BUREAU = Table(
    "activity-statistics-by-bureau",
    "活動の全国集計（経済産業局別）",
    "Activities by bureau",
    "公開された活動の記録を、年度と経済産業局ごとに数えたもの。",
    "Public records of activities counted by fiscal year and bureau.",
    (
        identity(lookup="*"),
        FISCAL_YEAR,
        Column("bureau", "経済産業局の記号", "Bureau code", own=OF_THE_PROGRAMME, lookup="*"),
        Column("bureau_name", "経済産業局", "Bureau", gif="組織名称", as_written=True),
        *COUNTS,
    ),
    _by_bureau,
    (Activity,),
    CC_BY,
    follows_day=True,
    keywords=("活動", "集計", "経済産業局"),
)


def _wave_rows(wave: Wave) -> Iterator[Row]:
    """A row for each option of a question; a hidden count is empty, and said to be hidden."""
    base: Row = {"survey": str(wave.survey), "wave": wave.label, "held_on": written(wave.held_on)}
    if wave.is_historical:
        for one in wave.historical_results.all():
            yield base | {
                "id": f"{wave.pk}.{one.element}.{one.code}", "question": one.question, "answered": one.total,
                "option_code": one.code, "option": one.label, "count": one.count, "is_hidden": False,
            }  # fmt: skip
        return
    for result in surveys.results(wave, with_breakdowns=False):
        for each in result.options:
            yield base | {
                "id": f"{wave.pk}.{result.field.key}.{each.code}", "question": result.field.label,
                "answered": result.answered, "option_code": each.code, "option": each.label,
                "count": each.count, "is_hidden": each.count is None,
            }  # fmt: skip


def _surveys(viewer: Viewer, day: date) -> ListRows:
    del viewer, day  # only waves whose results were published
    waves = surveys.public_waves().prefetch_related("historical_results").order_by("pk")
    return ListRows([row for wave in waves for row in _wave_rows(wave)])


SURVEYS = Table(
    "survey-results",
    "アンケートの結果",
    "Survey results",
    "結果を公開したアンケートの、選択肢ごとの回答数（全国）。少ない数は伏せ、伏せたことを示す。",
    "Answers by option of surveys whose results are public (national). Small counts are hidden, and said to be.",
    (
        identity(lookup="*"),
        Column("survey", "アンケート", "Survey", gif="名称", as_written=True),
        Column("wave", "回", "Wave", own=OF_THE_PROGRAMME, as_written=True),
        Column("held_on", "いつの調査か", "Held on", Kind.DATE, gif="日付"),
        Column("question", "質問", "Question", own=OF_THE_PROGRAMME, as_written=True),
        counted("answered", "答えたラボの数", "Labs that answered", "ラボ", "labs"),
        Column("option_code", "選択肢の記号", "Option code", own=OF_THE_PROGRAMME),
        Column("option", "選択肢", "Option", own=OF_THE_PROGRAMME, as_written=True),
        counted("count", "選んだラボの数", "Labs that chose it", "ラボ", "labs"),
        Column(
            "is_hidden",
            "少ないので数を伏せたか",
            "Count hidden as too small",
            Kind.BOOLEAN,
            own=OF_THE_PROGRAMME,
        ),
    ),
    _surveys,
    (Wave, HistoricalResult),
    CC_BY,
    keywords=("アンケート",),
)

TABLES = (FIGURES, BY_KIND, BY_BUREAU, SURVEYS)
