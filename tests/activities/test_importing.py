"""A lab's own list, whatever its columns are called."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tsunagu.activities.importing import batches
from tsunagu.activities.models import Activity
from tsunagu.registry.importing.sheet import SheetRefused
from tsunagu.registry.models import Lab
from tsunagu.sharing.viewer import Viewer

BY = Viewer(roles=frozenset({"ipa"}))
PLAIN = "日付,種別,題名,参加者数,支援先企業,活用施策\n2026-05-01,セミナー,A,12人,あ商店、い商店,IT導入補助金\n令和8年5月2日,相談窓口,B,,,\n"
KINTONE = (
    '"レコードの開始行","レコード番号","開催日","活動種別","件名","参加人数","企業名","支援先法人番号"\n'
    '"*","101","2026/05/01","勉強会","データの会","20","あ商店",""\n'
    '"","101","2026/05/01","勉強会","データの会","20","国税庁","7000012050002"\n'
    '"*","102","2026/05/08","勉強会","もう1回","8","",""\n'
)


@pytest.fixture
def lab(db: None) -> Lab:
    return Lab.objects.select_related("region").get(slug="410004")


def upload(lab: Lab, text: str) -> Any:
    return batches.upload(lab=lab, by=BY, file_name="a.csv", content=text.encode())


def test_headings_are_guessed_and_nothing_is_stored_before_applying(lab: Lab) -> None:
    batch = upload(lab, PLAIN)
    assert (batch.state, batch.new_count, batch.errors) == ("checked", 2, [])
    assert not lab.activities.exists()
    batches.apply(batch=batch, by=BY)
    first = lab.activities.get(title="A")
    assert (first.people, first.companies.count(), first.policies.count()) == (12, 2, 1)
    again = upload(lab, PLAIN)
    assert (again.new_count, again.changed_count, again.same_count) == (0, 0, 2)


def test_kintone_tables_are_one_activity_and_words_are_learnt(lab: Lab) -> None:
    batch = upload(lab, KINTONE)
    assert batch.state == "refused"
    assert batch.columns["unknown_kinds"] == ["勉強会"]
    columns, words = batch.columns["columns"], {"kind": {"勉強会": "seminar"}}
    batches.keep_mapping(lab=lab, name="kintone", columns=columns, words=words)
    again = upload(lab, KINTONE)
    assert (again.state, again.new_count) == ("checked", 2)
    batches.apply(batch=again, by=BY)
    one = lab.activities.get(origin_key="id:101")
    assert {each.company_key for each in one.companies.all()} == {"あ商店|410004", "7000012050002"}
    changed = upload(lab, KINTONE.replace("もう1回", "3回目"))
    assert (changed.changed_count, changed.same_count) == (1, 1)
    batches.apply(batch=changed, by=BY)
    assert lab.activities.count() == 2


def test_every_error_names_its_row_and_how_to_mend_it(lab: Lab) -> None:
    wrong = (
        "日付,種別,題名,参加者数,法人番号,活用施策\nきのう,なぞ,,十二,123,なぞ補助金\n2099-01-01,セミナー,未来,1,7000012050003,\n"
        "2026-05-01,セミナー,同じ,1,,\n2026-05-01,セミナー,同じ,2,,\n"
    )
    batch = upload(lab, wrong)
    assert batch.state == "refused"
    by_row: dict[int, set[str]] = {}
    for one in batch.errors:
        assert one["message"]
        assert one["mend"]
        by_row.setdefault(one["row"], set()).add(one["column"])
    assert by_row[2] >= {"行った日", "種類", "何をしたか", "参加した人数", "使った施策"}
    assert by_row[3] == {"行った日", "法人番号"}
    assert by_row[5] == {"何をしたか"}
    batches.apply(batch=batch, by=BY)
    assert not Activity.objects.exists()


def test_a_file_without_known_headings_asks_for_the_columns(lab: Lab, person_of: Any) -> None:
    client = Client()
    client.force_login(person_of("lab_office"))
    text = "いつ,なに,どんな\n2026-05-01,A,セミナー\n"
    file = SimpleUploadedFile("a.csv", text.encode(), "text/csv")
    answer = client.post(reverse("activities:upload", args=[lab.slug]), {"file": file})
    assert answer.status_code == 302
    assert answer["Location"].endswith("/columns/")
    assert client.get(answer["Location"]).status_code == 200
    typed = {"c.started_on": "いつ", "c.title": "なに", "c.kind": "どんな", "name": "うちの表"}
    checked = client.post(answer["Location"], typed)
    assert checked.status_code == 302
    page = client.get(checked["Location"])
    assert "まだ何も変わっていません" in page.content.decode()
    client.post(checked["Location"] + "apply/")
    assert lab.activities.get().title == "A"
    file = SimpleUploadedFile("b.csv", text.replace("A", "B").encode(), "text/csv")
    answer = client.post(reverse("activities:upload", args=[lab.slug]), {"file": file})
    assert not answer["Location"].endswith("/columns/")


def test_what_is_no_table_is_refused_in_words(lab: Lab) -> None:
    with pytest.raises(SheetRefused):
        batches.upload(lab=lab, by=BY, file_name="a.xls", content=b"\xd0\xcf\x11\xe0" + b"0" * 100)


def test_exported_year_comes_back_as_the_same(lab: Lab, person_of: Any) -> None:
    batches.apply(batch=upload(lab, KINTONE.replace("勉強会", "セミナー")), by=BY)
    client = Client()
    client.force_login(person_of("lab_office"))
    for kind in ("csv", "xlsx"):
        answer = client.get(reverse("activities:lab_file", args=[lab.slug, kind]) + "?year=2026")
        content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        again = batches.upload(lab=lab, by=BY, file_name=f"a.{kind}", content=content)
        assert (again.new_count, again.changed_count, again.same_count, again.errors) == (0, 0, 2, [])


def test_a_row_with_more_cells_than_headings_is_refused_and_an_applied_file_stays_applied(lab: Lab) -> None:
    broken = upload(lab, PLAIN + "2026-05-03,セミナー,C,1,う商店,,余り\n")
    assert broken.state == "refused"
    assert [one["row"] for one in broken.errors] == [4]
    batch = upload(lab, PLAIN)
    batches.apply(batch=batch, by=BY)
    again = batches.check(batch=batch, columns=batch.columns["columns"], words={}, by=BY)
    assert again.state == "applied"


def test_the_order_of_companies_is_no_change(lab: Lab) -> None:
    batches.apply(batch=upload(lab, PLAIN), by=BY)
    turned = upload(lab, PLAIN.replace("あ商店、い商店", "い商店、あ商店"))
    assert (turned.changed_count, turned.same_count) == (0, 2)
