"""Load the programme's public records: registry, published figures, and the contradictions among them."""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from tsunagu.activities.loading import load_kinds
from tsunagu.cases.loading import load_cases, load_codes
from tsunagu.experts.loading import load_themes
from tsunagu.figures.loading import load_published_figures
from tsunagu.findings.services import find_in_records
from tsunagu.questionnaires.loading import load_forms
from tsunagu.recommending.loading import load_editions
from tsunagu.registry.loading import is_demo, load_registry, read_csv
from tsunagu.registry.models import ImportBatch
from tsunagu.registry.models.imports import ImportKind, ImportState
from tsunagu.reviewing.loading import load_criteria_sets
from tsunagu.search.loading import load_synonyms
from tsunagu.surveys.loading import load_surveys
from tsunagu.talent.loading import load_editions as load_co_lead_editions
from tsunagu.talent.loading import load_skills
from tsunagu.transition.services import load_reasons


def digest(data: Path) -> str:
    """One hash over names and contents of the shipped tables."""
    total = hashlib.sha256()
    for path in [*sorted(data.glob("*.csv")), *sorted(data.glob("*/*.json"))]:
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


class Command(BaseCommand):
    help = "制度の公開記録（data/）を読み込みます。同じ内容をもう一度読み込んでも何も変わりません。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", type=Path, default=settings.DATA_DIR)
        parser.add_argument("--if-changed", action="store_true", help="前回と同じファイルなら何もしない")
        parser.add_argument("--without-labs", action="store_true", help="ラボを読み込まない（見本のため）")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        data: Path = options["data"]
        with_labs = not options["without_labs"]
        if with_labs and is_demo():
            raise CommandError("このデータベースには見本（架空）の記録があります。本物の記録とは混ぜません。")
        sha256 = digest(data)
        loaded = ImportBatch.objects.filter(kind=ImportKind.PROGRAMME).first()
        if options["if_changed"] and loaded and loaded.sha256 == sha256:
            return
        batch = ImportBatch.objects.create(
            kind=ImportKind.PROGRAMME,
            state=ImportState.APPLIED,
            file_name="data/",
            sha256=sha256,
            content=b"",
        )
        plan = load_registry(data, batch, with_labs=with_labs)
        load_kinds(data)
        load_forms(data)
        load_surveys(data)
        load_synonyms(data)
        load_codes(data)
        load_themes(data)
        load_skills(data)
        load_co_lead_editions(data)
        if with_labs:
            load_cases(data)
        load_criteria_sets(data)
        load_editions(list(read_csv(data / "dx_selection_editions.csv")))
        load_reasons(list(read_csv(data / "transition_reasons.csv")))
        figures = load_published_figures(data)
        batch.row_count, batch.new_count = plan.rows, plan.new
        batch.changed_count, batch.same_count = plan.changed, plan.same
        batch.applied_at = batch.uploaded_at
        batch.save()
        raised = find_in_records() if with_labs else 0
        self.stdout.write(
            f"選定 {plan.rows}件（新規 {plan.new}・変更 {plan.changed}・同じ {plan.same}）、"
            f"公表値 {figures}件、指摘 {raised}件を読み込みました。"
        )
