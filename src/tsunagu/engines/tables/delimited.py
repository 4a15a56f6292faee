"""CSV and TSV: which encoding, which delimiter, which records."""

import csv
import io
import re
from collections.abc import Iterator

from tsunagu.engines.tables.refusal import TableUnreadable

# Bytes 80, A0 and FD to FF stand for nothing in Shift_JIS, yet Python's cp932 lets them pass.
NOT_IN_CP932 = re.compile("[\x80\xa0\uf8f0-\uf8f3]")


def decoded(data: bytes) -> tuple[str, str]:
    """The text and its encoding: by byte order mark, else UTF-8, else CP932. Raises `TableUnreadable`."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _text(data, "utf-16"), "utf-16"
    if data.startswith(b"\xef\xbb\xbf"):
        return _text(data, "utf-8-sig"), "utf-8-sig"
    try:
        return _text(data, "utf-8"), "utf-8"
    except TableUnreadable as error:
        if error.code != "encoding_unknown":
            raise
    text = _text(data, "cp932")
    if NOT_IN_CP932.search(text):
        raise TableUnreadable("encoding_unknown")
    return text, "cp932"


def _text(data: bytes, encoding: str) -> str:
    # UTF-16 is full of zero bytes before decoding; in every other case they mean a binary file.
    if encoding != "utf-16" and b"\0" in data:
        raise TableUnreadable("broken_file")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise TableUnreadable("encoding_unknown") from error
    if encoding == "utf-16" and "\0" in text:
        raise TableUnreadable("broken_file")
    return text


def records(text: str) -> Iterator[list[str]]:
    """The records of a CSV or TSV text, blank lines as []. Raises `TableUnreadable` while being read.

    Strict, because a quotation mark never closed would otherwise swallow the rest of the file into one cell.
    """
    first_line = text.split("\n", 1)[0]
    delimiter = "\t" if first_line.count("\t") > first_line.count(",") else ","
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise TableUnreadable("broken_file") from error
