"""Did you mean: the expression in the texts that is written most nearly like the one that was typed."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from tsunagu.engines.textsearch.analysis import Cut, cut, spelling

LONGEST_RUN = 4
SHORTEST = 3
# A slip in every so many characters is forgiven.
CHARACTERS_PER_SLIP = 4
MOST_SLIPS = 2
LOOKED_AT = 2_000


def nearest(typed: str, texts: Iterable[tuple[str, Cut | None]]) -> str | None:
    """The run of words in `texts` (each with its words, where they are known) nearest to what was typed, as written there.

    None when nothing is near enough, when it stands there as typed, or when it is too short to tell.
    """
    # Only here, where nothing was found: a process that is never asked goes without it.
    from rapidfuzz.distance import OSA

    wanted = spelling(typed)
    if len(wanted) < SHORTEST:
        return None
    allowed = min(MOST_SLIPS, max(1, len(wanted) // CHARACTERS_PER_SLIP))
    found: Counter[str] = Counter()
    spelt: dict[str, str] = {}
    slips: dict[str, int] = {}
    for text, known in texts:
        for spelling_of_run, run in set(_runs(text, known or cut(text[:LOOKED_AT]), len(wanted), allowed)):
            if spelling_of_run not in slips:
                slips[spelling_of_run] = OSA.distance(wanted, spelling_of_run, score_cutoff=allowed)
            if slips[spelling_of_run] == 0:
                return None
            if slips[spelling_of_run] <= allowed:
                found[run] += 1
                spelt[run] = spelling_of_run
    if not found:
        return None
    return min(
        found, key=lambda run: (slips[spelt[run]], abs(len(spelt[run]) - len(wanted)), -found[run], run)
    )


_spelling_of_word = lru_cache(maxsize=20_000)(spelling)


def _runs(text: str, known: Cut, length: int, allowed: int) -> Iterable[tuple[str, str]]:
    """Neighbouring words of about the right length: their spelling, and as they are written."""
    count = bisect_right(known.ends, LOOKED_AT)
    starts, ends = known.starts, known.ends
    spelt = [_spelling_of_word(text[starts[at] : ends[at]]) for at in range(count)]
    for first in range(count):
        run = ""
        for last in range(first, min(first + LONGEST_RUN, count)):
            if last > first and starts[last] != ends[last - 1]:
                break
            run += spelt[last]
            if len(run) > length + allowed:
                break
            if len(run) >= length - allowed:
                yield run, text[starts[first] : ends[last]]
