"""Check digits of the national code lists. Pure."""

LG_CODE_WEIGHTS = (6, 5, 4, 3, 2)
FULL_WIDTH_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")


def half_width(text: str) -> str:
    """A code as it is stored, also where its digits were typed full-width. Only codes: names stay as typed."""
    return text.translate(FULL_WIDTH_DIGITS).strip()


def lg_code_check_digit(first_five: str) -> str:
    """The sixth digit of a 全国地方公共団体コード (総務省「全国地方公共団体コード」の検査数字).

    `first_five` is five digits; raises ValueError otherwise.
    """
    if len(first_five) != 5 or not first_five.isascii() or not first_five.isdigit():
        raise ValueError(first_five)
    total = sum(weight * int(digit) for weight, digit in zip(LG_CODE_WEIGHTS, first_five, strict=True))
    return str((11 - total % 11) % 10)


def is_lg_code(text: str) -> bool:
    """Whether `text` is six digits with a right check digit."""
    if len(text) != 6 or not text.isascii() or not text.isdigit():
        return False
    return lg_code_check_digit(text[:5]) == text[5]


def is_corporate_number(text: str) -> bool:
    """Whether `text` is a 13-digit 法人番号 with a right check digit (国税庁; python-stdnum)."""
    if len(text) != 13 or not text.isascii() or not text.isdigit():
        return False
    from stdnum.exceptions import ValidationError
    from stdnum.jp import cn

    try:
        cn.validate(text)
    except ValidationError:
        return False
    return True


def natural_key(*, corporate_number: str, name: str, prefecture_code: str) -> str:
    """What identifies an organisation between imports: its 法人番号, else its exact name and prefecture."""
    return corporate_number or f"{name}|{prefecture_code}"
