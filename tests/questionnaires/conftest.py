"""A form with every kind of field, and a sheet of it that belongs to a room made for the tests."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.utils import timezone

from tsunagu.questionnaires.definition import read_definition, written
from tsunagu.questionnaires.hosting import HOSTS, Known, Matter
from tsunagu.questionnaires.models import Form, Right, Sheet
from tsunagu.questionnaires.services.forms import draft_of, make_form, publish
from tsunagu.questionnaires.services.sending import close_sheet
from tsunagu.questionnaires.services.writing import start_sheet
from tsunagu.sharing.viewer import Viewer

DOCUMENT: dict[str, Any] = {
    "sections": [
        {
            "key": "one",
            "title": "一つ目の章",
            "fields": [
                {"key": "name", "label": "名前", "kind": "text", "longest": 10, "element": "test.name"},
                {"key": "story", "label": "物語", "kind": "long", "longest": 100, "criteria": ["direction"]},
                {"key": "count", "label": "数", "kind": "number", "unit": "社", "minimum": "0", "maximum": "1000", "decimals": 1},
                {"key": "day", "label": "日", "kind": "date"},
                {"key": "pick", "label": "一つ", "kind": "choice", "options": [{"code": "a", "label": "あ"}, {"code": "b", "label": "い"}]},
                {"key": "many", "label": "いくつか", "kind": "choices", "required": False,
                 "options": [{"code": "a", "label": "あ"}, {"code": "b", "label": "い、う"}]},
                {"key": "sure", "label": "確か", "kind": "yes_no"},
                {"key": "why", "label": "なぜ", "kind": "text", "show_if": [{"field": "sure", "operator": "is", "value": "no"}]},
                {"key": "body", "label": "組織", "kind": "organisation", "required": False},
                {"key": "place", "label": "地域", "kind": "region", "required": False},
            ],
        },
        {
            "key": "two",
            "title": "二つ目の章",
            "fields": [
                {"key": "rows", "label": "表", "kind": "rows", "fewest_rows": 1, "most_rows": 5, "columns": [
                    {"key": "what", "label": "何", "kind": "text"},
                    {"key": "much", "label": "いくつ", "kind": "number", "required": False},
                    {"key": "who", "label": "だれ", "kind": "organisation", "required": False},
                ]},
                {"key": "first", "label": "始め", "kind": "date", "required": False},
                {"key": "last", "label": "終わり", "kind": "date", "required": False},
            ],
        },
    ],
    "checks": [{"kind": "not_after", "fields": ["first", "last"], "message": "始めは終わりより後にできません。"}],
}  # fmt: skip
GOOD: dict[str, Any] = {
    "name": "𠮷野家", "story": "一行目\n二行目", "count": "12.5", "day": "2026-04-01", "pick": "a", "many": ["b"], "sure": "yes",
    "body": {"name": "架空市", "corporate_number": ""}, "rows": [{"what": "もの", "much": "3", "who": ""}],
}  # fmt: skip


class TestHost:
    """A room that lets the secretariat read and gives nothing else."""

    def right(self, sheet: Sheet, viewer: Viewer) -> Right | None:
        return Right.VIEW if viewer.is_secretariat else None

    def matter(self, sheet: Sheet) -> Matter:
        return Matter(title="試しの書類", address="/")

    def known(self, sheet: Sheet) -> Mapping[str, Known]:
        return {}

    def send(self, sheet: Sheet, by: Viewer) -> str:
        close_sheet(sheet=sheet, by=by)
        return "/"


@pytest.fixture
def form(db: None) -> Form:
    made = make_form(key="every", title="すべての種類", document=written(read_definition(DOCUMENT)))
    publish(draft=draft_of(form=made), by=Viewer())
    return made


@pytest.fixture
def writer(db: None) -> Viewer:
    from tsunagu.accounts.selectors import viewer_for
    from tsunagu.accounts.services import welcome_person

    return viewer_for(welcome_person(email="writer@example.invalid", name="書く 人"), on=timezone.localdate())


@pytest.fixture
def other(db: None) -> Viewer:
    from tsunagu.accounts.selectors import viewer_for
    from tsunagu.accounts.services import welcome_person

    return viewer_for(
        welcome_person(email="other@example.invalid", name="もう 一人"), on=timezone.localdate()
    )


@pytest.fixture
def sheet(form: Form, writer: Viewer, monkeypatch: Any) -> Sheet:
    monkeypatch.setitem(HOSTS, "testing", TestHost())
    return start_sheet(version=form.versions.get(), subject="testing:1", by=writer)
