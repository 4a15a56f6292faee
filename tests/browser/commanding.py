"""Python and commands on the database of a site, in one process for all that ask: starting Django takes seconds.

Run as a program it is that process: a line of JSON in, a line of JSON out, until its input ends.
"""

import io
import json
import os
import subprocess
import sys
import traceback
from contextlib import redirect_stdout

import django


class Commands:
    """The process beside a site; it is started when it is first asked."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._process: subprocess.Popen[str] | None = None

    def run(self, *arguments: str) -> str:
        """What a command of the product says."""
        return self._asked({"command": arguments})

    def python(self, code: str) -> str:
        """What a piece of Python prints."""
        return self._asked({"code": code})

    def close(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            self._process.communicate(timeout=20)

    def _asked(self, what: dict[str, object]) -> str:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.browser.commanding"],
                env=self._environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(what), file=self._process.stdin, flush=True)
        answer = json.loads(self._process.stdout.readline())
        if "fault" in answer:
            raise RuntimeError(answer["fault"])
        return str(answer["said"])


def _answer(asked: dict[str, object]) -> dict[str, str]:
    from django.core.management import call_command

    from tsunagu.history.acting import Who, acting

    said = io.StringIO()
    try:
        with redirect_stdout(said), acting(Who(via="試験")):
            match asked:
                case {"command": [str() as name, *more]}:
                    call_command(name, *more)
                case {"code": str() as code}:
                    exec(compile(code, "<asked>", "exec"), {"__name__": "asked"})
    except Exception:
        return {"fault": traceback.format_exc()}
    return {"said": said.getvalue()}


def main() -> None:
    """Answer until the input ends."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tsunagu.config.settings")
    django.setup()
    for line in sys.stdin:
        print(json.dumps(_answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
