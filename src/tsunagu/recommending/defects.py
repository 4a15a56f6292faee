"""What IPA often sends back in applications for DX認定, as checks of each part. Pure.

Each check says what is wrong and how to mend it, and names its source. The five parts are the pillars of
デジタルガバナンス・コード3.0, on whose basics DX認定 is judged.
"""

import ipaddress
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from django.db.models import IntegerChoices, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tsunagu.engines.textsearch.folding import fold

# 「DX認定制度 申請の入力ガイド」 (2025-09-12).
IPA_GUIDE = "https://www.ipa.go.jp/digital/dx-nintei/guide2.html"
# An applicant's report of what was sent back: pages apart, and the wording of who decided.
REPORT = (
    "https://assist-office.org/dx/2025/08/16/%e3%80%90%e5%ae%9f%e9%8c%b2%e3%80%91dx%e8%aa%8d%e5%ae%9a%e3%81%ae"
    "%e5%af%a9%e6%9f%bb%e3%81%a3%e3%81%a6%e3%81%a9%e3%82%8c%e3%81%8f%e3%82%89%e3%81%84%e3%81%8b%e3%81%8b"
    "%e3%82%8b%ef%bc%9f%e7%94%b3%e8%ab%8b"
)
PILLARS = "https://soumutech.com/dxcolumn487"
OURS = ""


class Pillar(IntegerChoices):
    """The five pillars of デジタルガバナンス・コード3.0 (2024)."""

    VISION = 1, gettext_lazy("経営ビジョン・ビジネスモデルの策定")
    STRATEGY = 2, gettext_lazy("DX戦略の策定")
    MEANS = 3, gettext_lazy("DX戦略の推進（組織、デジタル人材、ITシステム・サイバーセキュリティ）")
    INDICATORS = 4, gettext_lazy("成果指標の設定・DX戦略の見直し（課題の分析）")
    DIALOGUE = 5, gettext_lazy("ステークホルダーとの対話")


GUIDANCE: dict[int, str | Promise] = {
    Pillar.VISION: gettext_lazy(
        "データとデジタル技術が社会と自社に与える影響を踏まえて、会社が何を目指し、どう稼ぐか。"
    ),
    Pillar.STRATEGY: gettext_lazy("その姿へ進むための方策。データをどう使うかを入れる。"),
    Pillar.MEANS: gettext_lazy("だれが進めるか、人をどう育て確保するか、ITの環境と安全をどう整えるか。"),
    Pillar.INDICATORS: gettext_lazy(
        "進み具合を測る指標。いまの課題を分析し、戦略に返していること。指標は公表する。"
    ),
    Pillar.DIALOGUE: gettext_lazy("経営者が自分の言葉で、進み具合を外に伝えていること。"),
}
# 設問(1)から(4): published for stakeholders outside (IPA_GUIDE). That they are these four pillars is our reading.
PUBLISHED = frozenset({Pillar.VISION, Pillar.STRATEGY, Pillar.MEANS, Pillar.INDICATORS})
# What the company has to have decided as a body.
DECIDED = frozenset({Pillar.VISION, Pillar.STRATEGY})


class Means(TextChoices):
    """How it was published (公表手段)."""

    WEB = "web", gettext_lazy("ウェブサイト")
    OTHER = "other", gettext_lazy("その他（紙の冊子など）")


@dataclass(frozen=True)
class PartText:
    """What a company has for one part."""

    number: Pillar
    text: str = ""
    means: str = Means.WEB
    address: str = ""
    place: str = ""
    document_name: str = ""
    published_on: date | None = None
    decided_by: str = ""
    decided_on: date | None = None

    @property
    def is_begun(self) -> bool:
        return any((self.text, self.address, self.document_name, self.published_on, self.decided_by))


@dataclass(frozen=True)
class Defect:
    """What would be sent back, at which field of which part, and how to mend it. `part` 0: of several together."""

    code: str
    part: int
    field: str
    message: str
    mend: str
    source: str = IPA_GUIDE


