"""Mails and reminders about surveys, to the people of the labs' offices."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tsunagu.accounts.models import Membership
from tsunagu.accounts.selectors import office_people
from tsunagu.engines.dates import both_calendars
from tsunagu.outbox.addresses import whole_address
from tsunagu.outbox.placeholders import MailTemplate
from tsunagu.outbox.services import put_templated
from tsunagu.outbox.services import remind as put_reminder
from tsunagu.surveys.models import Invitation, Wave

ANONYMOUS = gettext_lazy("無記名です。どのラボの回答かは、事務局にも分かりません。")
NAMED = gettext_lazy("記名です。公開するのは、少数を隠した集計だけです。")
OPENED = MailTemplate(
    kind="surveys:opened",
    title=gettext_lazy("アンケートのお願い"),
    subject="アンケートのお願い（{{ title }}）",
    body="{{ name }} 様\n\n「{{ lab }}」に、「{{ title }}」への回答をお願いします。\n\n締切: {{ when }}（日本時間）\n{{ kind }}\n\n"
    "分かっていることは、はじめから入っています。途中で保存できます。\n\n{{ address }}",
    names=frozenset({"name", "lab", "title", "when", "kind"}),
    links=frozenset({"address"}),
)
EXTENDED = MailTemplate(
    kind="surveys:extended",
    title=gettext_lazy("アンケートの締切の延長"),
    subject="アンケートの締切を延ばしました（{{ title }}）",
    body="{{ name }} 様\n\n「{{ lab }}」への「{{ title }}」の締切を {{ when }}（日本時間）まで延ばしました。\n\n{{ reason }}\n\n{{ address }}",
    names=frozenset({"name", "lab", "title", "when", "reason"}),
    links=frozenset({"address"}),
)


def _when(moment: datetime | None) -> str:
    if moment is None:
        return "—"
    local = timezone.localtime(moment)
    return f"{both_calendars(local.date())} {local:%H:%M}"


def _address(one: Invitation) -> str:
    return whole_address(reverse("survey:invitation", args=[one.pk]))


def offices(invitations: Iterable[Invitation]) -> list[tuple[Invitation, Membership]]:
    """The people to write to: those whose role as the lab's office holds today."""
    by_lab = {one.lab_id: one for one in invitations}
    return [(by_lab[one.lab_id or 0], one) for one in office_people(by_lab)]


def tell_opened(wave: Wave) -> None:
    """A draft for each person of the offices asked."""
    for one, office in offices(wave.invitations.select_related("lab__region")):
        put_templated(
            key=f"{OPENED.kind}:{one.pk}:{office.person_id}",
            template=OPENED,
            to_email=office.person.email,
            to_name=office.person.name,
            values={
                "name": office.person.name, "lab": str(one.lab), "title": str(wave), "when": _when(one.closes_at(wave)),
                "kind": str(ANONYMOUS if wave.is_anonymous else NAMED), "address": _address(one),
            },
        )  # fmt: skip


def tell_extended(wave: Wave, invitations: Iterable[Invitation], until: datetime, reason: str) -> int:
    """A draft for each person of the offices given more time; returns how many."""
    told = 0
    for one, office in offices(invitations):
        put_templated(
            key=f"{EXTENDED.kind}:{one.pk}:{office.person_id}:{until.isoformat()}",
            template=EXTENDED,
            to_email=office.person.email,
            to_name=office.person.name,
            values={
                "name": office.person.name, "lab": str(one.lab), "title": str(wave), "when": _when(one.closes_at(wave)),
                "reason": reason, "address": _address(one),
            },
        )  # fmt: skip
        told += 1
    return told


def remind(wave: Wave, invitations: Iterable[Invitation]) -> set[int]:
    """A line in the next reminder mail of each office; returns the invitations that reached somebody."""
    told: set[int] = set()
    today = timezone.localdate()
    for one, office in offices(invitations):
        put_reminder(
            key=f"survey:{one.pk}:{office.person_id}:{today.isoformat()}",
            to_email=office.person.email,
            to_name=office.person.name,
            line=_("「%(title)s」の回答がまだ届いていません。締切は%(when)sです。")
            % {"title": wave, "when": _when(one.closes_at(wave))},
            link=_address(one),
        )
        told.add(one.pk)
    return told
