"""Pictures: their size is read from the header, never by unpacking them; a photo's place and camera are taken out."""

import struct
from collections.abc import Iterator

from tsunagu.engines.uploads.refusal import UploadRefused

MOST_PIXELS = 40_000_000
PNG = b"\x89PNG\r\n\x1a\n"
END_OF_PNG = b"IEND\xaeB`\x82"
# APP1 (EXIF, XMP: place, camera, thumbnails), APP13 (Photoshop), comments. APP2 stays: it holds the colours.
PRIVATE = {0xE1, 0xED, 0xFE}
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
    return _jpeg_size(data)


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
    """A JPEG without the place it was taken, the camera and remarks; the picture itself is the same to the bit."""
    kept, at = [data[:2]], 2
    for marker, start, end in _segments(data):
        if marker not in PRIVATE:
            kept.append(data[start:end])
        at = end
    return b"".join([*kept, data[at:]])
