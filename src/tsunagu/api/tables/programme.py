"""The programme: its criteria and merits, its calls, its awards."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from tsunagu.api.tables.base import CC_BY, OF_THE_PROGRAMME, Column, Kind, ListRows, Row, Table, text
from tsunagu.api.tables.parts import FISCAL_YEAR, LAB, LAB_NAME, SCHEME, SOURCE, URL, counted, identity
from tsunagu.awards.models import Award, AwardEntry
from tsunagu.awards.selectors import announced, winners
from tsunagu.registry import selectors
from tsunagu.registry.kinds import Scheme
from tsunagu.registry.models import Criterion, Merit
from tsunagu.selection.models import Call, Cutoff
from tsunagu.selection.selectors import public_calls
from tsunagu.sharing.viewer import Viewer

WHAT = [("criterion", "審査の視点"), ("merit", "選定の利点")]


def _statement_rows(kind: str, found: Iterable[Criterion | Merit]) -> list[Row]:
    return [
        {
            "id": f"{kind}.{one.scheme}.{one.code}",
            "what": kind,
            "scheme": one.scheme,
            "position": one.position,
            "title": one.title,
            "title_en": text(one.title_en),
            "text": text(one.text),
            "text_en": text(one.text_en),
            "source": one.source,
        }
        for one in found
    ]


def _statements(viewer: Viewer, day: date) -> ListRows:
    del day
    rows: list[Row] = []
    for scheme in (Scheme.DX, Scheme.IOT):
        rows += _statement_rows("criterion", selectors.criteria(viewer, scheme))
        rows += _statement_rows("merit", selectors.merits(viewer, scheme))
    return ListRows(rows)


STATEMENTS = Table(
    "scheme-statements",
    "審査の視点と選定の利点",
    "Criteria and merits",
    "2つの制度の審査の視点と、選定されたラボの利点（このサイトの言葉で要約）。",
    "Criteria of review and merits of selection of both schemes, in this site's own words.",
    (
        identity(lookup="*"),
        Column("what", "種類", "What", Kind.CODE, own=OF_THE_PROGRAMME, lookup="*", choices=WHAT),
        SCHEME,
        counted("position", "番号", "Position", "番", "position"),
        Column("title", "見出し", "Title", gif="名称", as_written=True),
        Column("title_en", "見出し（英語）", "Title in English", gif="名称_英語", as_written=True),
        Column("text", "内容", "Text", gif="説明", as_written=True),
        Column("text_en", "内容（英語）", "Text in English", gif="説明", as_written=True),
        SOURCE,
    ),
    _statements,
    (Criterion, Merit),
    keywords=("審査", "視点"),
)


def _calls(viewer: Viewer, day: date) -> ListRows:
    del viewer, day  # published calls
    rows: list[Row] = []
    for call in public_calls():
        for cutoff in call.cutoffs.all() or [None]:
            rows.append(
                {
                    "id": f"{call.key}.{cutoff.round.key}" if cutoff else call.key,
                    "call": call.key,
                    "title": call.title,
                    "title_en": text(call.title_en),
                    "opens_at": call.opens_at.isoformat(timespec="seconds"),
                    "closes_at": cutoff.closes_at.isoformat(timespec="seconds") if cutoff else None,
                    "round": cutoff.round.key if cutoff else None,
                    "summary": call.summary,
                    "url": reverse("calls:call", args=[call.key]),
                }
            )
    return ListRows(rows)


CALLS = Table(
    "calls",
    "公募と締切",
    "Calls and cut-offs",
    "公開した公募と、弾ごとの締切。日時は協定世界時で書く。",
    "Published calls with the cut-off of each round. Times are in UTC.",
    (
        identity(lookup="*"),
        Column("call", "公募の記号", "Call", gif="ID", lookup="*"),
        Column("title", "題名", "Title", gif="名称", as_written=True),
        Column("title_en", "題名（英語）", "Title in English", gif="名称_英語", as_written=True),
        Column("opens_at", "受付の開始", "Opens at", Kind.MOMENT, gif="開始日時"),
        Column("closes_at", "締切", "Closes at", Kind.MOMENT, gif="終了日時"),
        Column("round", "弾", "Round", own=OF_THE_PROGRAMME, lookup="*"),
        Column("summary", "内容", "Summary", gif="説明", as_written=True),
        URL,
    ),
    _calls,
    (Call, Cutoff),
    keywords=("公募", "締切"),
)


def _award_rows(award: Award) -> Iterable[Row]:
    for one in winners(award):
        yield {
            "id": one.number,
            "award": award.title,
            "award_en": text(award.title_en),
            "fiscal_year": award.fiscal_year,
            "prize": one.prize.name if one.prize else None,
            "lab_id": one.lab.slug,
            "lab_name": str(one.lab),
            "title": one.title if one.may_publish else None,
            "comment": text(one.comment) if one.may_publish else None,
            "url": reverse("gallery:gallery"),
        }


def _awards(viewer: Viewer, day: date) -> ListRows:
    del viewer, day  # announced ones
    return ListRows([row for award in announced() for row in _award_rows(award)])


AWARDS = Table(
    "award-winners",
    "表彰の受賞",
    "Award winners",
    "発表した表彰の受賞ラボ。取組の名前は、ラボが公開に同意したものだけ。",
    "Winners of announced awards; titles only where the lab agreed to publish.",
    (
        identity(lookup="*"),
        Column("award", "表彰", "Award", gif="名称", as_written=True),
        Column("award_en", "表彰（英語）", "Award in English", gif="名称_英語", as_written=True),
        FISCAL_YEAR,
        Column("prize", "賞", "Prize", own=OF_THE_PROGRAMME, as_written=True),
        LAB,
        LAB_NAME,
        Column("title", "取組の名前", "Title", gif="名称", as_written=True),
        Column("comment", "講評", "Comment", gif="説明", as_written=True),
        URL,
    ),
    _awards,
    (Award, AwardEntry),
    CC_BY,
    keywords=("表彰",),
)

TABLES = (STATEMENTS, CALLS, AWARDS)
