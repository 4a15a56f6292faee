"""What a room above tells about the answer sheets it hosts: whose they are, until when, and what sending one does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tsunagu.questionnaires.models import Right, Sheet
from tsunagu.questionnaires.values import Problem, Value
from tsunagu.sharing.viewer import Viewer


@dataclass(frozen=True)
class Matter:
    """What pages about an answer sheet say of the matter it belongs to."""

    title: str
    address: str
    number: str = ""
    closes_at: datetime | None = None
    who_sees: str = ""
    criteria: tuple[tuple[str, str], ...] = ()
    send_label: str = ""
    send_words: str = ""
    fallback: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Known:
    """A fact known already, shown with where it comes from instead of being asked again."""

    value: Value
    source: str
    since: datetime | None = None


class NotSent(Exception):
    """The answers could not be sent; `problems` says what to mend, `message` anything about the whole."""

    def __init__(self, message: str = "", problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.problems = problems


class Host(Protocol):
    """One kind of matter that has answer sheets."""

    def right(self, sheet: Sheet, viewer: Viewer) -> Right | None:
        """What the viewer may do by the room's own rules, besides co-editors; None for nothing."""

    def matter(self, sheet: Sheet) -> Matter:
        """What to say of it."""

    def known(self, sheet: Sheet) -> Mapping[str, Known]:
        """Facts by data element that the room's own records hold."""

    def send(self, sheet: Sheet, by: Viewer) -> str:
        """Send it; the address to go on to. Raises `NotSent`."""


class Watching(Protocol):
    """What a host may tell besides: doubts about the answers, and that somebody is at work on them."""

    def doubts(self, sheet: Sheet, answers: Mapping[str, Value]) -> list[Problem]:
        """Answers to look at again; they never keep a sheet from being sent."""

    def worked(self, sheet: Sheet, section: str, viewer: Viewer) -> None:
        """Somebody has a section open just now."""


HOSTS: dict[str, Host] = {}
WATCHING: dict[str, Watching] = {}


def host_of(sheet: Sheet) -> Host:
    """The room a sheet belongs to. Raises `KeyError` for one that no room knows."""
    return HOSTS[sheet.subject.partition(":")[0]]


def doubts_about(sheet: Sheet, answers: Mapping[str, Value]) -> list[Problem]:
    """What the room asks people to look at again; nothing from rooms that do not look."""
    room = WATCHING.get(sheet.subject.partition(":")[0])
    return room.doubts(sheet, answers) if room else []


def tell_worked(sheet: Sheet, section: str, viewer: Viewer) -> None:
    """Tell the room that somebody is at work on a section."""
    if room := WATCHING.get(sheet.subject.partition(":")[0]):
        room.worked(sheet, section, viewer)


def is_hosted(sheet: Sheet) -> bool:
    """Whether some room knows the sheet."""
    return sheet.subject.partition(":")[0] in HOSTS
