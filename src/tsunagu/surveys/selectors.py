"""Reading surveys: who is asked and who is missing, results for each kind of reader, waves beside each other."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from tsunagu.questionnaires.models import SnapshotKind
from tsunagu.registry.kinds import Category, RegionKind, Scheme
from tsunagu.registry.models import Bureau
from tsunagu.registry.records import LabRecord
from tsunagu.registry.selectors import register
from tsunagu.sharing.viewer import PUBLIC, Viewer
from tsunagu.surveys.models import HistoricalResult, Invitation, ShowsResults, Survey, Wave, WaveState
from tsunagu.surveys.rules import MINIMUM
from tsunagu.surveys.tallying import QuestionResult, Response, count_questions, tally

# Results shown while a wave is open move by so many answers at once, so that no single answer can be seen to arrive.
EARLY_STEP = 5
REASONS = "transition.reasons"
STATUS = "lab.activity_status"


def surveys(viewer: Viewer) -> QuerySet[Survey]:
    """The series, for the secretariat."""
    return Survey.objects.all() if viewer.is_secretariat else Survey.objects.none()


def waves(viewer: Viewer) -> QuerySet[Wave]:
    """All waves with how many labs were asked and answered, for the secretariat."""
    found = Wave.objects.select_related("survey", "form_version__form").annotate(
        invited=Count("invitations"), answered=Count("invitations", filter=~Q(invitations__answered_on=None))
    )
    return found if viewer.is_secretariat else found.none()


def public_waves() -> QuerySet[Wave]:
    """The waves whose results are public."""
    return Wave.objects.filter(published_at__isnull=False).select_related("survey", "form_version")


def labs_to_ask(wave: Wave) -> list[LabRecord]:
    """The labs a wave asks: selected for certain on its day, and of the schemes, bureaus and states chosen (none: all)."""
    labs = register(PUBLIC, as_of=wave.as_of or timezone.localdate()).certain
    return [
        one
        for one in labs
        if (not wave.schemes or one.current.scheme in wave.schemes)
        and (not wave.bureaus or one.bureau_code in wave.bureaus)
        and (not wave.statuses or one.current.status in wave.statuses)
    ]


def invitations(viewer: Viewer) -> QuerySet[Invitation]:
    """What the secretariat asked of labs."""
    found = Invitation.objects.select_related("wave__survey", "lab__region")
    return found if viewer.is_secretariat else found.none()


def missing(wave: Wave) -> list[Invitation]:
    """Those who have not answered."""
    return list(wave.invitations.filter(answered_on=None).select_related("lab__region", "sheet"))


@dataclass(frozen=True)
class BureauProgress:
    """How many of a bureau's labs have answered."""

    label: str
    asked: int
    answered: int


def progress(wave: Wave) -> list[BureauProgress]:
    """Who has answered, by bureau."""
    rows = list(wave.invitations.values_list("bureau", "answered_on"))
    asked = Counter(code for code, _on in rows)
    answered = Counter(code for code, on in rows if on is not None)
    return [
        BureauProgress(one.label, asked[one.code], answered[one.code])
        for one in Bureau.objects.all()
        if asked[one.code]
    ]


def own_invitations(viewer: Viewer) -> QuerySet[Invitation]:
    """What the labs whose office the viewer is were asked, since it opened."""
    return (
        Invitation.objects.filter(lab_id__in=viewer.office_lab_ids, wave__opens_at__lte=timezone.now())
        .exclude(wave__state=WaveState.DRAFT)
        .select_related("wave__survey", "wave__form_version", "lab__region", "sheet", "snapshot")
        .order_by("-wave__opens_at", "pk")
    )


def _dimensions(wave: Wave) -> dict[str, list[tuple[str, str]]]:
    """The breakdowns of a wave with their groups in order: only groups that were asked."""
    known = {
        "bureau": [(one.code, one.label) for one in Bureau.objects.all()],
        "scheme": [(one.value, str(one.label)) for one in Scheme],
        "category": [*((one.value, str(one.label)) for one in Category), ("", "—")],
        "region_kind": [(one.value, str(one.label)) for one in RegionKind],
    }
    there = {name: set(wave.invitations.values_list(name, flat=True)) for name in known}
    return {name: [each for each in groups if each[0] in there[name]] for name, groups in known.items()}


def results(
    wave: Wave, *, with_texts: bool = False, with_breakdowns: bool = True, first: int | None = None
) -> list[QuestionResult]:
    """The results with small cells hidden; `first` counts only so many answers by when they were first sent.

    Of an anonymous wave nothing but the national counts exists, and that only when it is closed.
    """
    if wave.form_version is None or (wave.is_anonymous and wave.state != WaveState.CLOSED):
        return []
    definition = wave.form_version.definition
    if wave.is_anonymous:
        values: dict[str, list[tuple[object, dict[str, str]]]] = {}
        if wave.invitations.exclude(answered_on=None).count() >= MINIMUM:
            for field, value in wave.anonymous_answers.values_list("field", "value"):
                values.setdefault(field, []).append((value, {}))
        return count_questions(definition, values, {}, {}, with_texts=with_texts)
    dimensions = _dimensions(wave) if with_breakdowns else {}
    sent = Min("sheet__snapshots__taken_at", filter=Q(sheet__snapshots__kind=SnapshotKind.SUBMITTED))
    rows = wave.invitations.exclude(snapshot=None).select_related("snapshot").annotate(sent=sent)
    responses = [
        Response(one.snapshot.answers, {name: getattr(one, name) for name in dimensions})
        for one in rows.order_by("sent", "pk")[:first]
        if one.snapshot is not None
    ]
    return tally(definition, responses, dimensions, with_texts=with_texts)


