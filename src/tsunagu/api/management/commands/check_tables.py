"""`tsunagu manage check_tables`: look at every public table now and hold it against the 15 points."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tsunagu.api.models import TableState
from tsunagu.api.stating import look_at_all
from tsunagu.api.tables.base import Table
from tsunagu.engines.opendata import RULES


class Command(BaseCommand):
    help = "公開している表をすべて作り、機械判読の15項目を確かめ、目録の更新日とハッシュ値を新しくします。"

    def handle(self, *args: Any, **options: Any) -> None:
        faulty = [state for state in look_at_all(self._say) if state.faults]
        if faulty:
            raise CommandError(f"満たさない項目のある表: {'、'.join(one.key for one in faulty)}")

    def _say(self, table: Table, state: TableState) -> None:
        met = len(RULES) - len(state.faults)
        self.stdout.write(f"{table.key}  {state.rows}行  {state.size}バイト  {met}/{len(RULES)}")
        for fault in state.faults:
            self.stdout.write(f"  {fault['number']} {fault['title']}: {'／'.join(fault['where'])}")
