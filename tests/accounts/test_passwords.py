"""Which passwords are easy to guess."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from tsunagu.accounts.password_validation import PasswordRules, common_passwords
from tsunagu.accounts.passwords import Weakness, weaknesses


def found(password: str, *words: str) -> list[Weakness]:
    return weaknesses(password, common=common_passwords(), words=words)


@pytest.mark.parametrize(
    "password",
    [
        "はやい雲と古い自転車の話", "correct horse battery staple", "vR7kq2mWz9xb", "ねこ がベンチで 本を読む 3月", "mosslampriverkite",
        "x" * 5 + "ありえない長さでもよい" * 20,
    ],
)  # fmt: skip
def test_what_is_hard_to_guess_is_taken(password: str) -> None:
    assert found(password) == []


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("はやい雲", Weakness.SHORT),
        ("vR7kq2mWz9x", Weakness.SHORT),
        ("password12345", Weakness.COMMON),
        ("PASSWORD2026!", Weakness.COMMON),
        ("P@ssw0rd2026!!", Weakness.COMMON),
        ("Ｐａｓｓｗｏｒｄ２０２６", Weakness.COMMON),
        ("iloveyou1234567", Weakness.COMMON),
        ("sunshinesunshine", Weakness.COMMON),
        ("tsunagu-meti-2026", Weakness.CONTEXT),
        ("つなぐ地域DX推進ラボ", Weakness.CONTEXT),
        ("ＩＰＡ-ＭＥＴＩ-2026-ab", Weakness.CONTEXT),
        ("佐賀県DX推進ラボ2026", Weakness.CONTEXT),
        ("yamada.taro2026", Weakness.CONTEXT),
        ("aaaaaaaaaaaaaaaa", Weakness.PATTERN),
        ("abcabcabcabcabc", Weakness.PATTERN),
        ("abcdefghijklmnop", Weakness.PATTERN),
        ("qwertyuiop12345", Weakness.PATTERN),
        ("1qaz2wsx3edc4rfv", Weakness.PATTERN),
        ("あいあいあいあいあいあい", Weakness.PATTERN),
        ("x" * 1001, Weakness.LONG),
    ],
)
def test_what_is_easy_to_guess_is_refused(password: str, why: Weakness) -> None:
    assert why in found(password, "佐賀県DX推進ラボ", "yamada", "taro")


@given(st.text(min_size=12, max_size=128))
def test_no_password_is_too_long_below_a_thousand(password: str) -> None:
    assert Weakness.LONG not in found(password)
    assert Weakness.SHORT not in found(password)


WORDS = sorted(word for word in common_passwords() if word.isalpha() and len(word) > 3)


@given(st.sampled_from(WORDS), st.integers(0, 99999))
def test_digits_behind_a_common_password_change_nothing(common: str, number: int) -> None:
    assert found(f"{common}{number}{number}{number}{number}") != []


def test_the_persons_own_words_and_the_labs_count(person_of: Any) -> None:
    person = person_of("lab_office")
    person.name, person.email = "湯川 早苗", "sanae.yukawa@example.jp"
    for password in ("湯川早苗湯川早苗2026", "sanaeyukawa2026!", "佐賀県DX推進ラボです"):
        with pytest.raises(ValidationError) as refused:
            PasswordRules().validate(password, person)
        assert "関係のない言葉を足してください" in str(refused.value)
    PasswordRules().validate("はやい雲と古い自転車の話", person)


def test_passwords_are_kept_with_argon2id(person_of: Any) -> None:
    person = person_of("lab_office")
    person.set_password("はやい雲と古い自転車の話")
    assert person.password.startswith("argon2$argon2id$")
