"""Keeping the indexes: what triggers marked is read anew and put in, in the order it was committed.

The marks are taken away in the transaction in which the records are read, and only after the indexes have been committed: a
crash at any moment leaves either the marks or the documents, never neither.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils.translation import override

from tsunagu.engines.textsearch.beside import joined, joined_beside
from tsunagu.engines.textsearch.contract import BeingWritten, Document, Outdated, Writer
from tsunagu.search.audiences import EVERYONE
from tsunagu.search.models import Mark
from tsunagu.search.places import NAMES, engine
from tsunagu.search.subjects.all import SUBJECTS
from tsunagu.search.subjects.base import key_of

if TYPE_CHECKING:
    from tsunagu.engines.textsearch.embedded import EmbeddedWriter

AT_ONCE = 2_000
# From so many records of a kind on, other processes are worth their start.
MANY = 10_000
REBUILD_LOCK = 7_340_061
# What becomes public at a moment, without any change of a record.
TIMED = ("call", "award")
TAKE = """
DELETE FROM search_mark WHERE id IN (SELECT id FROM search_mark ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING kind, number
"""

Progress = Callable[[str, int], None]


class Indexes:
    """The writers of both indexes, held for as long as one process keeps them. Raises `BeingWritten`, `Outdated`."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self.paths = [engine(name).current() for name in NAMES]
        self.writers: list[EmbeddedWriter] = []
        try:
            for name in NAMES:
                self.writers.append(self._stack.enter_context(engine(name).writer()))
        except BaseException:
            self._stack.close()
            raise

    @property
    def are_current(self) -> bool:
        """Whether a rebuild has not put others in their place."""
        return self.paths == [engine(name).current() for name in NAMES]

    def catch_up(self) -> int:
        """Put in everything marked so far; returns how many marks that was."""
        total = 0
        while taken := self._some():
            total += taken
        return total

    def _some(self) -> int:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(TAKE, [AT_ONCE])
                marks = cursor.fetchall()
            if not marks:
                return 0
            by_kind: dict[str, set[int]] = defaultdict(set)
            for kind, number in marks:
                by_kind[kind].add(number)
            for writer in self.writers:
                writer.remove(key_of(kind, number) for kind, numbers in by_kind.items() for number in numbers)
            for kind, numbers in by_kind.items():
                if kind in SUBJECTS:
                    put(self.writers, documents(kind, numbers))
            for writer in self.writers:
                writer.commit()
        return len(marks)

    def close(self) -> None:
        """Let another process write."""
        self._stack.close()

    def __enter__(self) -> "Indexes":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def documents(kind: str, numbers: Collection[int]) -> list[Document]:
    """What the index holds of these records, in the source language."""
    with override("ja"):
        return list(SUBJECTS[kind].documents(numbers))


def put(writers: Iterable[Writer], found: Iterable[Document]) -> None:
    """Public documents go into both indexes, all others into the inner one only."""
    public, inside = writers
    for one in found:
        inside.put([one])
        if EVERYONE in one.audiences:
            public.put([one])


def rebuild(progress: Progress = lambda kind, count: None) -> int:
    """Make both indexes anew beside those in use, then let them take over; returns how many records were read.

    Whoever asks meanwhile is answered from the old ones. What changes meanwhile is marked and put in afterwards.
    """
    total = 0
    # What these mark is read below; marks of transactions that end meanwhile stay.
    covered = list(Mark.objects.values_list("pk", flat=True))
    with ExitStack() as stack:
        stack.enter_context(_only_one())
        writers = [stack.enter_context(engine(name).fresh()) for name in NAMES]
        for kind, subject in SUBJECTS.items():
            progress(kind, 0)
            total += _put_all(writers, kind, subject.numbers(), progress)
        for writer in writers:
            writer.commit()
        paths = [writer.path for writer in writers]
    for name, path in zip(NAMES, paths, strict=True):
        engine(name).take_over(path)
    Mark.objects.filter(pk__in=covered).delete()
    return total


def _put_all(writers: "list[EmbeddedWriter]", kind: str, numbers: Iterable[int], progress: Progress) -> int:
    """Every record of a kind; of many, the texts are analysed in processes beside this one."""
    left, done = iter(numbers), 0
    first = list(islice(left, MANY))

    def read() -> Iterator[Document]:
        nonlocal done
        for some in _chunks(chain(first, left)):
            yield from documents(kind, some)
            done += len(some)
            progress(kind, done)

    analysed = (
        joined_beside(read())
        if len(first) == MANY
        else ((one, joined(one.title, one.body)) for one in read())
    )
    public, inside = writers
    for one, tokens in analysed:
        made = inside.stored(one, tokens)
        inside.put_stored(made)
        if EVERYONE in one.audiences:
            public.put_stored(made)
    return done


@contextmanager
def _only_one() -> Iterator[None]:
    """One rebuild at a time. Raises `BeingWritten`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [REBUILD_LOCK])
        if not cursor.fetchone()[0]:
            raise BeingWritten("rebuild")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [REBUILD_LOCK])


def catch_up() -> int:
    """Put in everything marked, building the indexes first where there are none; for commands and tests."""
    try:
        with Indexes() as indexes:
            return indexes.catch_up()
    except Outdated:
        return rebuild()


def _chunks(numbers: Iterable[int]) -> Iterator[list[int]]:
    left = iter(numbers)
    while chunk := list(islice(left, AT_ONCE)):
        yield chunk


@dataclass(frozen=True)
class Consistency:
    """How the index stands to the records: keys that should be there and are not, and the other way round."""

    records: int
    missing: tuple[str, ...]
    surplus: tuple[str, ...]
    waiting: int

    @property
    def is_sound(self) -> bool:
        """Nothing missing, nothing that should be gone."""
        return not (self.missing or self.surplus)


def check() -> Consistency:
    """Compare every record with the inner index. What is marked and not yet put in does not count."""
    waiting = {key_of(kind, number) for kind, number in Mark.objects.values_list("kind", "number")}
    wanted: set[str] = set()
    for kind, subject in SUBJECTS.items():
        for numbers in _chunks(subject.numbers()):
            wanted |= {one.key for one in documents(kind, numbers)}
    held = engine("inside").reader().keys()
    return Consistency(
        records=len(wanted),
        missing=tuple(sorted(wanted - held - waiting)),
        surplus=tuple(sorted(held - wanted - waiting)),
        waiting=len(waiting),
    )


def heal() -> Consistency:
    """Mark whatever the check finds wrong, so that the keeper puts it right."""
    found = check()
    _mark(found.missing + found.surplus)
    return found


def mark_timed() -> None:
    """Mark the records that may have become public since, by the clock alone."""
    _mark(key_of(kind, number) for kind in TIMED for number in SUBJECTS[kind].numbers())


def _mark(keys: Iterable[str]) -> None:
    parted = (key.partition(":") for key in keys)
    Mark.objects.bulk_create([Mark(kind=kind, number=int(number)) for kind, _colon, number in parted])
