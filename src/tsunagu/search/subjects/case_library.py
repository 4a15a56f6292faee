"""Cases: the public text for everybody, and another form with the labs' part for labs alone."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import cache

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, override

from tsunagu.cases.models import Case, CaseResult, CaseState
from tsunagu.cases.selectors import WITH
from tsunagu.engines.textsearch.contract import Document
from tsunagu.registry.models import Policy
from tsunagu.search.audiences import CIRCLE, PUBLIC_ONLY, SECRETARIAT
from tsunagu.search.subjects.base import key_of, numbers_of, text
from tsunagu.search.subjects.register import place_of
from tsunagu.sharing.viewer import Viewer

# As plain lists: thousands of cases would each make a query set to hold them.
LISTS = (Prefetch("policies", to_attr="policy_list"), Prefetch("results", to_attr="result_list"))
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
        found = Case.objects.filter(pk__in=numbers, state=CaseState.PUBLISHED).select_related("inner")
        # Labs, places and industries are few: they are read once for all cases, not made anew for each.
        for one in found.prefetch_related(*WITH).prefetch_related(*LISTS):
            inner = getattr(one, "inner", None)
            told = text(inner.frankly, inner.contact) if inner else ""
            public = self._document(one, FOR_LABS if told else frozenset())
            yield public
            if told:
                body = text(public.body, told)
                yield replace(public, form="labs", body=body, audiences=FOR_LABS, hidden_from=frozenset())

    def _document(self, one: Case, hidden_from: frozenset[str]) -> Document:
        day = timezone.localdate(one.published_at)
        return Document(
            key=key_of(self.kind, one.pk),
            kind=self.kind,
            title=one.title,
            body=_about(one),
            audiences=PUBLIC_ONLY,
            hidden_from=hidden_from,
            facets=_facets(one) | {"year": [str(day.year)]},
            day=day.toordinal(),
            payload={"url": self._address().replace(A_NUMBER, one.number), "where": str(one.lab or "")},
        )

    @staticmethod
    @cache
    def _address() -> str:
        """A case's address with `A_NUMBER` in the place of its number; numbers are slugs."""
        with override("ja"):
            return reverse("case_pages:case", args=[A_NUMBER])

    def visible(self, numbers: Collection[int], viewer: Viewer) -> set[int]:
        return numbers_of(Case.objects.filter(pk__in=numbers, state=CaseState.PUBLISHED))


def _about(one: Case) -> str:
    found: list[CaseResult] = one.result_list  # type: ignore[attr-defined]
    policies: list[Policy] = one.policy_list  # type: ignore[attr-defined]
    results = "、".join(f"{each.measure} {each.after.normalize():f}{each.unit}" for each in found)
    return text(
        one.summary, one.problem, one.approach, one.outcome, results, one.failed, one.conditions, one.company,
        "、".join(one.technologies), "、".join(policy.name for policy in policies), one.staff,
        one.field and one.field.name, one.industry and one.industry.name, one.prefecture and one.prefecture.name,
        one.lab,
    )  # fmt: skip


def _facets(one: Case) -> dict[str, list[str]]:
    facets = dict(place_of(one.lab)) if one.lab else {}
    if one.prefecture:
        facets["prefecture"] = [one.prefecture.name]
    if one.field:
        facets["field"] = [one.field.code]
    if one.industry:
        facets["industry"] = [one.industry.code]
    if one.technologies:
        facets["technology"] = list(one.technologies)
    return facets | {"stage": [one.stage]}
