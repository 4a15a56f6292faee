"""An index is asked for in whole before it is searched, and not where it would crowd out the rest."""

import os
from pathlib import Path

import pytest

from tsunagu.engines.textsearch import read_ahead as ahead


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """What the system was asked to read: where from, how much."""
    made: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "posix_fadvise", lambda _file, start, size, _advice: made.append((start, size)))
    return made


def test_every_byte_of_every_file_is_asked_for(tmp_path: Path, asked: list[tuple[int, int]]) -> None:
    (tmp_path / "one").write_bytes(b"x" * (2 * ahead.AT_ONCE + 1))
    (tmp_path / "other").write_bytes(b"x")
    (tmp_path / "empty").touch()
    (tmp_path / "folder").mkdir()
    ahead.read_ahead(tmp_path)
    assert sorted(asked) == sorted((at * ahead.AT_ONCE, ahead.AT_ONCE) for at in (0, 1, 2, 0))


def test_what_is_too_large_or_gone_is_left_alone(
    tmp_path: Path, asked: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one").write_bytes(b"x" * 100)
    monkeypatch.setattr(ahead, "memory", lambda: 399)
    ahead.read_ahead(tmp_path)
    ahead.read_ahead(tmp_path / "gone")
    assert asked == []
    monkeypatch.setattr(ahead, "memory", lambda: 400)
    ahead.read_ahead(tmp_path)
    assert asked == [(0, ahead.AT_ONCE)]
