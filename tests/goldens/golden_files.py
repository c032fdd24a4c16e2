"""The two files of the goldens: figures with their tolerances, and the numbers that the documents drew."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
GOLDENS = SHARED / "goldens" / "goldens.json"
ABSENT = "" if GOLDENS.is_file() else "the goldens are not beside this checkout (../shared/goldens)"


@dataclass(frozen=True)
class Golden:
    """One figure of a document: `values` is what the file says of it."""

    document: int
    name: str
    values: dict[str, Any]

    @property
    def expected(self) -> Any:
        """A number or text, or nested lists of these."""
        return self.values["expected"]

    @property
    def reproduced(self) -> bool:
        """Whether the figure can come out at all."""
        return bool(self.values["status"] != "not reproduced")

    @property
    def trap(self) -> int | None:
        """The trap whose product the figure is."""
        return self.values.get("trap")


@cache
def documents() -> list[dict[str, Any]]:
    """The five documents as the file has them; none where it is absent."""
    found: list[dict[str, Any]] = [] if ABSENT else json.loads(GOLDENS.read_text(encoding="utf-8"))["seeds"]
    return found


@cache
def goldens() -> dict[tuple[int, str], Golden]:
    """All figures by document and name."""
    listed = [Golden(int(d["seed"]), f["name"], f) for d in documents() for f in d["figures"]]
    return {(one.document, one.name): one for one in listed}


@cache
def fixtures() -> dict[str, Any]:
    """What the documents drew by chance: initial weights, splits, shuffles, noise."""
    found: dict[str, Any] = json.loads((SHARED / "goldens" / "fixtures.json").read_text(encoding="utf-8"))
    return found


def table_path(name: str) -> Path:
    """A table of the documents that does not come with the package."""
    return SHARED / "data" / name


class Stream:
    """Stands in for a NumPy generator: hands out the numbers that a document drew with torch, in their order."""

    def __init__(self, seed: int) -> None:
        self.numbers = np.array(fixtures()[f"torch_rand_stream_seed_{seed}"])

    def random(self, size: Any = None) -> Any:
        """The next number, or as many as `size` holds."""
        count = 1 if size is None else int(np.prod(size))
        taken, self.numbers = self.numbers[:count], self.numbers[count:]
        return taken[0] if size is None else taken.reshape(size)
