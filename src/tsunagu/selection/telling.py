"""Mails about applications: each a template with real values, a draft first where it tells of a decision."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tsunagu.engines.dates import both_calendars
from tsunagu.outbox.addresses import whole_address
from tsunagu.outbox.placeholders import MailTemplate
from tsunagu.outbox.services import put_templated
from tsunagu.selection.models import Application, Correction, Submission

BASE = frozenset({"name", "title", "number"})
LINK = frozenset({"address"})


def _template(kind: str, title: object, subject: str, body: str, *more: str) -> MailTemplate:
    return MailTemplate(
        kind=f"selection:{kind}",
        title=title,  # type: ignore[arg-type]
        subject=subject,
        body="{{ name }} 様\n\n" + body + "\n\n{{ address }}",
        names=BASE | frozenset(more),
        links=LINK,
    )


RECEIVED = _template(
    "received", _("申請の受付"), "申請を受け付けました（{{ number }}）",
    "「{{ title }}」の申請を受け付けました。\n\n受付番号: {{ number }}\n受け取った日時: {{ when }}（日本時間）\n{{ files }}\n\n"
    "提出した内容のPDFと経過は、次のページにあります。",
    "when", "files",
)  # fmt: skip
WITHDRAWN = _template(
    "withdrawn",
    _("申請の取下げ"),
    "申請を取り下げました（{{ number }}）",
    "「{{ title }}」の申請を取り下げました。内容は残っています。",
)
EXTENDED = _template(
    "extended", _("締切の延長"), "締切を延ばしました（{{ title }}）",
    "「{{ title }}」の申請の締切を {{ when }}（日本時間）まで延ばしました。\n\n{{ reason }}", "when", "reason",
)  # fmt: skip
RETURNED = _template(
    "returned", _("申請の差戻し"), "申請の一部を直してください（{{ number }}）",
    "「{{ title }}」の申請について、次の章を直してください。ほかの章はそのままです。\n\n{{ sections }}\n\n期限: {{ when }}（日本時間）", "sections", "when",
)  # fmt: skip
ACCEPTED = _template(
    "accepted",
    _("申請の受理"),
    "申請を受理しました（{{ number }}）",
    "「{{ title }}」の申請を受理しました。次は書類審査です。",
)
INELIGIBLE = _template(
    "ineligible", _("要件の確認の結果"), "申請の要件について（{{ number }}）",
    "「{{ title }}」の申請は、次の要件を満たさないため審査に進めません。\n\n{{ reasons }}", "reasons",
)  # fmt: skip
SELECTED = _template(
    "selected", _("選定の通知"), "選定の結果（{{ number }}）",
    "「{{ title }}」を地域DX推進ラボに選定しました。\n\n{{ conditions }}\n\n{{ feedback }}", "conditions", "feedback",
)  # fmt: skip
REJECTED = _template(
    "rejected", _("不選定の通知"), "選定の結果（{{ number }}）",
    "「{{ title }}」は、今回は選定に至りませんでした。\n\n{{ feedback }}\n\n直して、次の締切にもう一度申請できます。", "feedback",
)  # fmt: skip


def address_of(application: Application) -> str:
    return whole_address(reverse("applications:application", args=[application.key]))


def when_words(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{both_calendars(local.date())} {local:%H:%M:%S}"


def _put(
    application: Application,
    template: MailTemplate,
    key: str,
    *,
    draft: bool = True,
    due_at: datetime | None = None,
    **values: str,
) -> None:
    """One mail to the applicant. What they did themselves is told at once; what others decided is a draft first."""
    put_templated(
        key=f"{template.kind}:{application.pk}:{key}",
        template=template,
        to_email=application.owner.email,
        to_name=application.owner.name,
        draft=draft,
        due_at=due_at,
        values={
            "name": application.owner.name,
            "title": str(application),
            "number": application.number or "—",
            "address": address_of(application),
            **values,
        },
    )


def tell_received(application: Application, submission: Submission) -> None:
    lines = [f"{one['name']}（{one['size']:,}バイト、SHA-256 {one['sha256']}）" for one in submission.files]
    _put(
        application, RECEIVED, str(submission.number), draft=False,
        when=when_words(submission.received_at), files="\n".join(lines),
    )  # fmt: skip


def tell_withdrawn(application: Application) -> None:
    _put(application, WITHDRAWN, "once", draft=False)


def tell_extended(application: Application, until: datetime, reason: str) -> None:
    _put(application, EXTENDED, until.isoformat(), when=when_words(until), reason=reason)


def tell_returned(application: Application, correction: Correction, titles: list[str]) -> None:
    sections = "\n".join(
        f"・{title}: {reason}" for title, reason in zip(titles, correction.sections.values(), strict=False)
    )
    _put(application, RETURNED, str(correction.pk), sections=sections, when=when_words(correction.due_at))


def tell_accepted(application: Application) -> None:
    _put(application, ACCEPTED, "once")


def tell_ineligible(application: Application) -> None:
    reasons = "\n".join([*[f"・{one}" for one in application.reasons], application.screening_note])
    _put(application, INELIGIBLE, "once", reasons=reasons)


def result_mail(
    application: Application,
    *,
    batch_key: str,
    announce_at: datetime,
    is_selected: bool,
    feedback: str,
    conditions: str,
) -> None:
    """The mail with the result: a draft that leaves at the announced hour at the earliest."""
    if is_selected:
        _put(application, SELECTED, batch_key, due_at=announce_at, feedback=feedback, conditions=conditions)
    else:
        _put(application, REJECTED, batch_key, due_at=announce_at, feedback=feedback)


def result_key(application: Application, *, batch_key: str, is_selected: bool) -> str:
    """The key the result mail was put under, to find its draft again."""
    template = SELECTED if is_selected else REJECTED
    return f"{template.kind}:{application.pk}:{batch_key}"
