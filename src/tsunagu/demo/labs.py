"""The made-up labs: as many by round and category, and as many doing each kind of thing, as the deck says (p.12–13)."""

import random
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from tsunagu.accounts.models import Person
from tsunagu.accounts.services import invite_person
from tsunagu.activities.models import KindGroup
from tsunagu.demo import MARK, SEED
from tsunagu.engines.dates import PartialDate
from tsunagu.registry.kinds import Category, MemberRole, OrganisationKind, Scheme
from tsunagu.registry.models import (
    Designation,
    Indicator,
    IndicatorTarget,
    Lab,
    LabContact,
    LocalGovernment,
    MemberOrg,
    Organisation,
    Round,
)
from tsunagu.registry.services import add_member, register_group_region, register_lab
from tsunagu.sharing.viewer import Role

LABS = 43
ROUNDS = {1: 31, 2: 7, 3: 5}
CATEGORIES = {Category.REGIONAL: 7, Category.COMPANY: 20, Category.BOTH: 16}
DOING = {KindGroup.PROJECT: 21, KindGroup.SUPPORT: 40, KindGroup.SUBSIDY: 10, KindGroup.HUB: 27}
SELECTED = {1: PartialDate(2023, 4), 2: PartialDate(2023, 10), 3: PartialDate(2024, 10)}
SOURCE = "架空の見本"


@dataclass
class DemoLab:
    """A made-up lab, its office's person, what it does, and from when."""

    lab: Lab
    office: Person
    since: date
    groups: set[str] = field(default_factory=set)


def _places() -> list[LocalGovernment]:
    return list(LocalGovernment.objects.filter(prefecture=None).order_by("lg_code"))


@transaction.atomic
def make_labs() -> list[DemoLab]:
    """43 labs with their designations, members, indicators, contacts and office people."""
    dice = random.Random(SEED)  # noqa: S311 - the same made-up world every time
    places = _places()
    rounds = [number for number, count in ROUNDS.items() for _one in range(count)]
    categories = [one for one, count in CATEGORIES.items() for _one in range(count)]
    dice.shuffle(categories)
    doing = {group: set(dice.sample(range(LABS), count)) for group, count in DOING.items()}
    made = []
    for number in range(LABS):
        prefecture = places[number % len(places)]
        lab = _lab(number, prefecture)
        _designation(lab, rounds[number], categories[number])
        _members(lab, number, prefecture)
        _indicators(lab, dice)
        office = invite_person(
            email=f"office-{number + 1:02d}@demo.invalid", name=f"見本 {number + 1:02d}の事務局", role=Role.LAB_OFFICE, lab=lab,
            is_demo=True,
        )  # fmt: skip
        groups = {str(group) for group, chosen in doing.items() if number in chosen}
        made.append(DemoLab(lab, office, SELECTED[rounds[number]].earliest, groups))
    return made


def _lab(number: int, prefecture: LocalGovernment) -> Lab:
    region = register_group_region(
        code=f"g-mihon-{number + 1:02d}", name=f"見本地域{number + 1:02d}{MARK}",
        name_en=f"Sample area {number + 1:02d} (made up)", prefecture=prefecture, members=[], source=SOURCE,
    )  # fmt: skip
    return register_lab(
        region=region,
        name=f"見本{number + 1:02d}DX推進ラボ{MARK}",
        name_en=f"Sample DX Lab {number + 1:02d} (made up)",
        summary="この画面を試すための、実在しないラボです。",
        source=SOURCE,
    )


def _designation(lab: Lab, number: int, category: str) -> None:
    Designation.objects.create(
        lab=lab, scheme=Scheme.DX, round=Round.objects.get(scheme=Scheme.DX, number=number), category=category,
        selected_on=SELECTED[number], source=SOURCE,
    )  # fmt: skip


def _members(lab: Lab, number: int, prefecture: LocalGovernment) -> None:
    bodies = (
        ("市", OrganisationKind.LOCAL_GOVERNMENT, MemberRole.LAB_OFFICE),
        ("商工会議所", OrganisationKind.TRADE_BODY, MemberRole.MEMBER),
        ("銀行", OrganisationKind.BANK, MemberRole.MEMBER),
        ("大学", OrganisationKind.SCHOOL, MemberRole.MEMBER),
    )
    for name, kind, role in bodies:
        body = Organisation(
            name=f"見本{number + 1:02d}{name}{MARK}", kind=kind, prefecture=prefecture, source=SOURCE
        )
        add_member(MemberOrg(lab=lab, organisation=body, role=role, source=SOURCE))
    LabContact.objects.create(
        lab=lab, audience="public", desk="見本の窓口", email=f"desk-{number + 1:02d}@demo.invalid"
    )


def _indicators(lab: Lab, dice: random.Random) -> None:
    for position, (name, unit, first) in enumerate(
        (
            ("支援した企業", "社", 30),
            ("DXに取り組み始めた企業", "社", 8),
            ("講座を終えた人", "人", 40),
            ("生まれた共同プロジェクト", "件", 2),
        )
    ):
        one = Indicator.objects.create(
            lab=lab,
            position=position,
            name=name,
            unit=unit,
            source="ラボの記録",
            baseline=first // 2,
            baseline_year=2022,
        )
        start = first + dice.randrange(first)
        for year in (2023, 2024, 2025, 2026):
            IndicatorTarget.objects.create(
                indicator=one, year=year, value=start + (year - 2023) * max(first // 5, 1)
            )
