"""Experts of the walk: a request that was sent, one still written, an offer that both accepted."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

FOR_ALL = {"experts:expert": "expert"}
OF_THE_OFFICE = {"dispatch:new": "slug", "dispatch:edit": "dispatch_draft"}
TENDED = {"dispatch:request": "dispatch_sent", "dispatch:act": "dispatch_sent"}
OF_BOTH = {
    "dispatch:offer": "offer", "dispatch:offer_act": "offer", "dispatch:visit": "offer", "dispatch:report": "offer",
    "dispatch:follow_up": "follow_up",
}  # fmt: skip


def make_dispatch(where: str, lab: Any) -> tuple[dict[str, Any], dict[str, tuple[str, Any]]]:
    """The keys of the addresses, and what not everybody reads."""
    from tsunagu.accounts.models import Person
    from tsunagu.experts.models import DispatchReport, DispatchRequest, Expert, FollowUp, Offer, Theme
    from tsunagu.registry.models import LocalGovernment

    person, _made = Person.objects.get_or_create(email="sensei@example.jp", name="専門 太郎")
    expert, made = Expert.objects.get_or_create(
        person=person,
        defaults={
            "headline": "現場の見直し", "home": LocalGovernment.objects.get(pk="400009"), "confirmed_on": timezone.localdate(),
        },
    )  # fmt: skip
    if made:
        expert.themes.add(Theme.objects.all()[0])
    theme, month = Theme.objects.all()[0], date(2027, 2, 1)
    sent = DispatchRequest.objects.create(
        number=f"D-1{len(where)}{where[0]}", lab=lab, state="agreed", title=f"相談秘{where}", theme=theme, month=month,
        situation="状況", goal="目標", sent_at=timezone.now(),
    )  # fmt: skip
    draft = DispatchRequest.objects.create(
        number=f"D-2{len(where)}{where[0]}", lab=lab, title=f"下書相談秘{where}"
    )
    offer = Offer.objects.create(
        request=sent, expert=expert, score=1, of_lab="yes", of_expert="yes", agreed_at=timezone.now()
    )
    inner = DispatchReport.objects.create(
        offer=offer, side="expert", reached=3, told="した", inner=f"派遣内秘{where}"
    )
    FollowUp.objects.create(offer=offer, months=3, due_on=timezone.localdate() - timedelta(days=1))
    keys = {
        "expert": {"pk": expert.pk},
        "dispatch_sent": {"number": sent.number},
        "dispatch_draft": {"number": draft.number},
        "offer": {"pk": offer.pk},
        "follow_up": {"pk": offer.pk, "months": 3},
    }

    def change(record: Any, name: str) -> Any:
        return lambda text: type(record).objects.filter(pk=record.pk).update(**{name: text})

    texts = {
        f"下書相談秘{where}": ("draft", change(draft, "title")),
        f"相談秘{where}": ("tending", change(sent, "title")),
        f"派遣内秘{where}": ("secretariat", change(inner, "inner")),
    }
    return keys, texts
