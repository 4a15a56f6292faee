"""Made-up cases as rows of the product's database: as many as asked for, the same on every run."""

import csv
import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

SEED = 20261124
SAID_EVERY = 50_000
FIRST_DAY = datetime(2016, 4, 1, 3, tzinfo=UTC)
DAYS = 3_900

# Words as often as this project's own texts use them, and what old cases of measurements spoke of: some in every tenth case,
# most in few, as in all that people write. The third column: makes a verb with する.
WORDS = Path(__file__).with_name("words.csv")
VERBS = ("減らす", "増やす", "知らせる", "見守る", "始める", "続ける", "試す", "広げる")
VERB_TIMES = 60
MUNICIPALITIES = Path(__file__).parents[1] / "data" / "municipalities.csv"

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


class Speech:
    """Makes up what people say of their work, and what they ask."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        with WORDS.open() as file:
            words = [
                (row["word"], int(row["times"]), row["with_suru"] == "1") for row in csv.DictReader(file)
            ]
        with MUNICIPALITIES.open() as file:
            self.places = [row["name"] for row in csv.DictReader(file)]
        self.nouns = [word for word, _, _ in words]
        self.verbs = [*VERBS, *(f"{word}する" for word, _, suru in words if suru)]
        times = [VERB_TIMES] * len(VERBS) + [times for _, times, suru in words if suru]
        self.noun_weights = list(accumulate(times for _, times, _ in words))
        self.verb_weights = list(accumulate(times))

    def some(self, count: int) -> list[str]:
        """Nouns, common ones more often."""
        return self.chance.choices(self.nouns, cum_weights=self.noun_weights, k=count)

    def noun(self) -> str:
        return self.some(1)[0]

    def verb(self) -> str:
        return self.chance.choices(self.verbs, cum_weights=self.verb_weights)[0]

    def place(self) -> str:
        return self.chance.choice(self.places)

    def sentence(self, one: str, other: str) -> str:
        """34 characters or so."""
        return (
            f"{self.place()}では{one}の{other}を{self.verb()}ために{self.noun()}を使い、"
            f"{self.chance.randrange(2, 99)}件を{self.verb()}。"
        )

    def case(self, number: int) -> tuple[str, list[str], list[str]]:
        """Title, seven sentences, technologies."""
        nouns = self.some(14)
        sentences = [self.sentence(one, other) for one, other in zip(nouns[::2], nouns[1::2], strict=True)]
        return f"{nouns[0]}を{self.verb()}{number}", sentences, list(dict.fromkeys(nouns[1:3]))


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

    found = (
        Lab.objects,
        LocalGovernment.objects.filter(prefecture=None),
        Industry.objects,
        CaseField.objects,
    )
    return Known(*(list(one.order_by("pk").values_list("pk", flat=True)) for one in found))


def _cases(count: int, known: Known) -> Iterator[Row]:
    from tsunagu.cases.models import Stage

    told, chance = Speech(SEED), random.Random(SEED + 1)
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
    told = Speech(SEED + 2)
    for number in range(0, count, 3):
        one, other = told.some(2)
        yield first_number() + number, told.sentence(one, other), f"{told.place()}の窓口"


def _results(count: int) -> Iterator[Row]:
    told = Speech(SEED + 3)
    for number in range(0, count, 2):
        before = told.chance.randrange(10, 400)
        yield first_number() + number, f"{told.noun()}の時間", before, before // 2, "時間", "", ""
