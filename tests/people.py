"""People for tests."""

from typing import Any


def make_person(role: str, *, bureau: str = "kanto", lab: str = "410004", organisation: Any = None) -> Any:
    """A person of a role: bureaus are 関東, lab offices 佐賀県's, unless another place is given."""
    from tsunagu.accounts.services import invite_person
    from tsunagu.registry.models import Bureau, Lab, Organisation

    place: dict[str, Any] = {}
    if role == "bureau":
        place["bureau"] = Bureau.objects.get(code=bureau)
    if role in {"lab_office", "lab_member"}:
        place["lab"] = Lab.objects.get(slug=lab)
    if role in {"support_org", "company"}:
        place["organisation"] = organisation or Organisation.objects.order_by("pk").first()
    return invite_person(
        email=f"{role}-{bureau}-{lab}@example.invalid", name=f"{role}さん", role=role, **place
    )
