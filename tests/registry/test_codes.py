"""Check digits."""

import csv

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from tsunagu.registry.codes import is_corporate_number, is_lg_code, lg_code_check_digit


def test_every_code_of_the_national_list_passes() -> None:
    with (settings.DATA_DIR / "municipalities.csv").open() as file:
        codes = [row["lg_code"] for row in csv.DictReader(file)]
    assert len(codes) == 1963
    assert [code for code in codes if not is_lg_code(code)] == []


@given(st.integers(0, 99999), st.integers(1, 9))
def test_a_wrong_check_digit_is_found(number: int, shift: int) -> None:
    first_five = f"{number:05d}"
    right = lg_code_check_digit(first_five)
    wrong = str((int(right) + shift) % 10)
    assert is_lg_code(first_five + right)
    assert not is_lg_code(first_five + wrong)


@pytest.mark.parametrize("text", ["", "01100", "0110022", "０１１００２", "01100x"])
def test_what_is_no_code(text: str) -> None:
    assert not is_lg_code(text)


def test_corporate_numbers() -> None:
    assert is_corporate_number("4000012090001")  # 経済産業省
    assert not is_corporate_number("5000012090001")
    assert not is_corporate_number("400001209000")
    assert not is_corporate_number("４０００012090001")
