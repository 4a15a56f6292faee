"""Questions about fields, answered by the secretariat and made public; and the data elements that are asked for."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.design.paging import page_context
from tsunagu.questionnaires import selectors
from tsunagu.questionnaires.building_forms import AnswerForm, ElementForm, FaqForm
from tsunagu.questionnaires.models import DataElement, FieldQuestion, Form
from tsunagu.questionnaires.services import together
from tsunagu.questionnaires.services.forms import current_version
from tsunagu.questionnaires.views.building import crumbs
from tsunagu.registry.services import save_record
from tsunagu.registry.views.editing import edit_page, form_page
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of


def _label(one: FieldQuestion) -> str:
    version = current_version(one.form)
    field = version.definition.field(one.field) if version else None
    return field.label if field else one.field


@audience(Audience.SECRETARIAT)
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """Unanswered questions first."""
    # PostgreSQL puts what has no time yet first when the newest come first.
    found = selectors.staff_questions(viewer_of(request)).order_by("-answered_at", "asked_at")
    paging = page_context(request, found)
    rows = [(one, _label(one)) for one in paging["page"]]
    return render(
        request,
        "questionnaires/building/questions.html",
        {"rows": rows, "crumbs": crumbs((_("質問"), None)), **paging},
    )


def _the(request: HttpRequest, pk: int) -> FieldQuestion:
    return get_object_or_404(selectors.staff_questions(viewer_of(request)), pk=pk)


@audience(Audience.SECRETARIAT)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a question."""
    one = _the(request, pk)
    title = _("質問に答える")
    return edit_page(
        request, AnswerForm(request.POST or None, instance=one), title, crumbs((_("質問"), reverse("forms:questions")), (title, None)),
        save=lambda record, seen: together.answer_question(question=record, answer=record.answer, by=viewer_of(request), seen=seen),
        done=lambda _saved: redirect("forms:questions"),
        note=f"{one.form} / {_label(one)}: {one.text}",
    )  # fmt: skip


@audience(Audience.SECRETARIAT)
def faq(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a question and its answer public, in words that do not tell who asked."""
    one = _the(request, pk)
    initial = {"text": one.public_text or one.text, "answer": one.public_answer or one.answer}
    form = FaqForm(request.POST or None, initial=initial)
    title = _("よくある質問として公開する")
    if request.method == "POST" and form.is_valid():
        together.publish_question(question=one, **form.cleaned_data)
        messages.success(request, _("公開しました。"))
        return redirect("forms:questions")
    return form_page(
        request,
        form,
        title,
        crumbs((_("質問"), reverse("forms:questions")), (title, None)),
        button=_("公開する"),
    )


@audience(Audience.SECRETARIAT)
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """A published question is no longer public."""
    together.take_question_back(question=_the(request, pk))
    return redirect("forms:questions")


@audience(Audience.SECRETARIAT)
@require_safe
def elements(request: HttpRequest) -> HttpResponse:
    """Every fact the programme asks for, where it is asked, and where forms call it differently."""
    asked: dict[str, list[tuple[Form, str]]] = {}
    for form in selectors.forms(viewer_of(request)):
        version = current_version(form)
        for one in version.definition.fields() if version else ():
            if one.element:
                asked.setdefault(one.element, []).append((form, one.label))
    rows = [
        (one, asked.get(one.code, []), len({label for _form, label in asked.get(one.code, [])}) > 1)
        for one in DataElement.objects.all()
    ]
    return render(
        request,
        "questionnaires/building/elements.html",
        {"rows": rows, "crumbs": crumbs((_("データ要素"), None))},
    )


@audience(Audience.SECRETARIAT)
def element(request: HttpRequest, pk: int) -> HttpResponse:
    """A data element's name and meaning."""
    one = get_object_or_404(DataElement, pk=pk)
    title = _("データ要素を直す")
    return edit_page(
        request, ElementForm(request.POST or None, instance=one), title, crumbs((_("データ要素"), reverse("forms:elements")), (title, None)),
        save=save_record, done=lambda _saved: redirect("forms:elements"), note=one.code,
    )  # fmt: skip
