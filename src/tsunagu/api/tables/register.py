"""Labs, their selections, what happened to them, and who belongs to them."""

from datetime import date

from django.db.models import Q
from django.urls import reverse

from tsunagu.api.tables.base import (
    OF_THE_PROGRAMME,
    Column,
    Kind,
    ListRows,
    QueryRows,
    Row,
    Table,
    text,
    written,
)
from tsunagu.api.tables.parts import (
    BUREAU_CODE,
    BUREAU_NAME,
    LAB,
    LAB_NAME,
    PREFECTURE,
    PREFECTURE_CODE,
    SCHEME,
    SOURCE,
    URL,
    counted,
    identity,
    looked_up,
)
from tsunagu.registry import selectors
from tsunagu.registry.kinds import (
    Category,
    EventKind,
    MemberRole,
    OrganisationKind,
    Reason,
    RegionKind,
    Status,
)
from tsunagu.registry.models import Designation, Lab, MemberOrg, Organisation, Region, Round, StatusEvent
from tsunagu.registry.records import DesignationRecord, LabRecord
from tsunagu.registry.rules import Certainty, Span
from tsunagu.sharing.viewer import Viewer

CATEGORY = Column(
    "category",
    "選定時の類型",
    "Category at selection",
    Kind.CODE,
    own=OF_THE_PROGRAMME,
    lookup="*",
    choices=Category.choices,
)
STATUS = Column(
    "status", "状態", "Status", Kind.CODE, own=OF_THE_PROGRAMME, lookup="*", choices=Status.choices
)
REASON = Column(
    "reason", "理由", "Reason", Kind.CODE, own=OF_THE_PROGRAMME, lookup="*", choices=Reason.choices
)
REGION_KIND = Column(
    "region_kind",
    "地域の種類",
    "Kind of region",
    Kind.CODE,
    own=OF_THE_PROGRAMME,
    lookup="*",
    choices=RegionKind.choices,
)
ROUND = Column("round", "弾", "Round", gif="", own=OF_THE_PROGRAMME, lookup="*")
CERTAIN = Column(
    "is_certain",
    "その日までの選定が確かか",
    "Certainly selected by the day",
    Kind.BOOLEAN,
    own=OF_THE_PROGRAMME,
    lookup="*",
)


def _span(span: Span | None) -> str | None:
    """A selection date as far as it is known; None where only a wider span is."""
    if span is None:
        return None
    first, last = span.earliest, span.latest
    if first == last:
        return first.isoformat()
    if (first.year, first.month) == (last.year, last.month):
        return first.isoformat()[:7]
    return str(first.year) if first.year == last.year else None


def _lab_row(lab: LabRecord) -> Row:
    now = lab.current
    return {
        "id": lab.slug,
        "name": lab.name,
        "name_en": text(lab.name_in_english),
        "region_code": lab.region_code,
        "region": lab.region_name,
        "region_kind": lab.region_kind,
        "prefecture_code": lab.prefecture_code,
        "prefecture": lab.prefecture_name,
        "bureau": lab.bureau_code,
        "bureau_name": lab.bureau_name,
        "scheme": now.scheme,
        "round": _round_key(now),
        "selected_on": _span(now.selected),
        "status": str(now.status),
        "category": text(now.category),
        "is_certain": lab.is_certain,
        "latitude": lab.lat,
        "longitude": lab.lon,
        "website": text(lab.website),
        "summary": text(lab.summary),
        "url": reverse("portal:lab", args=[lab.slug]),
    }


def _round_key(designation: DesignationRecord) -> str | None:
    number = designation.round_number
    return f"{designation.scheme}-{number}" if number is not None else None


def _labs(viewer: Viewer, day: date) -> ListRows:
    return ListRows(selectors.register(viewer, as_of=day).labs, _lab_row)


