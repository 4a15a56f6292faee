"""Made-up cases as rows of the product's database: as many as asked for, the same on every run."""

import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

SEED = 20261124
SAID_EVERY = 50_000
FIRST_DAY = datetime(2016, 4, 1, 3, tzinfo=UTC)
DAYS = 3_900

NOUNS = tuple(
    "センサー カメラ ドローン クラウド 予約 在庫 見回り 農地 果樹園 牛舎 漁港 旅館 商店街 工場 機械 配送 介護 記録 音声 帳票 "  # noqa: SIM905
    "会計 受発注 補助金 研修 相談 鳥獣害 イノシシ 水位 気象 電力 温度 湿度 稼働率 不良品 検査 図面 人手 残業 移住 観光客 バス 通院 "
    "学校 図書館 災害 避難所 地図 データ分析 人工知能 画像認識 生成AI ロボット 自動化 見える化 電子契約 勤怠".split()
)
VERBS = (
    "減らす",
    "増やす",
    "知らせる",
    "見守る",
    "共有する",
    "記録する",
    "分析する",
    "予測する",
    "始める",
    "続ける",
    "試す",
    "広げる",
)
PLACES = ("東地区", "西地区", "港地区", "山手地区", "川上地区", "新町地区", "本町地区", "緑地区", "若葉地区")

CASE = (
    "id", "number", "state", "lab_id", "title", "about", "company", "prefecture_id", "industry_id", "field_id", "summary",
    "problem", "approach", "technologies", "cost", "staff", "outcome", "failed", "conditions", "stage", "stopped_why", "source",
    "origin_key", "verified_on", "editor_note", "published_at", "changed_at", "withdrawn_why",
)  # fmt: skip
INNER = ("case_id", "frankly", "contact")
RESULT = ("case_id", "measure", "before", "after", "unit", "evidence", "verified_by")

Row = tuple[Any, ...]


def say(text: str) -> None:
    """What is going on, for the person who waits."""
    print(f"# {time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


class Told:
    """Makes up what a case says: seven sentences of 34 characters or so, of nouns, verbs and places."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def sentence(self, one: str, other: str) -> str:
        pick = self.chance.choice
        return (
            f"{pick(PLACES)}では{one}の{other}を{pick(VERBS)}ために{pick(NOUNS)}を使い、"
            f"{self.chance.randrange(2, 99)}件を{pick(VERBS)}。"
        )

    def case(self, number: int) -> tuple[str, list[str], list[str]]:
        """Title, sentences, technologies."""
        nouns = self.chance.choices(NOUNS, k=14)
        sentences = [self.sentence(one, other) for one, other in zip(nouns[::2], nouns[1::2], strict=True)]
        return f"{nouns[0]}を{self.chance.choice(VERBS)}{number}", sentences, nouns[1:3]


def fill(count: int) -> None:
    """Published cases: every third with a part for labs only, every second with a result in figures.

    Triggers rest meanwhile: they would mark and note in the history every row, which is not what is measured.
    """
    from django.db import connection

    from tsunagu.cases.models import Case, CaseInner, CaseResult

    known = _known()
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:  # psycopg's own, for COPY
        cursor.execute("SET session_replication_role = replica")
        for model, columns, rows in (
            (Case, CASE, _cases(count, known)),
            (CaseInner, INNER, _inner(count)),
            (CaseResult, RESULT, _results(count)),
        ):
            table = model._meta.db_table
            with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        cursor.execute("RESET session_replication_role")
        for model in (Case, CaseInner, CaseResult):
            cursor.execute(f"VACUUM ANALYZE {model._meta.db_table}")


def first_number() -> int:
    """Made-up cases are numbered from here: behind the real ones."""
    return 1_001


class Known(NamedTuple):
    """Keys of what cases refer to."""

    labs: list[int]
    prefectures: list[int]
    industries: list[int]
    fields: list[int]


def _known() -> Known:
    from tsunagu.cases.models import CaseField, Industry
    from tsunagu.registry.models import Lab, LocalGovernment

    found = (Lab.objects, LocalGovernment.objects.filter(prefecture=None), Industry.objects, CaseField.objects)
    return Known(*(list(one.order_by("pk").values_list("pk", flat=True)) for one in found))


def _cases(count: int, known: Known) -> Iterator[Row]:
    from tsunagu.cases.models import Stage

    told, chance = Told(SEED), random.Random(SEED + 1)
    for number in range(count):
        title, said, technologies = told.case(number)
        stage = chance.choice(Stage.values)
        published = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
        yield (
            first_number() + number, f"K-{number:07d}", "published", chance.choice(known.labs), title, "company",
            f"株式会社計測{number}", chance.choice(known.prefectures), chance.choice(known.industries), chance.choice(known.fields),
            said[0], "".join(said[1:3]), "".join(said[3:5]), technologies, "low", "", said[5], said[6], "", stage,
            "人手が足りない" if stage == Stage.STOPPED else "", "", "", published.date(), "", published, published, "",
        )  # fmt: skip
        if number % SAID_EVERY == SAID_EVERY - 1:
            say(f"{number + 1:,} of {count:,} cases made")


def _inner(count: int) -> Iterator[Row]:
    told = Told(SEED + 2)
    for number in range(0, count, 3):
        one, other = told.chance.choices(NOUNS, k=2)
        yield first_number() + number, told.sentence(one, other), f"{told.chance.choice(PLACES)}の窓口"


def _results(count: int) -> Iterator[Row]:
    chance = random.Random(SEED + 3)
    for number in range(0, count, 2):
        before = chance.randrange(10, 400)
        yield first_number() + number, f"{chance.choice(NOUNS)}の時間", before, before // 2, "時間", "", ""
