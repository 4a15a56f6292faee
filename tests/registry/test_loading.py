"""Loading the shipped records again, after people have worked on them."""

from io import StringIO

import pytest
from django.core.management import call_command

from tsunagu.engines.dates import PartialDate
from tsunagu.registry.models import Designation, Lab, MemberOrg, Organisation, Region, Round

pytestmark = pytest.mark.django_db


def load() -> str:
    output = StringIO()
    call_command("load_programme", stdout=output)
    return output.getvalue()


def test_loading_again_changes_nothing() -> None:
    models = [Designation, Lab, MemberOrg, Organisation, Region, Round]
    before = {model: list(model.objects.order_by("pk").values()) for model in models}
    assert "新規 0・変更 0・同じ 120" in load()
    assert {model: list(model.objects.order_by("pk").values()) for model in models} == before


def test_what_people_corrected_stays() -> None:
    Designation.objects.filter(lab__slug="382051", scheme="dx").update(selected_on=PartialDate(2024, 9, 26))
    Round.objects.filter(scheme="dx", number=3).update(certificate_awarded_on=PartialDate(2024, 10, 15))
    Lab.objects.filter(slug="410004").update(name="さがの新しい名前")
    Region.objects.filter(code="g-shonan").update(name="湘南の地域")
    load()
    assert Designation.objects.get(lab__slug="382051", scheme="dx").selected_on == PartialDate(2024, 9, 26)
    assert Round.objects.get(scheme="dx", number=3).certificate_awarded_on == PartialDate(2024, 10, 15)
    assert Lab.objects.get(slug="410004").name == "さがの新しい名前"


def test_a_gap_is_filled_from_the_files() -> None:
    Designation.objects.filter(lab__slug="382051", scheme="dx").update(selected_on=None)
    load()
    assert Designation.objects.get(lab__slug="382051", scheme="dx").selected_on == PartialDate(2024, 9, 27)
