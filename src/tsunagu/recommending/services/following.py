"""After recommending: the recommender's office is reminded until DX認定 is filed."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.accounts.selectors import office_people
from tsunagu.engines.dates import both_calendars, business_days_until, is_business_day
from tsunagu.outbox.services import remind
from tsunagu.recommending import telling
from tsunagu.recommending.duties import Duty, rung
from tsunagu.recommending.models import Recommendation
from tsunagu.recommending.rules import GIVEN


@transaction.atomic
def remind_of_filings(*, today: date | None = None) -> int:
    """A line in the day's reminder mail of each lab's office whose rung has come; once per rung. Returns how many are due."""
    today = today or timezone.localdate()
    if not is_business_day(today):
        return 0
    told = 0
    waiting = Recommendation.objects.filter(state__in=GIVEN, filed_on=None).exclude(pledge="")
    for one in waiting.select_related("company__organisation", "company__lab__region", "edition"):
        duty = one.duty
        now = rung(duty, today=today) if duty else ""
        if duty is None or not now:
            continue
        for person in (held.person for held in office_people([one.company.lab_id], on=today)):
            remind(
                key=f"recommending:filing:{one.pk}:{now}:{person.pk}",
                to_email=person.email,
                to_name=person.name,
                line=_line(one, duty, today),
                link=telling.page_of(one),
            )
            told += 1
    return told


def _line(one: Recommendation, duty: Duty, today: date) -> str:
    given = {"company": str(one.company), "due": both_calendars(duty.due_on)}
    if duty.is_late(today):
        return (
            _("%(company)sのDX認定の申請の期限（%(due)s）が過ぎています。申請したら記録してください。")
            % given
        )
    left = business_days_until(duty.due_on, today=today)
    return _(
        "推薦した%(company)sのDX認定の申請の期限は%(due)s、あと%(left)d営業日です。申請したら記録してください。"
    ) % {**given, "left": left}
