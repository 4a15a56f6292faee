"""Every check and test; all of them run even when one fails. The wall time is kept in `var/last-test.json`."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import template_database

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = ROOT / ".venv" / "bin"
CODE = ["src", "tests", "bench", "scripts"]
AT_ONCE = 2
# One more than cores: those that drive a browser or a worker wait for it half of their time.
HOW = ["-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"]
# Copied by every process of pytest (tests/conftest.py) where it is named in TSUNAGU_TEST_TEMPLATE; until it is made they run
# what needs no database.
TEMPLATE = "test_tsunagu_template"
DATABASE = "試験のデータベース"
# First what the tests wait for, last what they do not and takes longest.
CHECKS: dict[str, list[str]] = {
    DATABASE: ["python", "scripts/template_database.py", TEMPLATE],
    "collectstatic": ["tsunagu", "collectstatic", "--no-input", "--verbosity", "0", "--clear"],
    "テンプレート (djlint)": ["djlint", "--quiet", "--lint", "src"],
    "移行の漏れ (makemigrations)": ["tsunagu", "makemigrations", "--check", "--dry-run", "--verbosity", "0"],
    "取り込みの約束 (lint-imports)": ["lint-imports", "--no-cache"],
    "ruff": ["ruff", "check", "-q", *CODE],
    "ruff format": ["ruff", "format", "--check", "-q", *CODE],
    "型 (mypy)": ["mypy", "--no-error-summary"],
}


class Step:
    """A check that runs; its output is shown only when it fails."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name = name
        self.started = time.monotonic()
        self.output = tempfile.TemporaryFile()  # noqa: SIM115 (open for as long as the step)
        program = [str(PROGRAMS / command[0]), *command[1:]]
        self.process = subprocess.Popen(program, stdout=self.output, stderr=subprocess.STDOUT)

    def is_running(self) -> bool:
        return self.process.poll() is None

    def tell(self) -> bool:
        """Say how it ended."""
        ok = self.process.returncode == 0
        self.output.seek(0)
        if not ok:
            print(self.output.read().decode(errors="replace").rstrip())
        print(
            f"== {self.name}: {'ok' if ok else '失敗 / FAILED'} ({time.monotonic() - self.started:.1f} s)",
            flush=True,
        )
        return ok


def run_checks(checks: dict[str, list[str]]) -> list[str]:
    """Run all of them, two at a time, beside the tests; the names of those that failed."""
    waiting, running, failed = list(checks.items()), [], []
    try:
        while waiting or running:
            while waiting and len(running) < AT_ONCE:
                running.append(Step(*waiting.pop(0)))
            time.sleep(0.02)
            over = [step for step in running if not step.is_running()]
            running = [step for step in running if step not in over]
            failed += [step.name for step in over if not step.tell()]
    finally:
        for step in running:
            step.process.kill()
    return failed


def prepare_environment() -> None:
    """Set what the tests need; a `DATABASE_URL` that is given is used, else a throw-away server is started."""
    os.environ["TSUNAGU_MODE"] = "local"
    # Outside accounts are there, and none is named: their tests name some.
    os.environ["TSUNAGU_OIDC_PROVIDERS"] = ""
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
        # Nothing beside the sources, then; but dozens of processes that each compile Django take minutes.
        os.environ.setdefault("PYTHONPYCACHEPREFIX", str(ROOT / "var" / "bytecode"))
    os.environ.setdefault("TSUNAGU_VAR", str(ROOT / "var" / "test"))
    if not os.environ.get("DATABASE_URL"):
        from tsunagu.config.embedded import embedded_database_url

        os.environ["TSUNAGU_TEST_DATABASE"] = "1"
        os.environ["DATABASE_URL"] = embedded_database_url(Path(os.environ["TSUNAGU_VAR"]))


def commit() -> str | None:
    command = ["git", "-C", str(ROOT), "rev-parse", "HEAD"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return found.stdout.strip() or None


def main(arguments: list[str]) -> int:
    """Returns 0 only when every step succeeded. The checks end long before pytest, so that its summary is the last line."""
    os.chdir(ROOT)
    # As for Ctrl-C: leave by the normal way out, which stops the database.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    started = time.monotonic()
    prepare_environment()
    os.environ["TSUNAGU_TEST_TEMPLATE"] = TEMPLATE
    template_database.drop(TEMPLATE)
    tests = subprocess.Popen([str(PROGRAMS / "pytest"), *HOW, *arguments])
    try:
        failed = run_checks(CHECKS)
        if DATABASE in failed:
            # The tests wait for it.
            tests.terminate()
        tests_ok = tests.wait() == 0
    finally:
        if tests.poll() is None:
            tests.terminate()
            tests.wait()
        template_database.drop(TEMPLATE)
    if failed:
        print(f"失敗した検査 / Failed checks: {'、'.join(failed)}", flush=True)
    ok = tests_ok and not failed
    result = {
        "seconds": round(time.monotonic() - started, 1),
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "ok": ok,
    }
    (ROOT / "var").mkdir(exist_ok=True)
    (ROOT / "var" / "last-test.json").write_text(json.dumps(result) + "\n")
    return 0 if ok else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
