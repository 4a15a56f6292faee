"""The key pair of backups: machines that make them hold the public half only."""

import os
from pathlib import Path

import pyrage
from django.conf import settings

from tsunagu.operations.archive import BackupRefused


def own_key_file() -> Path:
    """Where one's own machine keeps its private key; a real service keeps it elsewhere."""
    return Path(settings.VAR_DIR) / "backup.key"


def make_key() -> tuple[str, str]:
    """A fresh pair: (public, private)."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity.to_public()), str(identity)


def recipient() -> str:
    """The public key backups are made for: `TSUNAGU_BACKUP_RECIPIENT`; on one's own machine a pair is made once.

    Raises `BackupRefused` when a real service has none.
    """
    if named := os.environ.get("TSUNAGU_BACKUP_RECIPIENT"):
        return named
    if not settings.LOCAL_MODE:
        raise BackupRefused(
            "TSUNAGU_BACKUP_RECIPIENT がありません。tsunagu backup_key で鍵を作り、公開鍵を設定してください。"
        )
    path = own_key_file()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(make_key()[1] + "\n")
    return str(pyrage.x25519.Identity.from_str(path.read_text().strip()).to_public())


def private_key(path: Path | None) -> str:
    """The private key from a file, else from `TSUNAGU_BACKUP_KEY_FILE`, else this machine's own. Raises `BackupRefused`."""
    path = path or Path(os.environ.get("TSUNAGU_BACKUP_KEY_FILE") or own_key_file())
    if not path.exists():
        raise BackupRefused(f"バックアップを開く鍵のファイルがありません: {path}")
    lines = [line for line in path.read_text().splitlines() if line.startswith("AGE-SECRET-KEY-")]
    if not lines:
        raise BackupRefused(f"{path} に AGE-SECRET-KEY- で始まる行がありません。")
    return lines[0]
