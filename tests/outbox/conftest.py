"""A real mail server on loopback that behaves as badly as asked, and mails that are truly committed."""

import asyncio
import os
import ssl
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from django.db import connection
from psycopg.conninfo import make_conninfo

from tsunagu.outbox.server import PLAIN, MailServer

WAIT_LIMIT = 150.0


@dataclass
class Post:
    """The server's handler: what it received, and what it does with the next mails."""

    received: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    # One behaviour per mail that comes; afterwards everything is accepted.
    behaviours: list[str] = field(default_factory=list)
    seconds_per_mail: float = 0.0
    # What reached the end of DATA, accepted or not.
    handed: int = 0

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.behaviours and self.behaviours[0].startswith("rcpt "):
            return self.behaviours.pop(0).removeprefix("rcpt ")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        self.handed += 1
        if self.seconds_per_mail:
            await asyncio.sleep(self.seconds_per_mail)
        behaviour = self.behaviours.pop(0) if self.behaviours else "250 OK"
        if behaviour == "drop":
            server.transport.abort()
            return "421 dropped"
        if behaviour == "hang":
            await asyncio.sleep(60)
        if behaviour == "accept and drop":
            self._take(envelope)
            server.transport.abort()
        if behaviour == "250 OK":
            self._take(envelope)
        return behaviour

    def _take(self, envelope: Any) -> None:
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.received.append(message)
        self.recipients += envelope.rcpt_tos


class OpenController(Controller):
    """A controller on a port the system chose."""

    def __init__(self, post: Post, **options: Any) -> None:
        super().__init__(post, hostname="127.0.0.1", port=0, **options)

    def _trigger_server(self) -> None:
        # The real port is known only now; the first connection goes there.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    """A mail server without TLS, which the settings name."""
    handler = Post()
    controller = OpenController(handler)
    controller.start()
    settings.MAIL_SERVER = MailServer("127.0.0.1", controller.port, PLAIN)
    yield handler
    controller.stop()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost that signs itself, and its key."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    plain = serialization.NoEncryption()
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "cert.pem").write_bytes(made.public_bytes(encoding))
    (folder / "key.pem").write_bytes(key.private_bytes(encoding, form, plain))
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
def tls_post(certificate: tuple[Path, Path]) -> Iterator[Callable[..., tuple[Post, int]]]:
    """Starts a server that speaks TLS from the first byte, or asks for it; it wants to know who comes."""
    running = []

    def knows(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        known = (data.login, data.password) == (b"tsunagu", b"p@ss/word")
        return AuthResult(success=known, handled=False)

    def start(*, implicit: bool) -> tuple[Post, int]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        handler = Post()
        tls = {"ssl_context": context} if implicit else {"tls_context": context, "require_starttls": True}
        if implicit:
            # aiosmtpd means STARTTLS by it.
            tls["auth_require_tls"] = False
        controller = OpenController(
            handler, authenticator=knows, auth_required=True, auth_exclude_mechanism=["LOGIN"], **tls
        )
        controller.start()
        running.append(controller)
        return handler, controller.port

    yield start
    for controller in running:
        controller.stop()


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Work on the test database without the usual transaction; what is written under this key prefix is removed."""
    from tsunagu.outbox.models import Mail

    prefix = f"t-{uuid.uuid4()}-"
    with django_db_blocker.unblock():
        yield prefix
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
            cursor.execute("DELETE FROM procrastinate_workers")
        Mail.objects.filter(key__startswith=prefix).delete()
        connection.close()


@pytest.fixture
def worker(committed: str, post: Post, tmp_path: Path, settings: Any) -> Iterator[Callable[[], Any]]:
    """Starts worker processes on the test database, as `tsunagu worker` does."""
    parts = connection.settings_dict
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    address = make_conninfo("", **{key: str(parts[name]) for key, name in names.items() if parts[name]})
    server = settings.MAIL_SERVER
    environment = os.environ | {
        "DATABASE_URL": address,
        "TSUNAGU_MODE": "local",
        "TSUNAGU_SMTP_URL": f"smtp+plain://{server.host}:{server.port}",
    }
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        output = (tmp_path / f"worker-{len(started)}.log").open("wb")
        command = [sys.executable, "-m", "tsunagu.config.command", "worker", "--patience", "5"]
        started.append(subprocess.Popen(command, env=environment, stdout=output, stderr=output))
        return started[-1]

    yield start
    for process in started:
        process.terminate()
    for process in started:
        process.wait(30)


def wait_until(done: Callable[[], bool]) -> None:
    """Return once `done()`; fails after a long while."""
    deadline = time.monotonic() + WAIT_LIMIT
    while not done():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)
