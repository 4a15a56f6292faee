"""`tsunagu backup`: everything into one encrypted file."""

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tsunagu.operations.archive import BackupRefused
from tsunagu.operations.backup import make_backup
from tsunagu.operations.keys import recipient
from tsunagu.operations.models import CheckKind
from tsunagu.operations.services import record_run


class Command(BaseCommand):
    help = "データベース・ファイル・鍵を、暗号化した1つのファイルに書き出す"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--to", type=Path, default=Path(settings.VAR_DIR) / "backups", help="書き出すフォルダー"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            path = make_backup(folder=options["to"], recipient=recipient(), say=self.stdout.write)
        except (BackupRefused, OSError) as error:
            raise CommandError(str(error)) from error
        record_run(
            kind=CheckKind.BACKUP, ok=True, seconds=time.monotonic() - started, size=path.stat().st_size
        )
