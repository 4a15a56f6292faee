"""Two people editing one record: nothing is overwritten unseen, and both texts are kept."""

from typing import Any

import pytest

from tsunagu.engines.dates import PartialDate
from tsunagu.registry.importing.batches import apply_batch, check_upload
from tsunagu.registry.models import Designation, Lab, MemberOrg, Organisation, Round
from tsunagu.registry.services import EditConflict, save_record
from tsunagu.sharing.viewer import Viewer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [Lab, Designation, MemberOrg, Organisation, Round])
def test_the_database_counts_every_change(model: Any) -> None:
    record = model.objects.first()
    before = record.version
    model.objects.filter(pk=record.pk).update(source="変えた")
    record.refresh_from_db()
    assert record.version == before + 1
    record.save()
    record.refresh_from_db()
    assert record.version == before + 2


def test_a_bulk_import_counts_too() -> None:
    member = Organisation.objects.get(name="津山信用金庫")
    text = "名称,都道府県,出典\n津山信用金庫,岡山県,別の出典\n"
    batch = check_upload(by=Viewer(), kind="organisations", file_name="o.csv", content=text.encode())
    apply_batch(by=Viewer(), batch=batch)
    changed = Organisation.objects.get(pk=member.pk)
    assert (changed.source, changed.version) == ("別の出典", member.version + 1)


def test_an_outdated_version_is_refused() -> None:
    mine, theirs = Lab.objects.get(slug="410004"), Lab.objects.get(slug="410004")
    theirs.summary = "相手の紹介文"
    save_record(theirs, seen=theirs.version)
    mine.summary = "自分の紹介文"
    with pytest.raises(EditConflict):
        save_record(mine, seen=mine.version)
    assert Lab.objects.get(slug="410004").summary == "相手の紹介文"


def test_the_conflict_page_keeps_both_texts_and_lets_the_person_decide(client_of: Any) -> None:
    client = client_of("ipa")
    address = "/office/labs/410004/edit/"
    lab = Lab.objects.get(slug="410004")
    sent = {"name": lab.name, "website": lab.website, "source": lab.source, "name_en": lab.name_en}
    first = client.post(address, {**sent, "summary": "先に保存した紹介文", "version": lab.version})
    assert first.status_code == 302
    second = client.post(address, {**sent, "summary": "あとから送った紹介文", "version": lab.version})
    page = second.content.decode()
    assert second.status_code == 409
    assert "先に保存した紹介文" in page
    assert "あとから送った紹介文" in page
    assert Lab.objects.get(pk=lab.pk).summary == "先に保存した紹介文"
    now = Lab.objects.get(pk=lab.pk).version
    assert f'name="version" value="{now}"' in page
    decided = client.post(address, {**sent, "summary": "あとから送った紹介文", "version": now})
    assert decided.status_code == 302
    assert Lab.objects.get(pk=lab.pk).summary == "あとから送った紹介文"


def test_a_form_without_its_version_is_not_taken(client_of: Any) -> None:
    lab = Lab.objects.get(slug="410004")
    answer = client_of("ipa").post("/office/labs/410004/edit/", {"summary": "版なし"})
    assert answer.status_code == 422
    assert Lab.objects.get(pk=lab.pk).summary != "版なし"


def test_choices_and_dates_of_a_conflict_read_as_on_the_form(client_of: Any) -> None:
    designation = Designation.objects.select_related("round").get(lab__slug="390003")
    address = f"/office/designations/{designation.pk}/"
    Designation.objects.filter(pk=designation.pk).update(category="both", selected_on=PartialDate(2016, 8))
    answer = client_of("ipa").post(
        address,
        {
            "scheme": "iot",
            "round": designation.round_id,
            "category": "company",
            "selected_on": "平成28年7月31日",
            "version": designation.version,
        },
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    for text in ("①と②の両方", "② 地域企業の競争優位性", "2016-08", "2016-07-31"):
        assert text in page
