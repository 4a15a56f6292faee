"""Importing lists of labs: dry run, all errors at once, all or nothing, nothing guessed."""

import csv
import io
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from tsunagu.engines.dates import PartialDate
from tsunagu.engines.tables import SheetOut, write_xlsx
from tsunagu.registry.importing.batches import apply_batch, check_upload
from tsunagu.registry.importing.sheet import SheetRefused
from tsunagu.registry.kinds import EventKind, Reason
from tsunagu.registry.models import Designation, ImportBatch, Lab, StatusEvent
from tsunagu.registry.services import record_event, register_lab
from tsunagu.sharing.viewer import Viewer

pytestmark = pytest.mark.django_db
HEAD = "地域名,都道府県,団体コード,経済産業局,制度,弾,選定日,状態,出典\n"


def check(text: str | bytes, name: str = "labs.csv") -> ImportBatch:
    content = text.encode() if isinstance(text, str) else text
    return check_upload(by=Viewer(), kind="labs", file_name=name, content=content)


def counts(batch: ImportBatch) -> tuple[int, int, int, int]:
    return (batch.new_count, batch.changed_count, batch.same_count, batch.error_count)


def real_list() -> bytes:
    return (settings.DATA_DIR / "labs.csv").read_bytes()


def as_xlsx(data: bytes) -> bytes:
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    target = io.BytesIO()
    write_xlsx(target, [SheetOut("一覧", rows[0], rows[1:])])
    return target.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        real_list(),
        b"\xef\xbb\xbf" + real_list(),
        real_list().decode().encode("cp932"),
        as_xlsx(real_list()),
    ],
    ids=["utf-8", "utf-8-bom", "cp932", "xlsx"],
)
def test_importing_the_real_list_again_changes_nothing(content: bytes) -> None:
    before = list(Designation.objects.order_by("pk").values())
    batch = check(content)
    assert counts(batch) == (0, 0, 120, 0)
    apply_batch(by=Viewer(), batch=batch)
    assert list(Designation.objects.order_by("pk").values()) == before


def test_a_dry_run_keeps_nothing() -> None:
    batch = check(HEAD + "横手市,秋田県,052035,東北,dx,2,2023-10,,\n")
    assert counts(batch) == (1, 0, 0, 0)
    assert not Lab.objects.filter(slug="052035").exists()
    apply_batch(by=Viewer(), batch=batch)
    assert Designation.objects.get(lab__slug="052035").selected_on == PartialDate(2023, 10)


def test_all_errors_are_told_at_once_with_place_and_cure() -> None:
    batch = check(
        HEAD
        + "札幌市,北海道,11002,北海道,dx,1,2023-04,selected,\n"
        + "函館市,青森県,012025,東北,xx,一,いつか,moved_to_dx,\n"
        + "ない市,ない県,999999,,,,令和99年4月,,\n"
    )
    found = {(error["row"], error["column"]) for error in batch.errors}
    assert found >= {
        (2, "団体コード"),
        (3, "都道府県"),
        (3, "経済産業局"),
        (3, "制度"),
        (3, "弾"),
        (3, "選定日"),
        (3, "状態"),
        (4, "都道府県"),
        (4, "団体コード"),
    }
    (lost_zero,) = [error for error in batch.errors if error["row"] == 2]
    assert "011002（札幌市）" in lost_zero["mend"]
    assert all(error["message"] and error["mend"] for error in batch.errors)
    assert batch.state == "refused"
    apply_batch(by=Viewer(), batch=batch)
    assert ImportBatch.objects.get(pk=batch.pk).state == "refused"


def test_one_wrong_row_stops_all_others() -> None:
    batch = check(HEAD + "横手市,秋田県,052035,,dx,2,,,\n大仙市,秋田県,052124,,dx,99,,,\n")
    assert batch.error_count == 1
    apply_batch(by=Viewer(), batch=batch)
    assert not Lab.objects.filter(slug="052035").exists()


@pytest.mark.parametrize("date", ["令和5年10月", "２０２３年１０月", "R5.10", "2023/10"])
def test_dates_as_people_write_them(date: str) -> None:
    apply_batch(by=Viewer(), batch=check(HEAD + f"横手市,秋田県,052035,,dx,第２弾,{date},,\n"))
    assert Designation.objects.get(lab__slug="052035").selected_on == PartialDate(2023, 10)


def test_codes_may_be_typed_full_width() -> None:
    batch = check(HEAD + "横手市,秋田県,０５２０３５,,dx,２,,,\n")
    assert (batch.errors, batch.new_count) == ([], 1)
    apply_batch(by=Viewer(), batch=batch)
    assert Lab.objects.get(slug="052035").region.code == "052035"


def test_a_scheme_that_cannot_be_read_is_one_error_not_two() -> None:
    batch = check(HEAD + "横手市,秋田県,052035,,XX,2,,,\n")
    assert [error["column"] for error in batch.errors] == ["制度"]
    batch = check(HEAD + "横手市,秋田県,052035,,,2,,,\n")
    assert [error["column"] for error in batch.errors] == ["弾"]


