"""Every check and test in turn; all of them run even when one fails. The wall time is kept in `var/last-test.json`."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = ROOT / ".venv" / "bin"
CODE = ["src", "tests", "bench", "scripts"]
CHECKS: dict[str, list[str]] = {
    "ruff": ["ruff", "check", "-q", *CODE],
    "ruff format": ["ruff", "format", "--check", "-q", *CODE],
    "取り込みの約束 (lint-imports)": ["lint-imports", "--no-cache"],
    "テンプレート (djlint)": ["djlint", "--quiet", "--lint", "src"],
    "型 (mypy)": ["mypy", "--no-error-summary"],
    "移行の漏れ (makemigrations)": ["tsunagu", "makemigrations", "--check", "--dry-run", "--verbosity", "0"],
    "collectstatic": ["tsunagu", "collectstatic", "--no-input", "--verbosity", "0", "--clear"],
}


def step(name: str, command: list[str]) -> bool:
    """Run one check; its output is shown only when it fails."""
    started = time.monotonic()
    program = [str(PROGRAMS / command[0]), *command[1:]]
    done = subprocess.run(program, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    ok = done.returncode == 0
    if not ok:
        print(done.stdout.rstrip())
    print(f"== {name}: {'ok' if ok else '失敗 / FAILED'} ({time.monotonic() - started:.1f} s)", flush=True)
    return ok


def prepare_environment() -> None:
    """Set what the tests need; a `DATABASE_URL` that is given is used, else a throw-away server is started."""
    os.environ["TSUNAGU_MODE"] = "local"
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
    """Returns 0 only when every step succeeded. pytest comes last, so that its summary is the last line."""
    os.chdir(ROOT)
    # As for Ctrl-C: leave by the normal way out, which stops the database.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    started = time.monotonic()
    prepare_environment()
    failed = [name for name, command in CHECKS.items() if not step(name, command)]
    if failed:
        print(f"失敗した検査 / Failed checks: {'、'.join(failed)}", flush=True)
    pytest = [str(PROGRAMS / "pytest"), "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", *arguments]
    tests_ok = subprocess.run(pytest, check=False).returncode == 0
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
