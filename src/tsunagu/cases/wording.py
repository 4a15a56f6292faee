"""The text of a case as it will be public, word for word: what a company agrees to."""

import hashlib

from tsunagu.cases.models import Case

PUBLIC_TEXTS = (
    "title", "company", "summary", "problem", "approach", "staff", "outcome", "failed", "conditions", "stopped_why",
)  # fmt: skip


def _label(name: str) -> str:
    return str(getattr(Case._meta.get_field(name), "verbose_name", name))


def public_text(case: Case) -> str:
    """Label and text of everything that names or describes the company, in order."""
    lines = []
    for name in PUBLIC_TEXTS:
        if value := getattr(case, name):
            lines.append(f"【{_label(name)}】\n{value}")
    if case.technologies:
        lines.append(f"【{_label('technologies')}】\n{'、'.join(case.technologies)}")
    if case.cost:
        lines.append(f"【{_label('cost')}】\n{case.get_cost_display()}")
    for one in case.results.all():
        before = f"{one.before.normalize():f} → " if one.before is not None else ""
        lines.append(f"【{one.measure}】\n{before}{one.after.normalize():f} {one.unit}")
    return "\n\n".join(lines)


def digest_of(text: str) -> str:
    """The text's fingerprint."""
    return hashlib.sha256(text.encode()).hexdigest()
