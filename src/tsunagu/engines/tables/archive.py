"""XLSX files looked at as archives, before any spreadsheet reader touches them."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable

from tsunagu.engines.tables.refusal import Limits, TableUnreadable

FORBIDDEN_PARTS = (
    ("vbaproject.bin", "macro"),
    ("xl/externallinks/", "external_link"),
    ("xl/embeddings/", "embedded_object"),
    ("oleobject", "embedded_object"),
    ("xl/activex/", "embedded_object"),
)
# The reader would also open these by itself, but their sizes are not checked here.
OTHER_FORMATS = frozenset({"content.xml", "xl/workbook.bin"})
SMALL = 1024 * 1024
LOCAL_HEADER = 30

CELL = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
ROW_END = re.compile(rb"</(?:[\w.-]+:)?row")
ROW_NUMBER = re.compile(rb"\br\s*=\s*[\"'](\d+)[\"']")
# A whole tag that says where its cell is and, when it only carries a format and no value, what closes it.
# Matched to the letter: a cell written in any other way goes the slow, suspicious way.
PLACED_CELL = re.compile(
    rb"<(?:[\w.-]+:)?c r=\"([A-Z]{1,3})(\d+)\"(?:((?: s=\"\d+\")?/>)|(?: (?!r=)[\w:.-]+=\"[^\"<>]*\")*\s*/?>)"
)
ANY_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]+)(\d+)[\"']")
HIDDEN_PLACE = re.compile(rb"\br\s*=\s*[\"'][^\"'<>]*&")


def check_archive(data: bytes, limits: Limits) -> None:
    """Refuse macros, links out, embedded files, archive bombs and boundless sheets.

    Raises `TableUnreadable`.
    """
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise TableUnreadable("broken_file") from error
    names = {entry.filename.lower() for entry in entries}
    for part, code in FORBIDDEN_PARTS:
        if any(part in name for name in names):
            raise TableUnreadable(code)
    if names & OTHER_FORMATS:
        raise TableUnreadable("unsupported_format")
    if "xl/workbook.xml" not in names:
        raise TableUnreadable("broken_file")
    if len(entries) > limits.max_entries:
        raise TableUnreadable("suspicious_compression", entries=len(entries))
    allowed = min(limits.max_unpacked, max(SMALL, limits.max_ratio * len(data)))
    for entry in entries:
        part_bytes = unpacked(data, entry, allowed)
        allowed -= len(part_bytes)
        _check_area(part_bytes, limits)


def unpacked(data: bytes, entry: zipfile.ZipInfo, allowed: int) -> bytes:
    """A part unpacked up to `allowed` bytes. The sizes an archive declares are not believed: they can lie."""
    start = entry.header_offset
    header = data[start : start + LOCAL_HEADER]
    if entry.flag_bits & 1 or len(header) < LOCAL_HEADER or not header.startswith(b"PK\x03\x04"):
        raise TableUnreadable("broken_file")
    start += LOCAL_HEADER + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    packed = data[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        part, complete = packed, True
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        part, complete = _inflated(packed, allowed)
    else:
        raise TableUnreadable("broken_file")
    if len(part) > allowed:
        raise TableUnreadable("suspicious_compression", limit=allowed)
    if not complete or part.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TableUnreadable("broken_file")
    return part


def _inflated(packed: bytes, allowed: int) -> tuple[bytes, bool]:
    machine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        return machine.decompress(packed, allowed + 1), machine.eof
    except zlib.error as error:
        raise TableUnreadable("broken_file") from error


def _check_area(part: bytes, limits: Limits) -> None:
    """Refuse two filled cells far apart: the reader fills all between, a tiny file becoming terabytes."""
    cells = PLACED_CELL.findall(part)
    if len(CELL.findall(part)) > len(cells):
        rows, width = _doubtful_area(part)
    else:
        rows, width = _area((letters, number) for letters, number, format_only in cells if not format_only)
    if rows * width > limits.max_cells:
        raise TableUnreadable("too_many_cells", limit=limits.max_cells)


def _area(places: Iterable[tuple[bytes, bytes]]) -> tuple[int, int]:
    columns, numbers = set(), set()
    for letters, number in places:
        columns.add(letters)
        numbers.add(number)
    try:
        return max(map(int, numbers), default=0), max(map(_column_number, columns), default=0)
    except ValueError as error:
        raise TableUnreadable("broken_file") from error


def _doubtful_area(part: bytes) -> tuple[int, int]:
    """The most it can be when some cells leave out their place: then rows and cells count up."""
    if HIDDEN_PLACE.search(part):
        raise TableUnreadable("broken_file")
    rows, width = _area(ANY_PLACE.findall(part))
    numbered, _ = _area((b"", number) for number in ROW_NUMBER.findall(part))
    pieces = ROW_END.split(part)
    return max(rows, numbered) + len(pieces), width + max(len(CELL.findall(piece)) for piece in pieces)


def _column_number(letters: bytes) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
