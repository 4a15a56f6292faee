"""Findings in words: what contradicts what, and what the person may do."""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tsunagu.findings.models import Finding
from tsunagu.registry.kinds import Scheme

TITLES = {
    "parts_do_not_add_up": gettext_lazy("内訳の和が合計と違います"),
    "one_measure_two_values": gettext_lazy("同じものに2つの数が公表されています"),
    "row_repeated": gettext_lazy("同じ地域が2回あります"),
    "row_without_code": gettext_lazy("団体コードが決まらない行です"),
    "rows_without_scheme": gettext_lazy("制度が空欄の行があります"),
    "recorded_but_absent": gettext_lazy("記録にある地域が一覧にありません"),
    "printed_but_unrecorded": gettext_lazy("一覧にある地域が記録にありません"),
    "list_shorter_than_total": gettext_lazy("一覧の地域が合計より少ない"),
    "list_longer_than_total": gettext_lazy("一覧の地域が合計より多い"),
    "scheme_unresolved": gettext_lazy("制度が未確認の選定です"),
    "designation_without_date": gettext_lazy("選定の日が分かりません"),
    "moved_without_successor": gettext_lazy("移行先の選定がありません"),
    "region_without_code": gettext_lazy("団体コードのない地域です"),
    "round_incomplete": gettext_lazy("弾の選定数が公表と違います"),
    "organisation_repeated": gettext_lazy("同じ組織が二重に登録されているかもしれません"),
    "figure_differs": gettext_lazy("公表値と記録の計算が違います"),
}


@dataclass(frozen=True)
class Words:
    """A finding as a person reads it. `links` are (label, url name, arguments)."""

    title: str
    text: str
    advice: str
    links: tuple[tuple[str, str, tuple[Any, ...]], ...] = ()


def _joined(values: list[Any]) -> str:
    return "、".join(str(value) for value in values)


def _lab_link(params: dict[str, Any]) -> tuple[tuple[str, str, tuple[Any, ...]], ...]:
    return ((params["name"], "portal:lab", (params["lab"],)),)


def _figure_link(code: str) -> tuple[str, str, tuple[Any, ...]]:
    return (f"公表値 {code}", "figures:figure", (code,))


def words_for(finding: Finding) -> Words:
    """The finding's title, sentence, advice and links."""
    text, advice, links = _SENTENCES[finding.code](finding.params)
    return Words(str(TITLES[finding.code]), text, advice, links)


def _parts(p: dict[str, Any]) -> Any:
    text = _("「%(statement)s」は%(total)sですが、内訳の和は%(sum)sです（%(parts)s）。") % {
        **p,
        "parts": _joined(p["parts"]),
    }
    return (
        text,
        _("抜けているか重なっている地域がないか、資料の作成者に確かめてください。"),
        (_figure_link(p["figure"]),),
    )


def _two_values(p: dict[str, Any]) -> Any:
    values = "、".join(f"{one['value']}（{one['as_of']}時点、{one['figure']}）" for one in p["values"])
    text = _("公表された数: %(values)s。") % {"values": values}
    advice = _("時点の違いで説明できるなら「どちらも正しい」と理由を残してください。")
    return text, advice, tuple(_figure_link(one["figure"]) for one in p["values"])


def _repeated(p: dict[str, Any]) -> Any:
    text = _("%(name)s が %(rows)s行目にあります（表記: %(printed)s）。") % {
        "name": p["name"],
        "rows": _joined(p["rows"]),
        "printed": _joined(p["printed"]),
    }
    return text, _("別の地域の書き間違いでないか、資料の作成者に確かめてください。"), ()


def _no_code(p: dict[str, Any]) -> Any:
    if p["is_group"]:
        text = _("%(row)s行目「%(name)s」は複数市町村の連携で、団体コードがありません。") % p
    else:
        text = _("%(row)s行目「%(name)s」から団体コードが決まりません。候補: %(candidates)s") % {
            **p,
            "candidates": _joined(p["candidates"]) or _("なし"),
        }
    return text, _("正式名か団体コードを確かめてください。候補から自動では選びません。"), ()


