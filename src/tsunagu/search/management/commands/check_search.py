"""`tsunagu manage check_search`: compare the index with the records."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from tsunagu.engines.textsearch.contract import Outdated
from tsunagu.search.selectors import lag
from tsunagu.search.services.indexing import check, heal

SHOWN = 20


class Command(BaseCommand):
    """Exits with 1 when something is missing or too much."""

    help = "検索の索引が記録と合っているかを調べます。--heal で、違うものを入れ直します。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--heal", action="store_true", help="違うものに印を付け、入れ直させます")

    def handle(self, *args: Any, **options: Any) -> None:
        behind = lag(now=timezone.now())
        self.stdout.write(
            f"まだ入れていない変更: {behind.waiting:,}件（いちばん古いもの {behind.seconds:.1f}秒前）"
        )
        try:
            found = heal() if options["heal"] else check()
        except Outdated:
            self.stderr.write("索引がまだありません。tsunagu manage rebuild_search を実行してください。")
            sys.exit(1)
        self.stdout.write(
            f"記録 {found.records:,}件。足りないもの {len(found.missing)}件、余分なもの {len(found.surplus)}件"
        )
        for key in (*found.missing[:SHOWN], *found.surplus[:SHOWN]):
            self.stdout.write(f"  {key}")
        if not found.is_sound:
            sys.exit(1)
