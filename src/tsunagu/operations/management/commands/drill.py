"""`tsunagu drill`: is the backup worth anything?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tsunagu.operations.archive import BackupRefused
from tsunagu.operations.drill import run_drill
from tsunagu.operations.models import CheckKind
from tsunagu.operations.services import record_run


class Command(BaseCommand):
    help = "バックアップを取り、別の空のデータベースに戻し、件数・履歴・サインインを確かめる訓練"

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run = run_drill(say=self.stdout.write)
        except (BackupRefused, OSError) as error:
            record_run(kind=CheckKind.DRILL, ok=False, seconds=0, error=str(error)[:500])
            raise CommandError(str(error)) from error
        self.stdout.write(f"訓練に合格しました（{run.seconds:.1f}秒）。")
