"""`tsunagu manage rebuild_search`: make the search index anew."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tsunagu.engines.textsearch.contract import BeingWritten
from tsunagu.search.services.indexing import rebuild
from tsunagu.search.subjects.all import SUBJECTS


class Command(BaseCommand):
    """Rebuilds beside the index in use, which answers until the new one takes over."""

    help = "検索の索引を作り直します。作っている間も、いまの索引で探せます。"

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()

        def progress(kind: str, done: int) -> None:
            self.stdout.write(
                f"{SUBJECTS[kind].label}: {done:,}件", ending="\n" if not self._at_once() else "\r"
            )
            self.stdout.flush()

        try:
            total = rebuild(progress)
        except BeingWritten as fault:
            raise CommandError(
                "ほかの作り直しが続いています。終わってから、もう一度実行してください。"
            ) from fault
        seconds = time.monotonic() - began
        self.stdout.write(self.style.SUCCESS(f"{total:,}件を索引に入れました（{seconds:.1f}秒）。"))

    def _at_once(self) -> bool:
        return bool(self.stdout.isatty())
