"""The site's own pages."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from tsunagu.engines.textsearch.contract import Document
from tsunagu.registry import selectors
from tsunagu.registry.kinds import Scheme
from tsunagu.search.audiences import PUBLIC_ONLY
from tsunagu.search.subjects.base import key_of, text
from tsunagu.sharing.viewer import PUBLIC, Viewer


@dataclass(frozen=True)
class Page:
    """A page: its address's name, its title, what it is about, and text of its own that is kept in records."""

    name: str
    title: Promise
    about: Promise
    more: Callable[[], str] = str


def _programme() -> str:
    statements = [*selectors.merits(PUBLIC, Scheme.DX), *selectors.criteria(PUBLIC, Scheme.DX)]
    return text(*[f"{one.title}。{one.text}" for one in statements])


PAGES = (
    Page(
        "portal:about",
        gettext_lazy("制度について"),
        gettext_lazy("地域DX推進ラボの目的、メリット、選定の視点、地方版IoT推進ラボからの移行、予定"),
        _programme,
    ),
    Page(
        "portal:labs",
        gettext_lazy("ラボ一覧"),
        gettext_lazy("すべてのラボを局・都道府県・制度でしぼり込む。地図、CSV、Excel"),
    ),
    Page("portal:bureaus", gettext_lazy("経済産業局"), gettext_lazy("9つの経済産業局と、管内のラボ")),
    Page("portal:rounds", gettext_lazy("選定の弾"), gettext_lazy("いつ、どの地域が選定されたか")),
    Page(
        "portal:policies",
        gettext_lazy("使える施策"),
        gettext_lazy("補助金、専門家の派遣、DX認定などの施策の一覧"),
    ),
    Page(
        "calls:list", gettext_lazy("公募"), gettext_lazy("ラボの公募、申請の締切、申請のしかた、事前の登録")
    ),
    Page(
        "figures:list",
        gettext_lazy("数値と根拠"),
        gettext_lazy("公表された数と、記録から計算した数。根拠になる記録"),
    ),
    Page(
        "statistics:table",
        gettext_lazy("活動の集計"),
        gettext_lazy("セミナー、相談、補助金、研修などの件数と、支援した企業の数。全国の表"),
    ),
    Page("reports:reports", gettext_lazy("活動報告"), gettext_lazy("年度の報告の提出率と、報告にかかる時間")),
    Page(
        "co_lead:list",
        gettext_lazy("ふるさとCo-LEAD"),
        gettext_lazy("地域の会社とデジタル人材を結ぶ回の募集、参加の登録、これまでの回と最終報告"),
    ),
    Page("gallery:gallery", gettext_lazy("表彰"), gettext_lazy("表彰されたラボの取組")),
    Page(
        "survey_results:list", gettext_lazy("アンケートの結果"), gettext_lazy("ラボへのアンケート調査の結果")
    ),
    Page(
        "certificates:find",
        gettext_lazy("選定証の確認"),
        gettext_lazy("選定証の番号やQRコードが本物か確かめる"),
    ),
    Page("portal:sources", gettext_lazy("出典とライセンス"), gettext_lazy("記録の出典、データの利用条件")),
    Page(
        "portal:accessibility",
        gettext_lazy("アクセシビリティ"),
        gettext_lazy("使いやすさのための取組と、足りないところ"),
    ),
    Page(
        "operations:trust",
        gettext_lazy("信頼のために"),
        gettext_lazy("個人情報、履歴、バックアップ、安全のための取組"),
    ),
)


class Pages:
    """Pages, numbered from 1 in the order above."""

    kind = "page"
    label = gettext_lazy("ページ")

    def numbers(self) -> Iterable[int]:
        return range(1, len(PAGES) + 1)

    def documents(self, numbers: Collection[int]) -> Iterator[Document]:
        for number in numbers:
            page = PAGES[number - 1]
            yield Document(
                key=key_of(self.kind, number),
                kind=self.kind,
                title=str(page.title),
                body=text(page.about, page.more()),
                audiences=PUBLIC_ONLY,
                payload={"url": reverse(page.name)},
            )

    def visible(self, numbers: Collection[int], viewer: Viewer) -> set[int]:
        return set(numbers)
