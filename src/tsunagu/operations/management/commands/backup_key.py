"""`tsunagu backup_key`: a key pair for backups."""

from typing import Any

from django.core.management.base import BaseCommand

from tsunagu.operations.keys import make_key


class Command(BaseCommand):
    help = "バックアップ用の鍵の組を作って表示する（どこにも保存しません）"

    def handle(self, *args: Any, **options: Any) -> None:
        public, private = make_key()
        self.stdout.write(f"公開鍵（TSUNAGU_BACKUP_RECIPIENT に設定）:\n{public}\n")
        self.stdout.write(f"秘密鍵（このサーバーには置かず、金庫など別の場所に2部保管）:\n{private}")
