"""Loading waves held before the product (`data/surveys/`): what survived of them, with where it stands."""

import json
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from tsunagu.engines.dates import PartialDate
from tsunagu.surveys.models import HistoricalResult, Survey, Wave, WaveState


def load_surveys(data: Path) -> None:
    """Every shipped wave; its numbers follow the file, the survey's own words stay as people keep them."""
    for path in sorted((data / "surveys").glob("*.json")):
        _load(json.loads(path.read_text(encoding="utf-8")))


@transaction.atomic
def _load(shipped: dict[str, Any]) -> None:
    about, held = shipped["survey"], shipped["wave"]
    survey, _made = Survey.objects.get_or_create(
        key=about["key"], defaults={name: about[name] for name in ("title", "title_en", "purpose")}
    )
    wave = Wave.objects.filter(survey=survey, label=held["label"]).first() or Wave(
        survey=survey, label=held["label"], state=WaveState.CLOSED, published_at=timezone.now()
    )
    wave.held_on, wave.asked_count = PartialDate.from_iso(held["held_on"]), held["asked"]
    wave.note, wave.note_en, wave.source = held["note"], held["note_en"], held["source"]
    wave.save()
    for position, one in enumerate(shipped["results"]):
        HistoricalResult.objects.update_or_create(
            wave=wave,
            element=one["element"],
            code=one["code"],
            defaults={
                **{name: one[name] for name in ("question", "question_en", "label", "label_en", "count", "total", "source")},
                "position": position,
            },
        )  # fmt: skip
