"""Delivery to a real mail server that accepts, refuses, hangs, drops and answers late."""

import logging
import socket
import ssl
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone
from tests.outbox.conftest import Post
from tests.outbox.test_writing import ADDRESS, put

from tsunagu.outbox import transport
from tsunagu.outbox.apps import check_mail_settings
from tsunagu.outbox.models import Mail
from tsunagu.outbox.rules import MailState
from tsunagu.outbox.server import IMPLICIT_TLS, PLAIN, START_TLS, MailServer
from tsunagu.outbox.services import deliver, delivering, wake_waiting_mails

pytestmark = pytest.mark.django_db


def attempt(mail: Mail) -> Mail:
    """One attempt now, whatever time it was due."""
    Mail.objects.filter(pk=mail.pk, next_try_at__isnull=False).update(next_try_at=Now())
    deliver(mail_id=mail.pk)
    mail.refresh_from_db()
    return mail


def test_an_accepted_mail_is_sent_once(post: Post) -> None:
    mail = attempt(put("a", draft=False, body="こんにちは\n.点で始まる行\n..\n", to_name='"佐賀", 太郎\\'))
    assert mail.state == MailState.SENT
    assert mail.sent_at
    assert deliver(mail_id=mail.pk) is None
    (message,) = post.received
    assert message["Message-ID"] == mail.message_id
    assert message["Subject"] == "お知らせ"
    assert [(one.display_name, one.addr_spec) for one in message["To"].addresses] == [
        ('"佐賀", 太郎\\', ADDRESS)
    ]
    assert message.get_content_type() == "text/plain"
    assert message.get_content().replace("\r\n", "\n").rstrip("\n") == "こんにちは\n.点で始まる行\n.."
    assert post.recipients == [ADDRESS]


def test_plain_text_comes_before_html(post: Post) -> None:
    attempt(put("a", draft=False, html="<p>本文</p>"))
    (message,) = post.received
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_a_draft_or_a_mail_for_later_is_not_sent(post: Post) -> None:
    draft, later = put("a"), put("b", draft=False, due_at=timezone.now() + timedelta(hours=1))
    assert deliver(mail_id=draft.pk) is None
    assert deliver(mail_id=later.pk) is None
    assert post.handed == 0


HEADERS = [
    "太郎\r\nBcc: everyone@example.invalid", "太郎\nSubject: 別の件名", 'a" <everyone@example.invalid>, "b', "a\r\n\r\n本文のふり",
    "a\u2028Bcc: everyone@example.invalid", "a\x0bBcc: everyone@example.invalid", "Bcc: everyone@example.invalid", "a, b@c.d",
    "=?utf-8?q?=0D=0ABcc:_everyone@example.invalid?=", "=?utf-8?b?DQpCY2M6IGV2ZXJ5b25lQGV4YW1wbGUuaW52YWxpZA==?=", "\\", '"', "(a", "a;b:",
]  # fmt: skip


@pytest.mark.parametrize("name", HEADERS)
def test_no_name_or_subject_forges_a_header(name: str, post: Post) -> None:
    """One recipient in the envelope, one in the header, no header that was not ours."""
    from tsunagu.outbox.rules import folded

    mail = attempt(put("a", draft=False, to_name=name, subject=folded(name)))
    assert mail.state == MailState.SENT, mail.last_error
    (message,) = post.received
    assert post.recipients == [ADDRESS]
    assert [one.addr_spec for one in message["To"].addresses] == [ADDRESS]
    assert set(message.keys()) <= {
        "Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To", "Date", "Message-ID",
        "Auto-Submitted", "X-Peer", "X-MailFrom", "X-RcptTo",
    }  # fmt: skip
    assert message.get_content().strip() == "本文"


def test_4xx_is_tried_again_and_then_sent(post: Post) -> None:
    post.behaviours += ["rcpt 451 いまは", "452 full"]
    mail = put("a", draft=False)
    for attempts in (1, 2):
        attempt(mail)
        assert (mail.state, mail.attempts) == (MailState.RETRYING, attempts)
        assert "いまは受け取れない" in mail.last_error
        assert mail.next_try_at
        assert mail.next_try_at > timezone.now() + timedelta(seconds=50)
        assert not mail.maybe_duplicate
    attempt(mail)
    assert (mail.state, mail.attempts, mail.last_error) == (MailState.SENT, 3, "")
    assert len(post.received) == 1


@pytest.mark.parametrize("answer", ["rcpt 550 no such user", "554 spam"])
def test_5xx_is_the_end_and_says_why(answer: str, post: Post) -> None:
    post.behaviours.append(answer)
    mail = attempt(put("a", draft=False))
    assert mail.state == MailState.DEAD
    assert answer.removeprefix("rcpt ") in mail.last_error
    assert "あて先を確かめてください" in mail.last_error


def test_three_days_of_trying_end_in_the_dead_letters(post: Post) -> None:
    mail = put("a", draft=False)
    Mail.objects.filter(pk=mail.pk).update(first_tried_at=timezone.now() - timedelta(days=3))
    post.behaviours.append("rcpt 451 later")
    attempt(mail)
    assert mail.state == MailState.DEAD
    assert mail.last_error


