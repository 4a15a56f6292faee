"""`tsunagu worker`: does the jobs in the queue."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tsunagu.outbox.worker import run_worker


class Command(BaseCommand):
    """Runs one worker until asked to stop."""

    help = "メールを送り、後回しにした仕事をします。Ctrl-C か SIGTERM で、いまの仕事を終えてから止まります。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mails-at-once", type=int, default=6, help="同時に送るメールの数（既定は6）")
        parser.add_argument(
            "--patience", type=float, default=20.0, help="止まるときに、いまの仕事を待つ秒数（既定は20）"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        sys.exit(run_worker(mails_at_once=options["mails_at_once"], patience=options["patience"]))
