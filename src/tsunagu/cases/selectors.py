"""Reading cases: published ones for everybody, one's own on their way, everything for those in charge."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tsunagu.cases.models import Case, CaseField, CaseImport, CaseInner, CaseReuse, CaseState, Industry, Stage
from tsunagu.cases.rules import STALE_AFTER, Alike, Reason, related
from tsunagu.registry import selectors as registry
from tsunagu.registry.models import Lab
from tsunagu.sharing.viewer import Viewer

WITH = ("lab__region__bureau", "lab__region__prefecture", "prefecture__bureau", "industry", "field")


def public_cases() -> QuerySet[Case]:
    """What everybody may read."""
    return Case.objects.filter(state=CaseState.PUBLISHED).select_related(*WITH)


def withdrawn_cases() -> QuerySet[Case]:
    """Cases of which only number, reason and day are left to be shown."""
    return Case.objects.filter(state=CaseState.WITHDRAWN)


def tended_cases(viewer: Viewer) -> QuerySet[Case]:
    """Cases a person may write: of the labs whose office they are; all for the secretariat."""
    found = Case.objects.select_related(*WITH)
    if viewer.is_secretariat:
        return found
    return found.filter(Q(lab_id__in=viewer.office_lab_ids) & ~Q(lab=None))


def cases_to_edit(viewer: Viewer) -> QuerySet[Case]:
    """What waits for the secretariat."""
    waiting = Q(state__in=[CaseState.EDITING, CaseState.CONSENT])
    return tended_cases(viewer).filter(waiting) if viewer.is_secretariat else Case.objects.none()


def imports(viewer: Viewer) -> QuerySet[CaseImport]:
    """Lists taken in for the labs whose cases a person may write, without their content."""
    found = CaseImport.objects.defer("content").select_related("lab__region")
    return found if viewer.is_secretariat else found.filter(lab_id__in=viewer.office_lab_ids)


def readable(viewer: Viewer, number: str) -> Case | None:
    """A case somebody may open: published, or one's own on its way."""
    allowed = Q(state=CaseState.PUBLISHED)
    if viewer.is_secretariat:
        allowed = ~Q(state=CaseState.WITHDRAWN)
    elif viewer.office_lab_ids:
        allowed |= Q(lab_id__in=viewer.office_lab_ids) & ~Q(state=CaseState.WITHDRAWN)
    return Case.objects.filter(allowed, number=number).select_related(*WITH).first()


def inner_of(viewer: Viewer, case: Case) -> CaseInner | None:
    """The labs' part: for labs and those who work with them; of one not yet published for its writers only."""
    own = viewer.is_secretariat or (case.lab_id is not None and case.lab_id in viewer.office_lab_ids)
    if own or (viewer.is_in_circle and case.state == CaseState.PUBLISHED):
        return CaseInner.objects.filter(case=case).first()
    return None


def labs_to_ask(viewer: Viewer, case: Case) -> list[Lab]:
    """Where a case names no lab: the labs of its prefecture."""
    if case.lab_id is not None or case.prefecture is None:
        return []
    return list(registry.labs_in(viewer, case.prefecture))


def stale_cases(today: date) -> QuerySet[Case]:
    """Published cases nobody has confirmed for a year."""
    return public_cases().filter(verified_on__lt=today - STALE_AFTER)


def _alike(case: Case) -> Alike:
    return Alike(
        key=case.pk,
        industry=case.industry.label if case.industry else "",
        field=case.field.label if case.field else "",
        technologies=case.technologies,
        prefecture=case.prefecture.label if case.prefecture else "",
    )


def related_cases(case: Case) -> list[tuple[Case, str]]:
    """Published cases like this one, each with the reason in words."""
    shares = Q(pk=None)
    for name in ("industry", "field", "prefecture"):
        if value := getattr(case, f"{name}_id"):
            shares |= Q(**{f"{name}_id": value})
    if case.technologies:
        shares |= Q(technologies__overlap=case.technologies)
    # Enough to choose from, however many there are.
    others = {one.pk: one for one in public_cases().filter(shares).exclude(pk=case.pk)[:500]}
    found = related(_alike(case), [_alike(one) for one in others.values()])
    return [(others[key], _in_words(reasons)) for key, reasons in found]


def _in_words(reasons: Iterable[Reason]) -> str:
    words = {
        "field": _("同じ分野（%s）"),
        "industry": _("同じ業種（%s）"),
        "technology": _("同じ技術（%s）"),
        "prefecture": _("同じ県（%s）"),
    }
    return _("、").join(words[reason.kind] % reason.value for reason in reasons)


@dataclass(frozen=True)
class Descendant:
    """A lab that tried a case, and how many steps from it."""

    reuse: CaseReuse
    depth: int


def descendants(case: Case, deepest: int = 5) -> list[Descendant]:
    """Who tried it, and who tried what they made of it; parents before children."""
    found: list[Descendant] = []
    wave, seen = {case.pk: 1}, {case.pk}
    while wave and min(wave.values()) <= deepest:
        reuses = CaseReuse.objects.filter(case__in=wave).select_related("lab__region", "own_case", "case")
        nexts: dict[int, int] = {}
        for reuse in reuses:
            depth = wave[reuse.case_id]
            found.append(Descendant(reuse, depth))
            own = reuse.own_case
            if own is not None and own.state == CaseState.PUBLISHED and own.pk not in seen:
                seen.add(own.pk)
                nexts[own.pk] = depth + 1
        wave = nexts
    return found


def funnel(cases: Iterable[Case]) -> list[tuple[Stage, int, int]]:
    """Stages with how many cases stand there, and how many came at least so far; stopped ones at the end."""
    order = [Stage.HEARD, Stage.BEGUN, Stage.DONE, Stage.SETTLED]
    counts = Counter(one.stage for one in cases)
    reached = {stage: sum(counts[later] for later in order[at:]) for at, stage in enumerate(order)}
    return [(stage, counts[stage], reached[stage]) for stage in order] + [
        (Stage.STOPPED, counts[Stage.STOPPED], counts[Stage.STOPPED])
    ]


def problems(case: Case) -> list[tuple[str, str]]:
    """What is missing before it can be sent: (field, what to do)."""
    missing = [
        ("title", _("題名を入れてください。")) if not case.title.strip() else None,
        ("summary", _("ひとことで、何の事例かを書いてください。")) if not case.summary.strip() else None,
        ("problem", _("困っていたことを書いてください。")) if not case.problem.strip() else None,
        ("approach", _("したことを書いてください。")) if not case.approach.strip() else None,
        ("prefecture", _("都道府県を選んでください。")) if not case.prefecture_id else None,
        ("field", _("分野を選んでください。")) if not case.field_id else None,
        ("outcome", _("成果か、うまくいかなかったことのどちらかを書いてください。"))
        if not (case.outcome.strip() or case.failed.strip())
        else None,
        ("stopped_why", _("中止した理由を書いてください。"))
        if case.stage == Stage.STOPPED and not case.stopped_why.strip()
        else None,
    ]
    return [one for one in missing if one]


def industries() -> list[Industry]:
    """The divisions, in order."""
    return list(Industry.objects.all())


def fields() -> list[CaseField]:
    """The fields, in order."""
    return list(CaseField.objects.all())
