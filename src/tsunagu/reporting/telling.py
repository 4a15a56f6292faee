"""Mails about reports: what the secretariat did is a draft first; reminders go to the late only."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tsunagu.accounts.selectors import office_people
from tsunagu.engines.dates import both_calendars
from tsunagu.outbox.addresses import whole_address
from tsunagu.outbox.placeholders import MailTemplate
from tsunagu.outbox.services import put_templated, remind
from tsunagu.reporting.models import Report, ReportYear
from tsunagu.reporting.rules import WITH_THE_LAB, State, days_to_remind

NAMES = frozenset({"name", "report", "address"})
LINK = frozenset({"address"})

OPENED = MailTemplate(
    kind="reporting:opened",
    title=gettext_lazy("活動報告のお願い"),
    subject="活動報告のお願い（{{ report }}）",
    body="{{ name }} 様\n\n{{ report }}の活動報告を書けるようになりました。"
    "記録してある活動と昨年度の内容は、はじめから入っています。\n\n期限: {{ due }}\n\n{{ note }}\n\n{{ address }}",
    names=NAMES | {"due", "note"},
    links=LINK,
)
RETURNED = MailTemplate(
    kind="reporting:returned",
    title=gettext_lazy("活動報告の差戻し"),
    subject="活動報告の一部を直してください（{{ report }}）",
    body="{{ name }} 様\n\n{{ report }}の活動報告について、次の章を直してください。ほかの章はそのままです。\n\n{{ sections }}\n\n{{ address }}",
    names=NAMES | {"sections"},
    links=LINK,
)
ACCEPTED = MailTemplate(
    kind="reporting:accepted",
    title=gettext_lazy("活動報告の受理"),
    subject="活動報告を受理しました（{{ report }}）",
    body="{{ name }} 様\n\n{{ report }}の活動報告を受理しました。ありがとうございました。\n\n{{ address }}",
    names=NAMES,
    links=LINK,
)


def address_of(report: Report) -> str:
    return whole_address(reverse("reporting:report", args=[report.pk]))


def _put(report: Report, template: MailTemplate, key: str, **values: str) -> None:
    for person in (one.person for one in office_people([report.lab_id])):
        put_templated(
            key=f"{template.kind}:{report.pk}:{key}:{person.pk}",
            template=template,
            to_email=person.email,
            to_name=person.name,
            values={"name": person.name, "report": str(report), "address": address_of(report), **values},
        )


def tell_opened(year: ReportYear) -> int:
    """Drafts of the request to every lab that has not begun; returns how many labs."""
    waiting = Report.objects.filter(year=year, state=State.EXPECTED).select_related("lab__region", "year")
    for one in waiting:
        _put(one, OPENED, "opened", due=both_calendars(timezone.localdate(one.due_at)), note=year.note or " ")
    return len(waiting)


def tell_returned(report: Report, titles: Sequence[str], sections: Mapping[str, str]) -> None:
    lines = "\n".join(f"・{title}: {reason}" for title, reason in zip(titles, sections.values(), strict=True))
    _put(report, RETURNED, f"{timezone.now():%Y%m%d%H%M%S}", sections=lines)


def tell_accepted(report: Report) -> None:
    _put(report, ACCEPTED, f"{report.steps.count()}")


def remind_the_late(*, today: date | None = None) -> int:
    """One line in the day's reminder mail for each lab whose report is overdue, on the set business days; returns how many."""
    today = today or timezone.localdate()
    late = Report.objects.filter(
        state__in=WITH_THE_LAB - {State.CORRECTING}, due_at__lt=timezone.now(), year__opened_at__isnull=False
    ).select_related("lab__region", "year")
    told = 0
    for one in late:
        due_on = timezone.localdate(one.due_at)
        if today not in days_to_remind(due_on):
            continue
        for person in (held.person for held in office_people([one.lab_id])):
            remind(
                key=f"report:{one.pk}:{today}:{person.pk}",
                to_email=person.email,
                to_name=person.name,
                line=_("%(report)sの活動報告がまだ届いていません。期限は%(due)sでした。")
                % {"report": one, "due": both_calendars(due_on)},
                link=address_of(one),
            )
            told += 1
    return told
