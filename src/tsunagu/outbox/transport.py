"""Handing one mail to the mail server, and what its answer means. In local mode without a server: a file."""

import smtplib
import socket
import ssl
from email.utils import parseaddr
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import BadHeaderError, sanitize_address
from django.core.mail.utils import DNS_NAME
from django.utils.translation import gettext as _

from tsunagu.outbox.models import Mail
from tsunagu.outbox.rules import folded
from tsunagu.outbox.server import IMPLICIT_TLS, START_TLS, MailServer

CONNECT_LIMIT = 10.0
ANSWER_LIMIT = 30.0
# RFC 5321 §4.5.3.2.6: a server may take ten minutes over a text it was given; who gives up earlier sends it twice.
ACCEPT_LIMIT = 600.0
ACCEPTED, FORWARDED = 250, 251


class Undelivered(Exception):
    """A mail was not handed over.

    `permanent`: trying again is no use. `uncertain`: the server had the whole text and may have kept it.
    """

    def __init__(self, words: str, *, permanent: bool = False, uncertain: bool = False) -> None:
        if uncertain:
            words += _("相手には届いている可能性があります。")
        super().__init__(words)
        self.words, self.permanent, self.uncertain = words, permanent, uncertain


def hand_over(mail: Mail) -> None:
    """Give a mail to the server; returns once the server took responsibility. Raises `Undelivered`."""
    try:
        message = compose(mail)
        recipient = sanitize_address(mail.to_email, "utf-8")
    except (BadHeaderError, ValueError) as error:
        reason = _("メールの形にできませんでした（%(why)s）。内容を直して、もう一度送ってください。")
        raise Undelivered(reason % {"why": type(error).__name__}, permanent=True) from None
    server: MailServer | None = settings.MAIL_SERVER
    if server is not None:
        sender = sanitize_address(parseaddr(settings.MAIL_FROM)[1], "utf-8")
        _send(server, sender, recipient, message)
    elif settings.LOCAL_MODE:
        _keep_as_file(mail, message)
    else:
        raise Undelivered(_("メールサーバーが設定されていません（TSUNAGU_SMTP_URL）。"))


def compose(mail: Mail) -> bytes:
    """The mail as it travels: plain text first, the same Message-ID at every try. ValueError for what cannot travel."""
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    message = EmailMultiAlternatives(
        subject=_not_encoded(mail.subject),
        body=mail.body,
        from_email=settings.MAIL_FROM,
        to=[_address(mail)],
        reply_to=[settings.MAIL_REPLY_TO] if settings.MAIL_REPLY_TO else None,
        headers=headers,
    )
    message.encoding = "utf-8"
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]


def _address(mail: Mail) -> str:
    name = _not_encoded(folded(mail.to_name)).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{name}" <{mail.to_email}>' if name else mail.to_email


def _not_encoded(text: str) -> str:
    """Text that looks like an encoded word (RFC 2047) would be decoded by the receiver into whatever it hides."""
    return text.replace("=?", "= ?")


def _keep_as_file(mail: Mail, message: bytes) -> None:
    """One file per mail, however often it is tried; nobody but the owner may read it."""
    folder: Path = settings.MAIL_FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{mail.message_id.strip('<>').partition('@')[0]}.eml"
    unfinished = path.with_suffix(".part")
    unfinished.touch(mode=0o600)
    unfinished.write_bytes(b"X-Tsunagu-Note: kept as a file on this machine, not sent\r\n" + message)
    unfinished.rename(path)


class _HandsOver(smtplib.SMTP):
    """Knows whether the whole text left this machine."""

    gave_all = False

    def data(self, msg: object) -> tuple[int, bytes]:
        (code, reply) = self.docmd("data")
        if code != 354:
            raise smtplib.SMTPDataError(code, reply)
        text = msg.encode() if isinstance(msg, str) else bytes(msg)  # type: ignore[call-overload]
        doubled = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in text.split(b"\r\n"))
        self.send(doubled.removesuffix(b"\r\n") + b"\r\n.\r\n")
        self.gave_all = True
        assert self.sock is not None
        self.sock.settimeout(ACCEPT_LIMIT)
        return self.getreply()


