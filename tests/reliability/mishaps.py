"""What happens to files: bytes turn, go missing or come twice; cells, lines and whole parts change places."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
import zlib
from collections.abc import Callable

JUNK = (
    *(b'"', b"\n", b",", b";", b"\t", b"\0", b"\xe9", b"\xff\xfe", b"\r", b"#", b"'", b"\x1a", b"-", b"\xef\xbb\xbf"),
    *(b"inf", b"nan", b"1e99", b"1e400", b"-0", b"NULL", b"99999999999999999999", b"2024-02-30", b"31/31/31"),
    *(b"{", b"}", b"[", b"]", b":", b"\\u0000", b"\\ud800", b'""', b'"\n"', b"\xf0\x9f\x92\xa9", "٣".encode(), b" "),
)
Mishap = Callable[[bytearray, random.Random], bytes | bytearray]


def turned_bit(raw: bytearray, chance: random.Random) -> bytes | bytearray:
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    return raw


def other_byte(raw: bytearray, chance: random.Random) -> bytes | bytearray:
    raw[chance.randrange(len(raw))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
    return raw


def cut_off(raw: bytearray, chance: random.Random) -> bytes | bytearray:
    return raw[: chance.randrange(len(raw))]


def hole(raw: bytearray, chance: random.Random) -> bytes | bytearray:
    place = chance.randrange(len(raw))
    del raw[place : place + chance.randrange(1, 60)]
    return raw


def zeros(raw: bytearray, chance: random.Random) -> bytes | bytearray:
    place, length = chance.randrange(len(raw)), chance.randrange(1, 60)
    raw[place : place + length] = bytes(len(raw[place : place + length]))
    return raw


def noise(raw: bytearray, chance: random.Random) -> bytes | bytearray:
    place = chance.randrange(len(raw))
    raw[place : place + 8] = chance.randbytes(8)
    return raw


def junk(raw: bytearray, chance: random.Random) -> bytes | bytearray:
    place = chance.randrange(len(raw) + 1)
    raw[place:place] = chance.choice(JUNK)
    return raw


def huge_number(raw: bytearray, chance: random.Random) -> bytes | bytearray:
    """Where a length or an offset may stand, in binary files."""
    place = chance.randrange(len(raw))
    raw[place : place + 4] = chance.choice((b"\xff\xff\xff\x7f", b"\xff\xff\xff\xff", b"\x00\x00\x00\x80"))
    return raw


def swapped_halves(raw: bytearray, chance: random.Random) -> bytes | bytearray:
    place = chance.randrange(len(raw))
    return raw[place:] + raw[:place]


def doubled_part(raw: bytearray, chance: random.Random) -> bytes | bytearray:
    place = chance.randrange(len(raw))
    end = place + chance.randrange(1, 400)
    return raw[:end] + raw[place:]


def other_lines(raw: bytearray, chance: random.Random) -> bytes | bytearray:
    """A line goes missing, comes twice or changes places."""
    lines = bytes(raw).splitlines(keepends=True)
    line = lines.pop(chance.randrange(len(lines)))
    for _ in range(chance.randrange(3)):
        lines.insert(chance.randrange(len(lines) + 1), line)
    return b"".join(lines)


def other_cells(raw: bytearray, chance: random.Random) -> bytes | bytearray:
    """A cell of a text gets junk, goes missing or comes twice."""
    cells = bytes(raw).split(b",")
    place = chance.randrange(len(cells))
    cells[place : place + 1] = chance.choice(([], [cells[place]] * 2, [chance.choice(JUNK)], [b""]))
    return b",".join(cells)


MISHAPS: tuple[Mishap, ...] = (
    *(turned_bit, other_byte, cut_off, hole, zeros, noise, junk, huge_number),
    *(swapped_halves, doubled_part, other_lines, other_cells),
)


def damaged(raw: bytes, name: str, chance: random.Random) -> bytes:
    """The bytes after one to four mishaps; every other packed file is damaged inside and packed again."""
    if chance.random() < 0.5:
        if name.endswith(".gz"):
            return gzip.compress(_after(gzip.decompress(raw), chance), mtime=0)
        if name.endswith(".xlsx"):
            return _workbook(raw, chance)
    return _after(raw, chance)


def _after(raw: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        if raw:
            raw = bytes(chance.choice(MISHAPS)(bytearray(raw), chance))
    return raw


def _workbook(raw: bytes, chance: random.Random) -> bytes:
    """A zip file that is sound, with a damaged part inside."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(target, "w") as new:
        hurt = chance.choice(old.namelist())
        for part in old.namelist():
            content = old.read(part)
            new.writestr(zipfile.ZipInfo(part), _after(content, chance) if part == hurt else content)
    return target.getvalue()


def bomb(text: bytes, times: int) -> bytes:
    """A gzip file that unpacks to `times` as much."""
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(text) for _ in range(times)) + packer.flush()
