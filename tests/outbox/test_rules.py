"""Times of trying again, lines that cannot forge headers, the address of the mail server."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsunagu.outbox.rules import (
    BACKOFF,
    PATIENCE,
    MailRefused,
    digest_day,
    folded,
    next_try,
    one_line,
    plain_text,
    reminder_day,
)
from tsunagu.outbox.server import MailServer, mail_server

START = datetime(2026, 4, 1, 9, tzinfo=UTC)


def test_tries_spread_from_one_minute_to_four_hours_over_three_days() -> None:
    tries, now = [], START
    while (following := next_try(len(tries) + 1, START, now)) is not None:
        tries.append(following - now)
        now = following
    assert tries[0] == timedelta(minutes=1)
    assert max(tries) == timedelta(hours=4)
    assert tries[: len(BACKOFF)] == list(BACKOFF)
    assert now == START + PATIENCE


@given(st.integers(1, 10_000), st.timedeltas(timedelta(0), timedelta(days=30)))
def test_the_next_try_is_later_and_within_the_three_days(attempts: int, since: timedelta) -> None:
    now = START + since
    following = next_try(attempts, START, now)
    if since >= PATIENCE:
        assert following is None
    else:
        assert following is not None
        assert now < following <= START + PATIENCE
        assert following - now <= timedelta(hours=4)


# What splits a line somewhere: in SMTP, in Python's e-mail package, in str.splitlines.
BREAKS = [
    "\r\n",
    "\n",
    "\r",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x1d",
    "\x1e",
    "\x85",
    "\u2028",
    "\u2029",
    "\0",
    "\n ",
    "\n\t",
]


@pytest.mark.parametrize("breaking", BREAKS)
def test_what_breaks_a_line_is_refused_or_folded(breaking: str) -> None:
    with pytest.raises(MailRefused, match="件名"):
        one_line(f"お知らせ{breaking}Bcc: everyone@example.jp", "件名")
    name = folded(f"佐賀 太郎{breaking}Bcc: everyone@example.jp")
    assert name == "佐賀 太郎 Bcc: everyone@example.jp"


@given(st.text())
def test_a_folded_text_is_one_line(text: str) -> None:
    assert len(folded(text).splitlines()) <= 1
    assert one_line(folded(text), "件名") == folded(text)


@given(st.text())
def test_a_plain_text_keeps_its_lines_and_nothing_unprintable(text: str) -> None:
    kept = plain_text(text)
    assert "\r" not in kept
    assert "\0" not in kept
    assert plain_text(kept) == kept
    kept.encode()


@pytest.mark.parametrize(
    ("now", "reminded", "told"),
    [
        (datetime(2026, 3, 31, 22, 59, 59, tzinfo=UTC), date(2026, 4, 1), None),  # 07:59:59 in Japan
        (datetime(2026, 3, 31, 23, 0, tzinfo=UTC), date(2026, 4, 2), date(2026, 4, 1)),  # 08:00
        (datetime(2026, 4, 1, 14, 59, tzinfo=UTC), date(2026, 4, 2), date(2026, 4, 1)),  # 23:59
        (datetime(2026, 4, 1, 15, 0, tzinfo=UTC), date(2026, 4, 2), None),  # midnight
    ],
)
def test_reminders_are_told_from_eight_on(now: datetime, reminded: date, told: date | None) -> None:
    assert reminder_day(now) == reminded
    assert digest_day(now) == told


def test_the_address_of_the_mail_server() -> None:
    assert mail_server("") is None
    found = mail_server("smtps://user%40example.jp:p%40ss%2Fword@mail.example.jp")
    assert found == MailServer("mail.example.jp", 465, "implicit", "user@example.jp", "p@ss/word")
    assert "p@ss" not in repr(found)
    assert mail_server("smtp://mail.example.jp") == MailServer("mail.example.jp", 587, "starttls")
    assert mail_server("smtp+plain://127.0.0.1:1025") == MailServer("127.0.0.1", 1025, "plain")


@pytest.mark.parametrize(
    "address",
    ["mail.example.jp", "http://u:secret@mail.example.jp", "smtps://", "smtps://u:secret@h:port", "smtps://u:secret@h:99999",
     "smtp+plain://u:secret@mail.example.jp", "smtps://u:secret@h/x", "smtps://u:secret@h?tls=no"],
)  # fmt: skip
def test_an_address_that_cannot_be_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(ValueError, match="TSUNAGU_SMTP_URL") as refused:
        mail_server(address)
    assert "secret" not in str(refused.value)