LABS = Table(
    "labs",
    "ラボ一覧",
    "Labs",
    "地域DX推進ラボと地方版IoT推進ラボの選定地域。1行が1つのラボで、指定した日の状態を示す。終わったラボも残る。",
    "Regions selected as Regional DX Promotion Labs or Local IoT Acceleration Labs, one row each, as they stood on a day. Ended labs stay.",
    (
        identity("ラボ番号", "Lab ID", lookup="*"),
        Column("name", "ラボの名称", "Name", gif="名称", as_written=True),
        Column("name_en", "ラボの名称（英語）", "Name in English", gif="名称_英語", as_written=True),
        Column("region_code", "地域コード", "Region code", gif="全国地方公共団体コード", lookup="*"),
        Column("region", "地域", "Region", gif="地方公共団体名", as_written=True),
        REGION_KIND,
        PREFECTURE_CODE,
        PREFECTURE,
        BUREAU_CODE,
        BUREAU_NAME,
        SCHEME,
        ROUND,
        Column("selected_on", "選定日", "Selected on", Kind.DATE, gif="開始日"),
        STATUS,
        CATEGORY,
        CERTAIN,
        Column("latitude", "緯度", "Latitude", Kind.NUMBER, "度", "degrees, WGS 84", gif="緯度"),
        Column("longitude", "経度", "Longitude", Kind.NUMBER, "度", "degrees, WGS 84", gif="経度"),
        Column("website", "ウェブサイト", "Website", Kind.URL, gif="URL"),
        Column("summary", "紹介文", "Summary", gif="説明", as_written=True),
        URL,
    ),
    _labs,
    (Lab, Region, Designation, StatusEvent, Round),
    follows_day=True,
    keywords=("地域DX推進ラボ", "地方版IoT推進ラボ", "選定地域"),
)


def _designations(viewer: Viewer, day: date) -> ListRows:
    known = selectors.rounds(viewer)
    rounds = {one.pk: one for one in known}
    stored = {one.pk: one for one in Designation.objects.all()}
    rows: list[Row] = []
    for lab in selectors.book(viewer, rounds=known).on(day).labs:
        for one in lab.designations:
            more = stored[one.pk]
            its_round = rounds.get(one.round_id) if one.round_id else None
            rows.append(
                {
                    "id": f"{lab.slug}.{one.scheme}",
                    "lab_id": lab.slug,
                    "lab_name": lab.name,
                    "scheme": one.scheme,
                    "round": its_round.key if its_round else None,
                    "selected_on": written(
                        more.selected_on or (its_round.selected_on if its_round else None)
                    ),
                    "announced_on": written(
                        more.announced_on or (its_round.announced_on if its_round else None)
                    ),
                    "certificate_awarded_on": written(
                        more.certificate_awarded_on
                        or (its_round.certificate_awarded_on if its_round else None)
                    ),
                    "category": text(one.category),
                    "status": str(one.status),
                    "reason": text(one.reason),
                    "is_certain": one.certainty is Certainty.CERTAIN,
                    "source": text(more.source),
                }
            )
    return ListRows(rows)


DESIGNATIONS = Table(
    "designations",
    "選定の記録",
    "Designations",
    "ラボが選定された記録。1行が1つの制度での選定で、選定日・公表日・選定証授与日は別の日。",
    "One row for each designation of a lab under a scheme. Selection, announcement and award of the certificate are three dates.",
    (
        identity(lookup="*"),
        LAB,
        LAB_NAME,
        SCHEME,
        ROUND,
        Column("selected_on", "選定日", "Selected on", Kind.DATE, gif="開始日"),
        Column("announced_on", "公表日", "Announced on", Kind.DATE, gif="公開日"),
        Column(
            "certificate_awarded_on",
            "選定証授与日",
            "Certificate awarded on",
            Kind.DATE,
            own=OF_THE_PROGRAMME,
        ),
        CATEGORY,
        STATUS,
        REASON,
        CERTAIN,
        SOURCE,
    ),
    _designations,
    (Lab, Designation, StatusEvent, Round),
    follows_day=True,
    keywords=("選定", "弾", "選定日"),
)


def _event_row(one: StatusEvent) -> Row:
    return {
        "id": str(one.pk),
        "lab_id": one.designation.lab.slug,
        "scheme": one.designation.scheme,
        "kind": one.kind,
        "occurred_on": one.occurred_on.iso,
        "reason": one.reason,
        "reason_text": text(one.reason_text),
        "source": text(one.source),
    }


def _events(viewer: Viewer, day: date) -> QueryRows:
    del viewer  # public for everybody, as on the labs' own pages
    found = StatusEvent.objects.filter(voided_at=None, occurred_on__startswith__lte=day)
    return QueryRows(found.select_related("designation__lab").order_by("occurred_on", "pk"), _event_row)


