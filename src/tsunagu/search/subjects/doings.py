"""What labs do and what happens: activities, calls, surveys, awards."""

from collections.abc import Collection, Iterable, Iterator

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from tsunagu.activities.models import Activity
from tsunagu.awards.models import AwardEntry
from tsunagu.engines.textsearch.contract import Document
from tsunagu.search.audiences import PUBLIC_ONLY, tokens
from tsunagu.search.subjects.base import key_of, numbers_of, text
from tsunagu.search.subjects.register import place_of
from tsunagu.selection.models import Call
from tsunagu.selection.selectors import public_calls
from tsunagu.sharing.policy import visible
from tsunagu.sharing.viewer import Viewer
from tsunagu.surveys.selectors import public_waves


class Activities:
    """The log, each entry for its own audience. Companies helped are named to few: their names are not in the index."""

    kind = "activity"
    label = gettext_lazy("活動")

    def numbers(self) -> Iterable[int]:
        return Activity.objects.values_list("pk", flat=True).iterator(chunk_size=10_000)

    def documents(self, numbers: Collection[int]) -> Iterator[Document]:
        found = Activity.objects.filter(pk__in=numbers).select_related(
            "kind", "lab__region__bureau", "lab__region__prefecture"
        )
        for one in found:
            lab = one.lab
            yield Document(
                key=key_of(self.kind, one.pk),
                kind=self.kind,
                title=one.title,
                body=text(one.summary, one.kind.label, str(lab)),
                audiences=tokens(one.audience, lab=lab.pk, bureau=lab.region.bureau.code),
                facets=place_of(lab) | {"year": [str(one.started_on.year)]},
                day=one.started_on.toordinal(),
                payload={
                    "url": f"{reverse('portal:lab_activities', args=[lab.slug])}#activity-{one.pk}",
                    "where": str(lab),
                },
            )

    def visible(self, numbers: Collection[int], viewer: Viewer) -> set[int]:
        return numbers_of(visible(Activity.objects.filter(pk__in=numbers), viewer))


class Calls:
    """Published calls."""

    kind = "call"
    label = gettext_lazy("公募")

    def numbers(self) -> Iterable[int]:
        return Call.objects.values_list("pk", flat=True)

    def documents(self, numbers: Collection[int]) -> Iterator[Document]:
        for one in public_calls().filter(pk__in=numbers):
            opens = timezone.localdate(one.opens_at)
            yield Document(
                key=key_of(self.kind, one.pk),
                kind=self.kind,
                title=one.title,
                body=text(one.summary, "、".join(one.eligibility), one.title_en, one.summary_en),
                audiences=PUBLIC_ONLY,
                facets={"year": [str(opens.year)]},
                day=opens.toordinal(),
                payload={"url": reverse("calls:call", args=[one.key])},
            )

    def visible(self, numbers: Collection[int], viewer: Viewer) -> set[int]:
        return numbers_of(public_calls().filter(pk__in=numbers))


class Surveys:
    """Surveys whose results are public."""

    kind = "survey"
    label = gettext_lazy("アンケート")

    def numbers(self) -> Iterable[int]:
        return public_waves().values_list("pk", flat=True)

    def documents(self, numbers: Collection[int]) -> Iterator[Document]:
        for one in public_waves().filter(pk__in=numbers):
            day = one.held_on.earliest
            yield Document(
                key=key_of(self.kind, one.pk),
                kind=self.kind,
                title=f"{one.survey} {one.label}",
                body=text(one.note, one.source),
                audiences=PUBLIC_ONLY,
                facets={"year": [str(day.year)]},
                day=day.toordinal(),
                payload={"url": reverse("survey_results:wave", args=[one.pk])},
            )

    def visible(self, numbers: Collection[int], viewer: Viewer) -> set[int]:
        return numbers_of(public_waves().filter(pk__in=numbers))


class Awards:
    """Winners of awards that have been announced."""

    kind = "award"
    label = gettext_lazy("表彰")

    def numbers(self) -> Iterable[int]:
        return AwardEntry.objects.exclude(prize=None).values_list("pk", flat=True)

    def documents(self, numbers: Collection[int]) -> Iterator[Document]:
        found = _announced(numbers).select_related(
            "prize", "award", "lab__region__bureau", "lab__region__prefecture"
        )
        for one in found:
            day = timezone.localdate(one.award.announced_at)
            yield Document(
                key=key_of(self.kind, one.pk),
                kind=self.kind,
                title=f"{one.title}（{one.prize}）",
                body=text(one.award, str(one.lab)),
                audiences=PUBLIC_ONLY,
                facets=place_of(one.lab) | {"year": [str(day.year)]},
                day=day.toordinal(),
                payload={"url": reverse("gallery:gallery"), "where": str(one.lab)},
            )

    def visible(self, numbers: Collection[int], viewer: Viewer) -> set[int]:
        return numbers_of(_announced(numbers))


def _announced(numbers: Collection[int]) -> QuerySet[AwardEntry]:
    found = AwardEntry.objects.filter(
        pk__in=numbers, withdrawn_at=None, award__announced_at__lte=timezone.now()
    )
    return found.exclude(prize=None)
