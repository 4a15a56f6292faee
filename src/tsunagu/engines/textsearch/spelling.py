"""Did you mean: the expression in the texts that is written most nearly like the one that was typed."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from tsunagu.engines.textsearch.analysis import spelling, words

LONGEST_RUN = 4
SHORTEST = 3
# A slip in every so many characters is forgiven.
CHARACTERS_PER_SLIP = 4
MOST_SLIPS = 2
LOOKED_AT = 2_000


def nearest(typed: str, texts: Iterable[str]) -> str | None:
    """The run of words in `texts` nearest to what was typed, as it is written there.

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
    for text in texts:
        for spelling_of_run, run in set(_runs(text[:LOOKED_AT], len(wanted), allowed)):
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


def _runs(text: str, length: int, allowed: int) -> Iterable[tuple[str, str]]:
    """Neighbouring words of about the right length: their spelling, and as they are written."""
    found = words(text)
    spelt = [_spelling_of_word(text[word.start : word.end]) for word in found]
    for first in range(len(found)):
        run = ""
        for last in range(first, min(first + LONGEST_RUN, len(found))):
            if last > first and found[last].start != found[last - 1].end:
                break
            run += spelt[last]
            if len(run) > length + allowed:
                break
            if len(run) >= length - allowed:
                yield run, text[found[first].start : found[last].end]
