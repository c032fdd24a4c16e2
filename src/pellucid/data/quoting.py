"""Where the quotes of a text stand, and what stands outside of them: the ends of records and the cuts between cells."""

from __future__ import annotations

import numpy as np

_QUOTE, _RETURN, _LINE_END, _ZERO, _NINE, _POINT = b'"\r\n09.'
_WINDOW = 1 << 24
# Windows that stay in the processor's cache.
_COUNTED = 1 << 18


def count_of(text: bytes, mark: str) -> int:
    """How often an ASCII character stands in `text`; for one that comes often faster than `bytes.count`."""
    if mark.encode() not in text:
        return 0
    raw, byte = np.frombuffer(text, dtype=np.uint8), ord(mark)
    return sum(int(np.count_nonzero(raw[i : i + _COUNTED] == byte)) for i in range(0, len(raw), _COUNTED))


def any_zero_led(text: bytes) -> bool:
    """Whether a number with a leading zero and two digits more, such as 007, may begin a cell."""
    raw = np.frombuffer(text, dtype=np.uint8)
    for start in range(0, len(raw), _COUNTED):
        zeros = start + np.flatnonzero(raw[start : start + _COUNTED] == _ZERO)
        zeros = zeros[(zeros > 0) & (zeros < len(raw) - 2)]
        before, first, second = (raw[zeros + step] for step in (-1, 1, 2))
        starts = ~_digits(before) & (before != _POINT)
        if (starts & _digits(first) & _digits(second)).any():
            return True
    return False


def _digits(characters: np.ndarray) -> np.ndarray:
    return (characters >= _ZERO) & (characters <= _NINE)


def record_end(text: bytes) -> int:
    """Where the last record that is surely whole ends: after an even number of quotes, at a line end or the end of
    `text`; 0 when there is no such place. `text` begins with a record and holds whole lines."""
    quotes = count_of(text, '"')
    end = len(text)
    while quotes % 2:
        last = text.rfind(b'"', 0, end)
        cut = text.rfind(b"\n", 0, last)
        if cut < 0:
            return 0
        quotes -= text.count(b'"', cut, end)
        end = cut
    return end


def outside_quotes(text: bytes, delimiter: str) -> tuple[int, int] | None:
    """How many line ends and delimiters stand outside of quotes.

    None when a quote is not closed, or stands where no cell begins or ends: then readers may differ on what it means.
    """
    quotes = count_of(text, '"')
    if not quotes:
        return count_of(text, "\n"), count_of(text, delimiter)
    if quotes % 2:
        return None
    raw, cut = np.frombuffer(text, dtype=np.uint8), ord(delimiter)
    lines = cells = inside = 0
    for start in range(0, len(raw), _WINDOW):
        window = raw[start : start + _WINDOW]
        places = np.flatnonzero(window == _QUOTE)
        if not _at_cell_ends(raw, places + start, inside, cut):
            return None
        lines += _outside(np.flatnonzero(window == _LINE_END), places, inside)
        cells += _outside(np.flatnonzero(window == cut), places, inside)
        inside = (inside + len(places)) % 2
    return lines, cells


def lines_of(text: bytes, numbers: np.ndarray) -> bytes:
    """The lines with these ascending numbers, from 0."""
    ends = np.flatnonzero(np.frombuffer(text, dtype=np.uint8) == _LINE_END)
    starts = np.concatenate([[0], ends + 1])[numbers].tolist()
    ends = np.concatenate([ends, [len(text)]])[numbers].tolist()
    return b"\n".join([text[start:end] for start, end in zip(starts, ends, strict=True)])


def _outside(marks: np.ndarray, quotes: np.ndarray, inside: int) -> int:
    """How many of the places `marks` lie outside, where the stretch before the first of `quotes` is `inside` or not."""
    up_to = np.concatenate([[0], np.searchsorted(marks, quotes), [len(marks)]])
    return int(np.diff(up_to)[inside::2].sum())


def _at_cell_ends(raw: np.ndarray, places: np.ndarray, inside: int, cut: int) -> bool:
    """Whether opening quotes follow a delimiter, a line end or a closing quote, and closing ones stand before such."""
    opening, closing = places[inside::2], places[1 - inside :: 2]
    before = raw[opening[opening > 0] - 1]
    after = raw[closing[closing < len(raw) - 1] + 1]
    fine_before = (before == cut) | (before == _LINE_END) | (before == _QUOTE)
    fine_after = (after == cut) | (after == _LINE_END) | (after == _RETURN) | (after == _QUOTE)
    return bool(fine_before.all() and fine_after.all())
