"""The 15 points of the rules for machine-readable statistical tables, checked on the bytes of a CSV file.

Source: 総務省「統計表における機械判読可能なデータの表記方法の統一ルール」 (2020-12-18). Points that concern workbooks (merged
cells, objects, formulas) are checked by what would be left of them in a CSV.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

RULES = {
    1: "ファイル形式はExcelかCSVとなっているか",
    2: "1セル1データとなっているか",
    3: "数値データは数値属性とし、文字列を含まないこと",
    4: "セルの結合をしていないか",
    5: "スペースや改行等で体裁を整えていないか",
    6: "項目名等を省略していないか",
    7: "数式を使用している場合は、数値データに修正しているか",
    8: "オブジェクトを使用していないか",
    9: "データの単位を記載しているか",
    10: "機種依存文字を使用していないか",
    11: "西暦表記か、和暦に西暦の併記がされているか",
    12: "地域コード又は地域名称が表記されているか",
    13: "数値データの同一列内に特殊記号（秘匿等）が含まれていないか",
    14: "データが分断されていないか",
    15: "1シートに複数の表が掲載されていないか",
}
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
WHEN = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2}))?)?)?")
AREA = re.compile(r"[0-9]{6}|g-[a-z0-9-]+")
SEVERAL = re.compile(r"[,、;；|／]")
LAYOUT = re.compile(r"^\s|\s$|[\r\n\t]|[ 　]{2,}")
ERA = re.compile(r"(明治|大正|昭和|平成|令和)\s*([0-9０-９]+|元)年")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
UNIT = re.compile(r"（.+）$|\(.+\)$")
SYMBOLS = re.compile(r"[-*＊xXχ…―－△▲()（）]+|n/?a|秘匿", re.IGNORECASE)
MOST_SHOWN = 3


@dataclass(frozen=True)
class Nature:
    """What a column is to hold: `text` (names and sentences `as_written`), `number`, `when`, `area` or `code`."""

    kind: str
    as_written: bool = False


@dataclass(frozen=True)
class Verdict:
    """How a table meets one point: `where` names the first cells that do not."""

    ok: bool
    where: tuple[str, ...] = ()
    remark: str = ""


@dataclass(frozen=True)
class Rule:
    """One of the points with its verdict."""

    number: int
    title: str
    verdict: Verdict


class _Sheet:
    """The records of a CSV, with what each column is."""

    def __init__(self, records: list[list[str]], natures: Sequence[Nature]) -> None:
        self.head, self.rows, self.natures = (records[0] if records else []), records[1:], natures

    def cells(self, *kinds: str, but_written: bool = False) -> Iterator[tuple[int, str, str]]:
        """(line, column, text) of the filled cells of columns of these kinds; of all without one."""
        for line, row in enumerate(self.rows, 2):
            for label, nature, text in zip(self.head, self.natures, row, strict=False):
                wanted = not kinds or nature.kind in kinds
                if text and wanted and not (but_written and nature.as_written):
                    yield line, label, text


def _found(cells: Iterator[tuple[int, str, str]], remark: str = "") -> Verdict:
    shown: list[str] = []
    for line, label, text in cells:
        shown.append(f"{line}行目「{label}」{text[:30]}")
        if len(shown) == MOST_SHOWN:
            break
    return Verdict(not shown, tuple(shown), remark)


# What Windows writes for 〜 ― ‖ − ￠ ￡ ￢: the same characters under another number.
WINDOWS = frozenset("～―∥－￠￡￢")


def is_machine_dependent(text: str) -> bool:
    """Whether a text holds characters that JIS X 0208 lacks, or private ones: ①, ㈱, Ⅳ, 髙 and the like."""
    return any(not one.isascii() and one not in WINDOWS and not _in_jis(one) for one in text)


def _in_jis(character: str) -> bool:
    try:
        # Three bytes would be JIS X 0212, which not every machine has.
        return len(character.encode("euc_jp")) <= 2
    except UnicodeEncodeError:
        return False


def examine(data: bytes, natures: Sequence[Nature], *, about_places: bool) -> list[Rule]:
    """The 15 points for a CSV file whose columns are of these natures; `about_places`: its rows are about places."""
    try:
        text = data.decode("utf-8-sig")
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        readable = Verdict(bool(records) and data.startswith(b"\xef\xbb\xbf"), remark="UTF-8（BOMつき）のCSV")
    except (UnicodeDecodeError, csv.Error) as error:
        records, readable = [], Verdict(False, (str(error),))
    sheet = _Sheet(records, natures)
    widths = [
        f"{line}行目は{len(row)}列" for line, row in enumerate(sheet.rows, 2) if len(row) != len(sheet.head)
    ]
    blank = [f"{line}行目が空" for line, row in enumerate(sheet.rows, 2) if not any(row)]
    verdicts = {
        1: readable,
        2: _found(cell for cell in sheet.cells("code", "area", "when", "number", but_written=True) if SEVERAL.search(cell[2])),
        3: _found(cell for cell in sheet.cells("number") if not NUMBER.fullmatch(cell[2])),
        4: Verdict(not widths and len(sheet.head) == len(natures), tuple(widths[:MOST_SHOWN])),
        5: _found(cell for cell in sheet.cells() if LAYOUT.search(cell[2])),
        6: _named(sheet),
        7: _found(cell for cell in sheet.cells() if cell[2].startswith("=")),
        8: _found(cell for cell in sheet.cells() if CONTROL.search(cell[2])),
        9: _with_units(sheet),
        10: _found(
            (cell for cell in sheet.cells(but_written=True) if is_machine_dependent(cell[2])),
            "名称と文章は、書かれたとおりの字で載せる",
        ),
        11: _western(sheet),
        12: _placed(sheet, about_places),
        13: _found(cell for cell in sheet.cells("number") if SYMBOLS.fullmatch(cell[2])),
        14: Verdict(not blank and sheet.head not in sheet.rows, tuple(blank[:MOST_SHOWN])),
        15: Verdict(not blank and not widths, tuple((blank + widths)[:MOST_SHOWN])),
    }  # fmt: skip
    return [Rule(number, title, verdicts[number]) for number, title in RULES.items()]


def _named(sheet: _Sheet) -> Verdict:
    """Every column has a name of its own, and every row says which it is."""
    faults = [f"{place}列目に項目名がない" for place, label in enumerate(sheet.head, 1) if not label.strip()]
    faults += [f"項目名「{label}」が2度ある" for label in sheet.head if sheet.head.count(label) > 1]
    keys = [row[0] if row else "" for row in sheet.rows]
    faults += [f"{line}行目に番号がない" for line, key in enumerate(keys, 2) if not key]
    if len(set(keys)) != len(keys):
        faults.append("同じ番号の行がある")
    return Verdict(bool(sheet.head) and not faults, tuple(faults[:MOST_SHOWN]))


def _with_units(sheet: _Sheet) -> Verdict:
    lacking = [
        label
        for label, nature in zip(sheet.head, sheet.natures, strict=False)
        if nature.kind == "number" and not UNIT.search(label)
    ]
    return Verdict(not lacking, tuple(lacking[:MOST_SHOWN]))


def _western(sheet: _Sheet) -> Verdict:
    wrong = _found(cell for cell in sheet.cells("when") if not WHEN.fullmatch(cell[2]))
    eras = [label for label in sheet.head if ERA.search(label)]
    return Verdict(wrong.ok and not eras, wrong.where + tuple(eras))


def _placed(sheet: _Sheet, about_places: bool) -> Verdict:
    if not about_places:
        return Verdict(True, remark="地域についての表ではない")
    if not any(nature.kind == "area" for nature in sheet.natures):
        return Verdict(False, ("地域コードの列がない",))
    return _found(cell for cell in sheet.cells("area") if not AREA.fullmatch(cell[2]))
