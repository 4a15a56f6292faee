"""Bureaus, regions and the national list of local governments."""

from datetime import date

from django.db.models.functions import Coalesce
from django.urls import reverse

from tsunagu.api.tables.base import OF_THE_PROGRAMME, Column, Kind, ListRows, QueryRows, Row, Table, text
from tsunagu.api.tables.parts import BUREAU_CODE, PREFECTURE_CODE, SOURCE, URL, identity, looked_up
from tsunagu.registry import selectors
from tsunagu.registry.kinds import LocalGovernmentKind, RegionKind
from tsunagu.registry.models import Bureau, LocalGovernment, Region
from tsunagu.sharing.viewer import Viewer

NAME = Column("name", "名称", "Name", gif="名称", as_written=True)
NAME_EN = Column("name_en", "英語名", "Name in English", gif="名称_英語", as_written=True)
AREA = ("地域", "地方公共団体", "コード")


def _bureaus(viewer: Viewer, day: date) -> ListRows:
    del day
    return ListRows(
        [
            {
                "id": one.code,
                "name": one.name,
                "name_en": text(one.name_en),
                "short_name": one.short_name,
                "url": reverse("portal:bureau", args=[one.code]),
            }
            for one in selectors.bureaus(viewer)
        ]
    )


BUREAUS = Table(
    "bureaus",
    "経済産業局",
    "Regional bureaus",
    "ラボを担当する9つの経済産業局等。",
    "The nine regional bureaus that look after labs.",
    (
        identity("記号", "Code"),
        NAME,
        NAME_EN,
        Column("short_name", "略称", "Short name", gif="略称", as_written=True),
        URL,
    ),
    _bureaus,
    (Bureau,),
    keywords=("経済産業局",),
)


def _region_row(one: Region) -> Row:
    return {
        "id": one.code,
        "name": one.name,
        "name_en": text(one.name_en),
        "kind": one.kind,
        "prefecture_code": one.prefecture_id,
        "bureau": one.bureau.code,
        "source": text(one.source),
    }


def _regions(viewer: Viewer, day: date) -> QueryRows:
    del day
    return QueryRows(selectors.regions(viewer).order_by("code"), _region_row)


REGIONS = Table(
    "regions",
    "選定の対象になった地域",
    "Regions",
    "ラボが選定された地域。複数の市区町村の連携は、このサイトの番号（g-で始まる）を持つ。",
    "Regions labs were selected for. Groups of municipalities have a number of this site, beginning with g-.",
    (
        identity("地域コード", "Region code", lookup="code"),
        NAME,
        NAME_EN,
        Column(
            "kind", "種類", "Kind", Kind.CODE, own=OF_THE_PROGRAMME, lookup="kind", choices=RegionKind.choices
        ),
        looked_up(PREFECTURE_CODE, "prefecture_id"),
        looked_up(BUREAU_CODE, "bureau__code"),
        SOURCE,
    ),
    _regions,
    (Region,),
    keywords=AREA,
)


def _group_rows(viewer: Viewer, day: date) -> QueryRows:
    del viewer, day  # public for everybody
    links = Region.members.through.objects.select_related("region", "localgovernment")

    def row(one: "Region.members.through") -> Row:  # type: ignore[name-defined]
        return {
            "id": f"{one.region.code}.{one.localgovernment_id}",
            "region_id": one.region.code,
            "lg_code": one.localgovernment_id,
            "name": one.localgovernment.name,
        }

    return QueryRows(links.order_by("region__code", "localgovernment_id"), row)


GROUPS = Table(
    "region-municipalities",
    "複数市町村の連携の構成市区町村",
    "Municipalities of group regions",
    "複数の市区町村で1つの地域になっているときの、構成市区町村。",
    "Which municipalities make up a region of several.",
    (
        identity(),
        Column("region_id", "地域コード", "Region code", gif="ID", lookup="region__code"),
        Column("lg_code", "全国地方公共団体コード", "Local government code", gif="全国地方公共団体コード", lookup="localgovernment_id"),
        NAME,
    ),
    _group_rows,
    (Region.members.through,),
    keywords=AREA,
)  # fmt: skip


def _local_row(one: LocalGovernment) -> Row:
    return {
        "id": one.lg_code,
        "name": one.name,
        "name_en": text(one.name_en),
        "kana": text(one.kana),
        "kind": one.kind,
        "prefecture_code": one.prefecture_id or one.lg_code,
        "parent_city": text(one.parent_city),
        "latitude": one.lat,
        "longitude": one.lon,
        "bureau": one.bureau.code,
    }


def _locals(viewer: Viewer, day: date) -> QueryRows:
    del viewer, day  # public for everybody
    found = LocalGovernment.objects.select_related("bureau").annotate(
        of_prefecture=Coalesce("prefecture_id", "lg_code")
    )
    return QueryRows(found.order_by("lg_code"), _local_row)


LOCAL_GOVERNMENTS = Table(
    "local-governments",
    "全国の地方公共団体",
    "Local governments",
    "都道府県・市区町村・政令指定都市の区と、担当する経済産業局。",
    "Prefectures, municipalities and wards, with the bureau in charge.",
    (
        identity("全国地方公共団体コード", "Local government code", lookup="lg_code"),
        NAME,
        NAME_EN,
        Column("kana", "よみ", "Reading", gif="名称_カナ", as_written=True),
        Column(
            "kind",
            "種類",
            "Kind",
            Kind.CODE,
            own=OF_THE_PROGRAMME,
            lookup="kind",
            choices=LocalGovernmentKind.choices,
        ),
        looked_up(PREFECTURE_CODE, "of_prefecture"),
        Column("parent_city", "政令指定都市", "City of a ward", gif="市区町村名", as_written=True),
        Column("latitude", "緯度", "Latitude", Kind.NUMBER, "度", "degrees, WGS 84", gif="緯度"),
        Column("longitude", "経度", "Longitude", Kind.NUMBER, "度", "degrees, WGS 84", gif="経度"),
        looked_up(BUREAU_CODE, "bureau__code"),
    ),
    _locals,
    (LocalGovernment,),
    keywords=AREA,
)

TABLES = (BUREAUS, REGIONS, GROUPS, LOCAL_GOVERNMENTS)
