"""An interview as a calendar entry (.ics, RFC 5545)."""

from datetime import timedelta

from tsunagu.reviewing.models import Interview


def interview_ics(interview: Interview, *, title: str, address: str) -> bytes:
    """The booked time; a change of time is the same entry with a higher sequence."""
    from icalendar import Calendar, Event

    if interview.slot is None:
        raise ValueError("the interview has no time")
    calendar = Calendar()
    calendar.add("prodid", "-//Tsunagu//interview//JA")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    event = Event()
    event.add("uid", f"interview-{interview.case_id}@tsunagu")
    event.add("sequence", interview.changes)
    event.add("summary", title)
    event.add("dtstamp", interview.booked_at)
    event.add("dtstart", interview.slot.starts_at)
    event.add("dtend", interview.slot.starts_at + timedelta(minutes=interview.slot.minutes))
    if interview.video_link:
        event.add("location", interview.video_link)
    event.add("description", address)
    calendar.add_component(event)
    return bytes(calendar.to_ical())
