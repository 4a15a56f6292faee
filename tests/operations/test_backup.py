"""A backup comes back whole, or is refused with words that help."""

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from moto.server import ThreadedMotoServer

from tsunagu.config.storage import file_storage
from tsunagu.operations.archive import BackupRefused, unpack, writing
from tsunagu.operations.backup import make_backup, stored_files
from tsunagu.operations.drill import run_drill
from tsunagu.operations.keys import make_key
from tsunagu.operations.models import CheckRun
from tsunagu.operations.restoring import restore


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return Path(settings.MEDIA_ROOT)


def written(folder: Path, content: bytes = b"x" * 3_000_000) -> tuple[Path, str]:
    public, private = make_key()
    path = folder / "one.backup"
    with writing(path, public) as archive:
        archive.add("files/髙橋.bin", BytesIO(content), len(content))
        archive.finish({"made_at": "2026-11-23"})
    return path, private


def test_what_went_in_comes_out(tmp_path: Path) -> None:
    path, private = written(tmp_path)
    out = tmp_path / "out"
    out.mkdir()
    manifest = unpack(path, private, out)
    assert (out / "files" / "髙橋.bin").read_bytes() == b"x" * 3_000_000
    assert manifest["parts"]["files/髙橋.bin"]["size"] == 3_000_000
    assert b"xxxx" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("damage", ["cut", "flip", "other key", "empty", "no key"])
def test_a_damaged_backup_is_refused(tmp_path: Path, damage: str) -> None:
    path, private = written(tmp_path)
    content = bytearray(path.read_bytes())
    if damage == "cut":
        content = content[: len(content) // 2]
    if damage == "flip":
        content[len(content) // 2] ^= 1
    if damage == "empty":
        content = bytearray()
    if damage == "other key":
        private = make_key()[1]
    if damage == "no key":
        private = "まちがい"
    path.write_bytes(content)
    (tmp_path / "out").mkdir()
    with pytest.raises(BackupRefused, match="バックアップ"):
        unpack(path, private, tmp_path / "out")


def test_an_interrupted_backup_never_carries_the_name(tmp_path: Path) -> None:
    public, _private = make_key()
    with pytest.raises(ZeroDivisionError), writing(tmp_path / "one.backup", public) as archive:  # noqa: PT012
        archive.add("a", BytesIO(b"1"), 1)
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_a_backup_without_its_manifest_is_refused(tmp_path: Path) -> None:
    public, private = make_key()
    path = tmp_path / "one.backup"
    with writing(path, public) as archive:
        archive.add("a", BytesIO(b"1"), 1)
    (tmp_path / "out").mkdir()
    with pytest.raises(BackupRefused, match="途中で切れている"):
        unpack(path, private, tmp_path / "out")


def test_a_database_in_use_is_not_overwritten(db: None, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="空ではありません"):
        restore(path=tmp_path / "x", identity=make_key()[1])


def test_the_drill_restores_and_signs_in(db: None, media: Path) -> None:
    """The promise of the page /trust/: backup, restore into an empty database, counts, chain, sign-in."""
    default_storage.save("documents/計画.pdf", ContentFile(b"%PDF-1.7"))
    said: list[str] = []
    run = run_drill(say=said.append)
    assert run.ok
    assert run.numbers["restore_seconds"] > 0
    assert "サインインできました。" in said[-1]
    assert "ファイル 1件" in said[-1]
    assert CheckRun.objects.get().kind == "drill"


def test_a_drill_that_fails_says_so_and_is_remembered(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from tsunagu.operations import drill

    def broken(*_arguments: object, **_more: object) -> str:
        raise BackupRefused("訓練に失敗しました")

    monkeypatch.setattr(drill, "_in_the_copy", broken)
    with pytest.raises(CommandError, match="訓練に失敗"):
        call_command("drill")
    assert CheckRun.objects.get().ok is False


@pytest.fixture(scope="module")
def s3() -> Iterator[dict[str, str]]:
    """A real server that speaks S3, on loopback."""
    import boto3

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    boto3.client(
        "s3",
        endpoint_url=url,
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        region_name="us-east-1",
    ).create_bucket(Bucket="tsunagu")
    yield {"TSUNAGU_S3_URL": f"http://key:secret@{host}:{port}/tsunagu", "TSUNAGU_S3_REGION": "us-east-1"}
    server.stop()


def test_files_in_a_store_that_speaks_s3(s3: dict[str, str], settings: Any, db: None, tmp_path: Path) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": file_storage(s3)}
    name = default_storage.save("documents/報告 髙橋.pdf", ContentFile(b"%PDF-1.7 one"))
    assert default_storage.save(name, ContentFile(b"two")) != name
    assert default_storage.open(name).read() == b"%PDF-1.7 one"
    assert name in set(stored_files())
    public, private = make_key()
    path = make_backup(folder=tmp_path, recipient=public)
    (tmp_path / "out").mkdir()
    manifest = unpack(path, private, tmp_path / "out")
    assert manifest["files"] == 2
    assert (tmp_path / "out" / "files" / name).read_bytes() == b"%PDF-1.7 one"
    default_storage.delete(name)
    assert not default_storage.exists(name)


@pytest.mark.parametrize(
    "url", ["https://host/bucket", "https://key:secret@host", "nonsense", "https://k:s@/b"]
)
def test_an_incomplete_store_address_is_refused(url: str) -> None:
    from django.core.exceptions import ImproperlyConfigured

    with pytest.raises(ImproperlyConfigured, match="TSUNAGU_S3_URL"):
        file_storage({"TSUNAGU_S3_URL": url})


def test_the_manifest_counts_every_table(db: None, media: Path, tmp_path: Path) -> None:
    public, private = make_key()
    path = make_backup(folder=tmp_path, recipient=public)
    (tmp_path / "out").mkdir()
    unpack(path, private, tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["rows"]["registry_lab"] > 100
    assert manifest["head"]["seq"] >= 1


def test_nothing_is_emptied_for_a_backup_that_does_not_open(db: None, tmp_path: Path) -> None:
    from django.db import connection

    from tsunagu.registry.models import Lab

    path, _private = written(tmp_path)
    key = tmp_path / "key"
    key.write_text(make_key()[1])
    name = str(connection.settings_dict["NAME"])
    with pytest.raises(CommandError, match="開けません"):
        call_command("restore", str(path), "--key", str(key), "--replace-everything", name)
    assert Lab.objects.exists()