def test_a_name_alone_never_makes_a_region() -> None:
    batch = check(HEAD + "府中市,東京都,,,dx,1,,,\n")
    assert [(error["row"], error["column"]) for error in batch.errors] == [(2, "団体コード")]


def test_a_blank_cell_takes_nothing_away() -> None:
    batch = check("地域名,都道府県,団体コード,制度\n新居浜市,愛媛県,382051,dx\n")
    assert counts(batch) == (0, 0, 1, 0)


def test_a_settled_scheme_survives_the_old_list() -> None:
    Designation.objects.filter(lab__slug="013455").update(scheme="iot")  # 森町, settled by a person
    apply_batch(by=Viewer(), batch=check(real_list()))
    assert Designation.objects.get(lab__slug="013455").scheme == "iot"


def test_a_scheme_found_later_settles_the_unresolved_one() -> None:
    batch = check(HEAD + "森町,北海道,013455,,iot,2,,,http://example.jp/\n")
    assert counts(batch) == (0, 1, 0, 0)
    apply_batch(by=Viewer(), batch=batch)
    settled = Designation.objects.get(lab__slug="013455")
    assert (settled.scheme, settled.round.key) == ("iot", "iot-2")


def test_a_repeated_row_is_an_error() -> None:
    batch = check(HEAD + "横手市,秋田県,052035,,dx,2,,,\n横手市,秋田県,052035,,dx,2,,,\n")
    assert "2行目と同じ" in batch.errors[0]["message"]


def test_a_move_needs_the_lab_it_moves_to() -> None:
    batch = check(HEAD + "横手市,秋田県,052035,,iot,2,2017-03,moved_to_dx,\n")
    assert batch.error_count == 1
    both = HEAD + "横手市,秋田県,052035,,iot,2,2017-03,moved_to_dx,\n横手市,秋田県,052035,,dx,2,2023-10,,\n"
    apply_batch(by=Viewer(), batch=check(both))
    assert StatusEvent.objects.get(designation__lab__slug="052035").kind == "moved"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_public_list_can_be_mended_and_taken_in(kind: str, client: Any) -> None:
    exported = b"".join(client.get(f"/labs.{kind}").streaming_content)
    assert counts(check(exported, f"labs.{kind}")) == (0, 0, 109, 0)


def test_two_labs_of_one_region_are_told_apart_by_their_number() -> None:
    second = register_lab(region=Lab.objects.get(slug="011002").region, name="さっぽろ第二ラボ")
    head = "ラボ番号,地域名,都道府県,団体コード,制度,弾\n"
    rows = "011002,札幌市,北海道,011002,dx,1\n011002-2,札幌市,北海道,011002,dx,2\n"
    apply_batch(by=Viewer(), batch=check(head + rows))
    assert Designation.objects.get(lab=second).round.key == "dx-2"
    wrong = check(head + "011002,函館市,北海道,012025,dx,1\n011002-9,札幌市,北海道,011002,dx,1\n")
    assert [error["column"] for error in wrong.errors] == ["ラボ番号", "ラボ番号"]


def test_an_ended_lab_stays_ended_but_a_list_cannot_end_one() -> None:
    row = "高知県,高知県,390003,四国,iot,1,,{status},\n"
    refused = check(HEAD + row.format(status="終了"))
    assert "日付と理由がないと記録できません" in refused.errors[0]["message"]
    record_event(
        by=Viewer(),
        designation=Designation.objects.get(lab__slug="390003"),
        kind=EventKind.ENDED,
        occurred_on=PartialDate(2025, 3),
        reason=Reason.GOAL_ACHIEVED,
    )
    assert counts(check(HEAD + row.format(status="終了"))) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "行がありません"),
        (b"\xd0\xcf\x11\xe0 old", ".xls"),
        (b"PK\x03\x04 broken", "壊れている"),
        ("名前,県\nあ,い\n".encode(), "必要な列がありません"),
        (b"\xff\xff\x81\x20bad", "文字コード"),
    ],
)
def test_files_that_cannot_be_taken_say_why(content: bytes, message: str) -> None:
    with pytest.raises(SheetRefused, match=message):
        check(content)


def test_the_pages_lead_through_it(client_of: Any) -> None:
    client = client_of("ipa")
    upload = SimpleUploadedFile("bad.csv", (HEAD + "札幌市,北海道,11002,,,,,,\n").encode())
    answer = client.post("/office/imports/", {"kind": "labs", "file": upload}, follow=True)
    page = answer.content.decode()
    assert "1件の誤りがあり、取り込めません" in page
    batch = ImportBatch.objects.exclude(kind="programme").get()
    errors = b"".join(client.get(f"/office/imports/{batch.pk}/errors.csv").streaming_content).decode(
        "utf-8-sig"
    )
    assert "011002（札幌市）" in errors
    good = SimpleUploadedFile("good.csv", (HEAD + "横手市,秋田県,052035,,dx,2,,,\n").encode())
    answer = client.post("/office/imports/", {"kind": "labs", "file": good}, follow=True)
    assert "まだ何も変わっていません" in answer.content.decode()
    batch = ImportBatch.objects.exclude(kind="programme").first()
    client.post(f"/office/imports/{batch.pk}/apply/")
    assert Lab.objects.filter(slug="052035").exists()
