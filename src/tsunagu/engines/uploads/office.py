"""Office files as archives: nothing that runs, leads elsewhere, hides another file or grows beyond measure."""

import io
import re
import zipfile

from tsunagu.engines.tables.archive import FORBIDDEN_PARTS, unpacked
from tsunagu.engines.tables.refusal import Limits, TableUnreadable
from tsunagu.engines.uploads.refusal import UploadRefused

# ASVS 5.0 5.2.3: looked at before anything is unpacked as a whole.
LIMITS = Limits(max_entries=2_000, max_unpacked=200_000_000, max_ratio=100)
SMALL = 1024 * 1024
OLD_OR_ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CODES = {"broken_file": "broken", "suspicious_compression": "bomb"}
# A picture on the internet or a template elsewhere is fetched by whoever opens the file.
OUTSIDE = re.compile(rb'TargetMode\s*=\s*["\']External["\']', re.IGNORECASE)
HYPERLINK = re.compile(rb'<Relationship\b[^>]*relationships/hyperlink["\'][^>]*>')
ENTITY = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


def check_office(data: bytes, wanted: str) -> None:
    """Whether an archive is the office file it says, by its main part `wanted`. Raises `UploadRefused`."""
    if data.startswith(OLD_OR_ENCRYPTED):
        raise UploadRefused("encrypted")
    if not data.startswith(b"PK\x03\x04"):
        raise UploadRefused("not_what_it_says")
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise UploadRefused("broken") from error
    names = {entry.filename.lower() for entry in entries}
    if any(name.startswith("/") or ".." in name.split("/") or "\\" in name for name in names):
        raise UploadRefused("broken")
    for part, code in (
        *FORBIDDEN_PARTS,
        ("/embeddings/", "embedded_object"),
        ("/activex/", "embedded_object"),
    ):
        if any(part in name for name in names):
            raise UploadRefused(code)
    if wanted not in names:
        raise UploadRefused("not_what_it_says")
    if len(entries) > LIMITS.max_entries:
        raise UploadRefused("bomb")
    _check_parts(data, entries)


def _check_parts(data: bytes, entries: list[zipfile.ZipInfo]) -> None:
    allowed = min(LIMITS.max_unpacked, max(SMALL, LIMITS.max_ratio * len(data)))
    for entry in entries:
        if entry.flag_bits & 1:
            raise UploadRefused("encrypted")
        try:
            part = unpacked(data, entry, allowed)
        except TableUnreadable as error:
            raise UploadRefused(CODES.get(error.code, "broken")) from error
        allowed -= len(part)
        name = entry.filename.lower()
        if name.endswith((".xml", ".rels", ".vml")) and ENTITY.search(part):
            raise UploadRefused("bomb")
        if name.endswith(".rels") and OUTSIDE.search(HYPERLINK.sub(b"", part)):
            raise UploadRefused("external_link")
