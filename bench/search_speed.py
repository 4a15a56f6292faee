"""Search over made-up cases through the product's own call: speed, indexing, memory. `python -m bench.search_speed [COUNT …]`."""

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from bench.numbers import Number, at_least, at_most
from tsunagu.engines.textsearch.answering import ask
from tsunagu.engines.textsearch.contract import Document, Question
from tsunagu.engines.textsearch.embedded import Embedded

COUNTS = {100_000: 15.0, 1_000_000: 60.0}
SEED = 20261124
MEGABYTE = 1024 * 1024
MEMORY = 250
COUNTED = ("kind", "field", "bureau", "prefecture", "year")

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
QUESTIONS = (
    "鳥獣害 センサー", "センサ", "旅館 予約", "工場の機械の稼働率を上げたい", "イノシシの見回りを減らすにはどうすればよいか", "ドローン 農地",
    "勤怠 自動化", "鳥獣蓋 センサー", '"見える化を試す"', "補助金 -研修", "生成AI 帳票", "介護 記録 音声", "漁港", "", "バスの通院を続けるには",
)  # fmt: skip


def documents(count: int) -> Iterator[Document]:
    """Cases of 300 characters or so: sentences of nouns and verbs; a third for labs only, some in two forms."""
    chance = random.Random(SEED)
    for number in range(count):
        nouns = chance.choices(NOUNS, k=14)
        body = "".join(
            f"{chance.choice(PLACES)}では{one}の{other}を{chance.choice(VERBS)}ために"
            f"{chance.choice(NOUNS)}を使い、{chance.randrange(2, 99)}件を{chance.choice(VERBS)}。"
            for one, other in zip(nouns[::2], nouns[1::2], strict=True)
        )
        yield Document(
            key=f"case:{number}", kind="case", title=f"{nouns[0]}を{chance.choice(VERBS)}{number}", body=body,
            audiences=frozenset({"circle"} if number % 3 == 0 else {"public"}),
            facets={
                "field": [f"f{number % 10}"], "bureau": [f"b{number % 9}"], "prefecture": [f"県{number % 47}"],
                "year": [str(2016 + number % 11)],
            },
            day=730_000 + number % 4_000, payload={"url": f"/cases/{number}/"},
        )  # fmt: skip


@contextmanager
def filled(count: int, place: Path) -> Iterator[tuple[Embedded, float]]:
    """An index of so many documents, and how many went in each second of this process's own time."""
    engine = Embedded(place)
    made = list(documents(min(count, 20_000)))
    started = time.process_time()
    with engine.fresh() as writer:
        done = 0
        while done < count:
            writer.put(made if done == 0 else documents_from(done, min(len(made), count - done)))
            done += len(made)
            writer.commit()
        spent = time.process_time() - started
        path = writer.path
    engine.take_over(path)
    yield engine, count / spent


def documents_from(first: int, count: int) -> Iterator[Document]:
    """More of the same, with keys and texts of their own."""
    chance = random.Random(first)
    for number, one in zip(range(first, first + count), documents(count), strict=False):
        noun, verb = chance.choice(NOUNS), chance.choice(VERBS)
        yield Document(
            f"case:{number}", "case", f"{noun}を{verb}{number}", f"{one.body}{noun}を{verb}。", one.audiences,
            facets=one.facets, day=one.day, payload=one.payload,
        )  # fmt: skip


def measure_one(count: int, limit: float) -> Iterator[Number]:
    """The numbers for one size."""
    process = psutil.Process()
    base = process.memory_info().rss
    with tempfile.TemporaryDirectory() as folder, filled(count, Path(folder)) as (engine, rate):
        yield at_least(f"search.indexed_each_cpu_second_{count}", rate, 1_000, "documents")
        reader = engine.reader()
        times = []
        chance = random.Random(SEED)
        for run in range(20):
            for text in chance.sample(QUESTIONS, len(QUESTIONS)):
                audiences = frozenset({"public"} if run % 2 else {"public", "circle"})
                narrowed = {"field": ["f3"]} if run % 4 == 3 else {}
                started = time.perf_counter()
                ask(reader, Question(text, audiences, narrowed, COUNTED, limit=20))
                times.append((time.perf_counter() - started) * 1000)
        times.sort()
        yield at_most(
            f"search.p95_with_facets_{count}",
            round(times[int(len(times) * 0.95)], 1),
            limit,
            "ms",
            f"median {times[len(times) // 2]:.1f}",
        )
        over = (process.memory_info().rss - base) / MEGABYTE
        yield at_most(f"search.memory_over_base_{count}", round(over), MEMORY, "MB")


def measure() -> Iterator[Number]:
    """100,000 always; a million when asked for by its number: it takes some minutes to make."""
    yield from measure_one(100_000, COUNTS[100_000])


if __name__ == "__main__":
    for size in map(int, sys.argv[1:] or ["100000"]):
        for number in measure_one(size, COUNTS.get(size, 60.0)):
            print(number.line(), flush=True)
