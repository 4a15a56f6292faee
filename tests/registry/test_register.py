"""The register on any day, on the real records and on a complete set."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tsunagu.engines.dates import PartialDate
from tsunagu.registry.kinds import EventKind, Reason, Scheme, Status
from tsunagu.registry.models import Designation, Lab, LocalGovernment, Round
from tsunagu.registry.selectors import register
from tsunagu.registry.services import move_to_dx, record_event, region_for, register_lab, void_event
from tsunagu.sharing.viewer import PUBLIC, Viewer

pytestmark = pytest.mark.django_db


def schemes_on(day: date) -> dict[str, int]:
    labs = register(PUBLIC, as_of=day).certain
    return {scheme.value: sum(1 for lab in labs if lab.current.scheme == scheme) for scheme in Scheme}


def test_the_real_records_today() -> None:
    assert schemes_on(date(2026, 11, 24)) == {"dx": 36, "iot": 28, "unresolved": 45}
    assert len(register(PUBLIC, as_of=date(2026, 11, 24)).labs) == 109


def test_before_and_after_the_first_dx_round() -> None:
    assert schemes_on(date(2023, 3, 31))["dx"] == 0
    assert schemes_on(date(2023, 4, 15))["dx"] == 0, "only the month is known, so mid-April is not certain"
    assert schemes_on(date(2023, 4, 30))["dx"] == 31


def test_niihama_is_iot_until_it_moved() -> None:
    def scheme(day: date) -> str:
        (lab,) = [lab for lab in register(PUBLIC, as_of=day).labs if lab.slug == "382051"]
        return lab.current.scheme

    assert scheme(date(2024, 9, 26)) == Scheme.IOT
    assert scheme(date(2024, 9, 27)) == Scheme.DX


def test_queries_do_not_grow_with_the_labs() -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            register(PUBLIC, as_of=date(2024, 1, 31))
        return len(captured)

    before = queries()
    for government in LocalGovernment.objects.filter(kind="city")[:50]:
        lab = register_lab(region=region_for(government))
        Designation.objects.create(lab=lab, scheme=Scheme.IOT, selected_on=PartialDate(2018))
    assert queries() == before <= 6


def test_complete_records_give_72_and_67() -> None:
    """With every region known (seed A4, B4): 106 IoT regions, 34 moved by January 2024, 5 more in September."""
    Designation.objects.update(succeeds=None)
    from tsunagu.registry.models import StatusEvent

    StatusEvent.objects.all().delete()
    Designation.objects.all().delete()
    rounds = {(one.scheme, one.number): one for one in Round.objects.all()}
    labs = [
        register_lab(region=region_for(government), name=f"{government.name}の試験ラボ")
        for government in LocalGovernment.objects.filter(kind="town")[:110]
    ]
    iot_rounds = [
        number for number, size in enumerate([29, 24, 21, 19, 8, 4, 1], start=1) for _ in range(size)
    ]
    iot = [
        Designation.objects.create(lab=lab, scheme=Scheme.IOT, round=rounds["iot", number])
        for lab, number in zip(labs, iot_rounds, strict=False)
    ]
    dx_rounds = [1] * 27 + [2] * 7 + [3] * 5
    for designation, number in zip(iot, dx_rounds, strict=False):
        dx = Designation.objects.create(lab=designation.lab, scheme=Scheme.DX, round=rounds["dx", number])
        move_to_dx(by=Viewer(), iot=designation, dx=dx)
    for lab in labs[106:]:
        Designation.objects.create(lab=lab, scheme=Scheme.DX, round=rounds["dx", 1])
    assert schemes_on(date(2024, 1, 31)) == {"dx": 38, "iot": 72, "unresolved": 0}
    assert schemes_on(date(2025, 2, 26)) == {"dx": 43, "iot": 67, "unresolved": 0}


def designation_of(slug: str, scheme: str) -> Designation:
    return Designation.objects.get(lab__slug=slug, scheme=scheme)


def test_an_end_shows_from_its_day_and_can_be_taken_back(viewer_of: Any) -> None:
    secretariat = viewer_of("ipa")
    iot = designation_of("390003", Scheme.IOT)  # 高知県
    event = record_event(
        by=secretariat,
        designation=iot,
        kind=EventKind.ENDED,
        occurred_on=PartialDate(2025, 3, 31),
        reason=Reason.GOAL_ACHIEVED,
        reason_text="目標の5件を達成",
    )

    def status(day: date) -> Status:
        (lab,) = [lab for lab in register(PUBLIC, as_of=day).labs if lab.slug == "390003"]
        return lab.current.status

    assert status(date(2025, 3, 30)) is Status.SELECTED
    assert status(date(2025, 3, 31)) is Status.ENDED
    void_event(by=secretariat, event=event, reason="別のラボの記録だった")
    assert status(date(2025, 3, 31)) is Status.SELECTED
    event.refresh_from_db()
    assert event.void_reason == "別のラボの記録だった"


def test_one_region_hosts_several_labs() -> None:
    first = Lab.objects.get(slug="011002")
    second = register_lab(region=first.region, name="さっぽろ第二ラボ")
    assert second.slug == "011002-2"
    assert second.region == first.region
