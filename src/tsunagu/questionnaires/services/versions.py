"""Versions of an answer sheet: taken by themselves while people write, the last 30 kept, those sent kept for ever."""

import hashlib
import json
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from tsunagu.questionnaires.models import SNAPSHOTS_KEPT, Sheet, Snapshot, SnapshotKind
from tsunagu.sharing.viewer import Viewer

WHILE_WRITING = timedelta(minutes=10)


def answers_of(sheet: Sheet) -> dict[str, Any]:
    """All answers of a sheet by field, those without a place in its form included."""
    return dict(sheet.rows().values_list("field", "value"))


def digest_of(answers: dict[str, Any]) -> str:
    """Stands for exactly these answers; empty ones count as not given."""
    kept = {key: value for key, value in answers.items() if value not in (None, "", [], {})}
    plain = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


@transaction.atomic
def keep_snapshot(*, sheet: Sheet, kind: str, by: Viewer) -> Snapshot:
    """Keep all answers as they are now; the same answers twice in a row are kept once, except when sent.

    Raises `ValueError` for a fleeting sheet, of which nothing is kept.
    """
    if sheet.is_fleeting:
        raise ValueError("a fleeting sheet keeps no versions")
    answers = answers_of(sheet)
    digest = digest_of(answers)
    newest = sheet.snapshots.order_by("-number").first()
    sheet.snapshot_at = timezone.now()
    sheet.save(update_fields=["snapshot_at"])
    is_same = (
        newest is not None and newest.digest == digest and newest.form_version_id == sheet.form_version_id
    )
    if newest is not None and is_same and kind != SnapshotKind.SUBMITTED:
        return newest
    number = (sheet.snapshots.aggregate(newest=Max("number"))["newest"] or 0) + 1
    made = Snapshot.objects.create(
        sheet=sheet, number=number, kind=kind, form_version_id=sheet.form_version_id, answers=answers,
        tags=sheet.tags, digest=digest, taken_by_id=by.person_id,
    )  # fmt: skip
    _drop_old(sheet)
    return made


def snapshot_due(sheet: Sheet) -> bool:
    """Whether so much time has passed since the last version that another is kept while people write."""
    return sheet.snapshot_at is None or timezone.now() - sheet.snapshot_at >= WHILE_WRITING


def _drop_old(sheet: Sheet) -> None:
    passing = sheet.snapshots.exclude(kind=SnapshotKind.SUBMITTED).order_by("-number")
    oldest = passing.values_list("number", flat=True)[SNAPSHOTS_KEPT - 1 : SNAPSHOTS_KEPT]
    for number in list(oldest):
        passing.filter(number__lt=number).delete()
