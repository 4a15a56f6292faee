"""The fewest organisations that together have every capability asked for: exact, by branch and bound over bit sets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Cover:
    """The organisations, the fewest there can be and of those the best; or the capabilities nobody has."""

    chosen: tuple[str, ...]
    uncovered: tuple[str, ...] = ()


def cheapest_cover(
    needs: Sequence[str], able: Mapping[str, frozenset[str]], worth: Mapping[str, int] | None = None
) -> Cover:
    """`able[organisation]`: what it can do; `worth`: which of equally many to prefer."""
    place = {need: at for at, need in enumerate(dict.fromkeys(needs))}
    value = worth or {}
    bits = {
        key: mask
        for key in sorted(able, key=lambda one: (-value.get(one, 0), one))
        if (mask := sum(1 << place[need] for need in able[key] if need in place))
    }
    whole = (1 << len(place)) - 1
    covered = 0
    for mask in bits.values():
        covered |= mask
    if covered != whole:
        return Cover((), tuple(need for need, at in place.items() if not covered >> at & 1))
    by_need = {at: [key for key, mask in bits.items() if mask >> at & 1] for at in place.values()}
    best: list[tuple[str, ...]] = [tuple(_greedy(whole, bits))]
    widest = max((mask.bit_count() for mask in bits.values()), default=1)

    def search(left: int, chosen: tuple[str, ...]) -> None:
        if not left:
            if _better(chosen, best[0], value):
                best[0] = chosen
            return
        # No organisation covers more than the widest does.
        if len(chosen) + -(-left.bit_count() // widest) > len(best[0]):
            return
        rarest = min((at for at in by_need if left >> at & 1), key=lambda at: len(by_need[at]))
        for key in by_need[rarest]:
            search(left & ~bits[key], (*chosen, key))

    search(whole, ())
    return Cover(tuple(sorted(best[0])))


def _greedy(left: int, bits: Mapping[str, int]) -> list[str]:
    chosen = []
    while left:
        key = max(bits, key=lambda one: (bits[one] & left).bit_count())
        chosen.append(key)
        left &= ~bits[key]
    return chosen


def _better(one: tuple[str, ...], other: tuple[str, ...], value: Mapping[str, int]) -> bool:
    mine, theirs = sum(value.get(key, 0) for key in one), sum(value.get(key, 0) for key in other)
    return (len(one), -mine, tuple(sorted(one))) < (len(other), -theirs, tuple(sorted(other)))
