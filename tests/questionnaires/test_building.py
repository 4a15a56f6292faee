"""Making a form in the browser's pages: from nothing to published, changed while people write, tried out."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.questionnaires.conftest import GOOD

from tsunagu.questionnaires.definition import read_definition, written
from tsunagu.questionnaires.editing import changes
from tsunagu.questionnaires.models import DataElement, FieldQuestion, Form, Sheet
from tsunagu.questionnaires.services import together
from tsunagu.questionnaires.services.forms import current_version
from tsunagu.questionnaires.services.writing import write_answers
from tsunagu.questionnaires.trial import forget_trials
from tsunagu.sharing.viewer import Viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of: Callable[..., Client]) -> Client:
    return client_of("ipa")


def seen(form: Form) -> int:
    version = form.versions.order_by("-number").first()
    assert version is not None
    return version.version


def test_a_form_from_nothing_to_published(client: Client) -> None:
    client.post(reverse("forms:new"), {"title": "出展の申込み", "key": "booth", "purpose": "other"})
    form = Form.objects.get(key="booth")
    assert client.post(reverse("forms:publish", args=[form.pk]), {"note": ""}).status_code == 422
    client.post(
        reverse("forms:new_section", args=[form.pk]),
        {"title": "Booth", "guidance": "", "show_if": "", "seen": seen(form)},
    )
    address = reverse("forms:new_field", args=[form.pk, "booth"])
    client.post(
        address,
        {
            "label": "展示するもの",
            "kind": "long",
            "required": "on",
            "longest": "300",
            "element": "booth.what",
            "seen": seen(form),
        },
    )
    client.post(
        address, {"label": "大きさ", "kind": "choice", "options": "小さい\nbig: 大きい", "seen": seen(form)}
    )
    client.post(
        address,
        {
            "label": "当番",
            "kind": "rows",
            "columns": "日 | 日付\n人 | 1行の文 || 任意",
            "fewest_rows": "1",
            "show_if": "field_2 is big",
            "seen": seen(form),
        },
    )
    published = client.post(reverse("forms:publish", args=[form.pk]), {"note": "はじめ"})
    assert published.status_code == 302
    version = current_version(form)
    assert version is not None
    what, size, shifts = version.definition.fields()
    assert (what.kind, what.longest, what.required, what.element) == ("long", 300, True, "booth.what")
    assert [(one.code, one.label) for one in size.options] == [("o1", "小さい"), ("big", "大きい")]
    assert [(one.label, one.kind, one.required) for one in shifts.columns] == [
        ("日", "date", True),
        ("人", "text", False),
    ]
    assert [(one.field, one.operator, one.value) for one in shifts.show_if] == [("field_2", "is", "big")]
    assert DataElement.objects.get(code="booth.what").label == "展示するもの"
    kept = client.get(reverse("forms:field", args=[form.pk, "booth", shifts.key]))
    assert "日付" in kept.text


def test_two_who_edit_at_once_do_not_overwrite(client: Client, form: Form) -> None:
    page = {"title": "一つ目の章", "guidance": "新しい手引き", "show_if": ""}
    address = reverse("forms:section", args=[form.pk, "one"])
    client.post(address, {**page, "seen": seen(form)})
    before = seen(form)
    client.post(address, {**page, "guidance": "先の人", "seen": before})
    late = client.post(address, {**page, "guidance": "あとの人", "seen": before}, follow=True)
    assert "ほかの人が様式を直しました" in late.text
    version = form.versions.order_by("-number").first()
    assert version is not None
    assert version.definition.sections[0].guidance == "先の人"


def test_sections_and_questions_are_moved_and_removed(client: Client, form: Form) -> None:
    address = reverse("forms:arrange", args=[form.pk])
    for target, action in (("section:two", "up"), ("field:name", "down"), ("field:count", "remove")):
        client.post(address, {"target": target, "action": action, "seen": seen(form)})
    version = form.versions.order_by("-number").first()
    assert version is not None
    assert [one.key for one in version.definition.sections] == ["two", "one"]
    assert [one.key for one in version.definition.sections[1].fields][:3] == ["story", "name", "day"]


def test_publishing_says_what_it_changes_and_for_how_many(
    client: Client, form: Form, sheet: Sheet, writer: Viewer
) -> None:
    write_answers(sheet=sheet, by=writer, values=GOOD)
    client.post(
        reverse("forms:arrange", args=[form.pk]),
        {"target": "field:story", "action": "remove", "seen": seen(form)},
    )
    page = client.get(reverse("forms:publish", args=[form.pk]))
    assert "なくなる質問: 物語" in page.text
    assert "いま書いている回答: 1件" in page.text
    assert "「物語」に書いてある1件" in page.text
    client.post(reverse("forms:publish", args=[form.pk]), {"note": "物語をやめる"})
    own = Client()
    from tsunagu.accounts.models import Person

    own.force_login(Person.objects.get(pk=writer.person_id))
    assert "いまの様式に欄がない回答" in own.get(reverse("answers:tasks", args=[sheet.key])).text


def test_a_form_is_tried_out_by_one_person_alone(
    client: Client, form: Form, client_of: Callable[..., Client]
) -> None:
    begun = client.post(reverse("forms:trial", args=[form.pk]))
    assert client.get(begun["Location"]).status_code == 200
    assert client_of("meti").get(begun["Location"]).status_code == 404
    trial = Sheet.objects.get(subject__startswith="trial:")
    refused = client.post(reverse("answers:send", args=[trial.key]))
    assert "直すところが" in refused.text
    write_answers(sheet=trial, by=Viewer(person_id=trial.owner_id), values=GOOD)
    assert "本番なら、ここで提出されます" in client.post(reverse("answers:send", args=[trial.key])).text
    assert forget_trials() == 0
    from datetime import timedelta

    from django.utils import timezone

    Sheet.objects.filter(pk=trial.pk).update(made_at=timezone.now() - timedelta(days=8))
    assert forget_trials() == 1


def test_a_form_goes_out_as_a_file_and_comes_in(client: Client, form: Form) -> None:
    data = client.get(reverse("forms:export", args=[form.pk])).content
    address = reverse("forms:import")
    again = client.post(address, {"file": SimpleUploadedFile("f.json", data)})
    assert "すでにあります" in again.text
    renamed = data.replace(b'"every"', b'"other"')
    assert client.post(address, {"file": SimpleUploadedFile("f.json", renamed)}).status_code == 302
    assert read_definition(Form.objects.get(key="other").versions.get().document) == read_definition(
        form.versions.get().document
    )
    assert client.post(address, {"file": SimpleUploadedFile("f.json", b"[]")}).status_code == 422


def test_questions_are_answered_and_made_public(client: Client, sheet: Sheet, writer: Viewer) -> None:
    together.ask(sheet=sheet, field="name", text="何字ですか", by=writer)
    question = FieldQuestion.objects.get()
    assert "何字ですか" in client.get(reverse("forms:questions")).text
    client.post(
        reverse("forms:answer", args=[question.pk]), {"answer": "10字です", "version": question.version}
    )
    assert (
        client.post(
            reverse("forms:faq", args=[question.pk]), {"text": "字数は", "answer": "10字です"}
        ).status_code
        == 302
    )
    question.refresh_from_db()
    assert (question.public_text, question.published_at is not None) == ("字数は", True)
    client.post(reverse("forms:faq_back", args=[question.pk]))
    question.refresh_from_db()
    assert question.published_at is None
    assert client.get(reverse("forms:elements")).status_code == 200
    assert client.get(reverse("forms:list")).status_code == 200


def test_changes_are_told_in_words() -> None:
    def form_of(**field: Any) -> Any:
        return read_definition(
            {
                "sections": [
                    {
                        "key": "s",
                        "title": "章",
                        "fields": [{"key": "a", "label": "あ", "longest": 100, **field}],
                    }
                ]
            }
        )

    before = form_of(required=False)
    assert changes(before, before) == []
    assert changes(before, form_of(required=True, label="い", longest=50)) == [
        "必須になる: い", "短くなる: い（50文字まで）", "見出しが変わる: あ → い",
    ]  # fmt: skip
    assert "種類が変わる" in changes(before, form_of(kind="number", required=False))[0]
    assert written(before)["sections"][0]["key"] == "s"
