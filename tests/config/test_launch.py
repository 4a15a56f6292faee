"""Ports and stamps of `tsunagu run`."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tsunagu.config.launch import var_dir
from tsunagu.config.launch_prepare import Stamp, fingerprint
from tsunagu.config.launch_server import PortClaim


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_port_in_use_gives_a_later_one(taken_port: int) -> None:
    assert taken_port < PortClaim(taken_port).port < taken_port + 100


def test_two_launches_at_once_get_different_ports(taken_port: int) -> None:
    first, second = PortClaim(taken_port), PortClaim(taken_port)
    assert first.port != second.port


def test_port_is_free_again_after_its_claim(taken_port: int) -> None:
    port = PortClaim(taken_port).port
    assert PortClaim(taken_port).port == port


def test_no_free_port_says_so() -> None:
    with pytest.raises(OSError, match="--port"):
        PortClaim(65536)


def test_stamp_remembers_one_state(tmp_path: Path) -> None:
    stamp = Stamp(tmp_path / "new" / "a.stamp")
    assert not stamp.matches("1")
    stamp.put("1")
    assert stamp.matches("1")
    assert not stamp.matches("2")


def test_fingerprint_changes_with_the_files(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    seen = [fingerprint([tmp_path])]
    for content in ("a", "ab"):
        (tmp_path / "deep" / "file").write_text(content)
        seen.append(fingerprint([tmp_path]))
    (tmp_path / "deep" / "file").unlink()
    assert len(set(seen)) == 3
    assert fingerprint([tmp_path]) == seen[0]


def test_var_dir_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TSUNAGU_VAR", str(tmp_path))
    assert var_dir() == tmp_path
    monkeypatch.delenv("TSUNAGU_VAR")
    assert var_dir().name == "var"


def test_a_request_to_stop_that_got_lost_while_starting_still_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    import subprocess
    import sys
    from types import SimpleNamespace

    from tsunagu.config import launch

    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        monkeypatch.setattr(launch, "_asked_to_stop", launch.threading.Event())
        launch._asked_to_stop.set()
        with pytest.raises(launch.Stopped):
            launch._wait_for_end(SimpleNamespace(process=child), SimpleNamespace(look_after=lambda: None))
    finally:
        child.kill()
        child.wait()
    launch._asked_to_stop.clear()
    assert launch._wait_for_end(SimpleNamespace(process=child), SimpleNamespace(look_after=lambda: None)) != 0


def test_asking_to_stop_is_not_swallowed_as_an_ordinary_error() -> None:
    from tsunagu.config.launch import Stopped

    assert not issubclass(Stopped, Exception)
