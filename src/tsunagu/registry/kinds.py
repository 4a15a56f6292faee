"""The closed lists of the programme, each with its source."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Scheme(TextChoices):
    """The two schemes; `unresolved` where the deck's colour coding was lost and no public page settles it."""

    DX = "dx", _("地域DX推進ラボ")
    IOT = "iot", _("地方版IoT推進ラボ")
    UNRESOLVED = "unresolved", _("制度未確認")


class Category(TextChoices):
    """Kind of effort at selection (deck p.12): ① regional issues and industry, ② support of firms, or both."""

    REGIONAL = "regional", _("① 地域課題の解決・地域産業の競争優位性")
    COMPANY = "company", _("② 地域企業の競争優位性")
    BOTH = "both", _("①と②の両方")


class Status(TextChoices):
    """Where a designation stands on a day. 休止, 終了 and 目標達成 are three things (seed A6)."""

    SELECTED = "selected", _("選定中")
    DORMANT = "dormant", _("休止中")
    ENDED = "ended", _("終了")
    MOVED = "moved", _("DXラボへ移行")


class EventKind(TextChoices):
    """What happens to a designation after its selection."""

    DORMANT = "dormant", _("休止")
    RESUMED = "resumed", _("活動再開")
    ENDED = "ended", _("終了")
    MOVED = "moved", _("地域DX推進ラボへ移行")


class Reason(TextChoices):
    """Why a status changed; the first two are the deck's words (p.11, p.17)."""

    GOAL_ACHIEVED = "goal_achieved", _("目標達成")
    RESOURCES = "resources", _("人員・予算などの制約")
    ORGANISATION = "organisation", _("担当部署・体制の変更")
    SCHEME_CLOSED = "scheme_closed", _("制度の支援措置の終了")
    MOVED = "moved", _("地域DX推進ラボへの移行")
    RESUMED = "resumed", _("活動の再開")
    OTHER = "other", _("その他")


class RegionKind(TextChoices):
    """What a selected region is (glossary: 選定地域)."""

    PREFECTURE = "prefecture", _("都道府県")
    MUNICIPALITY = "municipality", _("市区町村")
    GROUP = "group", _("複数市町村の連携")


class OrganisationKind(TextChoices):
    """Kinds of body named in criterion 5, 多様性と一体感 (deck p.7), and local governments themselves."""

    LOCAL_GOVERNMENT = "local_government", _("自治体")
    PUBLIC_BODY = "public_body", _("地域の公的機関")
    SCHOOL = "school", _("大学・各種学校")
    RESEARCH = "research", _("研究機関")
    COMPANY = "company", _("企業・事業者")
    TRADE_BODY = "trade_body", _("事業者団体")
    INVESTOR = "investor", _("投資家")
    VENTURE_FUND = "venture_fund", _("ベンチャーファンド")
    BANK = "bank", _("金融機関")
    CITIZENS = "citizens", _("市民団体等")
    UNKNOWN = "unknown", _("未確認")


class MemberRole(TextChoices):
    """What an organisation does in a lab (dossier §1)."""

    LAB_OFFICE = "lab_office", _("事務局")
    MEMBER = "member", pgettext_lazy("role", "構成員")
    SUPPORTER = "supporter", _("協力機関")


class LocalGovernmentKind(TextChoices):
    """Kinds of local government in the national code list."""

    PREFECTURE = "prefecture", _("都道府県")
    CITY = "city", _("市")
    SPECIAL_WARD = "special_ward", _("特別区")
    TOWN = "town", _("町")
    VILLAGE = "village", _("村")
    WARD = "ward", _("政令指定都市の区")
