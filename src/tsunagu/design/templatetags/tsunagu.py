"""Tags and filters every template may use without loading them."""

import re
from datetime import date, datetime
from typing import Any

from django import template
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.context import RequestContext
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tsunagu.engines.dates import PartialDate, both_calendars, english
from tsunagu.sharing.form_keys import FORM_KEY, new_form_key
from tsunagu.sharing.middleware import viewer_of

register = template.Library()
SOURCE_SEPARATOR = " ; "
# A remark that stands in Japanese is marked so, for screen readers on the English pages.
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龥]")
DECK_PAGE = re.compile(r"\b(?:seed|deck) p\.(\d+)")


@register.simple_tag(takes_context=True)
def form_token(context: RequestContext) -> SafeString:
    """Every form's two hidden fields: that it was shown by this site, and the one-time key that keeps it from being taken twice."""
    request = context.get("request")
    if request is None:
        return SafeString("")
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="{}" value="{}">',
        get_token(request),
        FORM_KEY,
        new_form_key(viewer=viewer_of(request), page=request.get_full_path()),
    )


@register.filter
def calendar_date(when: date | PartialDate | None) -> str:
    """A date in words: both calendars in Japanese, '' for none; a moment is the day it is in Japan."""
    if when is None:
        return ""
    if isinstance(when, datetime):
        when = timezone.localdate(when)
    return english(when) if get_language() == "en" else both_calendars(when)


def _remarks() -> dict[str, str]:
    """Remarks that stand in English in the shipped records' sources."""
    return {
        "(colour coding lost: IoT lab or DX round 2)": _("（色分けが失われ、IoTラボかDX第2弾か分からない）"),
        "(not in seed p.10 list)": _("（10ページの一覧にはない）"),
    }


def _deck_page(match: re.Match[str]) -> str:
    return _("検討会 第3回 事務局説明資料（2025年2月26日）%(page)sページ") % {"page": match[1]}


@register.filter
def sources(text: str) -> list[dict[str, str]]:
    """The single sources of a record: `text`, `url` where it starts with an address, `lang` where Japanese."""
    found = []
    remarks = _remarks()
    for part in text.split(SOURCE_SEPARATOR):
        words = part.strip()
        for remark, translated in remarks.items():
            words = words.replace(remark, translated)
        words = DECK_PAGE.sub(_deck_page, words)
        if words:
            first = words.split()[0]
            url = first if first.startswith(("http://", "https://")) else ""
            found.append({"text": words, "url": url, "lang": "ja" if JAPANESE.search(words) else ""})
    return found


@register.simple_tag(takes_context=True)
def query_with(context: RequestContext, **changes: Any) -> str:
    """The page's own address query with some keys replaced (None removes); turning a page back to the first."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    if "page" not in changes:
        query.pop("page", None)
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag(takes_context=True)
def query_without(context: RequestContext, key: str, value: str) -> str:
    """The page's query without one value of a key that may have several."""
    query = context["request"].GET.copy()
    query.setlist(key, [one for one in query.getlist(key) if one != value])
    query.pop("page", None)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def is_here(context: RequestContext, *names: str) -> bool:
    """Whether the page belongs to one of the named routes."""
    return context.get("here", "") in names


@register.simple_tag
def badge(kind: str, label: Any) -> SafeString:
    """A small label whose form and colour follow `kind`. Not an included template: tables hold hundreds."""
    return format_html('<span class="badge badge--{}">{}</span>', kind, label)


@register.inclusion_tag("components/field.html")
def form_field(bound: Any) -> dict[str, Any]:
    """One form field with label, help and errors tied to its input, or to its group of choices."""
    described = [f"{bound.auto_id}-help"] if bound.help_text else []
    described += [f"{bound.auto_id}-error"] if bound.errors else []
    attributes = bound.field.widget.attrs
    if not bound.use_fieldset:
        if described:
            attributes["aria-describedby"] = " ".join(described)
        if bound.errors:
            attributes["aria-invalid"] = "true"
    return {"field": bound, "described": " ".join(described)}
