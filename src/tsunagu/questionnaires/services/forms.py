"""Making forms: a draft is edited, a published version never changes, and no answer sheet is stranded by a new one."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.questionnaires.definition import check_definition, read_definition
from tsunagu.questionnaires.models import DataElement, Form, FormVersion, Purpose, Sheet, SnapshotKind
from tsunagu.questionnaires.services.versions import keep_snapshot
from tsunagu.registry.services import check_version
from tsunagu.sharing.viewer import Viewer


@transaction.atomic
def make_form(
    *, key: str, title: str, purpose: str = Purpose.OTHER, document: dict[str, Any] | None = None
) -> Form:
    """A new form with its first draft."""
    form = Form.objects.create(key=key, title=title, purpose=purpose)
    FormVersion.objects.create(form=form, number=1, document=document or {"sections": []})
    return form


@transaction.atomic
def draft_of(*, form: Form) -> FormVersion:
    """The draft being edited; a fresh one from the newest published version when there is none."""
    Form.objects.select_for_update().get(pk=form.pk)
    newest = form.versions.order_by("-number").first()
    if newest is not None and newest.published_at is None:
        return newest
    return FormVersion.objects.create(
        form=form,
        number=newest.number + 1 if newest else 1,
        document=newest.document if newest else {"sections": []},
    )


@transaction.atomic
def save_draft(*, draft: FormVersion, document: dict[str, Any], seen: int | None = None) -> FormVersion:
    """Keep a draft as edited. Raises `EditConflict` when somebody changed it since, `ValueError` once published."""
    check_version(draft, seen)
    current = FormVersion.objects.select_for_update().get(pk=draft.pk)
    if current.published_at is not None:
        raise ValueError(_("公開した版は変えられません。新しい版を作ってください。"))
    current.document = document
    current.save(update_fields=["document"])
    current.refresh_from_db(fields=["version"])
    return current


@transaction.atomic
def publish(*, draft: FormVersion, by: Viewer, note: str = "") -> FormVersion:
    """Publish a draft: new sheets use it, and sheets being written go over to it with everything they hold.

    Answers without a place in the new version stay in the sheet and are listed to its writers. Raises `DefinitionFaulty`.
    """
    definition = read_definition(draft.document)
    check_definition(definition)
    for field in definition.fields():
        if field.element:
            DataElement.objects.get_or_create(code=field.element, defaults={"label": field.label[:100]})
    draft.published_at, draft.published_by_id, draft.note = timezone.now(), by.person_id, note
    draft.save(update_fields=["published_at", "published_by", "note"])
    _bring_drafts(draft, by)
    return draft


def _bring_drafts(version: FormVersion, by: Viewer) -> None:
    """Move the sheets that are being written; one returned for correction keeps the version it was sent in.

    Those of a survey stay: everybody asked in a wave is asked the same.
    """
    if version.form.purpose == Purpose.SURVEY:
        return
    open_sheets = Sheet.objects.select_for_update().filter(
        form_version__form=version.form_id, is_locked=False, open_sections__isnull=True
    )
    for sheet in open_sheets.exclude(form_version=version):
        keep_snapshot(sheet=sheet, kind=SnapshotKind.MOVED, by=by)
        sheet.form_version = version
        sheet.save(update_fields=["form_version"])


def current_version(form: Form) -> FormVersion | None:
    """The newest published version of a form."""
    return form.versions.filter(published_at__isnull=False).order_by("-number").first()
