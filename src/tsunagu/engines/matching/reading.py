"""The problem document as JSON, and the answer as JSON. What is wrong with a document is said all at once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from tsunagu.engines.matching.problem import (
    TOTAL,
    Edge,
    Forbidden,
    Group,
    Node,
    Problem,
    ProblemFaulty,
    Resource,
    Solution,
    faults_of,
)

KNOWN = {
    "left", "right", "edges", "forbidden", "pins", "groups", "resources", "objectives", "levels", "before", "seed", "seconds",
}  # fmt: skip


def read_problem(text: str) -> Problem:
    """The document (docs/matching.md). Raises `ProblemFaulty` with everything that is wrong."""
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise ProblemFaulty(f"JSONとして読めません（{error.lineno}行目{error.colno}文字目）。") from error
    if not isinstance(found, dict):
        raise ProblemFaulty("いちばん外は { } にしてください。")
    faults = [f"「{name}」という項目はありません。" for name in sorted(set(found) - KNOWN)]
    reader = _Reader(found, faults)
    problem = Problem(
        left=reader.nodes("left"),
        right=reader.nodes("right"),
        edges=reader.edges(),
        forbidden=[
            Forbidden(one["left"], one["right"], one["rule"], one.get("evidence", ""))
            for one in reader.rows("forbidden", ("left", "right", "rule"))
        ],
        pins=reader.pairs("pins"),
        groups=reader.groups(),
        resources=reader.resources(),
        objectives=[str(one) for one in reader.several("objectives") or [TOTAL]],
        levels=[one for one in reader.several("levels") if isinstance(one, int)],
        before=reader.pairs("before"),
        seed=str(found.get("seed", "")),
        seconds=float(found["seconds"]) if isinstance(found.get("seconds"), int | float) else 60.0,
    )  # fmt: skip
    faults += faults_of(problem) if not faults else []
    if faults:
        raise ProblemFaulty(*faults)
    return problem


def document(problem: Problem) -> str:
    """A problem as the document it can be read from again."""
    plain = asdict(problem)
    for name in ("pins", "before"):
        plain[name] = [{"left": left, "right": right} for left, right in plain[name]]
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


class _Reader:
    """Reads parts of a document; what is wrong goes into `faults`."""

    def __init__(self, found: Mapping[str, Any], faults: list[str]) -> None:
        self.found, self.faults = found, faults

    def several(self, name: str) -> list[Any]:
        value = self.found.get(name, [])
        if isinstance(value, list):
            return value
        self.faults.append(f"「{name}」は [ ] で囲んだ並びにしてください。")
        return []

    def rows(
        self, name: str, texts: Sequence[str], numbers: Sequence[str] = (), *, needed: Sequence[str] = ()
    ) -> list[dict[str, Any]]:
        """The rows that have what they need; the others are named."""
        kept = []
        for number, row in enumerate(self.several(name), 1):
            wrong = [] if isinstance(row, dict) else ["{ } ではありません"]
            if not wrong:
                wrong += [f"「{key}」がありません" for key in (*texts, *needed) if key not in row]
                wrong += [
                    f"「{key}」は文字にしてください"
                    for key in texts
                    if key in row and not isinstance(row[key], str)
                ]
                wrong += [
                    f"「{key}」は整数にしてください"
                    for key in numbers
                    if key in row and (isinstance(row[key], bool) or not isinstance(row[key], int))
                ]
            if wrong:
                self.faults.append(f"{name} の{number}件目: {'、'.join(wrong)}。")
            else:
                kept.append(row)
        return kept

    def nodes(self, name: str) -> list[Node]:
        return [
            Node(one["key"], one.get("least", 0), one.get("most", 1), self.wishes(name, one))
            for one in self.rows(name, ("key",), ("least", "most"))
        ]

    def wishes(self, name: str, row: Mapping[str, Any]) -> tuple[str | tuple[str, ...], ...]:
        """Names, and lists of names that are equally dear."""
        found: list[str | tuple[str, ...]] = []
        for one in row.get("wishes") or ():
            if isinstance(one, list) and all(isinstance(each, str) for each in one):
                found.append(tuple(one))
            elif isinstance(one, str):
                found.append(one)
            else:
                self.faults.append(
                    f"{name} の「{row['key']}」: 希望は、名前か、同じ順の名前の並びにしてください。"
                )
        return tuple(found)

    def edges(self) -> list[Edge]:
        return [
            Edge(
                one["left"],
                one["right"],
                one.get("score", 0),
                tuple(one.get("reasons", ())),
                one.get("cost", 1),
                self.uses(one),
            )
            for one in self.rows("edges", ("left", "right"), ("score", "cost"))
        ]

    def uses(self, row: Mapping[str, Any]) -> dict[str, int]:
        found = row.get("uses") or {}
        if isinstance(found, dict) and all(type(value) is int for value in found.values()):
            return found
        self.faults.append(f"「{row['left']}」と「{row['right']}」: uses は {{資源: 整数}} にしてください。")
        return {}

    def resources(self) -> list[Resource]:
        return [
            Resource(one["key"], one["most"], one.get("least", 0))
            for one in self.rows("resources", ("key",), ("most", "least"), needed=("most",))
        ]

    def groups(self) -> list[Group]:
        return [
            Group(one["key"], tuple(one.get("members", ())), one["most"], one.get("least", 0))
            for one in self.rows("groups", ("key",), ("most", "least"), needed=("most",))
        ]

    def pairs(self, name: str) -> list[tuple[str, str]]:
        return [(one["left"], one["right"]) for one in self.rows(name, ("left", "right"))]


def written(solution: Solution) -> str:
    """The answer as JSON."""
    return json.dumps(asdict(solution), ensure_ascii=False, indent=1)
