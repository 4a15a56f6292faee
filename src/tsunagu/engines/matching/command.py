"""`tsunagu match FILE.json`: solve a problem document and print the answer as JSON."""

import sys
from collections.abc import Sequence
from pathlib import Path

from tsunagu.engines.matching.problem import NothingFits, OutOfTime, ProblemFaulty
from tsunagu.engines.matching.reading import read_problem, written
from tsunagu.engines.matching.solving import solve


def main(arguments: Sequence[str]) -> int:
    """0: solved; 1: nothing keeps all the rules; 2: the document cannot be read; 3: no answer in time. What is wrong goes to standard error."""
    if len(arguments) != 1:
        print("使い方: tsunagu match ファイル.json（- は標準入力）", file=sys.stderr)
        return 2
    try:
        text = sys.stdin.read() if arguments[0] == "-" else Path(arguments[0]).read_text(encoding="utf-8")
        print(written(solve(read_problem(text))))
    except (OSError, UnicodeDecodeError) as error:
        print(f"ファイルを読めません: {error}", file=sys.stderr)
        return 2
    except ProblemFaulty as faulty:
        print("\n".join(faulty.faults), file=sys.stderr)
        return 2
    except OutOfTime as late:
        print(str(late), file=sys.stderr)
        return 3
    except NothingFits as refusal:
        print("\n".join(refusal.reasons), file=sys.stderr)
        return 1
    return 0
