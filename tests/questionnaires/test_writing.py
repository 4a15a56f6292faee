"""Writing together: clashes, versions, publishing a form mid-way, known facts."""

import copy
from typing import Any

import pytest
from tests.questionnaires.conftest import DOCUMENT, GOOD

from tsunagu.questionnaires import selectors
from tsunagu.questionnaires.definition import read_definition, written
from tsunagu.questionnaires.hosting import Known, NotSent
from tsunagu.questionnaires.models import Form, Right, Sheet, SnapshotKind
from tsunagu.questionnaires.services import sending, together
from tsunagu.questionnaires.services.forms import draft_of, publish, save_draft
from tsunagu.questionnaires.services.versions import answers_of, keep_snapshot
from tsunagu.questionnaires.services.writing import SheetClosed, fill_known, restore_version, write_answers
from tsunagu.registry.models import Lab
from tsunagu.registry.services import EditConflict
from tsunagu.sharing.viewer import Viewer

pytestmark = pytest.mark.django_db


def test_two_writers_never_overwrite_each_other(sheet: Sheet, writer: Viewer, other: Viewer) -> None:
    write_answers(sheet=sheet, by=writer, values={"name": "一"}, seen={"name": 0})
    met = write_answers(
        sheet=sheet, by=other, values={"name": "二", "story": "話"}, seen={"name": 0, "story": 0}
    )
    assert [(one.field, one.theirs, one.by) for one in met.clashes] == [("name", "一", "書く 人")]
    assert answers_of(sheet) == {"name": "一", "story": "話"}
    same = write_answers(sheet=sheet, by=other, values={"name": "一"}, seen={"name": 0})
    assert same.clashes == []


def test_thirty_versions_are_kept_and_those_sent_for_ever(sheet: Sheet, writer: Viewer) -> None:
    write_answers(sheet=sheet, by=writer, values=GOOD)
    keep_snapshot(sheet=sheet, kind=SnapshotKind.SUBMITTED, by=writer)
    for number in range(40):
        write_answers(sheet=sheet, by=writer, values={"name": f"名{number}"}, kind=SnapshotKind.SAVED)
    kinds = list(sheet.snapshots.values_list("kind", flat=True))
    assert kinds.count(SnapshotKind.SUBMITTED) == 1
    assert len(kinds) == 31
    assert sheet.snapshots.first().answers["name"] == "名39"


def test_an_earlier_version_comes_back_and_nothing_is_lost(sheet: Sheet, writer: Viewer) -> None:
    write_answers(sheet=sheet, by=writer, values={"name": "前"}, kind=SnapshotKind.SAVED)
    old = sheet.snapshots.get(number=1)
    write_answers(sheet=sheet, by=writer, values={"name": "今", "story": "足した"})
    restore_version(sheet=sheet, by=writer, snapshot=old)
    assert {key: value for key, value in answers_of(sheet).items() if value} == {"name": "前"}
    assert [one.answers.get("name") for one in sheet.snapshots.order_by("number")] == ["前", "今", "前"]


def test_a_form_changed_while_people_write_strands_nothing(form: Form, sheet: Sheet, writer: Viewer) -> None:
    write_answers(sheet=sheet, by=writer, values=GOOD)
    document = copy.deepcopy(DOCUMENT)
    document["sections"][0]["fields"] = [
        one for one in document["sections"][0]["fields"] if one["key"] != "story"
    ]
    document["sections"][1]["fields"][0]["columns"][0]["key"] = "thing"
    draft = draft_of(form=form)
    save_draft(draft=draft, document=written(read_definition(document)))
    draft.refresh_from_db()
    publish(draft=draft, by=Viewer())
    sheet = Sheet.objects.get(pk=sheet.pk)
    assert sheet.form_version.number == 2
    assert set(selectors.unmatched(sheet, answers_of(sheet))) == {"story", "rows"}
    assert answers_of(sheet)["story"] == "一行目\n二行目"


def test_a_published_version_never_changes(form: Form) -> None:
    with pytest.raises(ValueError, match="公開した版"):
        save_draft(draft=form.versions.get(), document={"sections": []})
    draft = draft_of(form=form)
    save_draft(draft=draft, document={"sections": []}, seen=draft.version)
    with pytest.raises(EditConflict):
        save_draft(draft=draft, document={}, seen=draft.version)


