"""Run the contradiction finder over the records."""

from typing import Any

from django.core.management.base import BaseCommand

from tsunagu.findings.services import find_in_records


class Command(BaseCommand):
    help = "記録・公表値の食い違いを探し、指摘を最新にします。"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"未解決の指摘は{find_in_records()}件です。")
