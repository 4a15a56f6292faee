"""What a number is, and how it is printed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Number:
    """One measured number: `state` is ok, short or absent (with how to get what is missing)."""

    state: str
    name: str
    measured: str
    target: str

    def line(self) -> str:
        return f"{self.state:<6}  {self.name:<42}  {self.measured:<34}  {self.target}"


def at_most(name: str, measured: float, limit: float, unit: str, note: str = "") -> Number:
    """A number that must not pass a limit; `note` says more of what was measured."""
    state = "ok" if measured <= limit else "short"
    more = f" ({note})" if note else ""
    return Number(state, name, f"{measured:g} {unit}{more}", f"<= {limit:g} {unit}")


def at_least(name: str, measured: float, limit: float, unit: str = "", note: str = "") -> Number:
    """A number that must reach a limit; `note` says how it came about."""
    state = "ok" if measured >= limit else "short"
    more = f" ({note})" if note else ""
    return Number(state, name, f"{measured:.4g} {unit}".strip() + more, f">= {limit:g} {unit}".strip())


def exactly(name: str, measured: object, wanted: object) -> Number:
    """A number that must be just so."""
    return Number("ok" if measured == wanted else "short", name, str(measured), str(wanted))


def absent(name: str, how: str, target: str) -> Number:
    """A number that cannot be measured here yet; `how` says what to do first."""
    return Number("absent", name, how, target)


Measure = Callable[[], Iterator[Number]]
