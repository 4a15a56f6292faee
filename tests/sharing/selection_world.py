"""Applications of the walk: a draft only its writers know, one that was sent, and what hangs on them."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

# Whose an object is decides here, as in `world`.
DRAFTS = {
    "answers:tasks": "sheet", "answers:check": "sheet", "answers:send": "sheet", "answers:paragraphs": "sheet",
    "answers:autosave": "sheet", "answers:present": "sheet", "answers:take_known": "sheet", "answers:versions": "sheet",
    "answers:version": "snapshot", "answers:restore": "snapshot", "answers:people": "sheet",
    "answers:remove_person": "co_editor", "answers:questions": "sheet", "answers:approval": "sheet",
    "answers:take_back": "sheet", "answers:pdf": "sheet", "answers:file": "answer_file", "answers:section": "section",
    "answers:workbook": "sheet", "answers:upload": "sheet",
    "applications:application": "application", "applications:withdraw": "application",
    "applications:take_back": "application", "applications:book": "application",
}  # fmt: skip
SENT_BY_ONESELF = {
    "applications:receipt": "sent", "applications:submission_pdf": "submission", "applications:changes": "second",
}  # fmt: skip
SENT = {
    "selection:application": "sent", "selection:accept": "sent", "selection:refuse": "sent", "selection:return": "sent",
    "selection:extend_one": "sent", "selection:decide": "sent", "selection:file": "sent",
    "selection:condition_met": "condition", "selection:begin_interview": "sent", "selection:submission_pdf": "submission", "selection:changes": "second",
}  # fmt: skip
FOR_ALL = {
    "calls:call": "call", "calls:register": "call", "calls:start": "call", "selection:applications_file": "kind",
    "selection:edit_call": "call_pk", "selection:publish_call": "call_pk", "selection:new_cutoff": "call_pk",
    "selection:drafts": "call_pk", "selection:extend_all": "cutoff", "selection:board": "cutoff",
    "selection:agree": "cutoff", "selection:apply": "cutoff", "selection:undo": "decisions",
}  # fmt: skip
ASKED_OF_SOMEBODY_ELSE = {"selection:opinion": "opinion"}


def make_applications(where: str, lab: Any) -> tuple[dict[str, Any], dict[str, tuple[str, Any]]]:
    """The keys of the addresses, and the texts to look for with whose they are: a draft's, what was sent, the staff's."""
    from tsunagu.accounts.selectors import viewer_for
    from tsunagu.accounts.services import welcome_person
    from tsunagu.files.models import StoredFile
    from tsunagu.questionnaires.models import Approval, Form, FormVersion, Snapshot
    from tsunagu.questionnaires.services.together import add_co_editor
    from tsunagu.questionnaires.services.versions import keep_snapshot
    from tsunagu.questionnaires.services.writing import attach_file, write_answers
    from tsunagu.registry.models import Round
    from tsunagu.selection.models import Application, Batch, Call, Concurrence, Condition, Cutoff
    from tsunagu.selection.services.applying import start_application, submit_application

    now = timezone.now()
    form = Form.objects.filter(key="walk").first() or Form.objects.create(
        key="walk", title="歩く様式", purpose="plan"
    )
    document = {
        "sections": [
            {
                "key": "one",
                "title": "章",
                "fields": [
                    {"key": "text", "label": "文", "kind": "long"},
                    {"key": "paper", "label": "資料", "kind": "file", "required": False},
                ],
            }
        ]
    }
    FormVersion.objects.get_or_create(
        form=form, number=1, defaults={"document": document, "published_at": now}
    )
    call, _made = Call.objects.get_or_create(
        key="walk", defaults={
            "title": "歩く公募", "summary": "x", "form": form, "number_prefix": "W", "opens_at": now - timedelta(days=1),
            "published_at": now - timedelta(days=1),
        },
    )  # fmt: skip
    its_round = Round.objects.order_by("pk")[0]
    cutoff, _made = Cutoff.objects.get_or_create(
        call=call, round=its_round, defaults={"closes_at": now + timedelta(days=9)}
    )
    owner = viewer_for(
        welcome_person(email=f"owner-{where}@example.invalid", name=f"申請者{where}"), on=now.date()
    )
    colleague = welcome_person(email=f"colleague-{where}@example.invalid", name=f"同僚{where}")
    draft = start_application(call=call, by=owner, lab=lab)
    assert draft.sheet is not None
    write_answers(sheet=draft.sheet, by=owner, values={"text": f"草案秘{where}"})
    value = attach_file(
        sheet=draft.sheet, by=owner, field="paper", upload=SimpleUploadedFile(f"附属秘{where}.txt", b"x")
    )
    keep_snapshot(sheet=draft.sheet, kind="saved", by=owner)
    co_editor = add_co_editor(sheet=draft.sheet, email=colleague.email, name=colleague.name, right=2)
    Approval.objects.create(sheet=draft.sheet, asked_by_id=owner.person_id, approver=colleague, digest="x")
    sent = start_application(call=call, by=owner, lab=lab)
    assert sent.sheet is not None
    for text in (f"提出秘{where}", f"再提出秘{where}"):
        sent.refresh_from_db()
        sent.sheet.refresh_from_db()
        if sent.number:
            from tsunagu.selection.services.applying import take_back

            take_back(application=sent, by=owner, now=now)
        write_answers(sheet=sent.sheet, by=owner, values={"text": text})
        submit_application(application=sent, by=owner, received_at=now)
    Application.objects.filter(pk=sent.pk).update(
        bureau=lab.region.bureau, applicant=f"申請団体秘{where}", state="in_review"
    )
    condition = Condition.objects.create(application=sent, text=f"条件秘{where}", due_on=now.date())
    other = Cutoff.objects.filter(call=call, round=Round.objects.order_by("pk")[1]).first()
    other = other or Cutoff.objects.create(
        call=call, round=Round.objects.order_by("pk")[1], closes_at=now + timedelta(days=8)
    )
    batch, _made = Batch.objects.get_or_create(
        cutoff=other, state="applied", defaults={"announce_at": now + timedelta(days=1)}
    )
    agreed, _made = Batch.objects.get_or_create(cutoff=cutoff, state="prepared")
    asked, _made = Concurrence.objects.get_or_create(batch=agreed, position=1, defaults={"person": colleague})
    keys = {
        "sheet": {"key": draft.sheet.key},
        "snapshot": {"key": draft.sheet.key, "number": 1},
        "section": {"key": draft.sheet.key, "section": "one"},
        "answer_file": {"key": draft.sheet.key, "file": value["key"]},
        "co_editor": {"key": draft.sheet.key, "pk": co_editor.pk},
        "application": {"key": draft.key},
        "sent": {"key": sent.key},
        "submission": {"key": sent.key, "number": 1},
        "second": {"key": sent.key, "number": 2},
        "condition": {"key": sent.key, "pk": condition.pk},
        "call": {"key": call.key},
        "call_pk": {"pk": call.pk},
        "cutoff": {"pk": cutoff.pk},
        "decisions": {"pk": batch.pk},
        "opinion": {"pk": asked.pk},
    }

    def rewrite(record: Any, **names: str) -> Any:
        return lambda text: type(record).objects.filter(pk=record.pk).update(**dict.fromkeys(names, text))

    first, second = sent.submissions.order_by("number").values_list("snapshot", flat=True)

    def answers_of(snapshot: int) -> Any:
        return lambda text: Snapshot.objects.filter(pk=snapshot).update(answers={"text": text})

    texts = {
        f"草案秘{where}": ("draft", lambda text: draft.sheet.answers.filter(field="text").update(value=text)),
        f"附属秘{where}": ("draft", rewrite(StoredFile.objects.get(pk=value["key"]), name="")),
        f"提出秘{where}": ("sent", answers_of(first)),
        f"再提出秘{where}": ("sent", answers_of(second)),
        f"申請団体秘{where}": ("staff", rewrite(sent, applicant="")),
        f"条件秘{where}": ("staff", rewrite(condition, text="")),
    }
    return keys, texts
