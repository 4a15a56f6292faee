"""What may be logged and how companies are told apart. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from tsunagu.engines.textsearch.folding import fold
from tsunagu.registry.codes import is_corporate_number, natural_key

FIRST_DAY = date(2015, 4, 1)
NUMBER = re.compile(r"(?<!\d)\d{13}(?!\d)")
MOST_COMPANIES = 500


class NotLogged(ValueError):
    """An activity cannot be stored like this; the text says what to mend."""


@dataclass(frozen=True)
class Company:
    """A company as it was named: by its 法人番号, by a name, or both."""

    name: str = ""
    corporate_number: str = ""

    def key(self, prefecture_code: str) -> str:
        """The same for the same company wherever it is named; without a number, for the same name in a prefecture."""
        return natural_key(
            corporate_number=self.corporate_number, name=fold(self.name), prefecture_code=prefecture_code
        )[:230]


def read_company(line: str) -> Company:
    """One line naming a company: '株式会社つなぐ 1234567890123', a name, or a number. Raises `NotLogged`."""
    plain = unicodedata.normalize("NFKC", line).strip()
    bare = plain.replace("-", "").replace(" ", "").removeprefix("T")
    found = NUMBER.search(plain) or (re.fullmatch(r"\d{13}", bare) if bare.isdigit() else None)
    number = found.group() if found else ""
    if number and not is_corporate_number(number):
        raise NotLogged(
            _("「%(line)s」の法人番号は検査数字が合いません。13桁を確かめてください。") % {"line": plain}
        )
    name = re.sub(r"[\s,、()（）]+$|^[\s,、()（）]+", "", plain.replace(number, "") if number else plain)
    if found and bare == number:
        name = ""
    if not name and not number:
        raise NotLogged(_("企業の名前か法人番号を書いてください。"))
    if len(name) > 200:
        raise NotLogged(_("企業の名前は200文字までにしてください。"))
    return Company(name, number)


def read_companies(text: str) -> list[Company]:
    """Companies from a text of one a line, each once. Raises `NotLogged` naming the line."""
    found: dict[str, Company] = {}
    for line in re.split(r"[\n;；]+", text):
        if line.strip():
            one = read_company(line)
            found.setdefault(one.corporate_number or fold(one.name), one)
    if len(found) > MOST_COMPANIES:
        raise NotLogged(_("企業は1件の活動に%(most)d社までです。") % {"most": MOST_COMPANIES})
    return list(found.values())


def check_days(started_on: date, ended_on: date | None, *, today: date) -> None:
    """An activity was done: not before the programme's time, and not tomorrow. Raises `NotLogged`."""
    if started_on < FIRST_DAY:
        raise NotLogged(_("2015年4月より前の日です。年を確かめてください。"))
    if started_on > today:
        raise NotLogged(_("まだ来ていない日です。行ったあとに記録してください。"))
    if ended_on is not None and ended_on < started_on:
        raise NotLogged(_("終わった日が、行った日より前です。"))
    if ended_on is not None and ended_on > today + timedelta(days=366):
        raise NotLogged(_("終わった日が1年より先です。日付を確かめてください。"))


def changed_much(now: int | float | None, before: int | float | None) -> bool:
    """Whether a value is 50 % more or less than the year before (a soft warning, never a refusal)."""
    if now is None or before is None or now == before:
        return False
    return True if before == 0 else abs(now - before) * 2 >= abs(before)
