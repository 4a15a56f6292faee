"""The embedded PostgreSQL, truly started: shared, stopped by its last user, data kept."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tsunagu.config.embedded import embedded_database_url, release_embedded
from tsunagu.config.embedded_keeper import clear_leftover

OTHER_USER = """
import sys, time
from pathlib import Path
from tsunagu.config.embedded import embedded_database_url
print(embedded_database_url(Path(sys.argv[1])), flush=True)
time.sleep(60)
"""


@pytest.fixture
def var_dir(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("TSUNAGU_TEST_DATABASE", "1")
    # Not pytest's own folder: that one is closed to the system user that PostgreSQL runs as under root.
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    release_embedded(folder)
    shutil.rmtree(folder)


def is_running(var_dir: Path) -> bool:
    return (var_dir / "pg" / "postmaster.pid").exists()


def test_shared_stopped_by_the_last_user_and_data_kept(var_dir: Path) -> None:
    url = embedded_database_url(var_dir)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'ラボ' AS name")
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW fsync").fetchone() == ("off",)
    other = subprocess.Popen(
        [sys.executable, "-c", OTHER_USER, str(var_dir)],
        stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": "src"},
    )  # fmt: skip
    assert other.stdout is not None
    assert other.stdout.readline().strip() == url
    release_embedded(var_dir)
    assert is_running(var_dir)
    other.send_signal(signal.SIGKILL)
    other.communicate()
    deadline = time.monotonic() + 10
    while is_running(var_dir) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_running(var_dir)
    with psycopg.connect(embedded_database_url(var_dir)) as connection:
        assert connection.execute("SELECT name FROM kept").fetchone() == ("ラボ",)
    release_embedded(var_dir)
    assert not is_running(var_dir)


def test_pid_file_of_a_reused_number_is_removed(tmp_path: Path) -> None:
    pid_file = tmp_path / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{tmp_path}\n")
    clear_leftover(tmp_path)
    assert not pid_file.exists()
