"""Importing a list of labs and their selections. The dry run does the very same work and rolls it back."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from tsunagu.registry.importing.lab_rows import COLUMNS, Directory, LabRow, RowReader
from tsunagu.registry.importing.plan import Plan
from tsunagu.registry.importing.sheet import RowError, Sheet, shape_errors
from tsunagu.registry.kinds import Scheme, Status
from tsunagu.registry.models import Designation, ImportBatch, Lab
from tsunagu.registry.rules import EventRefused
from tsunagu.registry.services import current_status, move_to_dx, region_for, register_lab
from tsunagu.sharing.viewer import Viewer

LABELS = {column.key: column.label for column in COLUMNS}


def read_rows(
    sheet: Sheet, plan: Plan, old_names: Mapping[tuple[str, str], str] | None = None
) -> list[LabRow]:
    """Checked rows; what is wrong goes into `plan.errors`, a repeated selection included."""
    directory = Directory(old_names)
    plan.errors.extend(shape_errors(sheet.table))
    rows: list[LabRow] = []
    seen: dict[tuple[str, str, str], int] = {}
    for number, cells in sheet.rows():
        plan.rows += 1
        reader = RowReader(number, cells, directory, LABELS)
        row = reader.read()
        place = row.government.lg_code if row.government else row.name
        named = row.lab.slug if row.lab else row.lab_name
        first = seen.setdefault((place, named, row.scheme), number)
        if first != number:
            reader.wrong(
                "name",
                _("%(row)s行目と同じ地域・制度です。") % {"row": first},
                _("どちらかの行を消すか、別のラボなら「ラボ名」を入れてください。"),
            )
        plan.errors.extend(reader.errors)
        if not reader.errors:
            rows.append(row)
    plan.notes.extend(_notes(rows))
    return rows


def _notes(rows: Iterable[LabRow]) -> Iterable[str]:
    blank = sum(1 for row in rows if row.scheme is Scheme.UNRESOLVED)
    if blank:
        yield _("制度が空欄の行が%(count)s件あります。「制度未確認」として登録し、指摘に残ります。") % {
            "count": blank
        }
    groups = [row.name for row in rows if row.government is None]
    if groups:
        yield _("団体コードのない地域: %(names)s") % {"names": "、".join(dict.fromkeys(groups))}


def import_labs(
    sheet: Sheet,
    *,
    by: Viewer,
    batch: ImportBatch | None,
    apply: bool,
    fill_only: bool = False,
    old_names: Mapping[tuple[str, str], str] | None = None,
) -> Plan:
    """Bring the registry in line with the list, or only say what that would do.

    All or nothing: with any error nothing is kept. With `fill_only` the list adds and fills gaps, but what is
    already known stays as it is.
    """
    plan = Plan()
    rows = read_rows(sheet, plan, old_names)
    with transaction.atomic():
        for row in rows:
            _apply_row(row, plan, batch, fill_only=fill_only)
        for row in rows:
            if row.status == "moved":
                _apply_move(row, plan, by)
        if plan.errors or not apply:
            transaction.set_rollback(True)
    plan.errors.sort(key=lambda error: (error.row, error.column))
    return plan


def _lab_of(row: LabRow) -> Lab:
    if row.lab is not None:
        return row.lab
    region = region_for(row.government) if row.government else row.region
    assert region is not None  # a row without a region has an error and never comes here
    labs = list(Lab.objects.filter(region=region).order_by("pk"))
    named = [lab for lab in labs if lab.name == row.lab_name] if row.lab_name else labs
    if not named and row.lab_name:
        named = [lab for lab in labs if not lab.name][:1]
    if named:
        return named[0]
    return register_lab(region=region, name=row.lab_name, source=row.source)


def _designation_of(lab: Lab, row: LabRow) -> tuple[Designation, bool]:
    """The lab's designation under the row's scheme; one of unresolved scheme is what a scheme now settles.

    A row without a scheme says nothing new about a lab whose scheme a person has settled meanwhile.
    """
    known = {one.scheme: one for one in lab.designations.select_related("round").order_by("pk")}
    found = known.get(row.scheme) or known.get(Scheme.UNRESOLVED)
    if found is None and row.scheme is Scheme.UNRESOLVED and known:
        found = next(iter(known.values()))
    return (found, False) if found else (Designation(lab=lab, scheme=row.scheme), True)


def _differences(
    row: LabRow, designation: Designation, *, is_new: bool, fill_only: bool
) -> dict[str, object]:
    """What the row would change of the designation. A blank cell means "not found": it takes nothing away."""
    wanted: dict[str, object] = {"round": row.round, "category": row.category, **row.dates}
    unsettled = designation.scheme == Scheme.UNRESOLVED
    if is_new or row.scheme is not Scheme.UNRESOLVED:
        wanted["scheme"] = row.scheme
    if is_new or unsettled or row.scheme is not Scheme.UNRESOLVED:
        wanted["source"] = row.source
    differences = {
        key: value
        for key, value in wanted.items()
        if value not in {"", None} and getattr(designation, key) != value
    }
    if is_new or not fill_only:
        return differences
    return {
        key: value
        for key, value in differences.items()
        if (unsettled if key == "scheme" else not getattr(designation, key))
    }


def _apply_row(row: LabRow, plan: Plan, batch: ImportBatch | None, *, fill_only: bool) -> None:
    lab = _lab_of(row)
    designation, is_new = _designation_of(lab, row)
    differences = _differences(row, designation, is_new=is_new, fill_only=fill_only)
    if row.lab_name and lab.name != row.lab_name:
        lab.name = row.lab_name
        lab.save(update_fields=["name"])
        differences["lab_name"] = row.lab_name
    texts = [
        f"{LABELS.get(key, key)}: {_shown(getattr(designation, key, ''))} → {_shown(value)}"
        for key, value in differences.items()
    ]
    plan.count(row.number, row.name, is_new=is_new, differences=texts)
    _check_status(row, designation, plan)
    if not (is_new or differences):
        return
    for key, value in differences.items():
        setattr(designation, key, value)
    designation.import_batch, designation.import_row = batch, row.number
    designation.save()


def _check_status(row: LabRow, designation: Designation, plan: Plan) -> None:
    """A list may repeat that a lab is dormant or ended; to make it so takes a day and a reason, which it lacks."""
    if row.status not in {Status.DORMANT, Status.ENDED}:
        return
    known = current_status(designation) if designation.pk else Status.SELECTED
    if known != row.status:
        plan.errors.append(
            RowError(
                row.number,
                LABELS["status"],
                str(Status(row.status).label),
                _("記録では「%(status)s」です。休止や終了は、日付と理由がないと記録できません。")
                % {"status": known.label},
                _(
                    "状態を空欄にして取り込み、ラボの編集画面の「できごとを記録」で日付と理由を入れてください。"
                ),
            )
        )


def _shown(value: object) -> str:
    return str(getattr(value, "iso", value) or "—")


def _apply_move(row: LabRow, plan: Plan, by: Viewer) -> None:
    lab = _lab_of(row)
    held = {one.scheme: one for one in lab.designations.select_related("round")}
    iot, dx = held[Scheme.IOT], held.get(Scheme.DX)
    if dx is not None and dx.succeeds_id == iot.pk:
        return
    try:
        if dx is None:
            raise EventRefused("successor_unfit")
        move_to_dx(by=by, iot=iot, dx=dx, source=row.source)
    except EventRefused:
        plan.errors.append(
            RowError(
                row.number,
                LABELS["status"],
                "moved_to_dx",
                _("移行先の地域DX推進ラボの選定（日付つき）が、この一覧にも登録済みの記録にもありません。"),
                _("同じ地域の地域DX推進ラボの行を加えるか、状態を空欄にしてください。"),
            )
        )
