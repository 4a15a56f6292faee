"""A server with a weak signing key does not start; a person's own machine makes a strong one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SHOW_KEY = "from tsunagu.config.settings import SECRET_KEY; print(SECRET_KEY)"


def load_settings(**environment: str) -> subprocess.CompletedProcess[str]:
    # Settings are read once per process, so each trial needs its own.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TSUNAGU_")}
    # Reading settings opens no connection; the address only keeps a database from being started.
    kept |= {"DATABASE_URL": "postgresql:///unused", "PYTHONPATH": "src"}
    return subprocess.run(
        [sys.executable, "-c", SHOW_KEY], env=kept | environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("mode", ["", "production"])
@pytest.mark.parametrize("key", ["", "short", "x" * 49])
def test_weak_key_is_refused_outside_local_mode(mode: str, key: str) -> None:
    done = load_settings(TSUNAGU_MODE=mode, TSUNAGU_SECRET_KEY=key)
    assert done.returncode != 0
    assert "TSUNAGU_SECRET_KEY" in done.stderr


def test_long_key_is_used() -> None:
    done = load_settings(TSUNAGU_SECRET_KEY="k" * 50)
    assert (done.returncode, done.stdout.strip()) == (0, "k" * 50)


def test_local_mode_makes_a_private_key_once(tmp_path: Path) -> None:
    first = load_settings(TSUNAGU_MODE="local", TSUNAGU_VAR=str(tmp_path))
    again = load_settings(TSUNAGU_MODE="local", TSUNAGU_VAR=str(tmp_path))
    assert len(first.stdout.strip()) >= 50
    assert first.stdout == again.stdout
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
