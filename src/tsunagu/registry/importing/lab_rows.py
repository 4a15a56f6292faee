"""One row of a lab list: from cells to checked values, with every error of the row at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tsunagu.engines.dates import DateNotUnderstood, PartialDate, parse_date
from tsunagu.engines.textsearch.folding import fold
from tsunagu.registry.codes import half_width, is_lg_code, lg_code_check_digit
from tsunagu.registry.importing.sheet import Column, RowError
from tsunagu.registry.kinds import Category, RegionKind, Scheme
from tsunagu.registry.models import Bureau, Lab, LocalGovernment, Region, Round

COLUMNS = (
    Column("name", "地域名", ("地域", "選定地域"), required=True),
    Column("prefecture", "都道府県", ("都道府県名",), required=True),
    Column(
        "lg_code",
        "団体コード",
        ("全国地方公共団体コード", "地方公共団体コード", "自治体コード", "地域コード"),
    ),
    Column("bureau", "経済産業局", ("局", "経産局")),
    Column("scheme", "制度"),
    Column("round", "弾", ("選定回",)),
    Column("selected_on", "選定日"),
    Column("announced_on", "公表日"),
    Column("certificate_awarded_on", "選定証授与日", ("授与日",)),
    Column("status", "状態"),
    Column("category", "類型", ("選定時の類型",)),
    Column("lab_name", "ラボ名", ("ラボの名称",)),
    Column("slug", "ラボ番号"),
    Column("source", "出典"),
)
DATE_KEYS = ("selected_on", "announced_on", "certificate_awarded_on")
SCHEMES = {
    "dx": Scheme.DX, "地域DX推進ラボ": Scheme.DX, "DX": Scheme.DX, "地域DXラボ": Scheme.DX, "DXラボ": Scheme.DX,
    "DX推進ラボ": Scheme.DX, "iot": Scheme.IOT, "地方版IoT推進ラボ": Scheme.IOT, "IoTラボ": Scheme.IOT,
    "IoT推進ラボ": Scheme.IOT, "未確認": Scheme.UNRESOLVED, "unresolved": Scheme.UNRESOLVED, "制度未確認": Scheme.UNRESOLVED,
}  # fmt: skip
STATUSES = {
    "selected": "selected", "選定中": "selected", "選定": "selected", "scheme_unresolved": "unresolved",
    "制度未確認": "unresolved", "moved_to_dx": "moved", "移行": "moved", "DXラボへ移行": "moved",
    "休止中": "dormant", "dormant": "dormant", "終了": "ended", "ended": "ended",
}  # fmt: skip
CATEGORIES = {
    "①": Category.REGIONAL, "regional": Category.REGIONAL, "②": Category.COMPANY, "company": Category.COMPANY,
    "③": Category.BOTH, "両方": Category.BOTH, "①②": Category.BOTH, "both": Category.BOTH,
    "① 地域課題の解決・地域産業の競争優位性": Category.REGIONAL, "② 地域企業の競争優位性": Category.COMPANY,
    "①と②の両方": Category.BOTH, "未確認": "",
}  # fmt: skip


@dataclass(frozen=True)
class LabRow:
    """A checked row. `government` is None for a region of several municipalities, `lab` where the row names none."""

    number: int
    name: str
    region: Region | None
    government: LocalGovernment | None
    lab: Lab | None
    lab_name: str
    scheme: Scheme
    round: Round | None
    dates: dict[str, PartialDate]
    category: str
    status: str
    source: str


class Directory:
    """What rows are checked against, read once. `old_names`: (name, prefecture) of groups of a list, to their codes."""

    def __init__(self, old_names: Mapping[tuple[str, str], str] | None = None) -> None:
        self.governments = {one.lg_code: one for one in LocalGovernment.objects.select_related("bureau")}
        self.prefectures = {one.name: one for one in self.governments.values() if one.prefecture_id is None}
        groups = Region.objects.filter(kind=RegionKind.GROUP).select_related("prefecture", "bureau")
        self.groups = {(one.name, one.prefecture_id): one for one in groups}
        self.group_codes = {one.code: one for one in groups}
        # A group may have been renamed since a list was made.
        for (name, prefecture), code in (old_names or {}).items():
            if code in self.group_codes:
                prefecture_code = self.prefectures[prefecture].lg_code
                self.groups.setdefault((name, prefecture_code), self.group_codes[code])
        self.labs = {one.slug: one for one in Lab.objects.select_related("region")}
        self.rounds = {(one.scheme, one.number): one for one in Round.objects.all()}
        bureaus = Bureau.objects.all()
        self.bureaus = {fold(name): one for one in bureaus for name in (one.name, one.short_name, one.code)}

    def bureau(self, text: str) -> Bureau | None:
        """The bureau by full name, short name, or as the deck writes it (中部経産局管内)."""
        plain = text.removesuffix("管内").replace("経産局", "経済産業局")
        return self.bureaus.get(fold(plain))


class RowReader:
    """Checks the cells of one row and collects what is wrong."""

    def __init__(
        self, number: int, cells: dict[str, str], directory: Directory, labels: dict[str, str]
    ) -> None:
        self.number, self.cells, self.directory, self.labels = number, cells, directory, labels
        self.errors: list[RowError] = []

    def cell(self, key: str) -> str:
        return self.cells.get(key, "")

    def wrong(self, key: str, message: str, mend: str) -> None:
        self.errors.append(RowError(self.number, self.labels[key], self.cell(key), message, mend))

    def choice(self, key: str, choices: dict[str, Any], default: Any) -> Any:
        """The value a cell stands for, in any spelling; the default when blank or wrong."""
        text = self.cell(key)
        if not text:
            return default
        found = {fold(name): value for name, value in choices.items()}.get(fold(text))
        if found is None:
            self.wrong(
                key,
                _("使えない値です。"),
                _("次のどれかにしてください: %(values)s") % {"values": "、".join(choices)},
            )
            return default
        return found

    def _is_unreadable(self, key: str) -> bool:
        return any(error.column == self.labels[key] for error in self.errors)

    def place(self) -> tuple[Region | None, LocalGovernment | None]:
        """The region by code, or a known group by name; never guessed from a name alone."""
        prefecture = self.directory.prefectures.get(self.cell("prefecture"))
        if prefecture is None:
            self.wrong(
                "prefecture",
                _("都道府県名ではありません。"),
                _("「北海道」「東京都」のように正式名で入れてください。"),
            )
        code = half_width(self.cell("lg_code"))
        if code in self.directory.group_codes:
            return self.directory.group_codes[code], None
        if code:
            return None, self._government(code, prefecture)
        if not self.cell("name"):
            self.wrong("name", _("地域名が空欄です。"), _("地域名を入れてください。"))
            return None, None
        group = self.directory.groups.get((self.cell("name"), prefecture.lg_code)) if prefecture else None
        if group is None:
            self.wrong(
                "lg_code",
                _("団体コードが空欄で、登録済みの「複数市町村の連携」にも同じ名前がありません。"),
                _("6桁の団体コードを入れるか、先に「複数市町村の連携」として地域を登録してください。"),
            )
        return group, None

    def _government(self, code: str, prefecture: LocalGovernment | None) -> LocalGovernment | None:
        if not is_lg_code(code):
            self.wrong("lg_code", _("団体コードの検査数字が合いません。"), self._code_hint(code))
            return None
        government = self.directory.governments.get(code)
        if government is None:
            self.wrong(
                "lg_code",
                _("この団体コードの自治体はありません。"),
                _("総務省の一覧でコードを確かめてください。"),
            )
            return None
        if fold(government.name) != fold(self.cell("name")):
            self.wrong(
                "name",
                _("団体コード %(code)s は「%(name)s」です。") % {"code": code, "name": government.name},
                _("地域名かコードのどちらかを直してください。"),
            )
        if prefecture and prefecture.lg_code != (government.prefecture_id or government.lg_code):
            self.wrong(
                "prefecture", _("団体コードの都道府県と違います。"), _("都道府県かコードを直してください。")
            )
        self._check_bureau(government.bureau)
        return government

    def _check_bureau(self, expected: Bureau) -> None:
        text = self.cell("bureau")
        if text and self.directory.bureau(text) != expected:
            self.wrong(
                "bureau",
                _("この地域を管轄するのは%(bureau)sです。") % {"bureau": expected.name},
                _("「%(name)s」にするか、空欄にしてください。") % {"name": expected.short_name},
            )

    def _code_hint(self, code: str) -> str:
        digits = code if code.isascii() and code.isdigit() else ""
        candidates = [f"0{digits}"] if len(digits) == 5 else []
        if len(digits) in {5, 6}:
            candidates.append(digits[:5] + lg_code_check_digit(digits[:5]))
        known = [one for one in candidates if is_lg_code(one) and one in self.directory.governments]
        if not known:
            return _("6桁の数字（検査数字を含む）で入れてください。")
        named = "、".join(f"{one}（{self.directory.governments[one].name}）" for one in dict.fromkeys(known))
        return _("もしかして: %(codes)s。先頭の0が消えていないか確かめてください。") % {"codes": named}

    def lab(self, code: str) -> Lab | None:
        """The lab a list of ours names by its number; it must be one of the row's region."""
        slug = self.cell("slug")
        if not slug:
            return None
        found = self.directory.labs.get(slug)
        if found is None or found.region.code != code:
            self.wrong(
                "slug",
                _("この地域に、この番号のラボはありません。"),
                _("番号を確かめるか、新しいラボなら空欄にしてください。"),
            )
            return None
        return found

    def round_of(self, scheme: Scheme) -> Round | None:
        text = self.cell("round")
        if not text:
            return None
        digits = fold(text).removeprefix("第").removesuffix("弾")
        if not digits.isdigit():
            self.wrong("round", _("弾は数字で入れます。"), _("「1」または「第1弾」のように入れてください。"))
            return None
        if scheme is Scheme.UNRESOLVED and self._is_unreadable("scheme"):
            return None
        if scheme is Scheme.UNRESOLVED:
            self.wrong(
                "round",
                _("制度が空欄なのに弾が入っています。"),
                _("制度を入れるか、弾を空欄にしてください。"),
            )
            return None
        found = self.directory.rounds.get((scheme.value, int(digits)))
        if found is None:
            self.wrong(
                "round",
                _("%(scheme)sの第%(number)s弾は登録されていません。")
                % {"scheme": scheme.label, "number": digits},
                _("番号を確かめるか、先に弾を登録してください。"),
            )
        return found

    def dates(self) -> dict[str, PartialDate]:
        messages: dict[str, Callable[[], str]] = {
            "not_a_date": lambda: _("日付として読めません。"),
            "era_out_of_range": lambda: _("その元号の期間にない日付です。"),
            "no_such_day": lambda: _("暦にない日付です。"),
        }
        found = {}
        for key in DATE_KEYS:
            text = self.cell(key)
            try:
                if text:
                    found[key] = parse_date(text)
            except DateNotUnderstood as error:
                self.wrong(
                    key, messages[error.code](), _("2023-04-01、2023-04、令和5年4月 のように入れてください。")
                )
        return found

    def read(self) -> LabRow:
        """The row's values; use them only when `errors` stayed empty."""
        region, government = self.place()
        scheme = self.choice("scheme", SCHEMES, Scheme.UNRESOLVED)
        status = self.choice("status", STATUSES, "selected")
        if status == "moved" and scheme is not Scheme.IOT:
            self.wrong(
                "status", _("移行するのは地方版IoT推進ラボだけです。"), _("制度か状態を直してください。")
            )
        return LabRow(
            number=self.number,
            name=self.cell("name"),
            region=region,
            government=government,
            lab=self.lab(government.lg_code if government else region.code if region else ""),
            lab_name=self.cell("lab_name"),
            scheme=scheme,
            round=self.round_of(scheme),
            dates=self.dates(),
            category=self.choice("category", CATEGORIES, ""),
            status=status,
            source=self.cell("source"),
        )
