"""Mails to people who are asked to work on an answer sheet."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from tsunagu.accounts.mails import absolute, send
from tsunagu.accounts.models import Person
from tsunagu.accounts.services import issue_sign_in_link
from tsunagu.questionnaires.models import Approval, ApprovalState
from tsunagu.questionnaires.selectors import Open


def _address(request: HttpRequest, person: Person, path: str) -> str:
    """Where the mail leads; somebody who has never signed in gets a link for that first."""
    page = absolute(request, path)
    if person.last_login is not None or person.has_usable_password():
        return page
    token = issue_sign_in_link(person=person)
    return _(
        "はじめにこのリンクでサインインしてください（1回だけ使えます）:\n%(link)s\n\nそのあと、このページを開いてください:\n%(page)s"
    ) % {
        "link": absolute(request, reverse("accounts:use_link", args=[token])),
        "page": page,
    }


def invite(request: HttpRequest, found: Open, person: Person, by: str) -> None:
    """Tell somebody that they may work on a sheet."""
    path = reverse("answers:tasks", args=[found.sheet.key])
    send(
        to=person.email,
        to_name=person.name,
        subject=_("つなぐ: 「%(title)s」を一緒に書いてください") % {"title": found.matter.title[:60]},
        body=_(
            "%(name)s さん\n\n%(by)s さんが、「%(title)s」を一緒に書く人としてあなたを加えました。\n\n%(address)s\n\n"
            "心当たりがないときは、このメールを捨ててください。"
        )
        % {
            "name": person.name,
            "by": by,
            "title": found.matter.title,
            "address": _address(request, person, path),
        },
    )


def ask_for_approval(request: HttpRequest, found: Open, approval: Approval, by: str) -> None:
    """Ask the approver."""
    person = approval.approver
    path = reverse("answers:approval", args=[found.sheet.key])
    send(
        to=person.email,
        to_name=person.name,
        subject=_("つなぐ: 「%(title)s」の決裁をお願いします") % {"title": found.matter.title[:60]},
        body=_(
            "%(name)s さん\n\n%(by)s さんが、「%(title)s」の提出の決裁を求めています。\n\n%(note)s\n\n%(address)s"
        )
        % {
            "name": person.name,
            "by": by,
            "title": found.matter.title,
            "note": approval.note,
            "address": _address(request, person, path),
        },
    )


def tell_decision(request: HttpRequest, found: Open, approval: Approval) -> None:
    """Tell the one who asked how it was decided."""
    words = {
        ApprovalState.APPROVED: _("決裁されました。提出できます。"),
        ApprovalState.DECLINED: _("差し戻されました。"),
        ApprovalState.OVERTAKEN: _(
            "決裁を回したあとに内容が変わったので、決裁は無効になりました。もう一度回してください。"
        ),
    }
    person = approval.asked_by
    send(
        to=person.email,
        to_name=person.name,
        subject=_("つなぐ: 「%(title)s」の決裁") % {"title": found.matter.title[:60]},
        body=_("%(name)s さん\n\n「%(title)s」は、%(words)s\n\n%(reason)s\n\n%(address)s")
        % {
            "name": person.name,
            "title": found.matter.title,
            "words": words[ApprovalState(approval.state)],
            "reason": approval.reason,
            "address": absolute(request, reverse("answers:approval", args=[found.sheet.key])),
        },
    )
