"""Lines to the people of a dispatch, in the next mail."""

from django.urls import reverse
from django.utils.translation import gettext as _

from tsunagu.accounts.models import Person
from tsunagu.accounts.selectors import office_people, secretariat_people
from tsunagu.experts.models import DispatchRequest, Expert, FollowUp, Offer, Writer
from tsunagu.outbox.addresses import whole_address
from tsunagu.outbox.services import remind


def _line(person: Person, key: str, line: str, link: str) -> None:
    remind(
        key=f"{key}:{person.pk}",
        to_email=person.email,
        to_name=person.name,
        line=line,
        link=whole_address(link),
    )


def _page(request: DispatchRequest) -> str:
    return reverse("dispatch:request", args=[request.number])


def _offer_page(offer: Offer) -> str:
    return reverse("dispatch:offer", args=[offer.pk])


def tell_secretariat(request: DispatchRequest, line: str, event: str) -> None:
    for person in secretariat_people():
        _line(person, f"dispatch:{request.pk}:{event}:{request.version}", line, _page(request))


def tell_lab(request: DispatchRequest, line: str, event: str) -> None:
    for one in office_people([request.lab_id]):
        _line(one.person, f"dispatch:{request.pk}:{event}:{request.version}", line, _page(request))


def tell_expert(offer: Offer, line: str, event: str) -> None:
    _line(offer.expert.person, f"offer:{offer.pk}:{event}", line, _offer_page(offer))


def tell_both(offer: Offer, line: str, event: str) -> None:
    tell_expert(offer, line, event)
    for one in office_people([offer.request.lab_id]):
        _line(one.person, f"offer:{offer.pk}:{event}", line, _offer_page(offer))


def tell_offer(offer: Offer) -> None:
    tell_both(
        offer,
        _("「%(title)s」の専門家の案ができました。引き受けるかどうかを答えてください。")
        % {"title": offer.request.title},
        "made",
    )


def tell_agreed(offer: Offer) -> None:
    tell_both(
        offer,
        _("「%(title)s」の派遣が決まりました。相手の連絡先はページにあります。")
        % {"title": offer.request.title},
        "agreed",
    )


def tell_to_confirm(expert: Expert) -> None:
    line = _("専門家の名簿の内容が、いまも正しいか確かめてください。")
    _line(
        expert.person, f"expert:{expert.pk}:confirm:{expert.confirmed_on}", line, reverse("experts_desk:own")
    )


def tell_follow_up(one: FollowUp) -> None:
    request = one.offer.request
    line = _("「%(title)s」の派遣から%(months)dか月です。いまどうなっているか、1つ選んでください。")
    for each in office_people([request.lab_id]):
        _line(
            each.person,
            f"follow-up:{one.pk}",
            line % {"title": request.title, "months": one.months},
            _offer_page(one.offer),
        )


def tell_written(request: DispatchRequest, side: str) -> None:
    """One side changed the words: the other hears of it."""
    values = {"title": request.title}
    if side == Writer.OFFICE:
        tell_lab(
            request, _("「%(title)s」の文を、事務局が直しました。違いを見てください。") % values, "written"
        )
    else:
        tell_secretariat(request, _("「%(title)s」の文を、ラボが直しました。") % values, "written")
