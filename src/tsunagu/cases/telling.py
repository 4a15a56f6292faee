"""Mails and reminder lines about cases."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tsunagu.accounts.selectors import office_people, secretariat_people
from tsunagu.cases.models import Case, CaseConsent
from tsunagu.engines.dates import both_calendars
from tsunagu.outbox.addresses import whole_address
from tsunagu.outbox.placeholders import MailTemplate
from tsunagu.outbox.services import put_templated, remind

CONSENT = MailTemplate(
    kind="cases:consent",
    title=gettext_lazy("事例の公開への同意のお願い"),
    subject="事例の公開について、ご確認のお願い（{{ lab }}）",
    body=(
        "{{ company }}\n{{ name }} 様\n\n{{ lab }}は、貴社の取組を事例としてこのサイトで公開したいと考えています。\n\n"
        "公開する文のすべてを、つぎのページで確かめてください。サインインは要りません。断ることもできます。"
        "同意していただくまで、公開しません。\n\n{{ address }}\n\n返事の期限: {{ until }}\n\n"
        "このリンクを知っている人は内容を読めます。ほかの人に転送するときはご注意ください。"
    ),
    names=frozenset({"company", "name", "lab", "until"}),
    links=frozenset({"address"}),
)


def page_of(case: Case) -> str:
    """The whole address of a case's desk."""
    return whole_address(reverse("cases:desk", args=[case.number]))


def ask_company(consent: CaseConsent) -> None:
    """The link to the text. The lab's office and the editor have read it; the link is kept from all others."""
    case = consent.case
    put_templated(
        key=f"{CONSENT.kind}:{consent.pk}",
        template=CONSENT,
        to_email=consent.to_email,
        to_name=consent.to_name,
        values={
            "company": case.company,
            "name": consent.to_name,
            "lab": str(case.lab or _("事務局")),
            "until": both_calendars(timezone.localdate(consent.expires_at)),
            "address": whole_address(reverse("cases:consent", args=[consent.token])),
        },
        draft=False,
        is_secret=True,
    )


def tell_office(case: Case, line: str, event: str) -> int:
    """A line in the next mail to the people of the lab's office; returns how many."""
    people = office_people([case.lab_id]) if case.lab_id else []
    for one in people:
        remind(
            key=f"case:{case.pk}:{event}:{one.person_id}",
            to_email=one.person.email,
            to_name=one.person.name,
            line=line,
            link=page_of(case),
        )
    return len(people)


def tell_editors(case: Case, event: str) -> None:
    """A line to the secretariat: a case waits for an editor."""
    for person in secretariat_people():
        remind(
            key=f"case:{case.pk}:{event}:{person.pk}",
            to_email=person.email,
            to_name=person.name,
            line=_("事例「%(title)s」が確認を待っています。") % {"title": case.title},
            link=page_of(case),
        )
