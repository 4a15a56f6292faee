"""Editing a record: one form, and a page that keeps both texts when two people edited it at once."""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tsunagu.registry.forms import VersionedForm
from tsunagu.registry.services import EditConflict

Crumbs = list[tuple[str, str | None]]


def home_crumb() -> tuple[str, str | None]:
    return (_("管理画面"), reverse("office:home"))


def form_page(
    request: HttpRequest, form: BaseForm, title: str, crumbs: Crumbs, *, button: str = "", note: str = ""
) -> HttpResponse:
    """A page with one form; 422 when what was sent needs mending."""
    context = {
        "form": form,
        "title": title,
        "crumbs": crumbs,
        "button": button or _("保存する"),
        "note": note,
    }
    return render(request, "registry/form.html", context, status=422 if form.errors else 200)


def edit_page(
    request: HttpRequest,
    form: VersionedForm,
    title: str,
    crumbs: Crumbs,
    *,
    save: Callable[..., Any],
    done: Callable[[Any], HttpResponse],
    note: str = "",
) -> HttpResponse:
    """Show a record's form and store what is sent by `save(record, seen=version)`; `done` answers with the record."""
    if request.method == "POST" and form.is_valid():
        try:
            saved = save(form.save(commit=False), seen=form.cleaned_data["version"])
        except EditConflict as conflict:
            return conflict_page(request, form, conflict, title, crumbs)
        return done(saved)
    return form_page(request, form, title, crumbs, note=note)


def _shown(form: VersionedForm, name: str, value: Any) -> str:
    field = form.fields[name]
    choices = {str(key): str(label) for key, label in getattr(field, "choices", [])}
    if isinstance(value, list | tuple):
        return "、".join(sorted(choices.get(str(one), str(one)) for one in value))
    plain = getattr(value, "pk", value)
    text = "" if plain is None else str(getattr(plain, "iso", plain))
    # A browser ends lines in its own way.
    return choices.get(text, text.replace("\r\n", "\n"))


def conflict_page(
    request: HttpRequest,
    form: VersionedForm,
    conflict: EditConflict,
    title: str,
    crumbs: Crumbs,
    *,
    stored: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """What the other person stored beside what this one typed; nothing of either is lost.

    `stored`: what a form of the record as it is now would hold, where its fields are not all the record's own.
    """
    current = conflict.current
    rows = []
    for name in form.fields:
        if name not in form.cleaned_data or name == "version":
            continue
        theirs = getattr(current, name, "") if stored is None else stored[name]
        mine = form.cleaned_data[name] if stored is None else form[name].value()
        shown = _shown(form, name, theirs), _shown(form, name, mine)
        if shown[0] != shown[1]:
            rows.append((form.fields[name].label, *shown))
    # The same input again, now knowing of the other's version: sending it once more is a decision.
    again = request.POST.copy()
    again["version"] = str(current.version)
    form.data = again
    context = {"form": form, "rows": rows, "title": title, "crumbs": crumbs}
    return render(request, "conflict.html", context, status=409)