def test_a_server_that_is_away_is_tried_again(settings: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        # Bound but not listening: whoever comes is refused.
        settings.MAIL_SERVER = MailServer("127.0.0.1", taken.getsockname()[1], PLAIN)
        mail = attempt(put("a", draft=False))
    assert (mail.state, mail.maybe_duplicate) == (MailState.RETRYING, False)
    assert "つながりません" in mail.last_error


def test_a_server_that_says_nothing_is_tried_again(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "CONNECT_LIMIT", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.MAIL_SERVER = MailServer("127.0.0.1", silent.getsockname()[1], PLAIN)
        mail = attempt(put("a", draft=False))
    assert (mail.state, mail.maybe_duplicate) == (MailState.RETRYING, False)
    assert "時間内に答えませんでした" in mail.last_error


def test_a_server_that_hangs_over_the_text_may_have_it(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "ACCEPT_LIMIT", 0.3)
    post.behaviours.append("hang")
    mail = attempt(put("a", draft=False))
    assert (mail.state, mail.maybe_duplicate) == (MailState.RETRYING, True)
    assert "届いている可能性" in mail.last_error


@pytest.mark.parametrize("behaviour", ["drop", "accept and drop"])
def test_a_connection_lost_in_the_text_is_retried_under_the_same_message_id_and_marked(
    behaviour: str, post: Post
) -> None:
    post.behaviours.append(behaviour)
    mail = attempt(put("a", draft=False))
    assert (mail.state, mail.maybe_duplicate) == (MailState.RETRYING, True)
    attempt(mail)
    assert (mail.state, mail.maybe_duplicate) == (MailState.SENT, True)
    assert {message["Message-ID"] for message in post.received} == {mail.message_id}
    assert len(post.received) == (1 if behaviour == "drop" else 2)


def test_a_slow_server_is_waited_for(post: Post) -> None:
    post.seconds_per_mail = 1.0
    mail = attempt(put("a", draft=False))
    assert (mail.state, mail.attempts) == (MailState.SENT, 1)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize(("security", "implicit"), [(IMPLICIT_TLS, True), (START_TLS, False)])
def test_tls_with_a_certificate_that_is_trusted_and_a_password(
    security: str,
    implicit: bool,
    tls_post: Callable[..., tuple[Post, int]],
    certificate: tuple[Path, Path],
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    post, port = tls_post(implicit=implicit)
    settings.MAIL_SERVER = MailServer("localhost", port, security, "tsunagu", "p@ss/word")
    mail = attempt(put("a", draft=False))
    assert mail.state == MailState.RETRYING
    assert "証明書を確かめられません" in mail.last_error
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    attempt(mail)
    assert mail.state == MailState.SENT, mail.last_error
    assert len(post.received) == 1
    settings.MAIL_SERVER = MailServer("localhost", port, security, "tsunagu", "wrong-secret")
    other = attempt(put("b", draft=False))
    assert other.state == MailState.RETRYING
    assert "パスワード" in other.last_error
    assert "wrong-secret" not in other.last_error


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_certificate_of_another_name_is_refused(
    tls_post: Callable[..., tuple[Post, int]], certificate: tuple[Path, Path], settings: Any, monkeypatch: Any
) -> None:
    post, port = tls_post(implicit=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    settings.MAIL_SERVER = MailServer("127.0.0.1", port, IMPLICIT_TLS)
    assert "証明書" in attempt(put("a", draft=False)).last_error
    assert post.handed == 0


def test_starttls_is_not_given_up_when_the_server_has_none(post: Post, settings: Any) -> None:
    settings.MAIL_SERVER = MailServer("127.0.0.1", settings.MAIL_SERVER.port, START_TLS)
    mail = attempt(put("a", draft=False))
    assert mail.state == MailState.RETRYING
    assert "STARTTLS" in mail.last_error
    assert post.handed == 0


def test_a_claim_taken_over_cannot_be_finished_by_the_first(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = put("a", draft=False)
    real = transport.hand_over

    def meanwhile_taken_over(one: Mail) -> None:
        Mail.objects.filter(pk=one.pk).update(claim="00000000-0000-0000-0000-000000000009")
        real(one)

    monkeypatch.setattr(transport, "hand_over", meanwhile_taken_over)
    attempt(mail)
    assert mail.state == MailState.SENDING


def test_the_job_of_a_dead_worker_takes_its_attempt_up_and_marks_the_mail(post: Post) -> None:
    mail = put("a", draft=False)
    dying(mail, job=77)
    assert deliver(mail_id=mail.pk, job_id=78) is None
    assert deliver(mail_id=mail.pk, job_id=77) == MailState.SENT
    mail.refresh_from_db()
    assert (mail.interruptions, mail.maybe_duplicate, mail.attempts) == (1, True, 2)


def dying(mail: Mail, *, job: int | None, ago: timedelta = timedelta(0)) -> None:
    """The mail as a worker leaves it that is killed while sending."""
    Mail.objects.filter(pk=mail.pk).update(
        state=MailState.SENDING, next_try_at=None, claim="00000000-0000-0000-0000-000000000001",
        claimed_at=Now() - ago, job=job, attempts=1, first_tried_at=Now(),
    )  # fmt: skip


def test_a_mail_that_ends_every_worker_is_given_up(post: Post) -> None:
    mail = put("a", draft=False)
    dying(mail, job=77)
    Mail.objects.filter(pk=mail.pk).update(interruptions=4)
    assert deliver(mail_id=mail.pk, job_id=77) == MailState.DEAD
    mail.refresh_from_db()
    assert "5回止まった" in mail.last_error
    assert post.handed == 0


def test_an_unexpected_error_costs_one_try_and_names_nobody(
    post: Post, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(mail: Mail) -> None:
        raise RuntimeError(mail.to_email)

    monkeypatch.setattr(transport, "hand_over", broken)
    mail = attempt(put("a", draft=False))
    assert mail.state == MailState.RETRYING
    assert ADDRESS not in caplog.text
    assert str(mail.pk) in caplog.text


def test_sweeping_wakes_what_has_no_job(post: Post) -> None:
    left, fresh, dropped = (put(key, draft=False) for key in "abc")
    stuck, sending = put("d", draft=False), put("e", draft=False)
    long_ago = timezone.now() - timedelta(minutes=5)
    Mail.objects.filter(pk__in=[left.pk, dropped.pk]).update(next_try_at=long_ago)
    Mail.objects.filter(pk=dropped.pk).update(job=None)
    dying(stuck, job=999_999, ago=timedelta(minutes=1))
    dying(sending, job=sending.job, ago=timedelta(minutes=1))
    assert wake_waiting_mails() == 2
    for one in (left, fresh, dropped, stuck, sending):
        one.refresh_from_db()
    assert dropped.job is not None
    assert (stuck.state, stuck.maybe_duplicate) == (MailState.RETRYING, True)
    assert sending.state == MailState.SENDING
    assert wake_waiting_mails() == 0
    attempt(stuck)
    assert stuck.state == MailState.SENT


def test_a_lease_without_a_job_ends_after_any_attempt_can_last() -> None:
    longest = transport.CONNECT_LIMIT + 8 * transport.ANSWER_LIMIT + transport.ACCEPT_LIMIT
    assert delivering.LEASE.total_seconds() > longest
    mail = put("a", draft=False)
    dying(mail, job=None, ago=timedelta(minutes=19))
    assert wake_waiting_mails() == 0
    dying_again = Mail.objects.filter(pk=mail.pk)
    dying_again.update(claimed_at=Now() - timedelta(minutes=21))
    assert wake_waiting_mails() == 1


def test_a_secret_text_is_gone_once_the_mail_is_finished(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sent = put("a", draft=False, is_secret=True, body="https://lab.example.jp/sign-in/TOKEN-1/")
    dead = put("b", draft=False, is_secret=True, body="https://lab.example.jp/sign-in/TOKEN-1/")
    attempt(sent)
    post.behaviours.append("rcpt 550 unknown")
    attempt(dead)
    assert "TOKEN-1" in post.received[0].get_content()
    assert (sent.state, sent.body, dead.state, dead.body) == (MailState.SENT, "", MailState.DEAD, "")
    ours = [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith(("tsunagu", "procrastinate"))
    ]
    assert not any("TOKEN-1" in one or ADDRESS in one for one in ours)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE args::text LIKE %s", ["%TOKEN-1%"])
        assert cursor.fetchone() == (0,)


def test_on_ones_own_machine_mails_are_labelled_files(settings: Any, tmp_path: Path) -> None:
    settings.MAIL_SERVER, settings.MAIL_FOLDER = None, tmp_path / "mail"
    mail = attempt(put("a", draft=False))
    assert mail.state == MailState.SENT
    (file,) = (tmp_path / "mail").iterdir()
    assert file.read_bytes().startswith(b"X-Tsunagu-Note: kept as a file on this machine, not sent\r\n")
    assert file.stat().st_mode & 0o77 == 0


def test_elsewhere_a_missing_server_is_an_error_and_mails_wait(settings: Any) -> None:
    settings.MAIL_SERVER, settings.LOCAL_MODE, settings.MAIL_FROM = None, False, ""
    assert [one.id for one in check_mail_settings(None)] == ["outbox.E001", "outbox.E002"]
    mail = attempt(put("a", draft=False))
    assert mail.state == MailState.RETRYING
    settings.MAIL_SERVER, settings.MAIL_FROM = (
        MailServer("mail.example.jp", 465, IMPLICIT_TLS),
        "つなぐ <a@example.jp>",
    )
    assert check_mail_settings(None) == []


def test_the_tls_context_checks_names_and_certificates() -> None:
    context = ssl.create_default_context()
    assert context.check_hostname
    assert context.verify_mode == ssl.CERT_REQUIRED