def test_known_facts_fill_only_what_is_empty(sheet: Sheet, writer: Viewer) -> None:
    assert fill_known(sheet=sheet, known={"test.name": Known("分かった名", "登録簿")}) == ["name"]
    assert sheet.answers.get(field="name").source == "登録簿"
    write_answers(sheet=sheet, by=writer, values={"name": "書き直し"})
    assert sheet.answers.get(field="name").source == ""
    assert fill_known(sheet=sheet, known={"test.name": Known("別", "x")}) == []


def test_facts_are_learnt_once_sent_and_offered_next_time(form: Form, sheet: Sheet, writer: Viewer) -> None:
    from tsunagu.questionnaires.services.writing import start_sheet

    lab = Lab.objects.order_by("pk")[0]
    write_answers(sheet=sheet, by=writer, values=GOOD)
    assert sending.learn_facts(sheet=sheet, lab=lab, source="前の報告") == 1
    again = start_sheet(version=form.versions.get(), subject="testing:2", by=writer, lab=lab)
    known = selectors.known_facts(again)
    assert (known["test.name"].value, known["test.name"].source) == ("𠮷野家", "前の報告")


def test_what_is_missing_keeps_it_from_being_sent(sheet: Sheet, writer: Viewer) -> None:
    with pytest.raises(NotSent) as refusal:
        sending.close_sheet(sheet=sheet, by=writer)
    assert len(refusal.value.problems) == 7
    write_answers(sheet=sheet, by=writer, values=GOOD)
    Sheet.objects.filter(pk=sheet.pk).update(needs_approval=True)
    with pytest.raises(NotSent, match="決裁がまだ"):
        sending.close_sheet(sheet=sheet, by=writer)
    approval = together.ask_approval(
        sheet=sheet, by=writer, approver_email="boss@example.invalid", approver_name="長"
    )
    with pytest.raises(together.NotPossible, match="あなたあてではありません"):
        together.decide_approval(approval=approval, by=writer, approve=True)
    boss = Viewer(person_id=approval.approver_id)
    write_answers(sheet=sheet, by=writer, values={"name": "変えた"})
    assert together.decide_approval(approval=approval, by=boss, approve=True).state == "overtaken"
    again = together.ask_approval(
        sheet=sheet, by=writer, approver_email="boss@example.invalid", approver_name="長"
    )
    together.decide_approval(approval=again, by=boss, approve=True)
    sending.close_sheet(sheet=sheet, by=writer)
    with pytest.raises(SheetClosed):
        write_answers(sheet=sheet, by=writer, values={"name": "あと"})


def test_rights_of_co_editors(sheet: Sheet, other: Viewer, viewer_of: Any) -> None:
    assert selectors.open_sheet(other, sheet.key) is None
    together.add_co_editor(sheet=sheet, email="other@example.invalid", name="x", right=Right.VIEW)
    found = selectors.open_sheet(other, sheet.key)
    assert found is not None
    assert (found.may_write, found.may_send) == (False, False)
    together.add_co_editor(sheet=sheet, email="other@example.invalid", name="x", right=Right.SUBMIT)
    found = selectors.open_sheet(other, sheet.key)
    assert found is not None
    assert found.may_send
    assert selectors.open_sheet(viewer_of("meti"), sheet.key) is not None
    assert selectors.open_sheet(viewer_of("bureau"), sheet.key) is None


def test_an_answer_becomes_public_without_who_asked(
    form: Form, sheet: Sheet, writer: Viewer, viewer_of: Any
) -> None:
    question = together.ask(sheet=sheet, field="name", text="延岡市です。何字ですか", by=writer)
    together.answer_question(question=question, answer="10字です", by=viewer_of("ipa"))
    assert selectors.public_questions(form).count() == 0
    together.publish_question(question=question, text="何字ですか", answer="10字です")
    assert [one.public_text for one in selectors.public_questions(form)] == ["何字ですか"]
    together.take_question_back(question=question)
    assert selectors.public_questions(form).count() == 0
