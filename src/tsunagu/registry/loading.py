"""Loading the programme's public records that the product ships (`data/`, see its README for sources)."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction

from tsunagu.engines.dates import PartialDate
from tsunagu.engines.romaji import place_name_english
from tsunagu.registry.importing.batches import COLUMNS
from tsunagu.registry.importing.labs import import_labs
from tsunagu.registry.importing.plan import Plan
from tsunagu.registry.importing.sheet import read_sheet
from tsunagu.registry.kinds import LocalGovernmentKind
from tsunagu.registry.models import (
    Bureau,
    Criterion,
    ImportBatch,
    Lab,
    LocalGovernment,
    MemberOrg,
    Merit,
    Organisation,
    Policy,
    Region,
    Round,
)
from tsunagu.registry.models.imports import ImportKind
from tsunagu.registry.services import register_group_region, save_organisation
from tsunagu.sharing.viewer import Viewer

ROUND_DATES = ("selected_on", "announced_on", "certificate_awarded_on")

DEMO_PREFIX = "g-mihon-"


def read_csv(path: Path) -> Iterator[dict[str, str]]:
    """Rows of one of our own files by heading."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def load_bureaus(data: Path) -> None:
    for row in read_csv(data / "bureaus.csv"):
        Bureau.objects.update_or_create(code=row.pop("code"), defaults=row)


def load_local_governments(data: Path) -> None:
    """The national code list; prefectures first, since the others point at them."""
    bureaus = {one.short_name: one for one in Bureau.objects.all()}
    rows = list(read_csv(data / "municipalities.csv"))
    prefectures = {row["name"]: row["lg_code"] for row in rows if row["kind"] == "prefecture"}
    found = [
        LocalGovernment(
            lg_code=row["lg_code"],
            prefecture_id=None if row["kind"] == "prefecture" else prefectures[row["prefecture"]],
            parent_city=row["parent_city"],
            name=row["name"],
            name_en=place_name_english(row["name"], row["kana"], row["kind"]),
            kana=row["kana"],
            kind=LocalGovernmentKind(row["kind"]),
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            bureau=bureaus[row["bureau"]],
        )
        for row in rows
    ]
    LocalGovernment.objects.bulk_create(
        sorted(found, key=lambda one: one.prefecture_id is not None),
        update_conflicts=True,
        unique_fields=["lg_code"],
        update_fields=["name", "name_en", "kana", "kind", "lat", "lon", "parent_city", "bureau"],
    )


def load_policies(data: Path) -> None:
    """The policies labs may use; one that is known is left as people keep it."""
    for row in read_csv(data / "policies.csv"):
        dates = {
            key: PartialDate.from_iso(row[key]) if row[key] else None for key in ("valid_from", "valid_to")
        }
        Policy.objects.get_or_create(code=row.pop("code"), defaults={**row, **dates})


def load_rounds(data: Path) -> None:
    for row in read_csv(data / "rounds.csv"):
        dates = {key: PartialDate.from_iso(row[key]) if row[key] else None for key in ROUND_DATES}
        # What people have corrected since stays: a round that is known is left alone.
        Round.objects.get_or_create(
            scheme=row["scheme"],
            number=int(row["number"]),
            defaults={**dates, "published_count": int(row["published_count"]), "source": row["source"]},
        )


def load_statements(data: Path) -> None:
    """Merits and criteria of both schemes."""
    for row in read_csv(data / "merits.csv"):
        key: dict[str, Any] = {"scheme": row.pop("scheme"), "position": int(row.pop("position"))}
        Merit.objects.update_or_create(**key, defaults=row)
    for row in read_csv(data / "criteria.csv"):
        key = {"scheme": row.pop("scheme"), "position": int(row.pop("position"))}
        Criterion.objects.update_or_create(**key, defaults=row)


def load_groups(data: Path) -> None:
    """Regions of several municipalities; members are matched by name within the prefecture."""
    known = set(Region.objects.values_list("code", flat=True))
    for row in read_csv(data / "region_groups.csv"):
        if row["code"] in known:
            continue
        prefecture = LocalGovernment.objects.get(name=row["prefecture"], prefecture=None)
        names = [name for name in row["members"].split(";") if name]
        members = list(LocalGovernment.objects.filter(prefecture=prefecture, name__in=names))
        if len(members) != len(names):
            raise ValueError(f"{row['name']}: 構成市区町村が {prefecture} に見つかりません: {names}")
        register_group_region(
            code=row["code"],
            name=row["name"],
            name_en=row["name_en"],
            prefecture=prefecture,
            members=members,
            source=row["source"],
        )


def load_labs(data: Path, batch: ImportBatch) -> Plan:
    """The selections, through the same door as a person's upload, but never over what a person corrected."""
    path = data / "labs.csv"
    sheet = read_sheet(path.read_bytes(), path.name, COLUMNS[ImportKind.LABS])
    groups = read_csv(data / "region_groups.csv")
    old_names = {(row["name"], row["prefecture"]): row["code"] for row in groups}
    return import_labs(sheet, by=Viewer(), batch=batch, apply=True, fill_only=True, old_names=old_names)


def load_lab_details(data: Path) -> None:
    """Names and member organisations of the labs for which a public page gives them; never over a person's edit."""
    for row in read_csv(data / "lab_names.csv"):
        lab = Lab.objects.get(slug=row.pop("lg_code"))
        if not lab.name:
            Lab.objects.filter(pk=lab.pk).update(**row)
    for row in read_csv(data / "members.csv"):
        organisation = _organisation(row, Lab.objects.get(slug=row["lg_code"]))
        MemberOrg.objects.get_or_create(
            lab=Lab.objects.get(slug=row["lg_code"]),
            organisation=organisation.merged_into or organisation,
            role=row["role"],
            defaults={"source": row["source"]},
        )


def _organisation(row: dict[str, str], lab: Lab) -> Organisation:
    prefecture = lab.region.prefecture
    known = Organisation.objects.filter(name=row["organisation"], prefecture=prefecture).first()
    return known or save_organisation(
        Organisation(name=row["organisation"], kind=row["kind"], prefecture=prefecture, source=row["source"])
    )


def is_demo() -> bool:
    """Whether the database holds the made-up programme (`make demo`)."""
    return Lab.objects.filter(slug__startswith=DEMO_PREFIX).exists()


@transaction.atomic
def load_registry(data: Path, batch: ImportBatch, *, with_labs: bool = True) -> Plan:
    """Everything of the registry, or all but the labs; loading the same files again changes nothing. Returns what the labs' import did."""
    load_bureaus(data)
    load_local_governments(data)
    load_policies(data)
    load_rounds(data)
    load_statements(data)
    if not with_labs:
        return Plan()
    load_groups(data)
    plan = load_labs(data, batch)
    if plan.errors:
        raise ValueError(f"labs.csv: {plan.errors[:3]}")
    load_lab_details(data)
    return plan
