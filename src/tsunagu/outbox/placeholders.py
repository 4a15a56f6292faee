"""Texts with places to fill in. Only declared places exist, and what is filled in is data, never text with places."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tsunagu.outbox.rules import MailRefused, folded, plain_text

_PLACE = re.compile(r"\{\{([^{}]*)\}\}")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LINK = re.compile(r"(?:https://|http://(?:127\.0\.0\.1|localhost)(?=[:/]))[!#-;=?-_a-z~]+")


# What the kinds of mails are called on the pages; every template adds its own.
TITLES: dict[str, str | Promise] = {"digest": gettext_lazy("まとめのお知らせ")}


class PlaceholderRefused(MailRefused):
    """A text names places that do not exist, or values are missing for those that do."""


@dataclass(frozen=True)
class MailTemplate:
    """A mail with places like `{{ name }}`. `links` are those whose value is an address we made ourselves.

    Raises `PlaceholderRefused` when subject or body has a place that is not declared.
    """

    kind: str
    title: str | Promise
    subject: str
    body: str
    names: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        check_places(self.subject, self.names)
        check_places(self.body, self.names | self.links)
        TITLES[self.kind] = self.title


@dataclass(frozen=True)
class Filled:
    """A template with its values: ready to become a mail."""

    subject: str
    body: str
    html: str


def places(text: str) -> list[str]:
    """The names between double braces, as written, in order."""
    return [found.strip() for found in _PLACE.findall(text)]


def check_places(text: str, allowed: frozenset[str]) -> None:
    """Raises `PlaceholderRefused`, naming them, for places that are not allowed or double braces that are not places."""
    unknown = sorted({one for one in places(text) if one not in allowed or not _NAME.fullmatch(one)})
    if unknown:
        raise PlaceholderRefused(
            _("知らない差し込みがあります: %(unknown)s。使えるもの: %(allowed)s。")
            % {
                "unknown": "、".join(f"{{{{ {one} }}}}" for one in unknown),
                "allowed": "、".join(f"{{{{ {one} }}}}" for one in sorted(allowed)) or _("なし"),
            }
        )
    # Three braces are a place with a brace at its side; what somebody meant by it nobody knows.
    rest = text if "{{{" in text or "}}}" in text else _PLACE.sub("", text)
    if odd := next((mark for mark in ("{{", "}}", "{%", "%}") if mark in rest), None):
        raise PlaceholderRefused(
            _(
                "差し込みの書き方が正しくありません（%(mark)s が余っています）。{{ 名前 }} の形で書いてください。"
            )
            % {"mark": odd}
        )


def fill(template: MailTemplate, values: Mapping[str, str]) -> Filled:
    """The template with its values, each put in once and never read again. The HTML part escapes every one of them.

    Raises `PlaceholderRefused` when values are missing or superfluous, `MailRefused` when a link is no address.
    """
    wanted = template.names | template.links
    if missing := sorted(wanted - values.keys()):
        raise PlaceholderRefused(_("差し込む値がありません: %(names)s。") % {"names": "、".join(missing)})
    if superfluous := sorted(values.keys() - wanted):
        raise PlaceholderRefused(
            _("このメールに差し込めない値があります: %(names)s。") % {"names": "、".join(superfluous)}
        )
    for name in sorted(template.links):
        if not _LINK.fullmatch(values[name]):
            raise MailRefused(_("リンクの値がアドレスではありません: %(name)s。") % {"name": name})
    body = "".join(plain_text(text if name is None else values[name]) for text, name in _parts(template.body))
    subject = "".join(text if name is None else values[name] for text, name in _parts(template.subject))
    return Filled(subject=folded(subject), body=body, html=_html(template, values))


def _parts(text: str) -> Iterator[tuple[str, str | None]]:
    """The pieces of a text: fixed text, or the name of a place."""
    end = 0
    for match in _PLACE.finditer(text):
        yield text[end : match.start()], None
        yield "", match[1].strip()
        end = match.end()
    yield text[end:], None


def _html(template: MailTemplate, values: Mapping[str, str]) -> str:
    inner = ""
    for text, name in _parts(template.body):
        shown = escape(plain_text(text if name is None else values[name]))
        inner += f'<a href="{shown}">{shown}</a>' if name in template.links else shown
    lines = inner.replace("\n", "<br>\n")
    return f'<!doctype html>\n<html lang="ja"><head><meta charset="utf-8"></head><body><p>{lines}</p></body></html>\n'
