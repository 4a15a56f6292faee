"""Reminders: to owners of drafts not sent, some business days before the cut-off; of conditions before they fall due."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.engines.dates import business_days_until, is_business_day
from tsunagu.outbox.addresses import whole_address
from tsunagu.outbox.services import remind
from tsunagu.selection.models import Application, Condition, Cutoff
from tsunagu.selection.rules import State
from tsunagu.selection.telling import address_of, when_words

CONDITION_DAYS = 14


def remind_of_drafts(*, today: date | None = None) -> int:
    """One line in the day's reminder mail for each draft whose cut-off is so many business days away; returns how many."""
    today = today or timezone.localdate()
    if not is_business_day(today):
        return 0
    told = 0
    for cutoff in Cutoff.objects.filter(closes_at__gte=timezone.now()).select_related("call"):
        left = business_days_until(timezone.localdate(cutoff.closes_at), today=today)
        if left not in cutoff.call.reminder_days:
            continue
        for one in Application.objects.filter(cutoff=cutoff, state=State.DRAFT).select_related(
            "owner", "sheet"
        ):
            line = _("「%(title)s」の申請はまだ提出されていません。締切は%(when)s、あと%(left)d営業日です。")
            remind(
                key=f"draft:{one.pk}:{cutoff.pk}:{left}",
                to_email=one.owner.email,
                to_name=one.owner.name,
                line=line % {"title": one, "when": when_words(cutoff.closes_at), "left": left},
                link=whole_address(reverse("answers:tasks", args=[one.sheet.key])) if one.sheet else "",
            )
            told += 1
    return told


def remind_of_conditions(*, today: date | None = None) -> int:
    """A line for each condition that falls due within two weeks or is over, once a week; returns how many."""
    today = today or timezone.localdate()
    told = 0
    waiting = Condition.objects.filter(
        met_on=None, due_on__lte=today + timedelta(days=CONDITION_DAYS), application__state=State.CONDITIONAL
    )
    for one in waiting.select_related("application__owner"):
        year, week, _day = today.isocalendar()
        remind(
            key=f"condition:{one.pk}:{year}-{week}",
            to_email=one.application.owner.email,
            to_name=one.application.owner.name,
            line=_("選定の条件「%(text)s」の期日は%(due)sです。")
            % {"text": one.text[:80], "due": one.due_on},
            link=address_of(one.application),
        )
        told += 1
    return told
