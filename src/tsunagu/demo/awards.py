"""A made-up award whose winners have been announced, and one that is open."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from tsunagu.awards.models import Award
from tsunagu.awards.services import announce, choose, enter, save_award
from tsunagu.demo import MARK
from tsunagu.reporting.models import Report
from tsunagu.reviewing.models import CriteriaSet
from tsunagu.sharing.viewer import Viewer


@transaction.atomic
def make_awards() -> None:
    """Winners among the reports of 2024, and an open award."""
    staff = Viewer(roles=frozenset({"ipa"}), display_name="見本の事務局")
    criteria, now = CriteriaSet.objects.get(key="award"), timezone.now()
    past = save_award(
        Award(
            key="sample-2025", fiscal_year=2025, title=f"見本の表彰 2025{MARK}", title_en="Sample award 2025 (made up)", summary="画面を試すための表彰です。",
            criteria_set=criteria, opens_at=now - timedelta(days=30), closes_at=now + timedelta(days=1),
        ),
        prizes=["最優秀賞", "優秀賞"],
    )  # fmt: skip
    best, good = past.prizes.order_by("position")
    reports = Report.objects.filter(year__fiscal_year=2024, state="accepted").select_related(
        "year", "lab__region", "sheet"
    )
    for number, report in enumerate(reports.order_by("lab__slug")[:8]):
        entry = enter(award=past, report=report)
        prize = best if number == 0 else good if number < 3 else None
        choose(entry=entry, prize=prize, comment="現場の人が自分で続けている点がよい。" if prize else "")
    past.refresh_from_db()
    past.closes_at = now - timedelta(minutes=1)
    past.save(update_fields=["closes_at"])
    announce(award=past, by=staff)
    save_award(
        Award(
            key="sample-2026", fiscal_year=2026, title=f"見本の表彰 2026{MARK}", title_en="Sample award 2026 (made up)",
            summary="いま募集中の、画面を試すための表彰です。",
            criteria_set=criteria, opens_at=now - timedelta(days=3), closes_at=now + timedelta(days=30),
        ),
        prizes=["最優秀賞", "優秀賞"],
    )  # fmt: skip
