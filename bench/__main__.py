"""`python -m bench [ISSUE]`: print one line for each number the issues name."""

import sys

from bench import issue_a, issue_b, issue_c, issue_d, issue_e, issue_f

ISSUES = {
    "A": issue_a.MEASURES,
    "B": issue_b.MEASURES,
    "C": issue_c.MEASURES,
    "D": issue_d.MEASURES,
    "E": issue_e.MEASURES,
    "F": issue_f.MEASURES,
}


def main() -> int:
    """Returns 0 unless a number falls short."""
    wanted = [argument.upper() for argument in sys.argv[1:]] or list(ISSUES)
    unknown = [issue for issue in wanted if issue not in ISSUES]
    if unknown:
        print(f"知らない課題です: {'、'.join(unknown)}（あるもの: {'、'.join(ISSUES)}）", file=sys.stderr)
        return 2
    short = 0
    for issue in wanted:
        for measure in ISSUES[issue]:
            for number in measure():
                print(number.line(), flush=True)
                short += number.state == "short"
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
