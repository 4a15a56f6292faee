"""Fill an empty database with the made-up programme; nothing happens where it is there already."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tsunagu.activities.services.rolling import catch_up
from tsunagu.demo.awards import make_awards
from tsunagu.demo.cases import make_cases
from tsunagu.demo.co_lead import make_co_lead
from tsunagu.demo.experts import make_experts
from tsunagu.demo.labs import make_labs
from tsunagu.demo.surveys import make_surveys
from tsunagu.demo.years import YEARS, log_activities, make_reports
from tsunagu.registry.loading import is_demo
from tsunagu.registry.models import Lab


class Command(BaseCommand):
    help = "架空の43ラボ×3年の記録を、空のデータベースに作ります（make demo だけで使います）。"

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("見本の記録は make demo だけで作れます。本物の記録とは混ぜません。")
        if is_demo():
            return
        if Lab.objects.exists():
            raise CommandError(
                "このデータベースにはラボが登録されています。見本は空のデータベースにだけ作れます。"
            )
        self.say("架空の43ラボを作っています…")
        labs = make_labs()
        self.say("3年の活動を作っています…")
        self.say(f"  活動 {log_activities(labs):,}件")
        catch_up()
        self.say("年度の報告を作っています（1分ほど）…")
        count = make_reports(labs, tell=lambda year: self.say(f"  {year}年度"))
        self.say(f"  報告 {count}件（{YEARS[0]}〜{YEARS[-1]}年度）")
        make_awards()
        make_cases()
        self.say(f"  アンケートの回答 {make_surveys(labs)}件")
        self.say(f"  ふるさとCo-LEADのチーム {make_co_lead()}つ")
        self.say(f"  専門家 {make_experts()}人と、その依頼")
        self.say("見本ができました。ラボ・企業・数はすべて架空です。")

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
