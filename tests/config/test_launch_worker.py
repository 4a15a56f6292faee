"""The worker beside the web server: started again when it dies, gone when the launcher ends."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tsunagu.config import launch_worker
from tsunagu.config.launch_worker import KeptWorker


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[KeptWorker]:
    """A kept process that only waits: the real worker is tried in tests/outbox/test_worker.py."""
    real = subprocess.Popen
    waiting = [sys.executable, "-c", "import time; time.sleep(600)"]
    monkeypatch.setattr(
        launch_worker.subprocess, "Popen", lambda _command, **options: real(waiting, **options)
    )
    one = KeptWorker()
    yield one
    one.end()


def test_a_dead_worker_is_replaced_after_a_pause_and_said_so(
    kept: KeptWorker, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first = kept.process
    kept.look_after()
    assert kept.process is first
    first.kill()
    first.wait()
    # Whole numbers: what is added to them and taken away again stays exact.
    now = [1_000.0]
    monkeypatch.setattr(launch_worker.time, "monotonic", lambda: now[0])
    kept.look_after()
    assert kept.process is first
    assert "もう一度動かします" in capsys.readouterr().err
    now[0] += 3
    kept.look_after()
    assert kept.process is not first
    assert kept.process.poll() is None


def test_one_that_keeps_dying_is_given_longer_pauses(
    kept: KeptWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whole numbers: what is added to them and taken away again stays exact.
    now = [1_000.0]
    monkeypatch.setattr(launch_worker.time, "monotonic", lambda: now[0])
    pauses = []
    for _death in range(8):
        kept.process.kill()
        kept.process.wait()
        kept.look_after()
        assert kept._start_at is not None
        pauses.append(kept._start_at - now[0])
        now[0] = kept._start_at
        kept.look_after()
    assert pauses == sorted(pauses)
    assert pauses[-1] == launch_worker.LONGEST_PAUSE


def test_ending_leaves_no_process(kept: KeptWorker) -> None:
    kept.end()
    assert kept.process.poll() is not None
    kept.end()