EVENTS = Table(
    "status-events",
    "選定後のできごと",
    "Status events",
    "休止・活動再開・終了・移行の記録と理由。休止、終了、目標達成は別のこと。",
    "Dormancy, resumption, end and move of designations, with the reason.",
    (
        identity(lookup="pk"),
        looked_up(LAB, "designation__lab__slug"),
        looked_up(SCHEME, "designation__scheme"),
        Column(
            "kind",
            "できごと",
            "Event",
            Kind.CODE,
            own=OF_THE_PROGRAMME,
            lookup="kind",
            choices=EventKind.choices,
        ),
        Column("occurred_on", "日付", "Date", Kind.DATE, gif="日付"),
        looked_up(REASON, "reason"),
        Column("reason_text", "理由の説明", "Explanation", gif="説明", as_written=True),
        SOURCE,
    ),
    _events,
    (StatusEvent,),
    follows_day=True,
    keywords=("休止", "終了", "移行"),
)


def _member_row(one: MemberOrg) -> Row:
    return {
        "id": str(one.pk),
        "lab_id": one.lab.slug,
        "organisation": one.organisation.name,
        "corporate_number": text(one.organisation.corporate_number),
        "organisation_kind": one.organisation.kind,
        "role": one.role,
        "valid_from": written(one.valid_from),
        "valid_to": written(one.valid_to),
        "source": text(one.source),
    }


def _members(viewer: Viewer, day: date) -> QueryRows:
    del viewer  # public for everybody, as on the labs' own pages
    later = Q(valid_from__isnull=False, valid_from__startswith__gt=day)
    gone = Q(valid_to__isnull=False, valid_to__endswith__lte=day)
    found = MemberOrg.objects.exclude(later).exclude(gone).select_related("lab", "organisation")
    return QueryRows(found.order_by("lab__slug", "role", "organisation__name", "pk"), _member_row)


MEMBERS = Table(
    "members",
    "ラボの構成員",
    "Member organisations",
    "ラボに加わっている組織とその役割。人の名前は含まない。",
    "Organisations that belong to a lab and their role. No names of people.",
    (
        identity(lookup="pk"),
        looked_up(LAB, "lab__slug"),
        Column("organisation", "組織の名称", "Organisation", gif="組織名称", as_written=True),
        Column("corporate_number", "法人番号", "Corporate number", gif="法人番号", lookup="organisation__corporate_number"),
        Column(
            "organisation_kind", "組織の種類", "Kind of organisation", Kind.CODE, own=OF_THE_PROGRAMME,
            lookup="organisation__kind", choices=OrganisationKind.choices,
        ),
        Column("role", "役割", "Role", Kind.CODE, own=OF_THE_PROGRAMME, lookup="role", choices=MemberRole.choices),
        Column("valid_from", "参加した日", "Member since", Kind.DATE, gif="開始日"),
        Column("valid_to", "離れた日", "Member until", Kind.DATE, gif="終了日"),
        SOURCE,
    ),
    _members,
    (MemberOrg, Organisation),
    follows_day=True,
    keywords=("構成員", "産学官金"),
)  # fmt: skip


def _round_row(one: Round) -> Row:
    return {
        "id": one.key,
        "scheme": one.scheme,
        "number": one.number,
        "selected_on": written(one.selected_on),
        "announced_on": written(one.announced_on),
        "certificate_awarded_on": written(one.certificate_awarded_on),
        "published_count": one.published_count,
        "source": text(one.source),
        "url": reverse("portal:round", args=[one.key]),
    }


def _rounds(viewer: Viewer, day: date) -> ListRows:
    del day
    return ListRows([_round_row(one) for one in selectors.rounds(viewer)])


ROUNDS = Table(
    "rounds",
    "選定の弾",
    "Rounds of selection",
    "2つの制度の選定の回と、その日付、公表された選定数。",
    "Rounds of both schemes with their dates and the published number of selected regions.",
    (
        identity("弾の番号", "Round ID", lookup="*"),
        SCHEME,
        counted("number", "第何弾か", "Number", "弾", "round"),
        Column("selected_on", "選定日", "Selected on", Kind.DATE, gif="開始日"),
        Column("announced_on", "公表日", "Announced on", Kind.DATE, gif="公開日"),
        Column(
            "certificate_awarded_on",
            "選定証授与日",
            "Certificates awarded on",
            Kind.DATE,
            own=OF_THE_PROGRAMME,
        ),
        counted("published_count", "公表された選定数", "Published count", "地域", "regions"),
        SOURCE,
        URL,
    ),
    _rounds,
    (Round,),
    keywords=("選定", "弾"),
)

TABLES = (LABS, DESIGNATIONS, EVENTS, MEMBERS, ROUNDS)
