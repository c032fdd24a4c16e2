"""The model card: where a model comes from and what it is worth, kept inside its file."""

from __future__ import annotations

import base64
import platform
import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..records import Record
from ..version import __version__


@dataclass(frozen=True)
class Card(Record):
    """Facts about a trained model, all JSON-ready.

    `sealed` holds the sealed rows of the training table as packed bits (zlib, base64), "" when there are none.
    `set_aside` maps columns that the network does not get to the reason. `identifiers` are the columns that
    predictions carry along. `scores` are those of the sealed rows at the time of training, `look` how often that
    table's sealed rows had been scored by then.
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

    @property
    def positive(self) -> str | None:
        """The positive class of a two-class target."""
        return self.labels[1] if len(self.labels) == 2 else None

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Card:
        """The inverse of `to_dict`."""
        known = {name: values[name] for name in cls.__dataclass_fields__ if name in values}
        for name in ("labels", "inputs", "identifiers", "scores", "findings"):
            known[name] = tuple(known.get(name, ()))
        return cls(**known)


def pack_rows(mask: np.ndarray) -> str:
    """A bool mask (rows,) as text; the inverse is `sealed_mask`."""
    if not mask.any():
        return ""
    return base64.b64encode(zlib.compress(np.packbits(mask).tobytes(), 9)).decode()


def sealed_mask(card: Card) -> np.ndarray:
    """Which rows of the training table are sealed, bool (rows,)."""
    if not card.sealed:
        return np.zeros(card.rows, dtype=bool)
    bits = np.frombuffer(zlib.decompress(base64.b64decode(card.sealed)), dtype=np.uint8)
    return np.unpackbits(bits, count=card.rows).astype(bool)


def versions() -> dict[str, str]:
    """Versions of what took part in the arithmetic."""
    return {"pellucid": __version__, "numpy": np.__version__, "python": platform.python_version()}