def of_part(part: PartText, *, on: date) -> list[Defect]:
    """Everything found in one part, as on a day."""
    return [
        *unwritten(part),
        *future_date(part, on=on),
        *no_date(part),
        *vague_name(part),
        *not_a_page(part),
        *not_public(part),
        *no_place(part),
        *undecided(part, on=on),
    ]


def of_all(parts: Sequence[PartText], *, on: date) -> list[Defect]:
    """Everything found in the five parts, those about several together last."""
    return [*[one for part in parts for one in of_part(part, on=on)], *split_pages(parts)]


def unwritten(part: PartText) -> Iterator[Defect]:
    """A part without any text."""
    if not part.text.strip():
        yield Defect(
            "unwritten", part.number, "text", _("まだ書かれていません。"),
            _("公表した文から、この柱に当たるところを写してください。"), PILLARS,
        )  # fmt: skip


def future_date(part: PartText, *, on: date) -> Iterator[Defect]:
    """A day of publication that has not come: the portal refuses it."""
    if part.published_on is not None and part.published_on > on:
        yield Defect(
            "future_date", part.number, "published_on", _("公表日が先の日です。申請の時に公表されている必要があります。"),
            _("公表を済ませてから、その日を入れてください。"),
        )  # fmt: skip


def no_date(part: PartText) -> Iterator[Defect]:
    """Published, but since when."""
    if part.number in PUBLISHED and part.published_on is None:
        yield Defect(
            "no_date", part.number, "published_on", _("公表日がありません。"),
            _("公表した日（発信した日）を入れてください。ページに日付がなければ、ページに書き足してください。"),
        )  # fmt: skip


# Names that fit any page of any company, after folding and without what companies call themselves.
GENERIC = frozenset(
    fold(one)
    for one in (
        "コーポレートサイト", "ニュースリリース", "プレスリリース", "ホームページ", "ウェブサイト", "webサイト", "サイト", "hp",
        "公式サイト", "公式ホームページ", "公式ウェブサイト", "お知らせ", "ニュース", "リリース", "社内資料", "会社案内",
        "トップページ", "資料", "冊子", "パンフレット", "ブログ", "sns",
    )
)  # fmt: skip
OWN = ("当社の", "当社", "弊社の", "弊社", "自社の", "自社", "会社の", "わが社の", "我が社の")


def vague_name(part: PartText) -> Iterator[Defect]:
    """A name that does not say which page or paper it is."""
    name = part.document_name.strip()
    if not name:
        if part.number in PUBLISHED:
            yield Defect(
                "no_name", part.number, "document_name", _("公表したものの名前がありません。"),
                _("ウェブサイトならそのページの題名、文書なら文書の名前を入れてください。"),
            )  # fmt: skip
        return
    bare = name.strip("「」『』（）() 　")
    for word in OWN:
        bare = bare.removeprefix(word)
    if fold(bare) in GENERIC:
        yield Defect(
            "vague_name", part.number, "document_name", _("「%(name)s」は総称なので、どれのことか分かりません。") % {"name": name},
            _("開いたページの題名か、文書の表紙にある名前を、そのまま入れてください。"),
        )  # fmt: skip


def not_a_page(part: PartText) -> Iterator[Defect]:
    """A web publication without the address of just that page."""
    if part.means != Means.WEB or part.number not in PUBLISHED:
        return
    if not part.address:
        yield Defect(
            "no_address", part.number, "address", _("公表したページのURLがありません。"),
            _("そのページを開いたときのURLを入れてください。"),
        )  # fmt: skip
    elif urlsplit(part.address).path in {"", "/"} and not urlsplit(part.address).query:
        yield Defect(
            "top_page", part.number, "address", _("URLがサイトの入口を指しています。"),
            _("書いてあるページそのもののURLを入れてください。"),
        )  # fmt: skip


# Places behind a sign-in, or shared by link only.
_BEHIND = ("drive.google.com", "docs.google.com", "sharepoint.com", "dropbox.com", "box.com", "1drv.ms")


