"""Mails and reminder lines about recommendations."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tsunagu.accounts.selectors import office_people
from tsunagu.engines.dates import both_calendars
from tsunagu.outbox.addresses import whole_address
from tsunagu.outbox.models import Mail
from tsunagu.outbox.placeholders import MailTemplate
from tsunagu.outbox.services import put_templated, remind
from tsunagu.recommending.models import Consent, Recommendation

CONSENT = MailTemplate(
    kind="recommending:consent",
    title=gettext_lazy("推薦の内容への同意のお願い"),
    subject="DXセレクションへの推薦について、ご確認のお願い（{{ lab }}）",
    body=(
        "{{ company }}\n{{ name }} 様\n\n{{ lab }}は、貴社を「{{ edition }}」に推薦したいと考えています。\n\n"
        "事務局に送る内容のすべてを、つぎのページで確かめてください。サインインは要りません。送ってほしくない項目は消せます。"
        "断ることもできます。同意していただくまで、何も送りません。\n\n{{ address }}\n\n返事の期限: {{ until }}\n\n"
        "このリンクを知っている人は内容を読めます。ほかの人に転送するときはご注意ください。"
    ),
    names=frozenset({"company", "name", "lab", "edition", "until"}),
    links=frozenset({"address"}),
)


def page_of(one: Recommendation) -> str:
    """The whole address of a recommendation's page."""
    return whole_address(reverse("recommending:recommendation", args=[one.pk]))


def ask_company(consent: Consent) -> Mail:
    """The link to the text. The lab's office saw it word for word and decided to send it; the link is kept from all others."""
    one = consent.recommendation
    return put_templated(
        key=f"{CONSENT.kind}:{consent.pk}",
        template=CONSENT,
        to_email=consent.to_email,
        to_name=consent.to_name,
        values={
            "company": str(one.company),
            "name": consent.to_name,
            "lab": str(one.company.lab),
            "edition": str(one.edition),
            "until": both_calendars(timezone.localdate(consent.expires_at)),
            "address": whole_address(reverse("recommending:consent", args=[consent.token])),
        },
        draft=False,
        by_label=consent.asked_by_label,
        is_secret=True,
    )


def tell_answer(consent: Consent) -> None:
    """A line to each person of the lab's office: the company answered."""
    one = consent.recommendation
    line = _("%(company)sの返事: %(answer)s（%(edition)sの推薦）") % {
        "company": one.company,
        "answer": consent.get_answer_display(),
        "edition": one.edition,
    }
    for person in (held.person for held in office_people([one.company.lab_id])):
        remind(
            key=f"recommending:answer:{consent.pk}:{person.pk}",
            to_email=person.email,
            to_name=person.name,
            line=line,
            link=page_of(one),
        )
