"""Working together: co-editors, questions to the secretariat, approval inside the applicant body."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tsunagu.questionnaires import invitations, selectors
from tsunagu.questionnaires.forms import ApprovalForm, CoEditorForm, QuestionForm
from tsunagu.questionnaires.models import ApprovalState, Right
from tsunagu.questionnaires.selectors import Open
from tsunagu.questionnaires.services import together
from tsunagu.questionnaires.services.sending import is_approved
from tsunagu.questionnaires.services.versions import answers_of, digest_of
from tsunagu.questionnaires.views.common import opened, page
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of


def _manager(request: HttpRequest, key: Any) -> Open:
    """The sheet for somebody who may send it, and so may decide who works on it."""
    found = opened(request, key)
    if found.right < Right.SUBMIT:
        raise Http404("not theirs to share")
    return found


@audience(Audience.SIGNED_IN)
def people(request: HttpRequest, key: Any) -> HttpResponse:
    """Who works on the sheet with which right."""
    found = opened(request, key)
    form = CoEditorForm(request.POST or None)
    if request.method == "POST":
        _manager(request, key)
        if form.is_valid():
            try:
                added = together.add_co_editor(sheet=found.sheet, **form.cleaned_data)
            except together.NotPossible as refusal:
                form.add_error("email", str(refusal))
            else:
                invitations.invite(request, found, added.person, viewer_of(request).display_name)
                messages.success(request, _("%(name)s さんに知らせました。") % {"name": added.person})
                return redirect("answers:people", found.sheet.key)
    context = page(
        found,
        _("共同で書く人"),
        form=form,
        co_editors=found.sheet.co_editors.select_related("person"),
        may_share=found.right >= Right.SUBMIT,
    )
    return render(request, "questionnaires/people.html", context, status=422 if form.errors else 200)


@audience(Audience.SIGNED_IN)
@require_POST
def remove_person(request: HttpRequest, key: Any, pk: int) -> HttpResponse:
    """Somebody no longer works on the sheet."""
    found = _manager(request, key)
    together.remove_co_editor(co_editor=get_object_or_404(found.sheet.co_editors, pk=pk))
    return redirect("answers:people", found.sheet.key)


@audience(Audience.SIGNED_IN)
def questions(request: HttpRequest, key: Any) -> HttpResponse:
    """Questions to the secretariat about fields, with their answers."""
    found = opened(request, key)
    form = QuestionForm(request.POST or None, initial={"field": request.GET.get("field", "")})
    fields = [
        (each.key, f"{one.title}: {each.label}")
        for one in found.sheet.definition.sections
        for each in one.fields
    ]
    form.fields["field"].choices = fields  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        if found.right < Right.EDIT:
            raise Http404("not theirs to ask")
        together.ask(sheet=found.sheet, by=viewer_of(request), **form.cleaned_data)
        messages.success(request, _("事務局に質問を送りました。答えはこのページに出ます。"))
        return redirect("answers:questions", found.sheet.key)
    labels = {one.key: one.label for one in found.sheet.definition.fields()}
    asked = [(labels.get(one.field, one.field), one) for one in selectors.questions(found.sheet)]
    context = page(
        found,
        _("事務局への質問"),
        form=form,
        asked=asked,
        faq=[
            (labels.get(one.field, ""), one)
            for one in selectors.public_questions(found.sheet.form_version.form)
        ],
    )
    return render(request, "questionnaires/questions.html", context, status=422 if form.errors else 200)


@audience(Audience.SIGNED_IN)
def approval(request: HttpRequest, key: Any) -> HttpResponse:
    """起案 and 決裁: ask for approval, approve, or decline with a reason."""
    found = opened(request, key)
    viewer = viewer_of(request)
    waiting = (
        found.sheet.approvals.filter(state=ApprovalState.ASKED).select_related("approver", "asked_by").first()
    )
    form = ApprovalForm(request.POST if request.POST.get("action") == "ask" else None)
    refusal = ""
    if request.method == "POST":
        try:
            if request.POST.get("action") == "ask" and found.may_send:
                if form.is_valid():
                    made = together.ask_approval(
                        sheet=found.sheet,
                        by=viewer,
                        approver_email=form.cleaned_data["email"],
                        approver_name=form.cleaned_data["name"],
                        note=form.cleaned_data["note"],
                    )
                    invitations.ask_for_approval(request, found, made, viewer.display_name)
                    messages.success(request, _("決裁を頼みました。"))
                    return redirect("answers:approval", found.sheet.key)
            elif waiting is not None and waiting.approver_id == viewer.person_id:
                decided = together.decide_approval(
                    approval=waiting,
                    by=viewer,
                    approve=request.POST.get("action") == "approve",
                    reason=request.POST.get("reason", "").strip(),
                )
                invitations.tell_decision(request, found, decided)
                messages.success(request, decided.get_state_display())
                return redirect("answers:approval", found.sheet.key)
            else:
                refusal = _("いま決裁できるのは、頼まれた人だけです。")
        except together.NotPossible as error:
            refusal = str(error)
    context = page(
        found,
        _("決裁"),
        form=form,
        refusal=refusal,
        waiting=waiting,
        is_mine=waiting is not None and waiting.approver_id == viewer.person_id,
        is_approved=is_approved(found.sheet, digest_of(answers_of(found.sheet))),
        approvals=found.sheet.approvals.select_related("approver", "asked_by"),
    )
    return render(
        request, "questionnaires/approval.html", context, status=422 if form.errors or refusal else 200
    )


@audience(Audience.SIGNED_IN)
@require_POST
def take_back(request: HttpRequest, key: Any) -> HttpResponse:
    """Take back what was handed in for approval."""
    found = _manager(request, key)
    waiting = get_object_or_404(found.sheet.approvals, state=ApprovalState.ASKED)
    together.take_approval_back(approval=waiting)
    return redirect("answers:approval", found.sheet.key)
