"""What the registry knows of a lab, by data element: offered in every form instead of being asked for."""

from typing import Any

from django.utils.translation import gettext as _

from tsunagu.questionnaires.hosting import Known
from tsunagu.registry.models import Lab, LabContact


def facts_of(lab: Lab) -> dict[str, Known]:
    """What the registry holds of a lab, by data element."""
    source = _("登録簿")
    facts: dict[str, Known] = {}
    region = lab.region
    if lab.name:
        facts["lab.name"] = Known(lab.name, source, lab.updated_at)
    facts["lab.region"] = Known({"code": region.code, "name": region.name}, source)
    if lab.summary:
        facts["lab.summary"] = Known(lab.summary, source, lab.updated_at)
    members: list[dict[str, Any]] = [
        {
            "organisation": {
                "name": one.organisation.name,
                "corporate_number": one.organisation.corporate_number,
            },
            "kind": one.organisation.kind,
            "role": one.get_role_display(),
        }
        for one in lab.members.filter(valid_to=None).select_related("organisation")
    ]
    if members:
        facts["lab.members"] = Known(members, source)
    contact = LabContact.objects.filter(lab=lab).order_by("pk").first()
    if contact is not None:
        facts["lab.office"] = Known(contact.desk, source)
    return facts
