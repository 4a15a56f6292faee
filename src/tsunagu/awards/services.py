"""Entering an award from a report, putting entries before a jury, choosing and announcing winners."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.awards.models import Award, AwardEntry, Prize
from tsunagu.awards.rules import NotAllowed, Phase, story_of, title_of
from tsunagu.certificates.services.awarding import issue_award
from tsunagu.registry.kinds import Scheme
from tsunagu.registry.models import Designation
from tsunagu.registry.services import save_record
from tsunagu.reporting.models import Report
from tsunagu.reporting.rules import HANDED_IN
from tsunagu.reporting.selectors import actuals, beside_targets
from tsunagu.reviewing.models import Panel
from tsunagu.reviewing.services.panels import close_case, open_case, open_panel
from tsunagu.sharing.viewer import Viewer

KIND = "award"


@transaction.atomic
def save_award(award: Award, *, prizes: Iterable[str], seen: int | None = None) -> Award:
    """Store an award with its prizes, the highest first. Raises `EditConflict`, `NotAllowed` for a prize already won."""
    save_record(award, seen=seen)
    names = [one.strip()[:60] for one in prizes if one.strip()]
    for gone in award.prizes.exclude(name__in=names):
        if gone.winners.exists():
            raise NotAllowed(_("「%(prize)s」は受賞が決まっているので、消せません。") % {"prize": gone})
        gone.delete()
    for position, name in enumerate(names, start=1):
        Prize.objects.update_or_create(award=award, name=name, defaults={"position": position})
    return award


def _answers(report: Report) -> Mapping[str, object]:
    snapshot = report.accepted_snapshot
    if snapshot is None and report.sheet is not None:
        snapshot = report.sheet.snapshots.filter(kind="submitted").order_by("-number").first()
    return dict(snapshot.answers) if snapshot else {}


@transaction.atomic
def enter(*, award: Award, report: Report) -> AwardEntry:
    """Make an entry from a report that was handed in, in one step; again gives the one there is. Raises `NotAllowed`."""
    award = Award.objects.select_for_update(of=("self",)).get(pk=award.pk)
    known = AwardEntry.objects.filter(award=award, lab=report.lab, withdrawn_at=None).first()
    if known is not None:
        return known
    if award.phase is not Phase.OPEN:
        raise NotAllowed(_("いまは募集していません。"))
    if report.state not in HANDED_IN:
        raise NotAllowed(_("先に活動報告を提出してください。応募の書類は、報告から作ります。"))
    answers = _answers(report)
    values = beside_targets(
        list(actuals().filter(indicator__lab=report.lab, fiscal_year=report.year.fiscal_year))
    )
    lines = [
        f"{one.actual.indicator.name} {one.actual.value.normalize():f}{one.actual.indicator.unit}"
        for one in values
    ]
    return AwardEntry.objects.create(
        award=award, lab=report.lab, report=report, number=f"A{award.fiscal_year}-{award.entries.count() + 1:03d}",
        title=title_of(answers, str(report.lab)), story=story_of(answers, lines)[:4000],
        may_publish=answers.get("may_publish") == "yes",
    )  # fmt: skip


@transaction.atomic
def change_entry(entry: AwardEntry, *, seen: int | None = None) -> AwardEntry:
    """Mend an entry before the closing. Raises `NotAllowed`, `EditConflict`."""
    if entry.award.phase is not Phase.OPEN:
        raise NotAllowed(_("募集が終わったので、直せません。"))
    return save_record(entry, seen=seen)


@transaction.atomic
def withdraw(*, entry: AwardEntry) -> None:
    """Take an entry back before the results are announced. Raises `NotAllowed`."""
    if entry.award.phase is Phase.ANNOUNCED:
        raise NotAllowed(_("発表のあとは取り下げられません。事務局に知らせてください。"))
    entry.withdrawn_at, entry.prize = timezone.now(), None
    entry.save(update_fields=["withdrawn_at", "prize"])
    if (panel := jury_of(entry.award)) is not None:
        close_case(panel=panel, subject=subject_of(entry))


def subject_of(entry: AwardEntry) -> str:
    return f"{KIND}:{entry.pk}"


def jury_of(award: Award) -> Panel | None:
    """The panel that judges an award, once it was opened."""
    return Panel.objects.filter(subject=f"{KIND}:{award.pk}").first()


@transaction.atomic
def open_jury(*, award: Award, opens_at: datetime, closes_at: datetime) -> Panel:
    """Put every entry before a jury; asked again it brings later entries before the same one. Raises `NotAllowed`."""
    if not award.entries.filter(withdrawn_at=None).exists():
        raise NotAllowed(_("まだ応募がありません。"))
    panel = open_panel(
        title=_("%(award)s 審査") % {"award": award}, criteria_set=award.criteria_set, opens_at=opens_at,
        closes_at=closes_at, subject=f"{KIND}:{award.pk}",
    )  # fmt: skip
    entries = award.entries.filter(withdrawn_at=None).select_related("lab__region")
    for one in entries:
        members = [
            each.organisation for each in one.lab.members.filter(valid_to=None).select_related("organisation")
        ]
        prefecture = one.lab.region.prefecture_id
        open_case(
            panel=panel, subject=subject_of(one), title=one.title, applicant=str(one.lab), number=one.number, lab=one.lab,
            prefectures=[prefecture] if prefecture else [], member_organisations=members,
            address=reverse("awards_office:award", args=[award.pk]),
        )  # fmt: skip
    return panel


@transaction.atomic
def choose(*, entry: AwardEntry, prize: Prize | None, comment: str, seen: int | None = None) -> AwardEntry:
    """Choose what an entry wins, or nothing; nobody sees it before the announcement. Raises `NotAllowed`, `EditConflict`."""
    if entry.award.phase is Phase.ANNOUNCED:
        raise NotAllowed(_("発表のあとは変えられません。"))
    if entry.withdrawn_at is not None:
        raise NotAllowed(_("取り下げられた応募です。"))
    entry.prize, entry.comment = prize, comment
    return save_record(entry, seen=seen)


@transaction.atomic
def announce(*, award: Award, by: Viewer) -> int:
    """Announce the winners: certificates are issued and the gallery shows them. Returns how many. Raises `NotAllowed`."""
    award = Award.objects.select_for_update(of=("self",)).get(pk=award.pk)
    if award.phase is not Phase.JUDGING:
        raise NotAllowed(_("募集の締切のあと、1回だけ発表できます。"))
    winners = list(
        award.entries.exclude(prize=None).filter(withdrawn_at=None).select_related("prize", "lab__region")
    )
    if not winners:
        raise NotAllowed(_("受賞する応募を1つ以上選んでください。"))
    today = timezone.localdate()
    for one in winners:
        designation = (
            Designation.objects.filter(lab=one.lab, scheme=Scheme.DX)
            .select_related("lab__region", "round")
            .first()
        )
        if designation is None:
            raise NotAllowed(
                _("%(lab)sには地域DX推進ラボの選定がないので、表彰状を作れません。") % {"lab": one.lab}
            )
        assert one.prize is not None
        one.certificate = issue_award(
            designation=designation, award=award.title, prize=one.prize.name, work=one.title, year=award.fiscal_year,
            issued_on=today, by=by,
        )  # fmt: skip
        one.save(update_fields=["certificate"])
    award.announced_at = timezone.now()
    award.save(update_fields=["announced_at"])
    if (panel := jury_of(award)) is not None:
        for each in panel.cases.filter(closed_at=None):
            close_case(panel=panel, subject=each.subject)
    return len(winners)
