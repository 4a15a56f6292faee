"""Cases: the public text for everybody, and another form with the labs' part for labs alone."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, override

from tsunagu.cases.models import Case, CaseField, CaseResult, CaseState, Industry
from tsunagu.engines.textsearch.contract import Document
from tsunagu.registry.models import Lab, LocalGovernment, Policy
from tsunagu.search.audiences import CIRCLE, PUBLIC_ONLY, SECRETARIAT
from tsunagu.search.subjects.base import key_of, numbers_of, text
from tsunagu.search.subjects.register import place_of
from tsunagu.sharing.viewer import Viewer

A_NUMBER = "number"
FOR_LABS = frozenset({CIRCLE, SECRETARIAT})


class Cases:
    """Published cases; drafts are found on their own desk only."""

    kind = "case"
    label = gettext_lazy("事例")

    def numbers(self) -> Iterable[int]:
        found = Case.objects.filter(state=CaseState.PUBLISHED).order_by("pk")
        return found.values_list("pk", flat=True).iterator(chunk_size=10_000)

    def documents(self, numbers: Collection[int]) -> Iterator[Document]:
        found = Case.objects.filter(pk__in=numbers, state=CaseState.PUBLISHED).order_by()
        rows = [_Row(*row) for row in found.values_list(*COLUMNS)]
        around = _around(rows)
        for one in rows:
            told = text(one.frankly, one.contact)
            public = self._document(one, around, FOR_LABS if told else frozenset())
            yield public
            if told:
                body = text(public.body, told)
                yield replace(public, form="labs", body=body, audiences=FOR_LABS, hidden_from=frozenset())

    def _document(self, one: "_Row", around: "_Around", hidden_from: frozenset[str]) -> Document:
        day = timezone.localdate(one.published_at)
        where = around.labs.get(one.lab) or around.prefectures.get(one.prefecture) or ""
        return Document(
            key=key_of(self.kind, one.pk),
            kind=self.kind,
            title=one.title,
            body=_about(one, around),
            audiences=PUBLIC_ONLY,
            hidden_from=hidden_from,
            facets=_facets(one, around) | {"year": [str(day.year)]},
            day=day.toordinal(),
            payload={"url": self._address().replace(A_NUMBER, one.number), "where": str(where)},
        )

    @staticmethod
    @cache
    def _address() -> str:
        """A case's address with `A_NUMBER` in the place of its number; numbers are slugs."""
        with override("ja"):
            return reverse("case_pages:case", args=[A_NUMBER])

    def visible(self, numbers: Collection[int], viewer: Viewer) -> set[int]:
        return numbers_of(Case.objects.filter(pk__in=numbers, state=CaseState.PUBLISHED))


# Rows instead of records: making a record of each of many thousand cases took as long as all the rest of reading them.
COLUMNS = (
    "pk", "number", "title", "summary", "problem", "approach", "outcome", "failed", "conditions", "company", "technologies",
    "staff", "stage", "published_at", "lab", "prefecture", "industry", "field", "inner__frankly", "inner__contact",
)  # fmt: skip


class _Row(NamedTuple):
    """A case as it is read, in the order of `COLUMNS`; what it refers to by number."""

    pk: int
    number: str
    title: str
    summary: str
    problem: str
    approach: str
    outcome: str
    failed: str
    conditions: str
    company: str
    technologies: list[str]
    staff: str
    stage: str
    published_at: datetime
    lab: int | None
    prefecture: str | None
    industry: int | None
    field: int | None
    frankly: str | None
    contact: str | None


class _Around(NamedTuple):
    """What some cases refer to, each read once however many of them do: labs, places and industries are few."""

    labs: Mapping[int | None, Lab]
    prefectures: Mapping[str | None, LocalGovernment]
    industries: Mapping[int | None, Industry]
    fields: Mapping[int | None, CaseField]
    results: Mapping[int, list[str]]
    policies: Mapping[int, list[str]]


def _around(rows: Sequence[_Row]) -> _Around:
    numbers = [one.pk for one in rows]
    results: dict[int, list[str]] = defaultdict(list)
    told = CaseResult.objects.filter(case__in=numbers).order_by("pk")
    for case, measure, after, unit in told.values_list("case", "measure", "after", "unit"):
        results[case].append(f"{measure} {after.normalize():f}{unit}")
    policies: dict[int, list[str]] = defaultdict(list)
    used = Policy.objects.filter(cases__in=numbers)
    for case, name in used.values_list("cases", "name"):
        policies[case].append(name)
    labs = Lab.objects.select_related("region__bureau", "region__prefecture")
    return _Around(
        labs.in_bulk({one.lab for one in rows if one.lab}),
        LocalGovernment.objects.select_related("bureau").in_bulk(
            {one.prefecture for one in rows if one.prefecture}
        ),
        Industry.objects.in_bulk({one.industry for one in rows if one.industry}),
        CaseField.objects.in_bulk({one.field for one in rows if one.field}),
        results,
        policies,
    )


def _about(one: _Row, around: _Around) -> str:
    field, industry = around.fields.get(one.field), around.industries.get(one.industry)
    prefecture = around.prefectures.get(one.prefecture)
    return text(
        one.summary, one.problem, one.approach, one.outcome, "、".join(around.results.get(one.pk, ())), one.failed,
        one.conditions, one.company, "、".join(one.technologies), "、".join(around.policies.get(one.pk, ())), one.staff,
        field and field.name, industry and industry.name, prefecture and prefecture.name, around.labs.get(one.lab), one.number,
    )  # fmt: skip


def _facets(one: _Row, around: _Around) -> dict[str, list[str]]:
    lab = around.labs.get(one.lab)
    prefecture = around.prefectures.get(one.prefecture)
    facets = {"bureau": [prefecture.bureau.code]} if prefecture else {}
    if lab:
        facets |= place_of(lab)
    if prefecture:
        facets["prefecture"] = [prefecture.name]
    if field := around.fields.get(one.field):
        facets["field"] = [field.code]
    if industry := around.industries.get(one.industry):
        facets["industry"] = [industry.code]
    if one.technologies:
        facets["technology"] = list(one.technologies)
    return facets | {"stage": [one.stage]}
