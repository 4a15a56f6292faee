"""What the engine says besides the assignment, as plain values: no solver comes along with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tsunagu.engines.matching.problem import Solution

# Where a pair cannot stand the other way round whatever its score.
PINNED, RULES = "pinned", "rules"


@dataclass(frozen=True)
class Blocked:
    """`keys` must have `needed` matches between them, but `others`, all they may be matched with, have `places` for them.

    None of the keys can be left out: without any one of them the rest could have what they must (in sets of up to 60).
    """

    side: str
    keys: tuple[str, ...]
    needed: int
    others: tuple[str, ...]
    places: int

    def __str__(self) -> str:
        return in_words(self)


def in_words(
    one: Blocked, names: Mapping[str, str] | None = None, others: Mapping[str, str] | None = None
) -> str:
    """The same in Japanese. `names`: what to call the keys; `others`: what to call those of the other side."""

    def said(keys: Sequence[str], called: Mapping[str, str]) -> str:
        return "".join(f"「{called.get(key, key)}」" for key in keys)

    whom = said(one.keys, names or {})
    together = "合わせて" if len(one.keys) > 1 else ""
    if not one.others:
        return f"{whom}は{together}少なくとも{one.needed}件のはずですが、組める相手がいません。"
    return (
        f"{whom}は{together}少なくとも{one.needed}件のはずですが、"
        f"組める相手（{said(one.others, others or {})}）には{one.places}件分しかありません。"
    )


@dataclass(frozen=True)
class Flip:
    """How the score of a pair must change until it changes sides; None where no score would do."""

    left: str
    right: str
    is_taken: bool
    by: int | None


@dataclass(frozen=True)
class Difference:
    """The new solution, and what it changes of the old one."""

    solution: "Solution"
    gone: tuple[tuple[str, str], ...]
    come: tuple[tuple[str, str], ...]
    total: int

    @property
    def changes(self) -> int:
        """How many matches of the old solution are not in the new one."""
        return len(self.gone)


@dataclass(frozen=True)
class Turn:
    """What would come of a pair standing the other way round, and so what it is decided by.

    `objective`: the first that gets worse, `by` so much; "pinned" or "rules" where it cannot be otherwise at all.
    `score`: by how much its score would have to change for the pair to turn, where its score decides; a best assignment
    turns it at that very score. `gone`, `come`: what else would change with it.
    """

    left: str
    right: str
    is_taken: bool
    objective: str
    by: int = 0
    score: int | None = None
    gone: tuple[tuple[str, str], ...] = ()
    come: tuple[tuple[str, str], ...] = ()
