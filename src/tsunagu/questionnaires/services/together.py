"""Working together on a sheet: co-editors, questions to the secretariat, approval inside the applicant body."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.accounts.services import welcome_person
from tsunagu.questionnaires.models import (
    Approval,
    ApprovalState,
    CoEditor,
    FieldQuestion,
    Right,
    Sheet,
)
from tsunagu.questionnaires.services.versions import answers_of, digest_of
from tsunagu.registry.services import check_version
from tsunagu.sharing.viewer import Viewer


class NotPossible(ValueError):
    """What was asked for cannot be done now; the message says why, for the person who asked."""


@transaction.atomic
def add_co_editor(*, sheet: Sheet, email: str, name: str, right: int) -> CoEditor:
    """Let somebody work on the sheet; someone not known yet becomes known by address."""
    person = welcome_person(email=email, name=name)
    if person.pk == sheet.owner_id:
        raise NotPossible(_("はじめに作った人は、もう書いて提出できます。"))
    known, _made = CoEditor.objects.update_or_create(
        sheet=sheet, person=person, defaults={"right": Right(right)}
    )
    return known


@transaction.atomic
def remove_co_editor(*, co_editor: CoEditor) -> None:
    """Somebody no longer works on the sheet."""
    co_editor.delete()


@transaction.atomic
def ask(*, sheet: Sheet, field: str, text: str, by: Viewer) -> FieldQuestion:
    """Ask the secretariat about a field."""
    return FieldQuestion.objects.create(
        sheet=sheet, form_id=sheet.form_version.form_id, field=field, text=text, asked_by_id=by.signed_in_id
    )


@transaction.atomic
def answer_question(
    *, question: FieldQuestion, answer: str, by: Viewer, seen: int | None = None
) -> FieldQuestion:
    """Answer a question. Raises `EditConflict`."""
    check_version(question, seen)
    question.answer, question.answered_by_id, question.answered_at = answer, by.person_id, timezone.now()
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    return question


@transaction.atomic
def publish_question(*, question: FieldQuestion, text: str, answer: str) -> FieldQuestion:
    """Make a question and its answer public, in words that do not tell who asked."""
    question.public_text, question.public_answer, question.published_at = text, answer, timezone.now()
    question.save(update_fields=["public_text", "public_answer", "published_at"])
    return question


@transaction.atomic
def take_question_back(*, question: FieldQuestion) -> None:
    """A published question is no longer public."""
    question.published_at = None
    question.save(update_fields=["published_at"])


@transaction.atomic
def ask_approval(
    *, sheet: Sheet, by: Viewer, approver_email: str, approver_name: str, note: str = ""
) -> Approval:
    """起案: ask somebody of one's own body to approve the answers as they are now. They may then read the sheet."""
    Sheet.objects.select_for_update().get(pk=sheet.pk)
    if sheet.is_fleeting:
        raise NotPossible(_("無記名の回答は跡を残さないので、決裁にはかけられません。"))
    if sheet.approvals.filter(state=ApprovalState.ASKED).exists():
        raise NotPossible(_("いま決裁待ちです。取り下げてから、もう一度回してください。"))
    approver = welcome_person(email=approver_email, name=approver_name)
    if approver.pk == by.person_id:
        raise NotPossible(_("自分では決裁できません。ほかの人を選んでください。"))
    if approver.pk != sheet.owner_id:
        CoEditor.objects.get_or_create(sheet=sheet, person=approver, defaults={"right": Right.VIEW})
    return Approval.objects.create(
        sheet=sheet,
        asked_by_id=by.signed_in_id,
        approver=approver,
        note=note,
        digest=digest_of(answers_of(sheet)),
    )


@transaction.atomic
def decide_approval(*, approval: Approval, by: Viewer, approve: bool, reason: str = "") -> Approval:
    """決裁: approve, or decline with a reason. Answers that changed since they were handed in cannot be approved."""
    approval = Approval.objects.select_for_update().get(pk=approval.pk)
    if approval.state != ApprovalState.ASKED or approval.approver_id != by.person_id:
        raise NotPossible(_("この決裁は、もう終わっているか、あなたあてではありません。"))
    if not approve and not reason.strip():
        raise NotPossible(_("差し戻す理由を書いてください。"))
    if approve and approval.digest != digest_of(answers_of(approval.sheet)):
        approval.state = ApprovalState.OVERTAKEN
    else:
        approval.state = ApprovalState.APPROVED if approve else ApprovalState.DECLINED
    approval.reason, approval.decided_at = reason, timezone.now()
    approval.save(update_fields=["state", "reason", "decided_at"])
    return approval


@transaction.atomic
def take_approval_back(*, approval: Approval) -> None:
    """The one who asked takes it back."""
    Approval.objects.filter(pk=approval.pk, state=ApprovalState.ASKED).update(
        state=ApprovalState.TAKEN_BACK, decided_at=timezone.now()
    )
