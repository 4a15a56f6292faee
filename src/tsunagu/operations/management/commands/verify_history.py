"""`tsunagu verify_history`: has anybody changed the past?"""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from tsunagu.history.services import verify
from tsunagu.operations.models import CheckKind
from tsunagu.operations.services import record_run


class Command(BaseCommand):
    """Prints what was checked; ends with an error when anything was altered."""

    help = "変更の履歴が書き換えられていないか調べる"

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        report = verify()
        record_run(
            kind=CheckKind.VERIFY,
            ok=report.ok,
            seconds=time.monotonic() - started,
            seals=report.seals,
            changes=report.changes,
        )
        for line in report.broken[:50]:
            self.stderr.write(line)
        if not report.ok:
            raise CommandError(
                _(
                    "履歴に%(count)s件の食い違いがあります。データベースをそのまま保存し、管理者に知らせてください。"
                )
                % {"count": len(report.broken)}
            )
        self.stdout.write(
            _(
                "履歴は書かれたままです: %(seals)s件の行い、%(changes)s件の変更、控え%(anchors)s件と照合（%(seconds).1f秒）。末尾 %(seq)s %(hash)s"
            )
            % {
                "seals": report.seals,
                "changes": report.changes,
                "anchors": report.anchors,
                "seconds": time.monotonic() - started,
                "seq": report.head.seq,
                "hash": report.head.hash,
            }
        )
