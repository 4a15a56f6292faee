"""Judgements about signing in: who needs two steps, when a session is over."""

from collections.abc import Iterable
from datetime import datetime, timedelta

# They see what is not public, or decide: 統一基準の主体認証, ASVS 6.3.3.
TWO_STEP_ROLES = frozenset({"meti", "ipa", "bureau", "reviewer"})
STAFF_IDLE = timedelta(minutes=60)
LONGEST_SESSION = timedelta(hours=8)

INVITATION_LIFETIME = timedelta(hours=12)
MAILED_LINK_LIFETIME = timedelta(hours=1)


def needs_two_steps(roles: Iterable[str]) -> bool:
    """Whether one of the roles may only be used after a second step."""
    return not TWO_STEP_ROLES.isdisjoint(roles)


def session_is_over(*, signed_in_at: datetime, seen_at: datetime, now: datetime, is_staff: bool) -> bool:
    """After eight hours for everybody; for staff also after an hour without a request."""
    if now - signed_in_at >= LONGEST_SESSION:
        return True
    return is_staff and now - seen_at >= STAFF_IDLE


def session_ends_at(*, signed_in_at: datetime, seen_at: datetime, is_staff: bool) -> datetime:
    """When a session ends if nothing more is asked for."""
    longest = signed_in_at + LONGEST_SESSION
    return min(longest, seen_at + STAFF_IDLE) if is_staff else longest


# The more telling name first: Edge also says Chrome, and Chrome also says Safari.
_BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def device_parts(user_agent: str) -> tuple[str, str]:
    """The system and the browser a user agent names; '' where it names none we know."""
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    return system, browser
