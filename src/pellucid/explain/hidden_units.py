"""`hidden_units`: what drives each hidden unit, where it switches on, which rows light it, and what it is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engines.contract import Parameters
from ..errors import SpecError
from ..nn.activations import leaky_relu, relu
from ..nn.network import Tape, forward
from ..nn.parameters import bias_name, weight_name
from ..records import Record, counted, figure
from ..training.randomness import stream
from .answered_rows import AnsweredRows, answered_rows
from .opened import Opened
from .parameter_sets import opened_with
from .text_table import aligned, html_table
from .unit_drivers import MOST_ROWS, ColumnGroup, Driver, boundary_terms, column_groups, drivers_of, slopes_of_layer
from .unit_names import layer_words, the_layer, the_unit, unit_name
from .unit_removal import Removal, Removals

MOST_ROWS_MEASURED = 5000
SHOWN_UNITS, SHOWN_DRIVERS, SHOWN_TERMS = 12, 3, 6
HEAD = ("unit", "on", "loss without it", "driven by")
WITHOUT = ("zero", "mean")
SWITCHING = (relu.name, leaky_relu.name)


@dataclass(frozen=True)
class LitRow(Record):
    """A row, counted from 0 in what was given, its `activation`, and its `cells` in the columns that drive the unit."""

    row: int
    activation: float
    cells: dict[str, Any]


@dataclass(frozen=True)
class HiddenUnit(Record):
    """One hidden unit.

    `share_on` of the rows have a pre-activation above 0; `mean` is its mean activation. `drivers` are the columns that
    move it, most first; `below` are the units below with their weights, by how much they move it. In the first
    layer the unit is on where Σ factor · words of the `boundary` + `constant` is above 0; above it the boundary
    bends where units below switch, and is left out. `lit` are the rows that light it most, of equal ones the first;
    `removal` what the loss says without it, None where no answers were given.
    """

    name: str
    layer: int
    unit: int
    activation: str
    share_on: float
    mean: float
    drivers: tuple[Driver, ...]
    below: tuple[tuple[str, float], ...]
    boundary: tuple[tuple[str, float], ...]
    constant: float | None
    lit: tuple[LitRow, ...]
    removal: Removal | None

    def __str__(self) -> str:
        lines = [f"unit {self.name} ({self.activation}): {self._how_much()}"]
        lines += [f"  {driver.words}" for driver in self.drivers[:SHOWN_DRIVERS]]
        if self.below:
            told = ", ".join(f"{name} {figure(weight, sign=True)}" for name, weight in self.below[:SHOWN_TERMS])
            lines.append(f"  from units {told}")
        if self.constant is not None:
            lines.append(f"  {'on' if self.switches else 'above 0'} where {self._boundary()}")
        for row in self.lit:
            cells = ", ".join(f"{name} {_cell_text(cell)}" for name, cell in row.cells.items())
            lines.append(f"  row {row.row} lights it: {figure(row.activation)} ({cells})")
        if self.removal is not None:
            lines.append(f"  loss without it {self.removal}")
        return "\n".join(lines)

    @property
    def switches(self) -> bool:
        """Whether the activation bends at 0, so that the unit is on or off."""
        return self.activation in SWITCHING

    def _how_much(self) -> str:
        return f"on in {self.share_on:.1%} of the rows" if self.switches else f"mean {figure(self.mean, sign=True)}"

    def _boundary(self) -> str:
        assert self.constant is not None
        shown = self.boundary[:SHOWN_TERMS]
        told = " ".join(f"{'-' if factor < 0 else '+'} {figure(abs(factor))} × {words}" for words, factor in shown)
        more = len(self.boundary) - len(shown)
        return f"{told.removeprefix('+ ')}{f' + {more} smaller terms' if more else ''} > {figure(-self.constant)}"


@dataclass(frozen=True)
class HiddenUnits(Record):
    """The `units` asked for, in order, on `rows` rows.

    `loss` is the loss that was minimized, `loss_value` what it is with all units, None without answers; `without` says
    what takes the place of an activation: "zero", as if the unit's outgoing weights were zero, or its "mean".
    """

    units: tuple[HiddenUnit, ...]
    rows: int
    loss: str
    loss_value: float | None
    without: str
    left_out: str = ""

    def __getitem__(self, name: str) -> HiddenUnit:
        """The unit of that name, such as "0.3"."""
        for unit in self.units:
            if unit.name == name:
                return unit
        raise KeyError(name)

    def __repr__(self) -> str:
        return f"HiddenUnits({counted(len(self.units), 'unit')}, {counted(self.rows, 'row')})"

    def __str__(self) -> str:
        if len(self.units) == 1:
            return f"{self._title()}\n{self.units[0]}"
        return f"{self._title()}\n{aligned(HEAD, self._lines(), left=4)}{self._more()}"

    def _repr_html_(self) -> str:
        return html_table(self._title(), HEAD, self._lines(), [self._more().strip()] if self._more() else [])

    def _title(self) -> str:
        value = "" if self.loss_value is None else f"{self.loss} {figure(self.loss_value)} "
        return f"{value}on {counted(self.rows, 'row')}{f' ({self.left_out})' if self.left_out else ''}"

    def _more(self) -> str:
        more = len(self.units) - SHOWN_UNITS
        return f"\n  and {more} more units" if more > 0 else ""

    def _lines(self) -> list[tuple[str, ...]]:
        ordered = sorted(self.units, key=lambda unit: 0.0 if unit.removal is None else -unit.removal.rise)
        return [
            (
                unit.name,
                f"{unit.share_on:.0%}" if unit.switches else "",
                "" if unit.removal is None else str(unit.removal),
                "; ".join(driver.words for driver in unit.drivers[:SHOWN_DRIVERS]),
            )
            for unit in ordered[:SHOWN_UNITS]
        ]


def hidden_units(
    model: Any,
    rows: Any,
    truth: Any = None,
    *,
    layer: int | None = None,
    unit: str | None = None,
    without: str = "zero",
    lit: int = 5,
    seed: int = 0,
    parameters: Parameters | None = None,
) -> HiddenUnits:
    """What each hidden unit of `model` does on `rows`, and how the loss changes when it is removed.

    `model` is a fitted MLPClassifier, MLPRegressor or FittedNetwork. `truth` are the answers (rows,) or (rows,
    outputs); a `Table` that holds the target column brings its own, and without any nothing is removed. `layer` asks
    for one layer, `unit` for one unit by its name such as "0.3". `lit` is how many of the rows that light a unit are
    kept. `parameters` are others than the model's, such as `recording.at(epoch)`.
    Up to 5,000 rows are used, drawn with `seed`; above the first layer slopes are those of 1,000. The loss is the one
    that was minimized, without penalties, in float64; its interval is of 95 %, by Student's t over rows. Sealed rows of
    the training table stay out of it.

    Raises `SpecError` for a layer or unit that does not exist (with the nearest), a network without hidden layers and
    options out of range, `InputError` and `ShapeError` for rows and answers that do not fit.
    """
    opened = opened_with(model, parameters)
    wanted = _wanted(opened, layer, unit)
    if without not in WITHOUT:
        raise SpecError(f"without must be 'zero' or 'mean', got {without!r}")
    if not isinstance(lit, (int, np.integer)) or isinstance(lit, bool) or lit < 0:
        raise SpecError(f"lit must be a whole number of rows of at least 0, got {lit!r}")
    answered = answered_rows(opened, rows, truth, needed=False).some(MOST_ROWS_MEASURED, stream(seed, "rows"))
    tape = forward(answered.X, opened.parameters, opened.activations)[1]
    removals = None
    if answered.Y is not None:
        removals = Removals(tape, opened.parameters, opened.loss, answered.Y, answered.weights)
    found = _Units(opened, rows, answered, tape, int(lit), stream(seed, "slopes"))
    units = tuple(
        found.of(at, place, None if removals is None else removals.of(at, place, without)) for at, place in wanted
    )
    value = None if removals is None else removals.value
    return HiddenUnits(units, len(answered.X), opened.loss.name, value, without, answered.left_out)


class _Units:
    """Everything about units but what they are worth; slopes are computed once a layer."""

    def __init__(
        self,
        opened: Opened,
        rows: Any,
        answered: AnsweredRows,
        tape: Tape,
        lit: int,
        rng: np.random.Generator,
    ) -> None:
        self.opened, self.rows, self.answered, self.tape, self.lit = opened, rows, answered, tape, lit
        self.groups: list[ColumnGroup] = column_groups(opened)
        count = min(len(answered.X), MOST_ROWS)
        self.sample = answered.X[np.sort(rng.choice(len(answered.X), count, replace=False))]
        self.slopes: dict[int, np.ndarray] = {}

    def of(self, layer: int, unit: int, removal: Removal | None) -> HiddenUnit:
        here, opened = self.tape[layer], self.opened
        X = self.answered.X if layer == 0 else self.sample
        drivers = drivers_of(self.groups, self._slopes(layer)[:, unit], X)
        weights = opened.parameters[weight_name(layer)][unit]
        boundary: tuple[tuple[str, float], ...] = ()
        below: tuple[tuple[str, float], ...] = ()
        constant = None
        if layer == 0:
            bias = opened.parameters.get(bias_name(0))
            own = 0.0 if bias is None else float(bias[unit])
            boundary, constant = boundary_terms(self.groups, opened.names, weights, own, X.std(axis=0))
        else:
            below = self._below(layer, weights)
        return HiddenUnit(
            unit_name(layer, unit),
            layer,
            unit,
            here.activation.name,
            float((here.Z[:, unit] > 0).mean()),
            float(here.A[:, unit].mean()),
            drivers,
            below,
            boundary,
            constant,
            self._lit(here.A[:, unit], drivers),
            removal,
        )

    def _slopes(self, layer: int) -> np.ndarray:
        if layer not in self.slopes:
            tape = self.tape if layer == 0 else forward(self.sample, self.opened.parameters, self.opened.activations)[1]
            self.slopes = {layer: slopes_of_layer(tape, self.opened.parameters, layer)}
        return self.slopes[layer]

    def _below(self, layer: int, weights: np.ndarray) -> tuple[tuple[str, float], ...]:
        moves = np.abs(weights) * self.tape[layer - 1].A.std(axis=0)
        order = np.argsort(-moves, kind="stable").tolist()
        return tuple((unit_name(layer - 1, k), float(weights[k])) for k in order)

    def _lit(self, A: np.ndarray, drivers: tuple[Driver, ...]) -> tuple[LitRow, ...]:
        names = list(dict.fromkeys(driver.column for driver in drivers))[:SHOWN_DRIVERS]
        found: list[LitRow] = []
        seen: set[bytes] = set()
        for place in np.argsort(-A, kind="stable").tolist():
            inputs = self.answered.X[place].tobytes()
            if len(found) == self.lit:
                break
            if inputs in seen:
                continue
            seen.add(inputs)
            number = int(self.answered.numbers[place])
            found.append(LitRow(number, float(A[place]), {name: self._cell(name, number, place) for name in names}))
        return tuple(found)

    def _cell(self, name: str, number: int, place: int) -> Any:
        if self.answered.table is None:
            return float(self.answered.X[place, self.opened.names.index(name)])
        return self.answered.table[name].cell(number)


def _cell_text(cell: Any) -> str:
    return "missing" if cell is None else f"{cell:.6g}" if isinstance(cell, float) else str(cell)


def _wanted(opened: Opened, layer: int | None, unit: str | None) -> list[tuple[int, int]]:
    network = opened.network
    if not network.hidden:
        raise SpecError("this network has no hidden units: its inputs go straight to the outputs; see local_formula")
    if unit is not None:
        at, place = the_unit(network, unit)
        _hidden(opened, at)
        if layer is not None and layer != at:
            raise SpecError(f"unit {unit} is in layer {at}, not in layer {layer}; give one of the two")
        return [(at, place)]
    if layer is not None:
        _hidden(opened, the_layer(network, layer))
    layers = range(len(network.hidden)) if layer is None else [layer]
    return [(at, place) for at in layers for place in range(network.hidden[at])]


def _hidden(opened: Opened, layer: int) -> None:
    last = len(opened.network.hidden) - 1
    if layer > last:
        raise SpecError(
            f"layer {layer} is the output layer; the last hidden one is {layer_words(opened.network, last)}"
        )
