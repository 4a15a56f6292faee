"""The text of a case as it will be public, word for word: what a company agrees to."""

import hashlib

from django.utils.translation import gettext as _

from tsunagu.cases.models import Case

PUBLIC_TEXTS = (
    "title", "company", "summary", "problem", "approach", "staff", "outcome", "failed", "conditions", "stopped_why",
    "source",
)  # fmt: skip


def _label(name: str) -> str:
    return str(getattr(Case._meta.get_field(name), "verbose_name", name))


def _facts(case: Case) -> list[tuple[str, str]]:
    """What is chosen or counted of a case, as its page says it."""
    found = {
        "about": case.get_about_display(),
        "prefecture": case.prefecture.name if case.prefecture else "",
        "industry": case.industry.name if case.industry else "",
        "field": case.field.name if case.field else "",
        "stage": case.get_stage_display(),
        "technologies": "、".join(case.technologies),
        "began_on": case.began_on.iso if case.began_on else "",
        "cost": case.get_cost_display() if case.cost else "",
        "months": "" if case.months is None else str(case.months),
        "policies": "、".join(sorted(one.name for one in case.policies.all())),
    }
    return [(_label(name), text) for name, text in found.items() if text]


def public_parts(case: Case) -> list[tuple[str, str]]:
    """Label and text of everything that the page will show, in order, its photos included."""
    parts = [(_label(name), value) for name in PUBLIC_TEXTS if (value := getattr(case, name))]
    parts += _facts(case)
    for one in case.results.all():
        before = f"{one.before.normalize():f} → " if one.before is not None else ""
        parts.append((one.measure, f"{before}{one.after.normalize():f} {one.unit}"))
    for number, photo in enumerate(case.photos.select_related("stored_file"), 1):
        words = "\n".join(filter(None, (photo.alt, photo.caption, f"SHA-256: {photo.stored_file.sha256}")))
        parts.append((_("写真%(number)s") % {"number": number}, words))
    return parts


def public_text(case: Case) -> str:
    """The same as one text."""
    return "\n\n".join(f"【{label}】\n{text}" for label, text in public_parts(case))


def digest_of(text: str) -> str:
    """The text's fingerprint."""
    return hashlib.sha256(text.encode()).hexdigest()
