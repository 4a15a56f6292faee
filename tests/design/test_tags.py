"""The tags and filters every template uses."""

from datetime import date
from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

from tsunagu.design.templatetags.tsunagu import calendar_date, sources
from tsunagu.engines.dates import parse_date


def rendered(text: str, query: str = "", **context: Any) -> str:
    request = RequestFactory().get(f"/labs/{query}")
    return Template(text).render(Context({"request": request, **context}))


@pytest.mark.parametrize(
    ("tag", "query", "expected"),
    [
        ("{% query_with scheme='dx' %}", "?q=a&scheme=iot&page=3", "?q=a&amp;scheme=dx"),
        ("{% query_with page=2 %}", "?q=a&page=3", "?q=a&amp;page=2"),
        ("{% query_with as_of=None %}", "?as_of=2024-01-31", "?"),
        ("{% query_with q='さが' %}", "", "?q=%E3%81%95%E3%81%8C"),
        ("{% query_without 'bureau' 'kanto' %}", "?bureau=kanto&bureau=chubu&page=2", "?bureau=chubu"),
    ],
)
def test_queries_keep_what_was_chosen(tag: str, query: str, expected: str) -> None:
    assert rendered(tag, query) == expected


def test_dates_in_both_calendars_and_in_english() -> None:
    assert calendar_date(date(2023, 4, 1)) == "2023年4月1日（令和5年）"
    assert calendar_date(parse_date("2023-04")) == "2023年4月（令和5年）"
    assert calendar_date(None) == ""
    with override("en"):
        assert calendar_date(date(2023, 4, 1)) == "1 April 2023"


def test_sources_are_split_and_addresses_become_links() -> None:
    first, second = sources("https://example.invalid/a 2ページ ; 県の資料")
    assert first == {
        "text": "https://example.invalid/a 2ページ",
        "url": "https://example.invalid/a",
        "lang": "ja",
    }
    assert second == {"text": "県の資料", "url": "", "lang": "ja"}
    assert sources(" ; ") == []
    assert sources("https://example.invalid/a")[0]["lang"] == ""


def test_what_only_looks_like_an_address_is_no_link() -> None:
    assert sources("javascript:alert(1)")[0]["url"] == ""
