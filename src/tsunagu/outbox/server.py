"""Where mail is handed over: the address of the mail server, read from one environment variable. Knows no Django."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

IMPLICIT_TLS, START_TLS, PLAIN = "implicit", "starttls", "plain"
_SCHEMES = {"smtps": (IMPLICIT_TLS, 465), "smtp": (START_TLS, 587), "smtp+plain": (PLAIN, 25)}
_OWN_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class MailServer:
    """One mail server; its password never shows in a message or a log."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = field(default="", repr=False)


def mail_server(address: str) -> MailServer | None:
    """The server `smtps://user:password@host:port` names; None for none.

    `smtps` speaks TLS from the first byte, `smtp` asks for it (STARTTLS) and goes no further without. `smtp+plain`
    is for a relay on this machine only. Raises ValueError, in words that never repeat the address.
    """
    if not address:
        return None
    wrong = "TSUNAGU_SMTP_URL を読めません。smtps://利用者:パスワード@ホスト:ポート の形で書いてください。"
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise ValueError(wrong) from error
    if parts.scheme not in _SCHEMES or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError(wrong)
    security, usual_port = _SCHEMES[parts.scheme]
    if security == PLAIN and parts.hostname not in _OWN_MACHINE:
        raise ValueError(
            "TSUNAGU_SMTP_URL の smtp+plain（暗号なし）は、同じコンピューターのメールサーバーにだけ使えます。"
        )
    return MailServer(
        host=parts.hostname,
        port=port or usual_port,
        security=security,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )
