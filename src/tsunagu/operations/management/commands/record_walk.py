"""`tsunagu record_walk FILE`: let /trust/ show the last walk through every page as every role."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tsunagu.operations.services import record_walk


class Command(BaseCommand):
    help = "make test が残した歩く検査の結果（walk.json）を記録する"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run = record_walk(options["file"])
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"結果を読めません: {error}") from error
        self.stdout.write(f"記録しました: {run.numbers}")