def results_for_respondent(one: Invitation) -> list[QuestionResult] | None:
    """What those who were asked see of all labs; None while it is not yet time."""
    wave = one.wave
    if wave.state == WaveState.CLOSED:
        return results(wave, with_breakdowns=False)
    if wave.shows_results != ShowsResults.ANSWERED or one.snapshot_id is None:
        return None
    answered = wave.invitations.exclude(snapshot=None).count()
    whole = answered - answered % EARLY_STEP
    return results(wave, with_breakdowns=False, first=whole) if whole else None


@dataclass(frozen=True)
class ComparedRow:
    """An option over the waves: (count or None where hidden, whether the wave asked it at all)."""

    label: str
    cells: tuple[tuple[int | None, bool], ...]


@dataclass(frozen=True)
class Compared:
    """A question that several waves asked; `answered` is None where nothing may be or is known."""

    question: str
    waves: tuple[Wave, ...]
    answered: tuple[int | None, ...]
    rows: tuple[ComparedRow, ...]


@dataclass(frozen=True)
class _Asked:
    """A counted question of one wave."""

    question: str
    answered: int | None
    options: dict[str, tuple[str, int | None]]


def _asked_in(wave: Wave, *, english: bool) -> dict[str, _Asked]:
    """The counted questions of a wave by data element, or by their own key where they ask for no element."""
    if wave.is_historical:
        found: dict[str, _Asked] = {}
        for row in wave.historical_results.all():
            words = (row.question_en, row.label_en) if english else ("", "")
            one = found.setdefault(row.element, _Asked(words[0] or row.question, row.total, {}))
            one.options[row.code] = (words[1] or row.label, row.count)
        return found
    return {
        one.field.element or f".{one.field.key}": _Asked(
            one.field.label, one.answered, {each.code: (each.label, each.count) for each in one.options}
        )
        for one in results(wave, with_breakdowns=False)
        if one.options
    }


def compare(found: Sequence[Wave], *, english: bool = False) -> list[Compared]:
    """The waves beside each other, oldest first, for each question that at least two of them asked."""
    in_order = sorted(found, key=lambda one: (one.held_on.earliest, one.pk))
    asked = [_asked_in(one, english=english) for one in in_order]
    compared = []
    for key in dict.fromkeys(key for one in asked for key in one):
        have = [one.get(key) for one in asked]
        if sum(one is not None for one in have) < 2:
            continue
        newest = next(one for one in reversed(have) if one is not None)
        codes = dict.fromkeys([*newest.options, *(code for one in have if one for code in one.options)])
        rows = []
        for code in codes:
            label = next(one.options[code][0] for one in reversed(have) if one and code in one.options)
            cells = tuple(
                (one.options[code][1], True) if one and code in one.options else (None, False) for one in have
            )
            rows.append(ComparedRow(label, cells))
        compared.append(
            Compared(
                newest.question,
                tuple(in_order),
                tuple(one.answered if one else None for one in have),
                tuple(rows),
            )
        )
    return compared


@dataclass(frozen=True)
class ElementCounts:
    """What the latest public wave that asked for a data element found; a hidden count is None."""

    wave: Wave
    counts: dict[str, int | None]
    total: int | None
    source: str


class PublicAnswers:
    """The published waves, read once, and asked what they found on any day."""

    def __init__(self) -> None:
        found = public_waves().prefetch_related("historical_results")
        self._waves = sorted(found, key=lambda one: (one.held_on.latest, one.pk), reverse=True)
        self._asked: dict[int, dict[str, _Asked]] = {}

    def _of(self, wave: Wave) -> dict[str, _Asked]:
        if wave.pk not in self._asked:
            self._asked[wave.pk] = _asked_in(wave, english=False)
        return self._asked[wave.pk]

    def counts(self, element: str, *, as_of: date) -> ElementCounts | None:
        """The counts of the latest wave held by a day that asked for a data element, or None."""
        for wave in self._waves:
            one = self._of(wave).get(element) if wave.held_on.latest <= as_of else None
            if one is not None:
                counts = {code: number for code, (_label, number) in one.options.items()}
                return ElementCounts(wave, counts, one.answered, wave.source or str(wave))
        return None

    def reasons(self, *, as_of: date) -> ElementCounts | None:
        """Why labs do not move, by the codes of `transition_reasons.csv`."""
        return self.counts(REASONS, as_of=as_of)

    def asked(self, *, as_of: date, element: str = STATUS) -> tuple[int, ElementCounts] | None:
        """How many labs the wave that asked for an element had asked, and what it found."""
        found = self.counts(element, as_of=as_of)
        if found is None:
            return None
        count = found.wave.asked_count if found.wave.is_historical else found.wave.invitations.count()
        return (count, found) if count is not None else None


def historical_results(wave: Wave) -> list[tuple[str, list[HistoricalResult]]]:
    """What survived of a wave, question by question."""
    found: dict[str, list[HistoricalResult]] = {}
    for one in wave.historical_results.all():
        found.setdefault(one.element, []).append(one)
    return list(found.items())
