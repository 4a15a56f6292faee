"""What the editor read last time, beside what stands there now."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tsunagu.cases import wording
from tsunagu.cases.models import Case, CaseInner, CaseSent
from tsunagu.questionnaires.comparing import Piece, pieces


@dataclass(frozen=True)
class Changed:
    """One part of a case that reads differently now."""

    label: str
    before: str
    after: str
    pieces: Sequence[Piece]


def words_of(case: Case) -> dict[str, str]:
    """Label → text of everything the editor reads, the labs' part included."""
    found = dict(wording.public_parts(case))
    inner = CaseInner.objects.filter(case=case).first()
    if inner is not None:
        for name in ("frankly", "contact"):
            if value := getattr(inner, name):
                found[str(CaseInner._meta.get_field(name).verbose_name)] = value  # type: ignore[union-attr]
    return found


def keep_sent(case: Case) -> None:
    """Keep the words as they are handed over."""
    CaseSent.objects.create(case=case, words=words_of(case))


def changes_since_last_time(case: Case) -> tuple[CaseSent | None, list[Changed]]:
    """The hand-over before the last one, and what reads differently since; None when it was handed over once only."""
    sent = list(case.sendings.all()[:2])
    if len(sent) < 2:
        return None, []
    before, after = sent[1].words, words_of(case)
    labels = dict.fromkeys([*after, *before])
    return sent[1], [
        Changed(
            label,
            before.get(label, ""),
            after.get(label, ""),
            tuple(pieces(before.get(label, ""), after.get(label, ""))),
        )
        for label in labels
        if before.get(label, "") != after.get(label, "")
    ]


def summary(changes: Sequence[Changed]) -> str:
    """How many parts changed, in words."""
    return (
        _("%(n)s か所が変わりました。") % {"n": len(changes)} if changes else _("前に読んだときと同じです。")
    )
