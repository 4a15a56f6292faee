"""Recommendations of the walk: read by the lab's office and its staff, changed by the office alone; and drafts for DX認定."""

from typing import Any

# Whose an object is decides here, as in `world`.
READ = {"recommending:recommendation": "recommendation", "recommending:slip": "recommendation"}
OF_THE_OFFICE = {
    "recommending:new_company": "slug", "recommending:new": "slug", "recommending:company": "helped",
    "recommending:edit": "recommendation", "recommending:ask": "recommendation", "recommending:send": "recommendation",
    "recommending:filed": "recommendation", "recommending:withdraw": "recommendation", "companion:company": "helped",
    "companion:part": "pillar", "companion:look": "helped", "companion:paper": "helped",
}  # fmt: skip
FOR_ALL = {
    "recommending_office:board_file": "kind", "recommending_office:edit_edition": "edition",
    "recommending_office:result": "recommendation", "recommending:consent": "consent_token",
}  # fmt: skip
# A company's link is in nobody's hands here.
NO_LINK = {"recommending:consent"}


def make_recommendations(where: str, lab: Any) -> tuple[dict[str, Any], dict[str, tuple[str, Any]]]:
    """The keys of the addresses, and the texts to look for with whose they are."""
    from tsunagu.recommending.models import Company, Edition, Part, Recommendation
    from tsunagu.registry.models import Organisation

    edition = Edition.objects.get(year=2026)
    organisation = Organisation.objects.order_by("pk")[2]
    company = Company.objects.create(
        lab=lab, organisation=organisation, contact_name=f"担当秘{where}", contact_email="x@example.invalid"
    )
    one = Recommendation.objects.create(company=company, edition=edition, reasons=f"推薦秘{where}")
    part = Part.objects.create(company=company, number=1, text=f"準備秘{where}")
    keys = {
        "recommendation": {"pk": one.pk},
        "helped": {"pk": company.pk},
        "pillar": {"pk": company.pk, "number": 1},
        "edition": {"pk": edition.pk},
        "consent_token": {"token": "unknown"},
    }

    def rewrite(record: Any, name: str) -> Any:
        return lambda text: type(record).objects.filter(pk=record.pk).update(**{name: text})

    texts = {
        f"推薦秘{where}": ("sent", rewrite(one, "reasons")),
        f"担当秘{where}": ("draft", rewrite(company, "contact_name")),
        f"準備秘{where}": ("draft", rewrite(part, "text")),
    }
    return keys, texts
