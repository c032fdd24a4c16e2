"""Bytes become UTF-8: what the file says of itself is believed, what it keeps to itself is guessed, and said."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from ..errors import DataError
from ..records import Finding

# The marks that a text may begin with, the longer before the shorter that it begins with.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# First bytes of files that are no text, and what they are.
_SIGNATURES = (
    (b"\x1f\x8b", "a gzip file; name it .csv.gz"),
    (b"\x28\xb5\x2f\xfd", "a zstd file; name it .csv.zst"),
    (b"PAR1", "a Parquet file; name it .parquet"),
    (b"ARROW1", "an Arrow file; name it .arrow"),
    (b"PK\x03\x04", "a zip file or a workbook; name a workbook .xlsx, unpack a zip file first"),
    (b"SQLite format 3", "an SQLite database; export a table of it as CSV"),
    (b"%PDF", "a PDF; export the table as CSV"),
)
# Texts that are no tables.
_OTHER_TEXTS = (
    (
        re.compile(rb"\s*<(?:!doctype\s+html|html|\?xml)\b", re.IGNORECASE),
        "a web page or XML, perhaps an error message",
    ),
    (re.compile(rb'\s*(?:\[\s*)?\{\s*"'), "JSON; write one object a line and name it .jsonl"),
)
_SAMPLE = 1 << 16
_BLOCK = 1 << 20
_CONTROLS = bytes(c for c in range(32) if c not in b"\t\n\r\f\x1a") + b"\x7f"
_UNDEFINED_IN_1252 = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))


def to_utf8(raw: bytes, source: str, encoding: str | None = None) -> tuple[bytes, Finding | None]:
    """The text as UTF-8 without a byte order mark, and ENCODING_GUESSED when nothing in the file says what it is in.

    Without `encoding`, a byte order mark decides; then text that is valid UTF-8 is UTF-8; then bytes that are zero in
    every other place are UTF-16; and what remains is taken for Windows-1252, which holds Latin-1.
    Raises DataError for an unknown encoding, bytes that do not fit it, and content that is no text or no table.
    """
    text, guessed = _text_of(raw, source, encoding)
    what = _other_text(text)
    if what:
        raise DataError(f"{source}: expected a table, got {what}")
    return text, guessed


def _text_of(raw: bytes, source: str, encoding: str | None) -> tuple[bytes, Finding | None]:
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return _decoded(raw[len(mark) :], source, encoding or name), None
    for signature, what in _SIGNATURES:
        if raw.startswith(signature):
            raise DataError(f"{source}: expected text, got {what}")
    if encoding is not None:
        return _decoded(raw, source, encoding), None
    wide = _utf_16(raw[:_SAMPLE])
    if wide:
        seen = f"{source} was read as {wide.upper()}, because every other byte is zero"
        return _decoded(raw, source, wide), _guess(seen)
    _refuse_junk(raw, source)
    if raw.isascii():
        return raw, None
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as wrong:
        return _windows_1252(raw, source, wrong)
    return raw, None


@dataclass(frozen=True)
class PlainText:
    """A UTF-8 text that can be read piece by piece: where it starts, behind a byte order mark, and whether it holds
    quotes."""

    start: int
    quotes: bool


def plain_text(file: BinaryIO, encoding: str | None = None) -> PlainText | None:
    """Whether `to_utf8` would give the bytes of `file` (seekable, at its start) unchanged, and find no fault.

    None for text in another encoding, for what is no text, and for lines that end in a carriage return alone.
    """
    head = file.read(_SAMPLE)
    start = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    with suppress(LookupError):
        encoding = encoding and codecs.lookup(encoding).name
    if encoding not in (None, "utf-8"):
        return None
    marks = [mark for mark, _ in _MARKS] + [signature for signature, _ in _SIGNATURES]
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if head.startswith(tuple(marks), start) or _other_text(head[start:]) or _utf_16(head) or controls > len(head) / 100:
        return None
    decoder = codecs.getincrementaldecoder("utf-8")()
    quotes = feeds = returns = False
    file.seek(0)
    while block := file.read(_BLOCK):
        if b"\0" in block:
            return None
        try:
            if not block.isascii() or decoder.getstate()[0]:
                decoder.decode(block)
        except UnicodeDecodeError:
            return None
        quotes, feeds, returns = quotes or b'"' in block, feeds or b"\n" in block, returns or b"\r" in block
    if decoder.getstate()[0] or (returns and not feeds):
        return None
    return PlainText(start, quotes)


def _other_text(raw: bytes) -> str:
    """What a text is that is no table, "" for others."""
    return next((what for form, what in _OTHER_TEXTS if form.match(raw[:_SAMPLE])), "")


def line_of(raw: bytes, place: int) -> int:
    """The line, counted from 1, in which byte number `place` stands."""
    return raw.count(b"\n", 0, place) + 1


def _decoded(raw: bytes, source: str, encoding: str) -> bytes:
    try:
        name = codecs.lookup(encoding).name
        text = raw.decode(name)
        if not isinstance(text, str):
            raise LookupError
    except LookupError:
        raise DataError(f"no encoding {encoding!r}; expected a name such as 'utf-8', 'utf-16' or 'cp1252'") from None
    except UnicodeError as wrong:
        place = wrong.start if isinstance(wrong, UnicodeDecodeError) else 0
        got = f"{raw[place]:#04x}" if place < len(raw) else "the end"
        raise DataError(
            f"{source}, line {line_of(raw, place):,}: byte {got} is not {encoding.upper()}; is the file cut, or in "
            "another encoding? Name it with --encoding (encoding= of read)"
        ) from None
    # A lone surrogate can be written in UTF-7 and its like, but not in UTF-8.
    utf8 = text.removeprefix("\ufeff").encode("utf-8", errors="replace")
    _refuse_junk(utf8, source)
    return utf8


def _utf_16(sample: bytes) -> str:
    """The byte order of UTF-16 without a mark: Latin letters and digits leave every other byte zero."""
    half = len(sample) // 2
    if half < 2:
        return ""
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    if odd > 0.4 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 and odd < 0.05 else ""


def _refuse_junk(raw: bytes, source: str) -> None:
    place = raw.find(b"\0")
    if place >= 0:
        raise DataError(
            f"{source}, line {line_of(raw, place):,}: a NUL byte at byte {place + 1:,}; expected text. Is the file "
            "binary or damaged?"
        )
    sample = raw[:_SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls > len(sample) / 100:
        raise DataError(
            f"{source}: {controls:,} of the first {len(sample):,} bytes are control characters; expected text. Is the "
            "file binary or damaged?"
        )


def _windows_1252(raw: bytes, source: str, wrong: UnicodeDecodeError) -> tuple[bytes, Finding]:
    byte, line = raw[wrong.start], line_of(raw, wrong.start)
    here = f"{source}, line {line:,}: byte {byte:#04x} is not UTF-8"
    whole = len(re.findall(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}", raw))
    alone = len(raw) - len(raw.translate(None, bytes(range(128, 256)))) - 2 * whole
    if whole > alone:
        raise DataError(
            f"{here}, but most other letters with marks are; is the file damaged there? Correct it, or force an "
            "encoding with --encoding cp1252 (encoding='cp1252' of read)"
        )
    place = next((i for i in (raw.find(bytes((b,))) for b in _UNDEFINED_IN_1252) if i >= 0), -1)
    if place >= 0:
        raise DataError(
            f"{here}, and byte {raw[place]:#04x} in line {line_of(raw, place):,} is not Windows-1252; save the file as "
            "UTF-8, or name its encoding with --encoding (encoding= of read)"
        )
    text = raw.decode("cp1252")
    seen = f"{source} was read as Windows-1252 (Latin-1): byte {byte:#04x} in line {line:,} is not UTF-8"
    return text.encode("utf-8"), _guess(seen)


def _guess(seen: str) -> Finding:
    return Finding(
        "ENCODING_GUESSED",
        "warning",
        seen,
        "The file does not say its encoding, and another one would give other letters",
        "If letters look wrong, name the encoding with --encoding (encoding= of read), or save the file as UTF-8",
    )
