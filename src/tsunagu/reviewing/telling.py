"""Mails about reviewing. Nobody whom a conflict bars from a case ever gets a word about it."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tsunagu.outbox.addresses import whole_address
from tsunagu.outbox.placeholders import MailTemplate
from tsunagu.outbox.services import put_templated, remind
from tsunagu.reviewing.models import MemberState, Panel, PanelMember, Remark
from tsunagu.reviewing.selectors import recipients

INVITATION = MailTemplate(
    kind="reviewing:invitation",
    title=_("審査の依頼"),
    subject="審査のお願い（{{ panel }}）",
    body="{{ name }} 様\n\n「{{ panel }}」の審査をお願いします。\n採点の期間: {{ period }}\n\n"
    "次のページで、引き受ける・件数を減らす・辞退するのどれかを選んでください。\n\n{{ address }}",
    names=frozenset({"name", "panel", "period"}),
    links=frozenset({"address"}),
)
REMARK = MailTemplate(
    kind="reviewing:remark",
    title=_("審査の発言"),
    subject="審査の発言がありました（{{ number }}）",
    body="{{ name }} 様\n\n{{ author }} さんが、{{ number }} について発言しました。内容は次のページで読めます。\n\n{{ address }}",
    names=frozenset({"name", "number", "author"}),
    links=frozenset({"address"}),
)


def tell_invited(member: PanelMember) -> None:
    """The invitation, as a draft."""
    panel = member.panel
    opens, closes = timezone.localtime(panel.opens_at), timezone.localtime(panel.closes_at)
    put_templated(
        key=f"reviewing:invitation:{member.pk}",
        template=INVITATION,
        to_email=member.profile.person.email,
        to_name=member.profile.person.name,
        values={
            "name": member.profile.person.name,
            "panel": panel.title,
            "period": f"{opens:%Y-%m-%d %H:%M} 〜 {closes:%Y-%m-%d %H:%M}",
            "address": whole_address(reverse("review:invitation", args=[member.token])),
        },
    )


def named_in(text: str, people: list[Any]) -> list[Any]:
    """Those named with @ in a text; a long name is looked for first, so that it does not name a shorter one too."""
    found = []
    for person in sorted(people, key=lambda one: -len(one.name)):
        if person.name and f"@{person.name}" in text:
            text = text.replace(f"@{person.name}", "")
            found.append(person)
    return found


def tell_remark(remark: Remark) -> int:
    """A mail to the reviewers named with @ in a remark, if they may read it; returns how many."""
    told = 0
    for person in named_in(remark.text, recipients(remark.case, level=remark.level)):
        if person.pk == remark.author_id:
            continue
        assignment = remark.case.assignments.filter(member__profile__person=person, ended_at=None).first()
        path = reverse("review:case", args=[assignment.pk]) if assignment else reverse("review:queue")
        put_templated(
            key=f"reviewing:remark:{remark.pk}:{person.pk}",
            template=REMARK,
            to_email=person.email,
            to_name=person.name,
            draft=False,
            values={
                "name": person.name,
                "number": remark.case.number or str(remark.case.pk),
                "author": str(remark.author),
                "address": whole_address(path),
            },
        )
        told += 1
    return told


def remind_late(panel: Panel, rows: list[Any]) -> int:
    """A line in the day's reminder for reviewers with cases left, and nobody else; returns how many."""
    told = 0
    for one in rows:
        if one.left <= 0:
            continue
        person = one.member.profile.person
        remind(
            key=f"reviewing:late:{one.member.pk}:{timezone.localdate()}",
            to_email=person.email,
            to_name=person.name,
            line=str(_("「%(panel)s」の審査が%(left)d件残っています。締切は%(when)sです。"))
            % {
                "panel": panel.title,
                "left": one.left,
                "when": f"{timezone.localtime(panel.closes_at):%Y-%m-%d %H:%M}",
            },
            link=whole_address(reverse("review:queue")),
        )
        told += 1
    return told


def tell_lot(panel: Panel) -> None:
    """The lot that will decide between equals, to everybody asked, before anything is assigned by it."""
    line = _("「%(panel)s」の自動の割当てで、同じよさのときに使うくじの種を決めました: %(lot)s")
    for member in panel.members.exclude(state=MemberState.DECLINED).select_related("profile__person"):
        person = member.profile.person
        remind(
            key=f"reviewing:lot:{member.pk}",
            to_email=person.email,
            to_name=person.name,
            line=line % {"panel": panel.title, "lot": panel.lot},
            link=whole_address(reverse("review:queue")),
        )
