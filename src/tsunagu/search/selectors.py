"""Searching as somebody: the index answers by audience, the sharing policy is asked once more about what is shown."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import nsmallest
from typing import NamedTuple

from django.db.models import Count, Min, Model, QuerySet, Value
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tsunagu.cases.models import CaseField, Industry, Stage
from tsunagu.design.facets import Facet, Option
from tsunagu.engines.textsearch import answering
from tsunagu.engines.textsearch.contract import Counts, Hit, Outdated, Question
from tsunagu.engines.textsearch.synonyms import Synonyms, synonyms_of
from tsunagu.history.unchanged import WhileUnchanged
from tsunagu.registry.kinds import Scheme
from tsunagu.registry.models import Bureau
from tsunagu.search.audiences import held_by
from tsunagu.search.counted import COUNTED, MOST_OFFERED
from tsunagu.search.models import Mark, MissedQuestion, SavedSearch, SynonymGroup
from tsunagu.search.places import engine, is_ready, reader_for
from tsunagu.search.subjects.all import SUBJECTS
from tsunagu.sharing.viewer import Viewer

PAGE_SIZE = 20
# Beyond so many pages nobody reads on; it also bounds what one question may cost.
LAST_PAGE = 50


@dataclass(frozen=True)
class Found:
    """What a person found. `ready` is False while the index is being made."""

    hits: tuple[Hit, ...] = ()
    total: int = 0
    exact: int = 0
    instead: str | None = None
    facets: tuple[Facet, ...] = ()
    ready: bool = True

    @property
    def has_near(self) -> bool:
        """Whether hits are shown that do not have all that was asked for."""
        return self.total > self.exact


def find(
    viewer: Viewer,
    text: str,
    *,
    chosen: Mapping[str, Sequence[str]] | None = None,
    newest_first: bool = False,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> Found:
    """Search as `viewer`. `chosen`: values by facet (`COUNTED`). Never fails on what a person typed."""
    known = language()
    question = Question(
        text=text,
        audiences=held_by(viewer),
        narrowed=chosen or {},
        counted=tuple(COUNTED),
        most=MOST_OFFERED,
        newest_first=newest_first,
        offset=(page - 1) * size,
        limit=size,
        synonyms=known.synonyms,
    )
    try:
        answer = answering.ask(reader_for(question.audiences), question)
    except Outdated:
        return Found(ready=False)
    hits = still_visible(answer.hits, viewer)
    gone = len(answer.hits) - len(hits)
    shown = facets(answer.counts, chosen or {}, known)
    return Found(hits, answer.total - gone, answer.exact, answer.instead, shown)


def titles(viewer: Viewer, start: str) -> tuple[str, ...]:
    """Titles that hold what has been typed so far."""
    audiences = held_by(viewer)
    try:
        return answering.titles(reader_for(audiences), start, audiences)
    except Outdated:
        return ()


def still_visible(hits: Sequence[Hit], viewer: Viewer) -> tuple[Hit, ...]:
    """The hits the database still lets the viewer see: the index may be a moment behind."""
    numbers: dict[str, set[int]] = defaultdict(set)
    for hit in hits:
        numbers[hit.kind].add(_number(hit))
    allowed = {kind: SUBJECTS[kind].visible(wanted, viewer) for kind, wanted in numbers.items()}
    return tuple(hit for hit in hits if _number(hit) in allowed[hit.kind])


def _number(hit: Hit) -> int:
    return int(hit.key.partition(":")[2])


class Language(NamedTuple):
    """What every search asks of tables and translations that seldom change: what is called alike, what facets are called,
    and what their codes are called."""

    synonyms: Synonyms
    facets: dict[str, str]
    names: dict[str, dict[str, str]]


LANGUAGES: WhileUnchanged[Language] = WhileUnchanged(most=2)


def language() -> Language:
    """In the language of the page; a change of the tables holds at once."""
    return LANGUAGES.get(get_language(), lambda: Language(_synonyms(), _facet_names(), _names()))


def _synonyms() -> Synonyms:
    """The secretariat's table."""
    groups = SynonymGroup.objects.values_list("expressions", flat=True)
    return synonyms_of(group.splitlines() for group in groups)


