"""The model card: where a model comes from and what it is worth, kept inside its file."""

from __future__ import annotations

import base64
import platform
import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..data.days import DateUnit
from ..records import Record
from ..version import __version__

PRIVACY = (
    "Nothing left the machine. Values of identifiers and of text columns, and levels on fewer than 5 training rows, "
    "are not in this file. The names of columns, more frequent levels, the classes of the target, and the smallest "
    "and the largest value of each number and date are."
)


@dataclass(frozen=True)
class Card(Record):
    """Facts about a trained model, all JSON-ready.

    `fingerprint` is that of the training table, `sealed` its sealed rows as packed bits (zlib, base64), "" when there
    are none. `test_fingerprint` is that of the second table that was scored instead, "" when there was none. `kinds`
    are those that the user named, by column. `set_aside` maps columns that the network does not get to the reason.
    `identifiers` are the columns that predictions carry along. `base` are the class shares (or the mean) of the
    training rows, which is what a model must beat. `scores` are those of the test rows at the time of training, `look`
    how often that table's test rows had been scored by then. `date_unit` is "day" or "second" where the target is a
    date, which the network predicts in days since 1970-01-01, and "" elsewhere.
    `privacy` says what of the rows is in the file.
    """

    target: str
    task: str
    labels: tuple[str, ...]
    source: str
    fingerprint: str
    rows: int
    rows_without_target: int
    training_rows: int
    sealed: str
    split_rule: str
    seed: int
    engine: str
    rung: str
    epochs: int
    inputs: tuple[str, ...]
    identifiers: tuple[str, ...]
    set_aside: dict[str, str]
    scores: tuple[dict[str, Any], ...] = ()
    look: int | None = None
    findings: tuple[dict[str, Any], ...] = ()
    versions: dict[str, str] = field(default_factory=dict)
    test_fingerprint: str = ""
    base: tuple[float, ...] = ()
    kinds: dict[str, str] = field(default_factory=dict)
    date_unit: DateUnit = ""
    privacy: str = PRIVACY

    @property
    def positive(self) -> str | None:
        """The positive class of a two-class target."""
        return self.labels[1] if len(self.labels) == 2 else None

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Card:
        """The inverse of `to_dict`; what this version does not know is left out."""
        lists = ("labels", "inputs", "identifiers", "scores", "findings", "base")
        known: dict[str, Any] = {name: values[name] for name in cls.__dataclass_fields__ if name in values}
        card = cls(**{**known, **{name: tuple(known[name]) for name in lists if name in known}})
        if card.base and len(card.base) != max(len(card.labels), 1):
            raise ValueError(f"the card has {len(card.base)} base figures for {len(card.labels)} classes")
        return card


def pack_rows(mask: np.ndarray) -> str:
    """A bool mask (rows,) as text; the inverse is `sealed_mask`."""
    if not mask.any():
        return ""
    return base64.b64encode(zlib.compress(np.packbits(mask).tobytes(), 9)).decode()


def check_sealed(card: Card) -> None:
    """Raise ValueError when the sealed rows of the card are no mask of its rows.

    They are unpacked a little at a time, for a few bytes can unpack to more than there is memory for.
    """
    if not card.sealed:
        return
    length, unpacker = 0, zlib.decompressobj()
    rest = base64.b64decode(card.sealed, validate=True)
    try:
        while rest and length * 8 < card.rows + 8:
            length += len(unpacker.decompress(rest, 1 << 20))
            rest = unpacker.unconsumed_tail
    except zlib.error as error:
        raise ValueError(f"the sealed rows cannot be read: {error}") from None
    if length != -(-card.rows // 8) or not unpacker.eof:
        raise ValueError(f"the sealed rows are {length} bytes for {card.rows} rows")


def sealed_mask(card: Card) -> np.ndarray:
    """Which rows of the training table are sealed, bool (rows,). Raises ValueError when the card's text is no mask."""
    if not card.sealed:
        return np.zeros(card.rows, dtype=bool)
    length = -(-card.rows // 8)
    try:
        packed = zlib.decompressobj().decompress(base64.b64decode(card.sealed, validate=True), length + 1)
    except zlib.error as error:
        raise ValueError(f"the sealed rows cannot be read: {error}") from None
    if len(packed) != length:
        raise ValueError(f"the sealed rows are {len(packed)} bytes, expected {length} for {card.rows} rows")
    return np.unpackbits(np.frombuffer(packed, dtype=np.uint8), count=card.rows).astype(bool)


def versions() -> dict[str, str]:
    """Versions of what took part in the arithmetic."""
    return {"pellucid": __version__, "numpy": np.__version__, "python": platform.python_version()}
