"""Keeping questions and telling of what they newly find."""

from urllib.parse import urlencode

from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from tsunagu.accounts.models import Person
from tsunagu.accounts.selectors import viewer_for
from tsunagu.engines.textsearch.contract import Hit
from tsunagu.outbox.addresses import whole_address
from tsunagu.outbox.placeholders import MailTemplate
from tsunagu.outbox.services import put_templated
from tsunagu.search import selectors
from tsunagu.search.counted import COUNTED
from tsunagu.search.models import Alert, MissedQuestion, SavedSearch
from tsunagu.sharing.viewer import Viewer

MOST_SAVED = 50
# So many of the newest are compared; a search that finds more is too wide to be told of one by one.
LOOKED_AT = 100
NAMED = 10
MONDAY = 0

NEW_HITS = MailTemplate(
    kind="search:new",
    title=gettext_lazy("保存した検索で新しく見つかったもの"),
    subject="新しく {{ count }} 件見つかりました（{{ search }}）",
    body="{{ name }} 様\n\n保存した検索「{{ search }}」で、新しく {{ count }} 件見つかりました。\n\n{{ titles }}\n\n"
    "すべて見る\n{{ address }}\n\n知らせをやめる・回数を変える\n{{ manage }}",
    names=frozenset({"name", "search", "count", "titles"}),
    links=frozenset({"address", "manage"}),
)


class TooMany(Exception):
    """A person keeps as many searches as there may be."""


@transaction.atomic
def save_search(*, viewer: Viewer, name: str, query: str, alert: str) -> SavedSearch:
    """Keep a question; what it finds now counts as known. Saving it again changes name and alert. Raises `TooMany`."""
    person, query = viewer.signed_in_id, _plain(query)
    others = SavedSearch.objects.filter(person_id=person).exclude(query=query).count()
    if others >= MOST_SAVED:
        raise TooMany
    saved, _made = SavedSearch.objects.update_or_create(
        person_id=person,
        query=query,
        defaults={"name": name, "alert": alert, "known": [hit.key for hit in _newest(viewer, query)]},
    )
    return saved


@transaction.atomic
def change_alert(*, saved: SavedSearch, alert: str) -> None:
    """Be told daily, weekly or not at all."""
    saved.alert = alert
    saved.save(update_fields=["alert"])


@transaction.atomic
def forget_search(*, saved: SavedSearch) -> None:
    """Keep it no longer."""
    saved.delete()


def tell_all() -> int:
    """Tell everybody who is to be told today; returns how many mails were put.

    Each in a transaction of its own: who has been told stays told when a later one fails.
    """
    monday = timezone.localdate().weekday() == MONDAY
    due = [Alert.DAILY, *([Alert.WEEKLY] if monday else [])]
    found = SavedSearch.objects.filter(alert__in=due, person__is_active=True).select_related("person")
    return sum(_tell(saved) for saved in found.iterator())


@transaction.atomic
def _tell(saved: SavedSearch) -> bool:
    """Searched with what the person may see today, not with what they could see when they saved it."""
    viewer = viewer_for(saved.person, on=timezone.localdate())
    newest = _newest(viewer, saved.query)
    new = [hit for hit in newest if hit.key not in saved.known]
    saved.known = [*[hit.key for hit in newest], *saved.known][: 5 * LOOKED_AT]
    saved.told_at = timezone.now()
    saved.save(update_fields=["known", "told_at"])
    if not new:
        return False
    with translation.override("ja"):
        _mail(saved, saved.person, ["".join(piece.text for piece in hit.title) for hit in new])
    return True


def _mail(saved: SavedSearch, person: Person, titles: list[str]) -> None:
    put_templated(
        key=f"{NEW_HITS.kind}:{saved.pk}:{timezone.localdate().isoformat()}",
        template=NEW_HITS,
        to_email=person.email,
        to_name=person.name,
        # The person asked for it themselves: nobody has to look at it first.
        draft=False,
        values={
            "name": person.name,
            "search": saved.name,
            "count": str(len(titles)),
            "titles": "\n".join(f"・{title}" for title in titles[:NAMED]),
            "address": whole_address(f"{reverse('search:page')}?{saved.query}"),
            "manage": whole_address(reverse("search:saved")),
        },
    )


def _plain(query: str) -> str:
    """Only what a search knows, written as an address is."""
    asked = QueryDict(query)
    wanted = [(name, value) for name in ("q", *COUNTED) for value in asked.getlist(name) if value]
    return urlencode(wanted)


def _newest(viewer: Viewer, query: str) -> tuple[Hit, ...]:
    asked = QueryDict(query)
    chosen = {name: asked.getlist(name) for name in COUNTED if asked.getlist(name)}
    found = selectors.find(viewer, asked.get("q", ""), chosen=chosen, newest_first=True, size=LOOKED_AT)
    return found.hits


def note_missed(text: str) -> None:
    """Count a question that found nothing, without who asked. Long ones are left out: they may say who one is."""
    text = " ".join(text.split())
    if (
        not text
        or len(text) > 40
        or "@" in text
        or any(part.isdigit() and len(part) > 4 for part in text.split())
    ):
        return
    missed, made = MissedQuestion.objects.get_or_create(text=text)
    if not made:
        missed.times += 1
        missed.save(update_fields=["times", "last_on"])
