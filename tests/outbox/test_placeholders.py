"""Places in texts: only declared ones, filled once, values never read as text with places or as HTML."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsunagu.outbox.placeholders import MailTemplate, PlaceholderRefused, fill
from tsunagu.outbox.rules import MailRefused

NAMES = frozenset({"name", "lab"})
LINK = "https://lab.example.jp/sign-in/abc_-123/?a=1&b=2"


def template(
    body: str = "{{ name }} 様\n{{lab}}\n{{ link }}", subject: str = "{{ lab }}からのお知らせ"
) -> MailTemplate:
    return MailTemplate("t", "試し", subject, body, names=NAMES, links=frozenset({"link"}))


def values(**changes: str) -> dict[str, str]:
    return {"name": "髙橋", "lab": "佐賀県DX推進ラボ", "link": LINK} | changes


def test_values_stand_in_their_places() -> None:
    filled = fill(template(), values())
    assert filled.subject == "佐賀県DX推進ラボからのお知らせ"
    assert filled.body == f"髙橋 様\n佐賀県DX推進ラボ\n{LINK}"
    assert f'<a href="{LINK.replace("&", "&amp;")}">' in filled.html


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{{ password }}", "{{ password }}"),
        ("{{name.__class__}}", "name.__class__"),
        ("{{ name|safe }}", "name|safe"),
        ("{{ settings.SECRET_KEY }}", "SECRET_KEY"),
        ("{{ 7*7 }}", "7*7"),
        ("{{ }}", "{{"),
        ("{{ NAME }}", "NAME"),
        ("{{ n\u0430me }}", "n\u0430me"),  # a Cyrillic а
        ("{{ link }}", "link"),  # an address has no place in a subject
        ("{{ name", "{{"),
        ("name }}", "}}"),
        ("{{{ name }}}", "{{"),
        ("{% include 'x' %}", "{%"),
    ],
)
def test_unknown_places_are_refused_and_named(text: str, named: str) -> None:
    with pytest.raises(PlaceholderRefused) as refused:
        template(subject=text)
    assert named in str(refused.value)


def test_missing_and_superfluous_values_are_named() -> None:
    given_values = values()
    del given_values["lab"]
    with pytest.raises(PlaceholderRefused, match="lab"):
        fill(template(), given_values)
    with pytest.raises(PlaceholderRefused, match="phone"):
        fill(template(), values(phone="1"))


@pytest.mark.parametrize(
    "name", ["{{ link }}", "{{ lab }}", "{{ name }}", "{{ unknown }}", "{% now %}", "\\1\\g<0>"]
)
def test_a_value_is_data(name: str) -> None:
    filled = fill(template(), values(name=name))
    assert filled.body.startswith(f"{name} 様\n")
    assert filled.html.count("<a ") == 1


HOSTILE = [
    "<script>alert(1)</script>", "<a href=https://evil.example>ここ</a>", "\"><img src=x onerror=alert(1)>", "https://evil.example/",
    "[ここ](https://evil.example)", "<!--", "</p></body>", "&lt;b&gt;", "javascript:alert(1)", "<svg/onload=alert(1)>", "'\"`",
]  # fmt: skip


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("hostile", HOSTILE)
def test_the_html_part_shows_a_hostile_value_as_text_and_links_nothing(hostile: str) -> None:
    shown = Tags()
    shown.feed(fill(template(), values(name=hostile)).html)
    assert hostile in shown.text
    assert [dict(attributes)["href"] for tag, attributes in shown.tags if tag == "a"] == [LINK]
    assert {tag for tag, _ in shown.tags} == {"html", "head", "meta", "body", "p", "br", "a"}


@given(st.text())
def test_no_value_brings_a_tag_or_a_second_line_into_the_subject(text: str) -> None:
    filled = fill(template(), values(name=text, lab=text))
    shown = Tags()
    shown.feed(filled.html)
    assert {tag for tag, _ in shown.tags} <= {"html", "head", "meta", "body", "p", "br", "a"}
    assert len(filled.subject.splitlines()) <= 1


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "http://evil.example/", "https://", "https://x y", 'https://x/"onclick="', "https://x/<b>", "//x",
     "https://x/\nBcc: a", "http://127.0.0.1.evil.example/", "ftp://x", ""],
)  # fmt: skip
def test_a_link_is_an_address_of_ours(link: str) -> None:
    with pytest.raises(MailRefused, match="link"):
        fill(template(), values(link=link))