def _blank_scheme(p: dict[str, Any]) -> Any:
    text = _("%(of)s行のうち%(count)s行で、どちらの制度で選定されたかが分かりません。") % p
    return text, _("元の資料の色分けや公表ページで確かめ、分かったものから記録を直してください。"), ()


def _absent(p: dict[str, Any]) -> Any:
    # Facts are kept with the schemes' codes; people read their names.
    what = re.sub(r"\b(dx|iot|unresolved)\b", lambda code: str(Scheme(code.group()).label), p["what"])
    text = _("%(name)s は記録では選定されています（%(what)s）が、一覧にありません。") % {**p, "what": what}
    return text, _("一覧の漏れか、記録の誤りかを出典で確かめてください。"), _lab_link(p)


def _unrecorded(p: dict[str, Any]) -> Any:
    text = _("%(row)s行目の%(name)s は、この時点の記録に選定がありません。") % p
    return text, _("選定の記録を加えるか、一覧の誤りを確かめてください。"), ()


def _length(p: dict[str, Any]) -> Any:
    text = _("資料の合計は%(total)sですが、一覧は%(rows)s行、重なりを除くと%(different)s地域です。") % p
    return text, _("抜けている地域を資料の作成者に確かめてください。"), (_figure_link(p["figure"]),)


def _scheme(p: dict[str, Any]) -> Any:
    text = _("%(name)s は、どちらの制度で選定されたか確認できていません。") % p
    return text, _("公表資料で確かめ、ラボの編集画面で制度を選んでください。"), _lab_link(p)


def _dateless(p: dict[str, Any]) -> Any:
    text = _("%(name)s の選定の弾と日が分かりません。") % p
    return text, _("公表資料で確かめ、弾か選定日を入れてください。"), _lab_link(p)


def _successor(p: dict[str, Any]) -> Any:
    text = _("%(name)s は移行したと記録されていますが、移行先の地域DX推進ラボの選定がありません。") % p
    return text, _("移行先の選定を登録するか、移行の記録を取り消してください。"), _lab_link(p)


def _group(p: dict[str, Any]) -> Any:
    members = _joined(p["members"]) or _("構成する市区町村も未登録です")
    text = _("%(name)s には団体コードがありません（%(members)s）。") % {"name": p["name"], "members": members}
    return text, _("複数市町村の連携であれば、構成する市区町村を確かめて登録してください。"), ()


def _round(p: dict[str, Any]) -> Any:
    text = _("%(name)s は%(published)s地域と公表されていますが、記録は%(recorded)s件です。") % p
    return (
        text,
        _("選定地域の名前を公表資料で確かめて登録してください。"),
        ((p["name"], "portal:round", (p["round"],)),),
    )


def _organisation(p: dict[str, Any]) -> Any:
    text = _("%(names)s は同じ組織かもしれません。") % {"names": _joined(p["names"])}
    return text, _("同じ組織なら統合してください。別の組織なら理由を残して解決にしてください。"), ()


def _figure(p: dict[str, Any]) -> Any:
    span = str(p["low"]) if p["low"] == p["high"] else f"{p['low']}〜{p['high']}"
    text = _("「%(statement)s」は%(published)sですが、%(as_of)s時点の記録では%(span)sです。") % {
        **p,
        "span": span,
    }
    return (
        text,
        _("数に入っている記録を開き、足りないものや余分なものを確かめてください。"),
        (_figure_link(p["figure"]),),
    )


_SENTENCES = {
    "parts_do_not_add_up": _parts,
    "one_measure_two_values": _two_values,
    "row_repeated": _repeated,
    "row_without_code": _no_code,
    "rows_without_scheme": _blank_scheme,
    "recorded_but_absent": _absent,
    "printed_but_unrecorded": _unrecorded,
    "list_shorter_than_total": _length,
    "list_longer_than_total": _length,
    "scheme_unresolved": _scheme,
    "designation_without_date": _dateless,
    "moved_without_successor": _successor,
    "region_without_code": _group,
    "round_incomplete": _round,
    "organisation_repeated": _organisation,
    "figure_differs": _figure,
}
