"""A lab's documents: handed in by its office, handed out to whom they are shared with."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.files.services import FileNotTaken
from tsunagu.files.serving import serve_file
from tsunagu.history.services import note_read
from tsunagu.registry import selectors, services
from tsunagu.registry.forms import DocumentForm, NewDocumentForm
from tsunagu.registry.models import Lab, LabDocument
from tsunagu.registry.views.editing import Crumbs, edit_page
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of
from tsunagu.sharing.policy import RecordAudience


def _crumbs(lab: Lab, title: str) -> Crumbs:
    return [
        (str(lab), reverse("portal:lab", args=[lab.slug])),
        (_("資料"), reverse("office:documents", args=[lab.slug])),
        (title, None),
    ]


@audience(Audience.PUBLIC)
@require_safe
def documents(request: HttpRequest, slug: str) -> HttpResponse:
    """A lab's documents as far as they are shared with the viewer."""
    viewer = viewer_of(request)
    lab = get_object_or_404(Lab.objects.select_related("region__bureau"), slug=slug)
    context = {
        "lab": lab,
        "documents": list(selectors.documents(viewer, lab=lab)),
        "may_edit": selectors.tended_labs(viewer).filter(pk=lab.pk).exists(),
        "crumbs": _crumbs(lab, _("資料"))[::2],
    }
    return render(request, "registry/documents.html", context)


@audience(Audience.PUBLIC)
@require_safe
def document_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file itself, to whom it is shared with; for everybody else it does not exist."""
    one = get_object_or_404(selectors.documents(viewer_of(request)), pk=pk)
    if one.audience != RecordAudience.PUBLIC:
        note_read(one, what="資料のファイル")
    return serve_file(one.stored_file)


@audience(Audience.LAB)
def new_document(request: HttpRequest, slug: str) -> HttpResponse:
    """Hand a document in. Success is shown only when it is stored and read back."""
    viewer = viewer_of(request)
    lab = get_object_or_404(selectors.tended_labs(viewer), slug=slug)
    form = NewDocumentForm(
        request.POST or None, request.FILES or None, instance=LabDocument(lab=lab), viewer=viewer
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.add_document(
                form.save(commit=False),
                by=viewer,
                upload=form.cleaned_data["file"],
                parties=list(form.cleaned_data["parties"]),
            )
        except FileNotTaken as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("office:documents", lab.slug)
    title = _("資料を加える")
    context = {"form": form, "title": title, "crumbs": _crumbs(lab, title)}
    return render(request, "registry/document_form.html", context, status=422 if form.errors else 200)


@audience(Audience.LAB)
def edit_document(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the title, or share it with more or fewer."""
    viewer = viewer_of(request)
    one = get_object_or_404(selectors.tended_documents(viewer), pk=pk)
    form = DocumentForm(request.POST or None, instance=one, viewer=viewer)
    title = _("資料を直す")
    return edit_page(
        request,
        form,
        title,
        _crumbs(one.lab, title),
        save=form.store,
        done=lambda saved: redirect("office:documents", saved.lab.slug),
    )


@audience(Audience.LAB)
@require_POST
def remove_document(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a document away."""
    one = get_object_or_404(selectors.tended_documents(viewer_of(request)), pk=pk)
    services.remove_document(one)
    return redirect("office:documents", one.lab.slug)
