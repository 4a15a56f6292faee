"""Experts who let themselves be listed: where they are, how they meet, what they are asked about; never who they are.

Names, and what the experts wrote of themselves, stand on their own pages only: who leaves the directory is gone from there
at once, while files that were taken away stay where they are.
"""

from datetime import date
from typing import Any

from django.urls import reverse

from tsunagu.api.tables.base import CC_BY, OF_THE_PROGRAMME, Column, Kind, QueryRows, Row, Table
from tsunagu.api.tables.parts import PREFECTURE, PREFECTURE_CODE, URL, identity, looked_up
from tsunagu.experts.models import Expert, Mode, Payer
from tsunagu.experts.selectors import listed
from tsunagu.sharing.viewer import Viewer

WORDS = ("専門家", "派遣")
OF_EXPERT = Column("expert_id", "専門家の番号", "Expert number", gif="ID", lookup="expert_id")


def _row(one: Expert) -> Row:
    return {
        "id": str(one.pk),
        "prefecture_code": one.home_id,
        "prefecture": one.home.name,
        "mode": one.mode,
        "goes_anywhere": one.mode != Mode.ONLINE and not one.areas.all(),
        "payer": one.payer,
        "sells": bool(one.sells),
        "confirmed_on": one.confirmed_on.isoformat() if one.confirmed_on else None,
        "url": reverse("experts:expert", args=[one.pk]),
    }


def _experts(viewer: Viewer, day: date) -> QueryRows:
    del viewer, day  # those who are listed today; who was listed on a past day is not kept
    return QueryRows(listed().order_by("pk"), _row)


EXPERTS = Table(
    "experts",
    "専門家",
    "Experts",
    "名簿に載ることを本人が選び、内容を確かめた専門家。名前、所属、本人が書いた文は含まない（本人のページにある）。",
    "Experts who chose to be listed and confirmed their entry. Names, affiliations and texts are on their own pages only.",
    (
        identity(lookup="pk"),
        looked_up(PREFECTURE_CODE, "home_id"),
        PREFECTURE,
        Column("mode", "会い方", "How they meet", Kind.CODE, own=OF_THE_PROGRAMME, lookup="mode", choices=Mode.choices),
        Column("goes_anywhere", "全国へ訪問できる", "Visits anywhere", Kind.BOOLEAN, own=OF_THE_PROGRAMME),
        Column("payer", "だれが払うか", "Who pays", Kind.CODE, own=OF_THE_PROGRAMME, lookup="payer", choices=Payer.choices),
        Column("sells", "売っているものがある", "Sells something", Kind.BOOLEAN, own=OF_THE_PROGRAMME),
        Column("confirmed_on", "本人が確かめた日", "Confirmed on", Kind.DAY, gif="日付"),
        URL,
    ),
    _experts,
    (Expert, Expert.areas.through),
    CC_BY,
    keywords=WORDS,
)  # fmt: skip


def _listed() -> Any:
    return listed().select_related(None).prefetch_related(None).values("pk")


def _theme_row(one: dict[str, Any]) -> Row:
    return {
        "id": f"{one['expert_id']}.{one['theme__code']}",
        "expert_id": str(one["expert_id"]),
        "theme": one["theme__code"],
        "theme_name": one["theme__name"],
        "theme_name_en": one["theme__name_en"] or None,
    }


def _themes(viewer: Viewer, day: date) -> QueryRows:
    del viewer, day
    found = Expert.themes.through.objects.filter(expert__in=_listed())
    rows = found.values("expert_id", "theme__code", "theme__name", "theme__name_en")
    return QueryRows(rows.order_by("expert_id", "theme__code"), _theme_row)


THEMES = Table(
    "expert-themes",
    "専門家のテーマ",
    "Themes of experts",
    "専門家が相談にのるテーマ。1行に1つ。",
    "Themes an expert is asked about, one in a row.",
    (
        identity(),
        OF_EXPERT,
        Column("theme", "テーマの記号", "Theme", own=OF_THE_PROGRAMME, lookup="theme__code"),
        Column("theme_name", "テーマ", "Theme (label)", gif="名称"),
        Column("theme_name_en", "テーマの英語名", "Theme in English", gif="名称_英語"),
    ),
    _themes,
    (Expert, Expert.themes.through),
    CC_BY,
    keywords=WORDS,
)


def _area_row(one: dict[str, Any]) -> Row:
    return {
        "id": f"{one['expert_id']}.{one['localgovernment_id']}",
        "expert_id": str(one["expert_id"]),
        "prefecture_code": one["localgovernment_id"],
        "prefecture": one["localgovernment__name"],
    }


def _areas(viewer: Viewer, day: date) -> QueryRows:
    del viewer, day
    found = Expert.areas.through.objects.filter(expert__in=_listed()).exclude(expert__mode=Mode.ONLINE)
    rows = found.values("expert_id", "localgovernment_id", "localgovernment__name")
    return QueryRows(rows.order_by("expert_id", "localgovernment_id"), _area_row)


AREAS = Table(
    "expert-areas",
    "専門家が訪問できる都道府県",
    "Where experts visit",
    "専門家が訪問できる都道府県。1行に1つ。全国へ行ける人の行はない。",
    "Prefectures an expert visits, one in a row. Those who visit anywhere have no rows.",
    (
        identity(),
        OF_EXPERT,
        looked_up(PREFECTURE_CODE, "localgovernment_id"),
        PREFECTURE,
    ),
    _areas,
    (Expert, Expert.areas.through),
    CC_BY,
    keywords=WORDS,
)

TABLES = (EXPERTS, THEMES, AREAS)
