"""Reading awards: open ones for labs, everything for the secretariat, winners for everybody."""

from django.db.models import QuerySet
from django.utils import timezone

from tsunagu.awards.models import Award, AwardEntry
from tsunagu.awards.services import KIND, jury_of
from tsunagu.registry.selectors import tended_labs
from tsunagu.reporting.models import Report
from tsunagu.reporting.rules import HANDED_IN
from tsunagu.reviewing import readings
from tsunagu.reviewing import selectors as reviewing
from tsunagu.reviewing.models import ReviewCase
from tsunagu.sharing.viewer import Viewer


def awards(viewer: Viewer) -> QuerySet[Award]:
    """All awards, for the secretariat."""
    return Award.objects.all() if viewer.is_secretariat else Award.objects.none()


def open_awards() -> QuerySet[Award]:
    """Awards labs may enter now."""
    now = timezone.now()
    return Award.objects.filter(opens_at__lte=now, closes_at__gte=now, announced_at=None)


def announced() -> QuerySet[Award]:
    """Awards whose results everybody may see."""
    return Award.objects.filter(announced_at__lte=timezone.now()).prefetch_related("prizes")


def winners(award: Award) -> QuerySet[AwardEntry]:
    """Winners of an announced award, the highest prize first."""
    found = AwardEntry.objects.filter(award=award, award__announced_at__lte=timezone.now(), withdrawn_at=None)
    return (
        found.exclude(prize=None)
        .select_related("prize", "lab__region", "certificate")
        .order_by("prize__position", "number")
    )


def own_entries(viewer: Viewer) -> QuerySet[AwardEntry]:
    """Entries of the labs whose office the viewer is."""
    return AwardEntry.objects.filter(lab_id__in=viewer.office_lab_ids).select_related(
        "award", "lab__region", "report__year", "prize", "certificate"
    )


def reports_to_enter(viewer: Viewer, award: Award) -> QuerySet[Report]:
    """The latest report handed in of each of the viewer's labs that has not entered the award."""
    entered = AwardEntry.objects.filter(award=award, withdrawn_at=None).values("lab")
    return (
        Report.objects.filter(lab_id__in=viewer.office_lab_ids, state__in=HANDED_IN)
        .filter(lab__in=tended_labs(viewer))
        .exclude(lab__in=entered)
        .select_related("lab__region", "year")
        .order_by("lab_id", "-year__fiscal_year")
        .distinct("lab_id")
    )


def entries(award: Award, viewer: Viewer) -> list[tuple[AwardEntry, ReviewCase | None]]:
    """Every entry with how the jury's reviews lie, for the secretariat."""
    if not viewer.is_secretariat:
        return []
    panel = jury_of(award)
    cases = {one.subject: one for one in reviewing.case_table(panel, viewer)} if panel else {}
    found = award.entries.filter(withdrawn_at=None).select_related("lab__region", "prize", "report__year")
    return [(one, cases.get(f"{KIND}:{one.pk}")) for one in found]


def read_entry(case: ReviewCase, viewer: Viewer) -> list[readings.Section]:
    """The text of an entry for its jury, paragraph by paragraph."""
    del viewer
    one = AwardEntry.objects.filter(pk=int(case.subject.partition(":")[2])).first()
    if one is None:
        return []
    paragraphs = [each.strip() for each in one.story.split("\n\n") if each.strip()]
    made = tuple(
        readings.Paragraph(label=f"{one.title}（{number}）", text=text, anchor=f"p-story-{number}")
        for number, text in enumerate(paragraphs, start=1)
    )
    return [readings.Section(one.title, made)]
