"""Reminders: at most one reminder mail per person and day, and every line in exactly one."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tsunagu.outbox.models import Mail, Reminder
from tsunagu.outbox.rules import JAPAN, MailRefused, MailState
from tsunagu.outbox.services import remind, send_digests

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 4, 1, 7, tzinfo=JAPAN)
PEOPLE = ["a@example.invalid", "b@example.invalid", "c@example.invalid"]


def digests() -> list[Mail]:
    return list(Mail.objects.filter(kind="digest").order_by("pk"))


def test_the_lines_of_a_day_come_in_one_mail_at_eight() -> None:
    for number in range(3):
        remind(
            key=f"r{number}", to_email="A@example.invalid", to_name="青木", line=f"用件{number}", now=MORNING,
            link="https://lab.example.jp/x" if number else "",
        )  # fmt: skip
    assert send_digests(now=MORNING + timedelta(minutes=59)) == 0
    assert send_digests(now=MORNING + timedelta(hours=1)) == 1
    (mail,) = digests()
    assert (mail.key, mail.state, mail.to_name) == (
        "digest:a@example.invalid:2026-04-01",
        MailState.QUEUED,
        "青木",
    )
    assert [mail.body.count(f"用件{number}\n") for number in range(3)] == [1, 1, 1]
    assert mail.body.count("https://lab.example.jp/x") == 2
    assert send_digests(now=MORNING + timedelta(hours=2)) == 0


def test_what_comes_after_the_days_mail_goes_into_tomorrows() -> None:
    remind(key="early", to_email=PEOPLE[0], line="早い用件", now=MORNING)
    late = remind(key="late", to_email=PEOPLE[0], line="遅い用件", now=MORNING + timedelta(hours=3))
    assert late.day == date(2026, 4, 2)
    # Written before eight, kept only after the mail was: a transaction that took long.
    send_digests(now=MORNING + timedelta(hours=1))
    remind(key="slow", to_email=PEOPLE[0], line="ゆっくりの用件", now=MORNING)
    assert send_digests(now=MORNING + timedelta(hours=1, minutes=1)) == 0
    assert send_digests(now=MORNING + timedelta(hours=25)) == 1
    today, tomorrow = digests()
    assert "早い用件" in today.body
    assert "遅い用件" in tomorrow.body
    assert "ゆっくりの用件" in tomorrow.body


def test_days_without_a_worker_are_made_up_for_in_one_mail() -> None:
    for number in range(3):
        remind(
            key=f"r{number}", to_email=PEOPLE[0], line=f"用件{number}", now=MORNING + timedelta(days=number)
        )
    assert send_digests(now=MORNING + timedelta(days=10, hours=2)) == 1
    assert digests()[0].reminders.count() == 3


def test_yesterdays_mail_that_is_late_never_meets_todays() -> None:
    remind(key="yesterday", to_email=PEOPLE[0], line="きのうの用件", now=MORNING - timedelta(days=1))
    assert send_digests(now=MORNING - timedelta(hours=4)) == 0
    remind(key="today", to_email=PEOPLE[0], line="きょうの用件", now=MORNING)
    assert send_digests(now=MORNING + timedelta(hours=2)) == 1
    assert digests()[0].reminders.count() == 2


def test_a_reminder_is_kept_once_and_as_one_line() -> None:
    first = remind(key="r", to_email=PEOPLE[0], line="用件\r\n.\r\nMAIL FROM:<x@y.z>", now=MORNING)
    again = remind(key="r", to_email=PEOPLE[0], line="用件2", now=MORNING)
    assert (again.pk, again.line) == (first.pk, "用件 . MAIL FROM:<x@y.z>")
    with pytest.raises(MailRefused):
        remind(key="s", to_email=PEOPLE[0], line="用件", link="javascript:alert(1)", now=MORNING)
    with pytest.raises(MailRefused):
        remind(key="s", to_email="nobody", line="用件", now=MORNING)


STEP = st.tuples(
    st.sampled_from([1, 30, 240, 480, 720, 1200]),  # minutes since the step before
    st.one_of(st.none(), st.sampled_from(PEOPLE)),  # somebody is reminded, or the sweep runs
    st.integers(0, 3),  # days ahead
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, max_size=30))
def test_never_two_mails_on_a_day_and_no_line_lost_or_told_twice(
    steps: list[tuple[int, str | None, int]],
) -> None:
    Reminder.objects.all().delete()
    Mail.objects.filter(kind="digest").delete()
    now = datetime(2026, 3, 28, 12, tzinfo=UTC)
    told: Counter[tuple[str, date]] = Counter()

    def sweep() -> None:
        before = {mail.pk for mail in digests()}
        send_digests(now=now)
        for mail in digests():
            if mail.pk not in before:
                told[mail.to_email, now.astimezone(JAPAN).date()] += 1
                for line in mail.reminders.all():
                    assert line.to_email == mail.to_email
                    assert line.day <= now.astimezone(JAPAN).date()

    count = 0
    for minutes, person, ahead in steps:
        now += timedelta(minutes=minutes)
        if person is None:
            sweep()
        else:
            day = now.astimezone(JAPAN).date() + timedelta(days=ahead) if ahead else None
            remind(key=f"r{count}", to_email=person, line=f"用件{count}。", day=day, now=now)
            count += 1
    now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    sweep()
    assert set(told.values()) <= {1}
    assert not Reminder.objects.filter(mail=None).exists()
    bodies = "".join(mail.body for mail in digests())
    assert [bodies.count(f"用件{number}。") for number in range(count)] == [1] * count
