"""The mail server is away under load: `python -m bench.mail_down [MINUTES [FACTOR]]`.

Writers write mails all the time: before the mail server goes away, while it is away for MINUTES (10 when not told)
and after it is back. Two workers of the product deliver. What the mail server received is then held against what was
written: every mail exactly once. Some writers write a mail twice under one key, some roll their mail back: neither
may show. FACTOR divides the pauses between tries (1 when not told: the real ones, so that 10 minutes take about 30).
"""

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from typing import Any

from bench.numbers import Number, exactly
from bench.place import set_up

WRITERS = 4
MAILS_A_SECOND = 20
# How long the server is there before and after it is away, with the writers at work.
AROUND = 5.0
ROLLED_BACK_EVERY, TWICE_EVERY = 10, 7
# The longest pause that may still be running when the server comes back is about as long as it was away.
PATIENCE_AFTER = 900.0


class Received:
    """The mail server's memory."""

    def __init__(self) -> None:
        self.times: Counter[str] = Counter()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.times[message_from_bytes(envelope.content)["Message-ID"]] += 1
        return "250 OK"


class MailServerThatGoes:
    """A real SMTP server on one port that can be taken away and brought back."""

    def __init__(self) -> None:
        import socket

        self.received = Received()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.come()

    def come(self) -> None:
        """Start listening (again)."""
        from aiosmtpd.controller import Controller

        self._controller = Controller(self.received, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def go(self) -> None:
        """Refuse every connection from now on."""
        self._controller.stop()


class Writer(threading.Thread):
    """Writes mails until told to stop; `kept` are the keys whose transaction was kept."""

    def __init__(self, number: int, stop: threading.Event) -> None:
        super().__init__()
        self.number, self.stopping = number, stop
        self.kept: list[str] = []

    def run(self) -> None:
        """Write at an even pace, as a busy office would."""
        from django.db import connection

        pause = WRITERS / MAILS_A_SECOND
        count = 0
        while not self.stopping.wait(pause):
            count += 1
            self._write(f"{self.number}-{count}", count)
        connection.close()

    def _write(self, key: str, count: int) -> None:
        from django.db import transaction

        from tsunagu.outbox.services import put_mail

        with contextlib.suppress(ZeroDivisionError), transaction.atomic():
            for _time in range(2 if count % TWICE_EVERY == 0 else 1):
                put_mail(
                    key=key, kind="bench", to_email=f"p{key}@example.invalid", subject=f"計測 {key}",
                    body="計測のためのメールです。\n", draft=False,
                )  # fmt: skip
            if count % ROLLED_BACK_EVERY == 0:
                raise ZeroDivisionError
        if count % ROLLED_BACK_EVERY:
            self.kept.append(key)


@contextlib.contextmanager
def _workers(port: int, factor: float) -> Iterator[None]:
    environment = os.environ | {"TSUNAGU_SMTP_URL": f"smtp+plain://127.0.0.1:{port}"}
    command = [sys.executable, "-m", "bench.mail_worker", str(factor)]
    running = [subprocess.Popen(command, env=environment) for _number in range(2)]
    try:
        yield
    finally:
        for one in running:
            one.terminate()
        for one in running:
            one.wait(60)


def measure(minutes: float = 10, factor: float = 1) -> tuple[int, int, int]:
    """How many mails were written, how many of them the server never received, how many came more than once."""
    set_up()
    from tsunagu.outbox.models import Mail
    from tsunagu.outbox.rules import MailState

    server = MailServerThatGoes()
    stop = threading.Event()
    writers = [Writer(number, stop) for number in range(WRITERS)]
    with _workers(server.port, factor):
        for one in writers:
            one.start()
        time.sleep(AROUND)
        server.go()
        time.sleep(minutes * 60)
        server.come()
        time.sleep(AROUND)
        stop.set()
        for one in writers:
            one.join()
        deadline = time.monotonic() + minutes * 60 + PATIENCE_AFTER
        unsent = Mail.objects.filter(kind="bench").exclude(state=MailState.SENT)
        while unsent.exists() and time.monotonic() < deadline:
            time.sleep(1)
    server.go()
    kept = {key for one in writers for key in one.kept}
    ids = dict(Mail.objects.filter(kind="bench").values_list("key", "message_id"))
    lost = sum(1 for key in kept if not server.received.times[ids.get(key, "")])
    # A mail whose transaction was rolled back, if the server has it, is one too many as well.
    strangers = sum(server.received.times[one] for one in set(server.received.times) - set(ids.values()))
    twice = sum(server.received.times[one] - 1 for one in ids.values() if server.received.times[one])
    return len(kept), lost, twice + strangers


def numbers(minutes: float = 10, factor: float = 1) -> Iterator[Number]:
    """The same as numbers with targets."""
    written, lost, duplicate = measure(minutes, factor)
    yield exactly(f"mail_down.{minutes:g}min.lost (of {written})", lost, 0)
    yield exactly(f"mail_down.{minutes:g}min.duplicate (of {written})", duplicate, 0)


def main() -> int:
    """Print the two numbers; 1 when one falls short."""
    given = [float(argument) for argument in sys.argv[1:3]]
    short = 0
    for number in numbers(*given):
        print(number.line(), flush=True)
        short += number.state == "short"
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
