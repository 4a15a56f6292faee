"""Columns that many tables have."""

from dataclasses import replace

from tsunagu.api.tables.base import OF_THE_PROGRAMME, Column, Kind
from tsunagu.registry.kinds import Scheme

SCHEME = Column(
    "scheme", "制度", "Scheme", Kind.CODE, own=OF_THE_PROGRAMME, lookup="*", choices=Scheme.choices
)
LAB = Column("lab_id", "ラボ番号", "Lab ID", gif="ID", lookup="*")
LAB_NAME = Column("lab_name", "ラボ", "Lab", gif="名称", as_written=True)
SOURCE = Column("source", "出典", "Source", gif="備考", as_written=True)
URL = Column("url", "このサイトのページ", "Page on this site", Kind.URL, gif="URL")
PREFECTURE_CODE = Column(
    "prefecture_code", "都道府県コード", "Prefecture code", gif="全国地方公共団体コード", lookup="*"
)
PREFECTURE = Column("prefecture", "都道府県", "Prefecture", gif="都道府県名", as_written=True)
BUREAU_CODE = Column("bureau", "経済産業局の記号", "Bureau code", own=OF_THE_PROGRAMME, lookup="*")
BUREAU_NAME = Column("bureau_name", "経済産業局", "Bureau", gif="組織名称", as_written=True)
FISCAL_YEAR = Column(
    "fiscal_year",
    "年度",
    "Fiscal year",
    Kind.INTEGER,
    unit="年度",
    unit_en="FY from April",
    gif="年度",
    lookup="*",
)


def identity(label: str = "番号", label_en: str = "ID", *, lookup: str = "") -> Column:
    """The column that names a row for good."""
    return Column("id", label, label_en, gif="ID", lookup=lookup)


def counted(key: str, label: str, label_en: str, unit: str, unit_en: str) -> Column:
    """A count of something."""
    return Column(key, label, label_en, Kind.INTEGER, unit, unit_en, own=OF_THE_PROGRAMME)


def looked_up(column: Column, lookup: str) -> Column:
    """The column as a query finds it."""
    return replace(column, lookup=lookup)
