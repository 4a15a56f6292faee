"""A mail and its job are written with the fact, once per key; what cannot travel is refused."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.testing import InMemoryConnector

from tsunagu.outbox.models import Mail
from tsunagu.outbox.placeholders import MailTemplate
from tsunagu.outbox.rules import STEPS, MailRefused, MailState
from tsunagu.outbox.services import put_mail, put_templated

ADDRESS = "taro@example.invalid"


def put(key: str, **changes: Any) -> Mail:
    parts: dict[str, Any] = {
        "kind": "test", "to_email": ADDRESS, "to_name": "佐賀 太郎", "subject": "お知らせ", "body": "本文\n",
    }  # fmt: skip
    return put_mail(key=key, **parts | changes)


@pytest.mark.django_db
def test_a_draft_waits_without_a_job_and_a_queued_mail_has_one() -> None:
    draft = put("a")
    assert (draft.state, draft.job, draft.next_try_at) == (MailState.DRAFT, None, None)
    queued = put("b", draft=False)
    job = ProcrastinateJob.objects.get(pk=queued.job)
    assert queued.state == MailState.QUEUED
    assert (job.task_name, job.queue_name, job.args) == (
        "outbox.deliver_mail",
        "mail",
        {"mail_id": queued.pk},
    )


@pytest.mark.django_db
def test_a_mail_for_later_has_a_job_for_later() -> None:
    due = timezone.now() + timedelta(days=2)
    mail = put("a", draft=False, due_at=due)
    assert mail.next_try_at == due
    assert ProcrastinateJob.objects.get(pk=mail.job).scheduled_at == due


@pytest.mark.django_db
def test_the_same_key_again_is_the_same_mail() -> None:
    first = put("a", draft=False)
    again = put("a", draft=False, subject="ほかの件名", to_email="other@example.invalid")
    assert (again.pk, again.subject, again.to_email) == (first.pk, "お知らせ", ADDRESS)
    assert ProcrastinateJob.objects.filter(args={"mail_id": first.pk}).count() == 1


@pytest.mark.django_db
def test_what_is_rolled_back_leaves_neither_mail_nor_job() -> None:
    before = ProcrastinateJob.objects.count()

    def fact_that_fails() -> None:
        put("a", draft=False)
        assert ProcrastinateJob.objects.count() == before + 1
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        fact_that_fails()
    assert not Mail.objects.filter(key="a").exists()
    assert ProcrastinateJob.objects.count() == before


@pytest.mark.django_db
def test_inside_a_worker_too_the_job_is_written_in_djangos_own_transaction() -> None:
    """A worker gives procrastinate connections of its own; a job put there would outlive a rollback."""
    with app.replace_connector(InMemoryConnector()):
        mail = put("a", draft=False)
    assert ProcrastinateJob.objects.filter(pk=mail.job).exists()


def test_of_twenty_writers_at_the_same_moment_one_writes(committed: str) -> None:
    start = threading.Barrier(20)
    found: list[int] = []

    def write(number: int) -> None:
        start.wait()
        try:
            found.append(put(f"{committed}race", draft=False, subject=f"{number}").pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 20
    assert len(set(found)) == 1
    assert ProcrastinateJob.objects.filter(args={"mail_id": found[0]}).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("part", "value", "named"),
    [
        ("subject", "お知らせ\r\nBcc: everyone@example.invalid", "件名"),
        ("subject", "お知らせ\nBcc: everyone@example.invalid", "件名"),
        ("subject", "お知らせ\u2028Bcc: everyone@example.invalid", "件名"),
        ("subject", "", "件名"),
        ("subject", "あ" * 201, "件名"),
        ("to_email", "taro@example.invalid\r\nBcc: everyone@example.invalid", "あて先"),
        ("to_email", "taro@example.invalid, everyone@example.invalid", "あて先"),
        ("to_email", "taro@example.invalid\n", "あて先"),
        ("to_email", "太郎", "あて先"),
        ("to_email", "", "あて先"),
        ("to_email", "<taro@example.invalid>", "あて先"),
        ("key", "", "鍵"),
        ("key", "x" * 301, "鍵"),
    ],
)
def test_what_cannot_travel_is_refused_in_words(part: str, value: str, named: str) -> None:
    with pytest.raises(MailRefused, match=named):
        put(**{"key": "a", part: value})
    assert not Mail.objects.filter(kind="test").exists()


@pytest.mark.django_db
def test_a_template_becomes_a_mail_with_escaped_html() -> None:
    template = MailTemplate(
        "invite", "招待", "{{ name }} 様", "{{ name }} 様\n{{ link }}",
        names=frozenset({"name"}), links=frozenset({"link"}),
    )  # fmt: skip
    mail = put_templated(
        key="t", template=template, to_email=ADDRESS, to_name="太郎",
        values={"name": "太郎\r\nBcc: everyone@example.invalid <b>", "link": "https://lab.example.jp/a"},
    )  # fmt: skip
    assert mail.subject == "太郎 Bcc: everyone@example.invalid <b> 様"
    assert "&lt;b&gt;" in mail.html
    assert "<b>" not in mail.html
    assert mail.kind == "invite"


def filled_for(state: str) -> dict[str, Any]:
    """The columns that go with a state."""
    columns: dict[str, Any] = {
        "state": state, "next_try_at": None, "claim": None, "claimed_at": None, "sent_at": None, "last_error": "x",
    }  # fmt: skip
    if state in {MailState.QUEUED, MailState.RETRYING}:
        columns["next_try_at"] = timezone.now()
    if state == MailState.SENDING:
        columns |= {"claim": "00000000-0000-0000-0000-000000000001", "claimed_at": timezone.now()}
    if state == MailState.SENT:
        columns["sent_at"] = timezone.now()
    return columns


def path_to(state: MailState) -> list[MailState]:
    """Steps that lead a draft there."""
    paths = {MailState.DRAFT: [MailState.DRAFT]}
    todo = [MailState.DRAFT]
    while todo:
        here = todo.pop(0)
        for following in STEPS[here]:
            if following not in paths:
                paths[following] = [*paths[here], following]
                todo.append(following)
    return paths[state][1:]


@pytest.mark.django_db
@pytest.mark.parametrize("before", MailState)
def test_the_database_allows_the_steps_of_the_rules_and_no_others(before: MailState) -> None:
    for wanted in MailState:
        mail = put(f"{before}-{wanted}")
        one = Mail.objects.filter(pk=mail.pk)
        for step in path_to(before):
            one.update(**filled_for(step))
        if wanted in STEPS[before] or wanted == before:
            one.update(**filled_for(wanted))
            assert one.get().state == wanted
        else:
            with pytest.raises(DatabaseError, match="cannot become"), transaction.atomic():
                one.update(**filled_for(wanted))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"state": "queued"}, {"state": "sent"}, {"state": "dead", "last_error": ""}, {"state": "sending"}, {"state": "lost"},
        {"next_try_at": timezone.now()}, {"subject": "a\nb"}, {"to_name": "a\r"}, {"to_email": "a@b.c\n"},
        {"message_id": "<other@x>"}, {"key": "other"},
    ],
)  # fmt: skip
def test_the_database_refuses_states_without_their_facts(change: dict[str, Any]) -> None:
    mail = put("a")
    with pytest.raises(DatabaseError), transaction.atomic():
        Mail.objects.filter(pk=mail.pk).update(**change)


@pytest.mark.django_db
def test_the_text_of_a_mail_on_its_way_is_settled() -> None:
    mail = put("a", draft=False)
    for change in (
        {"subject": "b"},
        {"body": "b"},
        {"to_email": "b@example.invalid"},
        {"body": "", "html": ""},
    ):
        with pytest.raises(DatabaseError, match="settled"), transaction.atomic():
            Mail.objects.filter(pk=mail.pk).update(**change)
