"""The text that is sent about a company, line by line, and the digest its consent is bound to."""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tsunagu.engines.dates import both_calendars
from tsunagu.recommending.models import Recommendation

# Without these there is no recommendation: a company that wants them gone refuses.
FIXED = frozenset({"edition", "lab", "name", "number", "route", "nintei", "pledge"})


@dataclass(frozen=True)
class Line:
    """One item of what is sent."""

    key: str
    label: str
    text: str

    @property
    def is_fixed(self) -> bool:
        return self.key in FIXED


def lines_of(one: Recommendation) -> list[Line]:
    """Everything that would be sent, word for word; empty items are left out."""
    company, organisation = one.company, one.company.organisation
    period = " 〜 ".join(both_calendars(day) for day in (company.nintei_from, company.nintei_to) if day)
    nintei = " ".join(part for part in (company.get_nintei_display(), company.nintei_number, period) if part)
    pledge = one.pledge.strip()
    if pledge and one.planned_filing_on:
        pledge += "\n" + _("DX認定を申請する予定の日: %(day)s") % {
            "day": both_calendars(one.planned_filing_on)
        }
    found = [
        ("edition", _("応募する回"), str(one.edition)),
        ("lab", _("推薦するラボ"), str(company.lab)),
        ("name", _("会社の名称"), organisation.name),
        ("number", _("法人番号"), organisation.corporate_number),
        ("capital", _("資本金"), "" if company.capital is None else f"{company.capital:,}{_('円')}"),
        ("staff", _("従業員の数"), "" if company.staff is None else f"{company.staff:,}{_('人')}"),
        ("industry", _("業種"), company.industry),
        ("size_note", _("規模についての説明"), company.size_note),
        ("nintei", _("DX認定"), nintei),
        ("route", _("推薦のしかた"), one.get_route_display()),
        ("reasons", _("推薦する理由"), one.reasons),
        ("results", _("取組と成果"), one.results),
        ("pledge", _("推薦する人の申請補助の宣言"), pledge),
    ]
    return [Line(key, label, text.strip()) for key, label, text in found if text.strip()]


def without(lines: Iterable[Line], struck: Collection[str]) -> list[Line]:
    """The lines the company lets go out."""
    return [one for one in lines if one.is_fixed or one.key not in struck]


def digest_of(lines: Iterable[Line]) -> str:
    """SHA-256 over keys, labels and texts in their order."""
    whole = json.dumps([[one.key, one.label, one.text] for one in lines], ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()


def kept(lines: Iterable[Line]) -> list[dict[str, str]]:
    """Lines as they are stored."""
    return [{"key": one.key, "label": one.label, "text": one.text} for one in lines]


def read(stored: Iterable[dict[str, str]]) -> list[Line]:
    """Lines as they were stored."""
    return [Line(one["key"], one["label"], one["text"]) for one in stored]
