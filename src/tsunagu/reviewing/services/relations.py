"""Looking for conflicts of interest between many reviewers and many cases at once: a fixed number of statements."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.registry.models import Lab, LocalGovernment, Organisation
from tsunagu.reviewing.models import Assignment, Conflict, Panel, ReviewCase, ReviewerProfile
from tsunagu.reviewing.rules import CaseFacts, Relation, ReviewerFacts, conflicts

Key = tuple[int, int, str]


def standing(*, case: ReviewCase | None = None, panel: Panel | None = None) -> QuerySet[Conflict]:
    """The conflicts that bar: neither dismissed nor gone."""
    found = Conflict.objects.filter(dismissed_at=None, gone_at=None)
    if case is not None:
        found = found.filter(case=case)
    return found.filter(case__panel=panel) if panel is not None else found


def _bodies(linked: Any, owner: str, among: Collection[int]) -> dict[int, list[int]]:
    """Owner → organisations of a link table. Of a merged organisation the one it was merged into counts."""
    rows = linked.objects.filter(**{f"{owner}__in": among}).values_list(
        owner, Coalesce("organisation__merged_into_id", "organisation_id")
    )
    return _grouped(rows)


def _grouped(rows: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for key, value in rows:
        found.setdefault(key, []).append(value)
    return found


def reviewer_facts(profiles: Collection[int]) -> dict[int, ReviewerFacts]:
    """What the rules look at of each reviewer."""
    former = _bodies(ReviewerProfile.former_employers.through, "reviewerprofile_id", profiles)
    partners = _bodies(ReviewerProfile.business_partners.through, "reviewerprofile_id", profiles)
    known = ReviewerProfile.objects.filter(pk__in=profiles)
    places = _grouped(known.exclude(prefectures=None).values_list("pk", "prefectures"))
    labs = _grouped(known.exclude(mentored_labs=None).values_list("pk", "mentored_labs"))
    affiliations = dict(known.values_list("pk", Coalesce("affiliation__merged_into_id", "affiliation_id")))
    return {
        one: ReviewerFacts(
            affiliation=affiliation,
            former_employers=dict.fromkeys(former.get(one, []), ""),
            prefectures=places.get(one, []),
            mentored_labs=labs.get(one, []),
            business_partners=partners.get(one, []),
        )
        for one, affiliation in affiliations.items()
    }


def case_facts(cases: Collection[ReviewCase]) -> dict[int, CaseFacts]:
    """What the rules look at of each case."""
    keys = [one.pk for one in cases]
    members = _bodies(ReviewCase.members.through, "reviewcase_id", keys)
    vendors = _bodies(ReviewCase.vendors.through, "reviewcase_id", keys)
    return {
        one.pk: CaseFacts(
            lab=one.lab_id,
            prefectures=one.prefectures,
            members=members.get(one.pk, []),
            vendors=vendors.get(one.pk, []),
        )
        for one in cases
    }


def _in_words(found: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """(relation, evidence) → the evidence in words."""
    by_kind: dict[Any, set[str]] = {LocalGovernment: set(), Lab: set(), Organisation: set()}
    for relation, evidence in found:
        by_kind[_kind(relation)].add(evidence)
    names = {
        kind: {str(one.pk): str(one) for one in _named(kind, keys)} for kind, keys in by_kind.items() if keys
    }
    return {
        (relation, evidence): names[_kind(relation)].get(evidence, evidence)[:300]
        for relation, evidence in found
    }


def _kind(relation: str) -> Any:
    return {Relation.SAME_PREFECTURE: LocalGovernment, Relation.PAST_MENTOR: Lab}.get(
        Relation(relation), Organisation
    )


def _named(kind: Any, keys: set[str]) -> QuerySet[Any]:
    found: QuerySet[Any] = kind.objects.filter(pk__in=keys)
    return found.select_related("region") if kind is Lab else found


@transaction.atomic
def look_for_conflicts(*, cases: Collection[ReviewCase], profiles: Collection[int]) -> None:
    """Look at cases with reviewers (by number): new relations are kept, those that are gone are marked so.

    A conflict dismissed for its evidence stays dismissed; other evidence brings it back. Assignments that a conflict
    bars end with it.
    """
    if not cases or not profiles:
        return
    about_cases, about_people = case_facts(cases), reviewer_facts(profiles)
    found: dict[Key, str] = {
        (case, profile, str(one.relation)): one.evidence
        for case, facts in about_cases.items()
        for profile, person in about_people.items()
        for one in conflicts(person, facts)
    }
    words = _in_words({(relation, evidence) for (_case, _profile, relation), evidence in found.items()})
    stored = Conflict.objects.filter(case__in=cases, profile__in=profiles).exclude(relation=Relation.DECLARED)
    known: dict[Key, Conflict] = {(one.case_id, one.profile_id, one.relation): one for one in stored}
    new = [
        Conflict(case_id=key[0], profile_id=key[1], relation=key[2], evidence=words[key[2], evidence])
        for key, evidence in found.items()
        if key not in known
    ]
    Conflict.objects.bulk_create(new)
    back = [
        _again(one, words[key[2], found[key]])
        for key, one in known.items()
        if key in found and (one.gone_at is not None or one.evidence != words[key[2], found[key]])
    ]
    Conflict.objects.bulk_update(
        back, ["evidence", "gone_at", "dismissed_at", "dismissed_by", "dismiss_reason"]
    )
    gone = [one.pk for key, one in known.items() if key not in found and one.gone_at is None]
    Conflict.objects.filter(pk__in=gone).update(gone_at=timezone.now())
    end_barred_assignments(cases=[one.pk for one in cases], profiles=profiles)


def _again(one: Conflict, evidence: str) -> Conflict:
    one.evidence, one.gone_at = evidence, None
    one.dismissed_at, one.dismissed_by, one.dismiss_reason = None, None, ""
    return one


def end_barred_assignments(*, cases: Collection[int], profiles: Collection[int]) -> None:
    """Take cases away from reviewers whom a standing conflict bars."""
    barring = standing().filter(case=OuterRef("case"), profile=OuterRef("member__profile"))
    found = Assignment.objects.filter(case__in=cases, member__profile__in=profiles, ended_at=None)
    found.filter(Exists(barring)).update(ended_at=timezone.now(), end_reason=_("利益相反のため"))


def look_at_panel(*, panel: Panel, only: ReviewerProfile | None = None) -> None:
    """Look for conflicts in every open case of a panel, with all its reviewers or one of them."""
    profiles = [only.pk] if only else list(panel.members.values_list("profile_id", flat=True))
    look_for_conflicts(cases=list(panel.cases.filter(closed_at=None)), profiles=profiles)