def not_public(part: PartText) -> Iterator[Defect]:
    """An address outsiders cannot open, or may not: what is shown to staff only is not published."""
    host = (urlsplit(part.address).hostname or "") if part.address else ""
    if not part.address or part.means != Means.WEB:
        return
    if not host or _is_inside(host):
        yield Defect(
            "inside", part.number, "address", _("このURLは、社外の人には開けません。"),
            _("だれでも開ける自社のページに載せ、そのURLを入れてください。"),
        )  # fmt: skip
    elif any(host == one or host.endswith(f".{one}") for one in _BEHIND):
        yield Defect(
            "behind", part.number, "address", _("共有の置き場のURLなので、対外的な公表とみなされないおそれがあります。"),
            _("自社のページに載せ、そのURLを入れてください。"),
        )  # fmt: skip


def _is_inside(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".internal", ".lan", ".localhost"))


def no_place(part: PartText) -> Iterator[Defect]:
    """Where it is published: the way to the page, or how else it reaches stakeholders."""
    if part.number not in PUBLISHED or part.place.strip():
        return
    if part.means == Means.WEB:
        message, mend = _("掲載先がありません。"), _("例: 当社ホームページ トップ > 企業情報 > DXの取り組み")
    else:
        message = _("どのように社外へ公表しているかが書かれていません。")
        mend = _("どこで、だれに、どう配っているかを書き、公表が分かる書類を用意してください。")
    yield Defect("no_place", part.number, "place", message, mend)


_BODIES = ("会", "会議", "総会", "理事会", "株主", "機関")


def undecided(part: PartText, *, on: date) -> Iterator[Defect]:
    """Who decided: a body, not a title; on a day that has come."""
    if part.number not in DECIDED:
        return
    who = part.decided_by.strip()
    if not who:
        yield Defect(
            "no_body", part.number, "decided_by", _("どの機関が決めたかが書かれていません。"),
            _("取締役会、または取締役会に準ずる機関の名前を入れてください。"), REPORT,
        )  # fmt: skip
    elif not any(word in who for word in _BODIES):
        yield Defect(
            "person_decided", part.number, "decided_by", _("「%(who)s」は機関の名前ではありません。") % {"who": who},
            _("「取締役会」か、「取締役会に準ずる機関である社員総会」のように、機関と分かるように書いてください。"), REPORT,
        )  # fmt: skip
    if part.decided_on is None:
        yield Defect(
            "no_decision_day", part.number, "decided_on", _("決めた日がありません。"),
            _("その機関で決めた日を、議事録で確かめて入れてください。"), REPORT,
        )  # fmt: skip
    elif part.decided_on > on:
        yield Defect(
            "future_decision", part.number, "decided_on", _("決めた日が先の日です。"),
            _("決まってから入れてください。"), OURS,
        )  # fmt: skip
    elif part.published_on is not None and part.published_on < part.decided_on:
        yield Defect(
            "published_first", part.number, "decided_on", _("決めた日より前に公表したことになっています。"),
            _("2つの日を確かめてください。公表したあとに内容を決め直したなら、いまの内容の公表日を入れてください。"), OURS,
        )  # fmt: skip


def page_of(address: str) -> str:
    """The page an address leads to, whatever place on it."""
    parts = urlsplit(address)
    query = f"?{parts.query}" if parts.query else ""
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}{query}"


def split_pages(parts: Sequence[PartText]) -> Iterator[Defect]:
    """Parts published on pages apart: they are expected together."""
    pages = {page_of(one.address) for one in parts if one.means == Means.WEB and one.address}
    if len(pages) > 1:
        yield Defect(
            "split_pages", 0, "address", _("公表したページが%(count)dつに分かれています。") % {"count": len(pages)},
            _("1つのページ（または1つの文書）にまとめて公表し、どの柱にも同じURLを入れてください。"), REPORT,
        )  # fmt: skip
