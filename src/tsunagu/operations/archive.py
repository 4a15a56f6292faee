"""The one file a backup is: a tar of the database, the files and a manifest, encrypted in the age format.

Nothing is ever written unencrypted: the tar flows through a pipe into the encryption, and back.
"""

import hashlib
import io
import json
import os
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pyrage

CHUNK = 1 << 20
MANIFEST = "manifest.json"
Progress = Callable[[str], None]


class BackupRefused(RuntimeError):
    """Something about a backup is not as it must be; the message says what, for the person at the keyboard."""


class ArchiveWriter:
    """Adds parts to the tar and remembers their sizes and SHA-256 for the manifest."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.parts: dict[str, dict[str, Any]] = {}

    def add(self, name: str, content: IO[bytes], size: int) -> None:
        """Add `size` bytes under a name. Raises `BackupRefused` when the content is shorter."""
        reader = _Hashing(content)
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        try:
            self._tar.addfile(info, reader)
        except OSError as error:
            raise BackupRefused(f"{name} を読みきれませんでした: {error}") from error
        self.parts[name] = {"size": size, "sha256": reader.digest.hexdigest()}

    def finish(self, manifest: dict[str, Any]) -> None:
        """Close with the manifest: whoever reads the archive knows by it that nothing is missing."""
        content = json.dumps({**manifest, "parts": self.parts}, ensure_ascii=False, indent=1).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size = len(content)
        self._tar.addfile(info, io.BytesIO(content))


class _Hashing:
    def __init__(self, content: IO[bytes]) -> None:
        self._content = content
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._content.read(size)
        self.digest.update(chunk)
        return chunk


@contextmanager
def writing(path: Path, recipient: str) -> Iterator[ArchiveWriter]:
    """Write an archive that only the holder of the recipient's key can open; it gets its name when it is complete."""
    try:
        key = pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError as error:
        raise BackupRefused("バックアップ用の公開鍵（age1…）として読めません。") from error
    unfinished = path.with_name(f"{path.name}.unfinished")
    reading_end, writing_end = os.pipe()
    failed: list[BaseException] = []

    def encrypt() -> None:
        try:
            with os.fdopen(reading_end, "rb") as plain, unfinished.open("wb") as cipher:
                unfinished.chmod(0o600)
                pyrage.encrypt_io(plain, cipher, [key])
                cipher.flush()
                os.fsync(cipher.fileno())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=encrypt)
    thread.start()
    try:
        with (
            os.fdopen(writing_end, "wb", CHUNK) as pipe,
            tarfile.open(mode="w|", fileobj=pipe, bufsize=CHUNK) as tar,
        ):
            yield ArchiveWriter(tar)
    except BrokenPipeError:
        thread.join()
        unfinished.unlink(missing_ok=True)
        raise BackupRefused(f"バックアップを書けませんでした: {failed[0] if failed else ''}") from None
    except BaseException:
        thread.join()
        unfinished.unlink(missing_ok=True)
        raise
    thread.join()
    if failed:
        unfinished.unlink(missing_ok=True)
        raise BackupRefused(f"バックアップを書けませんでした: {failed[0]}")
    unfinished.rename(path)


def unpack(path: Path, identity: str, folder: Path) -> dict[str, Any]:
    """Open an archive into an empty folder; every part is compared with the manifest, which is returned.

    Raises `BackupRefused` when the key does not fit or the file is damaged or cut short.
    """
    try:
        key = pyrage.x25519.Identity.from_str(identity.strip())
    except pyrage.IdentityError as error:
        raise BackupRefused("バックアップを開く鍵（AGE-SECRET-KEY-…）として読めません。") from error
    reading_end, writing_end = os.pipe()
    failed: list[BaseException] = []

    def decrypt() -> None:
        try:
            with path.open("rb") as cipher, os.fdopen(writing_end, "wb", CHUNK) as plain:
                pyrage.decrypt_io(cipher, plain, [key])
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=decrypt)
    thread.start()
    hashes: dict[str, dict[str, Any]] = {}
    broken: Exception | None = None
    try:
        with (
            os.fdopen(reading_end, "rb", CHUNK) as pipe,
            tarfile.open(mode="r|", fileobj=pipe, bufsize=CHUNK) as tar,
        ):
            for info in tar:
                hashes[info.name] = _take_out(tar, info, folder)
    except (tarfile.TarError, OSError, ValueError) as error:
        broken = error
    thread.join()
    if failed or broken or MANIFEST not in hashes:
        raise BackupRefused(
            "このバックアップは開けません。鍵が違うか、ファイルが途中で切れているか、壊れています。"
        ) from (failed[0] if failed else broken)
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
    del hashes[MANIFEST]
    if hashes != manifest["parts"]:
        raise BackupRefused("バックアップの中身が、目録と合いません。別のバックアップを使ってください。")
    return manifest


def _take_out(tar: tarfile.TarFile, info: tarfile.TarInfo, folder: Path) -> dict[str, Any]:
    target = (folder / info.name).resolve()
    if not info.isfile() or not target.is_relative_to(folder.resolve()):
        raise ValueError(info.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    content = tar.extractfile(info)
    assert content is not None
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as file:
        while chunk := content.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
    return {"size": size, "sha256": digest.hexdigest()}
