"""Which columns become inputs, and options of a ladder that make no sense."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..data.split import Split
from ..data.table import Table
from ..engines.choose import check_engine_name
from ..errors import ColumnError, SpecError, nearest
from .decisions import DecisionPlan
from .rungs import Knobs
from .seal import SealedTable, SealPlan


def check_options(
    seal: Any, drop: Any, keep: Any, inputs: Any, epochs: Any, seed: Any, decisions: Any, engine: str
) -> None:
    """Raise `SpecError` for options that are of a wrong sort or contradict each other."""
    check_engine_name(engine)
    for what, value in (("drop", drop), ("keep", keep), ("inputs", inputs)):
        if isinstance(value, str):
            raise SpecError(f"{what} takes a list of columns, got the text {value!r}; write [{value!r}]")
    both = [name for name in keep if name in drop]
    if both:
        raise SpecError(f"the column {both[0]!r} cannot be both dropped and kept")
    for what, value, least in (("epochs", epochs, 1), ("seed", seed, 0)):
        if not isinstance(value, (int, np.integer)) or isinstance(value, bool) or value < least:
            raise SpecError(f"{what} must be a whole number of at least {least}, got {value!r}")
    if seal is not None and not isinstance(seal, (SealPlan, Split)):
        raise SpecError(f"seal must be a SealPlan or a Split, got {type(seal).__name__}")
    if decisions is not None and not isinstance(decisions, DecisionPlan):
        raise SpecError(f"decisions must be a DecisionPlan, got {type(decisions).__name__}")


def choose_inputs(
    sealed: SealedTable, keep: Sequence[str], inputs: Sequence[str] | None, epochs: int, engine: str
) -> tuple[SealedTable, Knobs]:
    """The columns that networks and trees get and those that rules may look at; those in `inputs` become inputs.

    Raises `ColumnError` when a column is unknown, when none is left, and when the test rows lack one.
    """
    training, target = sealed.training, sealed.training_truth.name
    if target in (*keep, *(inputs or ())):
        raise SpecError(f"the target {target!r} cannot be one of the inputs")
    kept = {training[name].name for name in keep}
    usable = tuple(c.name for c in training if c.name in kept or (c.role == "input" and c.name not in sealed.apart))
    chosen = usable if inputs is None else tuple(inputs)
    for name in chosen:
        _ = training[name]
        if name not in sealed.held_out:
            raise ColumnError(f"the test rows have no column {name!r}{nearest(name, sealed.held_out.names)}")
    # All at once: one column after the other takes minutes for thousands of them.
    wanted = set(chosen)
    columns = [replace(c, role="input") if c.name in wanted else c for c in training]
    training = Table(columns, training.source, training.findings)
    if not chosen:
        why = [f"{c.name}: {sealed.apart.get(c.name) or c.reason or c.role}" for c in training]
        raise ColumnError(f"no column is left as an input; {'; '.join(why) or 'the table has the target only'}")
    rules = tuple(name for name in usable if name in sealed.held_out)
    apart = {name: why for name, why in sealed.apart.items() if name not in chosen}
    return replace(sealed, training=training, apart=apart), Knobs(int(epochs), engine, chosen, rules)
