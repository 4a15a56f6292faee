"""Importing organisations in bulk, and getting them out again."""

from typing import Any

import pytest
from django.utils import translation

from tsunagu.registry.importing.batches import apply_batch, check_upload
from tsunagu.registry.merging import merge_organisations
from tsunagu.registry.models import ImportBatch, Organisation
from tsunagu.sharing.viewer import Viewer

pytestmark = pytest.mark.django_db
HEAD = "名称,法人番号,種類,都道府県,ウェブサイト,出典\n"


def check(text: str) -> ImportBatch:
    return check_upload(by=Viewer(), kind="organisations", file_name="o.csv", content=text.encode())


def take(text: str) -> ImportBatch:
    return apply_batch(by=Viewer(), batch=check(text))


def counts(batch: ImportBatch) -> tuple[int, int, int, int]:
    return (batch.new_count, batch.changed_count, batch.same_count, batch.error_count)


def test_new_then_same_then_changed() -> None:
    row = "株式会社𠮷田,4000012090001,企業・事業者,北海道,,\n"
    assert counts(take(HEAD + row)) == (1, 0, 0, 0)
    assert counts(take(HEAD + row)) == (0, 0, 1, 0)
    assert counts(take(HEAD + row.replace("𠮷田", "𠮷田商店"))) == (0, 1, 0, 0)
    assert Organisation.objects.get(corporate_number="4000012090001").name == "株式会社𠮷田商店"


def test_a_number_may_be_typed_full_width() -> None:
    assert counts(take(HEAD + "甲,４００００１２０９０００１,,北海道,,\n")) == (1, 0, 0, 0)
    assert counts(take(HEAD + "甲,4000012090001,,北海道,,\n")) == (0, 0, 1, 0)


def test_blank_cells_take_nothing_away() -> None:
    take(HEAD + "甲,,金融機関,佐賀県,https://example.jp/,出典\n")
    assert counts(take("名称,都道府県\n甲,佐賀県\n")) == (0, 0, 1, 0)
    kept = Organisation.objects.get(name="甲")
    assert (kept.kind, kept.website) == ("bank", "https://example.jp/")


def test_errors_name_row_column_and_cure() -> None:
    batch = check(HEAD + "甲,4000012090002,,,,\n,,,,,\n乙,,魔法,どこか県,,\n丙,,,,,\n丙,,,,,\n")
    assert [(error["row"], error["column"]) for error in batch.errors] == [
        (2, "法人番号"),
        (4, "都道府県"),
        (4, "種類"),
        (6, "名称"),
    ]
    assert batch.new_count + batch.changed_count >= 0
    take(HEAD + "甲,4000012090002,,,,\n")
    assert not Organisation.objects.filter(name="甲").exists()


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("kind", ["金融機関", "Bank", "bank"])
def test_kinds_are_understood_whatever_the_language_of_the_page(kind: str, language: str) -> None:
    with translation.override(language):
        take(HEAD + f"甲,,{kind},佐賀県,,\n")
    assert Organisation.objects.get(name="甲").kind == "bank"


def test_a_merged_organisation_is_not_brought_back() -> None:
    take(HEAD + "甲,,,佐賀県,,\n甲野,,,佐賀県,,\n")
    keep, drop = Organisation.objects.get(name="甲"), Organisation.objects.get(name="甲野")
    merge_organisations(keep=keep, drop=drop, reason="同じ")
    assert counts(take(HEAD + "甲野,,企業・事業者,佐賀県,,\n")) == (0, 0, 1, 0)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_goes_out_can_come_back(kind: str, client_of: Any) -> None:
    hard = ["𠮷野家", "髙島屋", "葛󠄀城市", "〜㋿", "=1+1", "＝SUM(A1)", "改\n行", '"引用",']
    take(HEAD + "".join(f'"{name.replace(chr(34), chr(34) * 2)}",,,佐賀県,,\n' for name in hard))
    answer = client_of("ipa").get(f"/office/organisations.{kind}")
    content = b"".join(answer.streaming_content)
    batch = check_upload(by=Viewer(), kind="organisations", file_name=f"o.{kind}", content=content)
    changed = [change["subject"] for change in batch.changes if "note" not in change]
    if kind == "xlsx":
        assert (batch.new_count, batch.changed_count, batch.error_count) == (0, 0, 0)
    else:
        # In CSV a text that would run as a formula is protected by an apostrophe; only those differ.
        assert sorted(changed) == sorted(["'=1+1", "'＝SUM(A1)"])
