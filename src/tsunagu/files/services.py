"""Taking a file in: checked, stored, read back and compared before anybody is told that it was taken."""

import hashlib
import os
import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.engines.uploads import KINDS, REASONS, UploadRefused, examine_upload, safe_name
from tsunagu.engines.uploads.images import without_private_parts
from tsunagu.files.models import StoredFile

FOLDER = "files"
ORPHAN_AGE = timedelta(days=1)


class FileNotTaken(ValueError):
    """The file was not stored; the message says why and what to do, for the person who sent it."""


@transaction.atomic
def store_file(*, upload: UploadedFile, by_label: str) -> StoredFile:
    """Store an uploaded file. Raises `FileNotTaken`.

    The row is written only when what lies in the storage has been read back and is the same (jGrants 2021: 1,998
    applications lost their attachments unnoticed). A transaction that fails later leaves a file without a row,
    which `sweep_orphans` removes.
    """
    largest = max(kind.largest for kind in KINDS.values())
    if (upload.size or 0) > largest:
        raise FileNotTaken(_(REASONS["too_large"]))
    data = upload.read()
    try:
        name = safe_name(upload.name or "")
        kind = examine_upload(name, data)
        if kind.media_type in ("image/jpeg", "image/png"):
            data = without_private_parts(data)
    except UploadRefused as refused:
        raise FileNotTaken(f"{upload.name}: {_(REASONS[refused.code])}") from refused
    digest = hashlib.sha256(data).hexdigest()
    place = _write(data, kind.ending, digest)
    return StoredFile.objects.create(
        name=name,
        media_type=kind.media_type,
        size=len(data),
        sha256=digest,
        place=place,
        stored_by=by_label[:100],
    )


def _write(data: bytes, ending: str, digest: str) -> str:
    key = uuid.uuid4().hex
    try:
        place = default_storage.save(f"{FOLDER}/{key[:2]}/{key}.{ending}", ContentFile(data))
        _reach_the_disk(place)
        with default_storage.open(place) as stored:
            same = hashlib.sha256(stored.read()).hexdigest() == digest
    except Exception as error:  # whatever a storage raises, nothing was taken
        raise FileNotTaken(
            _("保存できませんでした。入力は残っています。少し待って、もう一度送ってください。")
        ) from error
    if not same:
        raise FileNotTaken(_("保存した内容が、送られたものと違いました。もう一度送ってください。"))
    return place


def _reach_the_disk(place: str) -> None:
    """On a local disk, wait until the file and its folder are really written; a remote store answers only then."""
    try:
        path = default_storage.path(place)
    except NotImplementedError:
        return
    for one in (path, os.path.dirname(path)):  # noqa: PTH120
        handle = os.open(one, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def all_places(folder: str = FOLDER) -> set[str]:
    """Where files lie in the storage."""
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return set()
    found = {f"{folder}/{name}" for name in names}
    for one in folders:
        found |= all_places(f"{folder}/{one}")
    return found


def sweep_orphans() -> int:
    """Remove files that no record names, left by transactions that failed; returns how many.

    Only what has lain there for a day: a file whose record is being written just now has no record yet.
    """
    before = timezone.now() - ORPHAN_AGE
    orphans = all_places() - set(StoredFile.objects.values_list("place", flat=True))
    old = [place for place in orphans if default_storage.get_modified_time(place) < before]
    for place in old:
        default_storage.delete(place)
    return len(old)


@dataclass(frozen=True)
class Scrubbed:
    """What reading every stored file again found."""

    files: int
    missing: list[str]
    altered: list[str]

    @property
    def ok(self) -> bool:
        return not self.missing and not self.altered


def scrub_files() -> Scrubbed:
    """Read every stored file again and compare its hash with the one it was taken with."""
    files, missing, altered = 0, [], []
    for one in StoredFile.objects.order_by("stored_at").iterator():
        files += 1
        if not default_storage.exists(one.place):
            missing.append(one.name)
            continue
        with default_storage.open(one.place) as stored:
            if hashlib.file_digest(stored, "sha256").hexdigest() != one.sha256:
                altered.append(one.name)
    return Scrubbed(files, missing, altered)