class _HandsOverByTls(_HandsOver, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


def _send(server: MailServer, sender: str, recipient: str, message: bytes) -> None:
    connection: _HandsOver | None = None
    try:
        connection = _connect(server)
        _expect(connection.mail(sender, []), smtplib.SMTPSenderRefused)
        code, reply = connection.rcpt(recipient)
        if code not in {ACCEPTED, FORWARDED}:
            raise _refused(code, reply)
        code, reply = connection.data(message)
        if code != ACCEPTED:
            raise _refused(code, reply)
    except smtplib.SMTPDataError as error:
        raise _refused(error.smtp_code, error.smtp_error) from None
    except (OSError, smtplib.SMTPException) as error:
        uncertain = connection is not None and connection.gave_all
        raise Undelivered(_words(server, error), uncertain=uncertain) from None
    finally:
        if connection is not None:
            _leave(connection)


def _connect(server: MailServer) -> _HandsOver:
    context = ssl.create_default_context()
    name = DNS_NAME.get_fqdn()
    connection: _HandsOver
    if server.security == IMPLICIT_TLS:
        connection = _HandsOverByTls(
            server.host, server.port, local_hostname=name, timeout=CONNECT_LIMIT, context=context
        )
    else:
        connection = _HandsOver(server.host, server.port, local_hostname=name, timeout=CONNECT_LIMIT)
    try:
        assert connection.sock is not None
        connection.sock.settimeout(ANSWER_LIMIT)
        connection.ehlo_or_helo_if_needed()
        if server.security == START_TLS:
            connection.starttls(context=context)
            connection.ehlo_or_helo_if_needed()
        if server.user:
            _sign_in(connection, server)
    except BaseException:
        connection.close()
        raise
    return connection


def _sign_in(connection: smtplib.SMTP, server: MailServer) -> None:
    try:
        connection.login(server.user, server.password)
    except smtplib.SMTPServerDisconnected as error:
        # Some servers hang up on whoever they do not know.
        raise smtplib.SMTPAuthenticationError(421, str(error)) from error


def _expect(answer: tuple[int, bytes], refusal: type[smtplib.SMTPSenderRefused]) -> None:
    if answer[0] != ACCEPTED:
        raise refusal(answer[0], answer[1], "")


def _leave(connection: smtplib.SMTP) -> None:
    """A polite end when there is time for it; the mail's fate is decided already."""
    try:
        if connection.sock is not None:
            connection.sock.settimeout(2)
            connection.quit()
    except (OSError, smtplib.SMTPException):
        pass
    finally:
        connection.close()


def _refused(code: int, reply: bytes | str) -> Undelivered:
    """The server's refusal of this mail: 5xx is final, everything else may pass (RFC 5321 §4.2.1)."""
    said = {"said": _said(code, reply)}
    if 500 <= code < 600:
        words = _("相手のメールサーバーが受け取りを断りました（%(said)s）。あて先を確かめてください。")
        return Undelivered(words % said, permanent=True)
    return Undelivered(_("メールサーバーが「いまは受け取れない」と答えました（%(said)s）。") % said)


def _said(code: int, reply: bytes | str) -> str:
    text = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
    return f"{code} {folded(text)[:200]}"


def _words(server: MailServer, error: Exception) -> str:
    """What went wrong before this mail itself was judged: always worth another try."""
    place = {"place": f"{server.host}:{server.port}"}
    if isinstance(error, ssl.SSLCertVerificationError):
        return _("メールサーバー（%(place)s）の証明書を確かめられません。") % place
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _("メールサーバーが利用者名かパスワードを受け付けません。")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return _("メールサーバー（%(place)s）が、暗号化（STARTTLS）かサインインに対応していません。") % place
    if isinstance(error, smtplib.SMTPSenderRefused):
        said = _said(error.smtp_code, error.smtp_error)
        return _("メールサーバーが差出人を受け付けません（%(said)s）。") % {"said": said}
    if isinstance(error, smtplib.SMTPResponseException):
        said = _said(error.smtp_code, error.smtp_error)
        return _("メールサーバーがいまは使えません（%(said)s）。") % {"said": said}
    # smtplib tells of a silent server as of one that hung up.
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return _("メールサーバー（%(place)s）が時間内に答えませんでした。") % place
    if isinstance(error, (ConnectionRefusedError, socket.gaierror)):
        return _("メールサーバー（%(place)s）につながりません。") % place
    return _("メールサーバー（%(place)s）との接続が途中で切れました。") % place
