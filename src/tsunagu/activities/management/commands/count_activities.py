"""Count the whole log anew: after a restore into another version, or when a region moved to another bureau."""

from typing import Any

from django.core.management.base import BaseCommand

from tsunagu.activities.services.rolling import rebuild


class Command(BaseCommand):
    help = "活動の集計を、すべての記録から数え直します（100万件で1分ほど）。"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("数え直しています…")
        self.stdout.write(f"{rebuild():,}か月分（ラボごと）を数え直しました。")