def synonym_groups() -> QuerySet[SynonymGroup]:
    """The table itself."""
    return SynonymGroup.objects.all()


def missed(limit: int = 50) -> QuerySet[MissedQuestion]:
    """What is asked most often and not found."""
    return MissedQuestion.objects.all()[:limit]


def saved(viewer: Viewer) -> QuerySet[SavedSearch]:
    """One's own saved searches."""
    if viewer.person_id is None:
        return SavedSearch.objects.none()
    return SavedSearch.objects.filter(person_id=viewer.person_id)


def _facet_names() -> dict[str, str]:
    return {
        "kind": _("種類"),
        "field": _("分野（事例）"),
        "industry": _("業種（事例・専門家）"),
        "stage": _("段階（事例）"),
        "technology": _("使った技術（事例）"),
        "bureau": _("経済産業局"),
        "prefecture": _("都道府県"),
        "year": _("年"),
        "scheme": _("制度"),
    }


def facets(counts: Counts, chosen: Mapping[str, Sequence[str]], called: Language) -> tuple[Facet, ...]:
    """The facets that have something to choose, with counts."""
    found = []
    for name, label in called.facets.items():
        own, labels = chosen.get(name, ()), called.names.get(name, {})
        options = tuple(
            Option(value, labels.get(value, value), count, value in own)
            for value, count in _offered(name, counts.get(name, {}), own)
        )
        if options:
            found.append(Facet(name, label, options))
    return tuple(found)


def _offered(name: str, counts: Mapping[str, int], own: Sequence[str]) -> list[tuple[str, int]]:
    """A facet's values with counts in the order they are shown; what is chosen is always there."""
    most = MOST_OFFERED.get(name)
    if most is None:
        found = {**dict.fromkeys(own, 0), **counts}
        return sorted(found.items(), key=lambda one: _order(name, *one))
    best = nsmallest(most, counts.items(), key=lambda one: _order(name, *one))
    shown = {value for value, _count in best}
    return best + [(value, counts.get(value, 0)) for value in dict.fromkeys(own) if value not in shown]


def _names() -> dict[str, dict[str, str]]:
    """What the values of facets are called, by facet and code, where they are not their own names."""
    return {
        "kind": {kind: str(subject.label) for kind, subject in SUBJECTS.items()},
        **_names_in_tables(),
        "stage": {str(value): str(label) for value, label in Stage.choices},
        "scheme": {str(value): str(label) for value, label in Scheme.choices},
    }


def _names_in_tables() -> dict[str, dict[str, str]]:
    """What fields, industries and bureaus are called in the language of the page."""
    tables: dict[str, type[Model]] = {"field": CaseField, "industry": Industry, "bureau": Bureau}
    rows = [
        model._default_manager.order_by().values_list(Value(facet), "code", "name", "name_en")
        for facet, model in tables.items()
    ]
    english = get_language() == "en"
    found: dict[str, dict[str, str]] = {facet: {} for facet in tables}
    for facet, code, name, name_en in rows[0].union(*rows[1:], all=True):
        found[facet][code] = name_en if english and name_en else name
    return found


def _order(name: str, value: str, count: int) -> tuple[int, str]:
    """Years from the latest, everything else from the most frequent."""
    return (-int(value), "") if name == "year" and value.isdigit() else (-count, value)


@dataclass(frozen=True)
class Lag:
    """How far the index is behind: marks that wait, for how many seconds the oldest of them, and whether there is one."""

    waiting: int
    seconds: float
    ready: bool
    documents: int


def lag(*, now: datetime) -> Lag:
    """The state of the index at a moment."""
    found = Mark.objects.aggregate(waiting=Count("pk"), oldest=Min("marked_at"))
    seconds = (now - found["oldest"]).total_seconds() if found["oldest"] else 0.0
    ready = is_ready()
    return Lag(
        found["waiting"], max(0.0, seconds), ready, engine("inside").reader().count_all() if ready else 0
    )
