"""Pictures: their size is read from the header, never by unpacking them; a photo's place and camera are taken out."""

import struct
from collections.abc import Iterator

from tsunagu.engines.uploads.refusal import UploadRefused

MOST_PIXELS = 40_000_000
PNG = b"\x89PNG\r\n\x1a\n"
END_OF_PNG = b"IEND\xaeB`\x82"
# APP1 (EXIF, XMP: place, camera, thumbnails), APP13 (Photoshop), comments. APP2 stays: it holds the colours.
PRIVATE = {0xE1, 0xED, 0xFE}
EXIF = 0xE1
EXIF_HEAD = b"Exif\0\0"
ORIENTATION = 0x0112
UPRIGHT = 1
# Texts, Exif, and when it was changed last.
PRIVATE_CHUNKS = {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"}
FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
START_OF_SCAN = 0xDA


def _check_pixels(width: int, height: int) -> None:
    if not width or not height:
        raise UploadRefused("broken")
    if width * height > MOST_PIXELS:
        raise UploadRefused("too_many_pixels")


def check_png(data: bytes) -> None:
    """Raises `UploadRefused`."""
    if not data.startswith(PNG):
        raise UploadRefused("not_what_it_says")
    if data[12:16] != b"IHDR" or not data.endswith(END_OF_PNG):
        raise UploadRefused("broken")
    _check_pixels(*struct.unpack(">II", data[16:24]))


def check_jpeg(data: bytes) -> None:
    """Raises `UploadRefused`."""
    if not data.startswith(b"\xff\xd8\xff"):
        raise UploadRefused("not_what_it_says")
    if not data.rstrip(b"\0").endswith(b"\xff\xd9"):
        raise UploadRefused("broken")
    _check_pixels(*_jpeg_size(data))


def _jpeg_size(data: bytes) -> tuple[int, int]:
    for marker, start, _end in _segments(data):
        if marker in FRAMES:
            height, width = struct.unpack(">HH", data[start + 5 : start + 9])
            return width, height
    raise UploadRefused("broken")


def image_size(data: bytes) -> tuple[int, int]:
    """(width, height) in pixels of a PNG or JPEG, as its header says. Raises `UploadRefused`."""
    if data.startswith(PNG) and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    width, height = _jpeg_size(data)
    # From 5 on it is turned by a quarter.
    return (height, width) if _turned(data) >= 5 else (width, height)


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(marker, first byte, end) of each segment before the picture itself. Raises `UploadRefused`."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise UploadRefused("broken")
        marker = data[at + 1]
        if marker == START_OF_SCAN:
            return
        if marker == 0xFF:
            at += 1
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        if end <= at + 3 or end > len(data):
            raise UploadRefused("broken")
        yield marker, at, end
        at = end
    raise UploadRefused("broken")


def without_private_parts(data: bytes) -> bytes:
    """A PNG or JPEG without the place it was taken, the camera and remarks; the picture itself is the same to the bit.

    Which side of a JPEG is up stays: without it, a photo taken upright would lie on its side.
    """
    return _png_without(data) if data.startswith(PNG) else _jpeg_without(data)


def _jpeg_without(data: bytes) -> bytes:
    kept, at = [data[:2]], 2
    if (turned := _turned(data)) != UPRIGHT:
        kept.append(_only_orientation(turned))
    for marker, start, end in _segments(data):
        if marker not in PRIVATE:
            kept.append(data[start:end])
        at = end
    return b"".join([*kept, data[at:]])


def _turned(data: bytes) -> int:
    """Which side of a JPEG is up, as its first segment says that says so."""
    said = (_orientation(data[start + 4 : end]) for marker, start, end in _segments(data) if marker == EXIF)
    return next(filter(None, said), UPRIGHT)


def _orientation(exif: bytes) -> int | None:
    """Which side is up (Exif 2.32, tag 0x0112: 1–8), if the segment says so."""
    if not exif.startswith(EXIF_HEAD):
        return None
    tiff = exif[len(EXIF_HEAD) :]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return None
    at = struct.unpack(f"{order}I", tiff[4:8])[0]
    if at + 2 > len(tiff):
        return None
    for number in range(struct.unpack(f"{order}H", tiff[at : at + 2])[0]):
        entry = tiff[at + 2 + 12 * number : at + 14 + 12 * number]
        if len(entry) == 12 and struct.unpack(f"{order}H", entry[:2])[0] == ORIENTATION:
            turned: int = struct.unpack(f"{order}H", entry[8:10])[0]
            return turned if 1 <= turned <= 8 else None
    return None


def _only_orientation(turned: int) -> bytes:
    """A segment that says nothing but which side is up."""
    entry = struct.pack(">HHIHH", ORIENTATION, 3, 1, turned, 0)
    content = EXIF_HEAD + b"MM\0*" + struct.pack(">IH", 8, 1) + entry + b"\0\0\0\0"
    return b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content


def _png_without(data: bytes) -> bytes:
    kept, at = [data[:8]], 8
    while at + 12 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4])
        if end > len(data):
            raise UploadRefused("broken")
        if data[at + 4 : at + 8] not in PRIVATE_CHUNKS:
            kept.append(data[at:end])
        at = end
    return b"".join(kept)
