"""`tsunagu restore FILE`: a backup into an empty database."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from tsunagu.operations.archive import BackupRefused
from tsunagu.operations.keys import private_key
from tsunagu.operations.restoring import is_empty, restore


class Command(BaseCommand):
    help = "バックアップを、空のデータベースとファイル置き場に戻す"
    requires_migrations_checks = False
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--key", type=Path, help="秘密鍵のファイル（なければ TSUNAGU_BACKUP_KEY_FILE）")
        parser.add_argument(
            "--replace-everything",
            metavar="データベース名",
            help="いまの中身をすべて消してから戻す。確認のため、データベースの名前を書く",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            identity, replace = private_key(options["key"]), False
            if not is_empty() and (named := options["replace_everything"]):
                if named != connection.settings_dict["NAME"]:
                    raise BackupRefused(
                        f"データベースの名前が違います（いまは {connection.settings_dict['NAME']}）。"
                    )
                replace = True
            done = restore(
                path=options["file"], identity=identity, replace_everything=replace, say=self.stdout.write
            )
        except (BackupRefused, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{done.made_at} のバックアップを戻し、確かめました: {done.tables}の表 {done.rows}行、ファイル {done.files}件、"
            f"履歴 {done.history}件（{time.monotonic() - started:.1f}秒）"
        )
