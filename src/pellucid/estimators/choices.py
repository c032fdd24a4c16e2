"""What stands behind the estimators' short parameters: every "auto", number, name and object becomes one choice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..data.split import Split, random_split, stratified_split
from ..errors import SpecError
from ..preprocessing.recipes import NumberRecipe, PreparationSpec
from ..records import plain
from ..spec import EarlyStopping
from ..training.randomness import stream


def seed_of(random_state: Any) -> int:
    """The seed behind `random_state`: itself, a draw from a generator, or for None fresh chance from the system.

    NumPy's global generator is neither read nor moved. Raises `SpecError` for anything else.
    """
    if random_state is None:
        return int(np.random.default_rng().integers(2**31))
    if isinstance(random_state, np.random.Generator):
        return int(random_state.integers(2**31))
    if isinstance(random_state, np.random.RandomState):
        return int(random_state.randint(2**31 - 1))
    if isinstance(random_state, (int, np.integer)) and not isinstance(random_state, bool) and random_state >= 0:
        return int(random_state)
    raise SpecError(f"random_state must be a whole number from 0, a NumPy generator or None, got {random_state!r}")


def preparation_spec(preparation: Any, is_array: bool) -> PreparationSpec | None:
    """The recipe behind the estimators' `preparation`.

    "auto": tables get the defaults of `PreparationSpec`; numeric arrays are numbers throughout, so that gaps are filled
    with the median and flagged, and columns standardized, without guessing codes or skew. None: only gaps are filled.
    """
    if isinstance(preparation, PreparationSpec):
        return preparation
    if preparation is None:
        return PreparationSpec(numbers=NumberRecipe(log1p=False, levels=False, scale="none"))
    if preparation != "auto":
        raise SpecError(f'preparation must be "auto", None or a PreparationSpec, got {preparation!r}')
    return PreparationSpec(numbers=NumberRecipe(log1p=False, levels=False)) if is_array else None


def early_stopping_of(value: Any) -> EarlyStopping | None:
    """False or None: no; True: the defaults of `EarlyStopping`; else the object itself."""
    if value is None or value is False:
        return None
    if value is True:
        return EarlyStopping()
    if not isinstance(value, EarlyStopping):
        raise SpecError(f"early_stopping must be True, False or EarlyStopping(…), got {value!r}")
    if not 0 < value.fraction < 1:
        raise SpecError(f"EarlyStopping's fraction must lie in (0, 1), got {value.fraction}")
    return value


def hold_out(rows: int, strata: np.ndarray | None, fraction: float, seed: int) -> Split:
    """The rows that early stopping looks at: a stratified share where every class has two rows, else a random one."""
    generator = stream(seed, "early stopping")
    if strata is not None and np.unique(strata, return_counts=True)[1].min() >= 2:
        return stratified_split(strata, fraction, generator)
    return random_split(rows, fraction, generator)


def hidden_sizes(value: Any, name: str = "hidden_layer_sizes") -> tuple[int, ...]:
    """A whole number or a sequence of them as a tuple of Python ints; raises `SpecError` under that name otherwise."""
    sizes = value if isinstance(value, (Sequence, np.ndarray)) else (value,)
    if isinstance(sizes, str) or not all(isinstance(s, (int, np.integer)) for s in sizes):
        raise SpecError(f"{name} must be whole numbers such as (64, 64), got {value!r}")
    return tuple(int(s) for s in sizes)


def decay_of(weight_decay: Any) -> float:
    """A finite number of at least 0; raises `SpecError` otherwise."""
    value = plain(weight_decay)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < np.inf:
        raise SpecError(f"weight_decay must be a finite number of at least 0, got {weight_decay!r}")
    return float(value)


def seconds_of(max_seconds: Any) -> float:
    """A number of seconds of at least 0; raises `SpecError` otherwise."""
    value = plain(max_seconds)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value >= 0:
        raise SpecError(f"max_seconds must be a number of at least 0, got {max_seconds!r}")
    return float(value)


def batch_of(batch_size: Any, rows: int) -> int | None:
    """ "auto": all rows up to 64; beyond, a 64th of the rows rounded down to a power of two, from 32 to 256.

    A step then sees enough rows to point somewhere, and an epoch holds enough steps to get there. None: all rows.
    """
    if not isinstance(batch_size, str):
        size: int | None = plain(batch_size)
        return size
    if batch_size != "auto":
        raise SpecError(f'batch_size must be "auto", None or a whole number, got {batch_size!r}')
    return None if rows <= 64 else int(np.clip(2 ** int(np.log2(rows / 64)), 32, 256))
