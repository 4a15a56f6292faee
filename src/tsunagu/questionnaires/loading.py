"""Loading the forms the product ships (`data/forms/`): published the first time, afterwards only offered as a draft."""

import json
from pathlib import Path
from typing import Any

from django.db import transaction

from tsunagu.questionnaires.definition import read_definition, written
from tsunagu.questionnaires.models import Form
from tsunagu.questionnaires.services.forms import current_version, draft_of, make_form, publish, save_draft
from tsunagu.sharing.viewer import Viewer


def load_forms(data: Path) -> None:
    """Every shipped form; what the secretariat made of one since stays as it is."""
    for path in sorted((data / "forms").glob("*.json")):
        _load(json.loads(path.read_text(encoding="utf-8")))


@transaction.atomic
def _load(shipped: dict[str, Any]) -> None:
    document = written(read_definition(shipped["document"]))
    form = Form.objects.filter(key=shipped["key"]).first()
    if form is None:
        form = make_form(
            key=shipped["key"], title=shipped["title"], purpose=shipped["purpose"], document=document
        )
        publish(draft=draft_of(form=form), by=Viewer(), note="")
        return
    published = current_version(form)
    if published is None or any(one.document == document for one in form.versions.all()):
        return
    draft = draft_of(form=form)
    if draft.document == published.document:
        # Nobody has begun to change it: the newer text is offered, not published.
        save_draft(draft=draft, document=document)
