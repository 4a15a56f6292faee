"""Lines to the people of an edition, in the next mail. Before names open, no line holds one."""

from django.urls import reverse
from django.utils.translation import gettext as _

from tsunagu.accounts.models import Person
from tsunagu.accounts.selectors import secretariat_people
from tsunagu.outbox.addresses import whole_address
from tsunagu.outbox.services import remind
from tsunagu.talent.models import Brief, Consent, Edition, Entry, EntryState, Interest, PointAnswer, Team


def _line(person: Person, key: str, line: str, link: str) -> None:
    remind(
        key=f"co-lead:{key}:{person.pk}",
        to_email=person.email,
        to_name=person.name,
        line=line,
        link=whole_address(link),
    )


def coordinators_of(edition: Edition) -> list[Person]:
    """Those named for the edition; the secretariat where nobody is."""
    named = list(edition.coordinators.filter(is_active=True))
    return named or secretariat_people()


def tell_coordinators(edition: Edition, line: str, event: str, *, team: Team | None = None) -> None:
    page = (
        reverse("co_lead_desk:team", args=[team.pk])
        if team
        else reverse("co_lead_desk:board", args=[edition.key])
    )
    for person in coordinators_of(edition):
        _line(person, event, line, page)


def tell_entry(entry: Entry) -> None:
    """A talent hears how their entry was decided."""
    if entry.state == EntryState.ACCEPTED:
        line = _("「%(edition)s」への参加が決まりました。会社の相談書を読んで、希望を出してください。")
    else:
        line = _("「%(edition)s」は見送りになりました。理由は自分のページにあります。")
    _line(
        entry.talent.person, f"entry:{entry.pk}:{entry.state}:{entry.version}", line % {"edition": entry.edition},
        reverse("co_lead_desk:own"),
    )  # fmt: skip


def tell_other_writer(brief: Brief, side: str, line: str) -> None:
    """What one of the two writers did is told to the other."""
    page = reverse("co_lead_desk:brief", args=[brief.number])
    key = f"brief:{brief.pk}:{brief.version}:{side}"
    if side == "company":
        for person in coordinators_of(brief.edition):
            _line(person, key, line, page)
    else:
        _line(brief.company.contact, key, line, page)


def tell_wished(interest: Interest) -> None:
    """A company wishes a talent, who has not said anything yet."""
    _line(
        interest.entry.talent.person, f"wished:{interest.pk}",
        _("「%(title)s」の会社が、あなたに関心を持っています。") % {"title": interest.brief.title},
        reverse("co_lead_desk:brief", args=[interest.brief.number]),
    )  # fmt: skip


def tell_opened(interest: Interest) -> None:
    """Both agreed: both may know who the other is."""
    line = _("「%(title)s」で、両方の希望がそろいました。相手の名前が見えるようになりました。") % {
        "title": interest.brief.title
    }
    page = reverse("co_lead_desk:brief", args=[interest.brief.number])
    for person in (interest.entry.talent.person, interest.brief.company.contact):
        _line(person, f"opened:{interest.pk}:{interest.version}", line, page)


def people_of(team: Team) -> list[Person]:
    seats = team.seats.select_related("entry__talent__person")
    return [team.brief.company.contact, *(one.entry.talent.person for one in seats)]


def tell_team(team: Team, line: str, event: str) -> None:
    """Everybody of a team; `line` has a place for its title."""
    for person in people_of(team):
        _line(
            person, f"team:{team.pk}:{event}", line % {"title": team.brief.title}, reverse("co_lead_desk:team", args=[team.pk])
        )  # fmt: skip


def tell_asked(answer: PointAnswer) -> None:
    """A questionnaire waits."""
    line = _("「%(edition)s」のアンケート（%(point)s）に答えてください。5分ほどです。")
    _line(
        answer.person, f"asked:{answer.pk}",
        line % {"edition": answer.edition, "point": answer.get_point_display()}, reverse("co_lead_desk:own"),
    )  # fmt: skip


def tell_forgetting(consent: Consent) -> None:
    """A month before somebody's data go."""
    line = _(
        "ふるさとCo-LEADの登録は、%(day)s に消えます。続けて持っていてよいときは、自分のページで延ばしてください。"
    )
    _line(
        consent.person, f"forget:{consent.pk}:{consent.keep_until}", line % {"day": consent.keep_until.isoformat()},
        reverse("co_lead_desk:own"),
    )  # fmt: skip
