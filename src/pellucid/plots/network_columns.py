"""The columns of a network drawing, from the inputs to the answers, and what each of them computes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from .network_parts import NetworkParts, RowNumbers

MOST_UNITS_WITH_SUMS, MOST_HIDDEN_WITH_SUMS = 6, 2


@dataclass(frozen=True, eq=False)
class UnitColumn:
    """Nodes above each other: which units are shown (None is the gap for those that are not), and how they follow from
    the column before: `weighted` by the layer's weights, all `together` (softmax), or one to one."""

    kind: str
    layer: int
    units: int
    slots: tuple[int | None, ...]
    function: str
    caption: str
    names: tuple[str, ...] = ()
    values: np.ndarray | None = None
    weighted: bool = False
    together: bool = False

    def node_name(self, unit: int) -> str:
        """The name of the node of a unit."""
        return f"{self.kind}.{unit}" if self.kind in ("input", "output") else f"layers.{self.layer}.{self.kind}.{unit}"


def shows_sums(parts: NetworkParts) -> bool:
    """Whether the network is small enough for sums and activations as nodes of their own."""
    hidden = parts.network.hidden
    small = max((*hidden, parts.network.outputs)) <= MOST_UNITS_WITH_SUMS
    return small and len(hidden) <= MOST_HIDDEN_WITH_SUMS


def unit_columns(parts: NetworkParts, numbers: RowNumbers | None, sums: bool, most: int | None) -> list[UnitColumn]:
    """All columns of the drawing; `sums` gives sums and activations nodes of their own."""
    network, last = parts.network, len(parts.network.hidden)
    found = [UnitColumn("input", -1, network.inputs, (), "", _counted(network.inputs, "input"), parts.columns)]
    for layer, units in enumerate(network.hidden):
        function = network.activations[layer].name
        of = hidden_title(layer, last)
        if sums:
            found.append(UnitColumn("sum", layer, units, (), "", f"{of}\n{_counted(units, 'sum')}", weighted=True))
            found.append(UnitColumn("activation", layer, units, (), function, f"{of}\n{function}"))
        else:
            caption = f"{of}\n{_counted(units, 'unit')}, {function}"
            found.append(UnitColumn("unit", layer, units, (), function, caption, weighted=True))
    count, linked = network.outputs, parts.link != "identity"
    together = parts.link == "softmax"
    if sums:
        caption = _counted(count, "sum") if last == 0 else f"output layer\n{_counted(count, 'sum')}"
        found.append(UnitColumn("sum", last, count, (), "", caption, weighted=True))
        if linked:
            caption = parts.link if last == 0 else f"output layer\n{parts.link}"
            found.append(UnitColumn("activation", last, count, (), parts.link, caption, together=together))
        found.append(UnitColumn("output", last, count, (), "", _counted(count, "output"), parts.outputs))
    else:
        caption = _counted(count, "output") + (f"\n{parts.link}" if linked else "")
        function = parts.link if linked else ""
        found.append(UnitColumn("output", last, count, (), function, caption, parts.outputs, weighted=True))
    return [replace(one, slots=shown_slots(one.units, most), values=_values(one, numbers)) for one in found]


def hidden_title(layer: int, count: int) -> str:
    """`hidden layer` where there is one, else `1st hidden layer`: in words, since names count layers from 0."""
    ends = {1: "st", 2: "nd", 3: "rd"}
    ordinal = layer + 1
    end = "th" if 10 < ordinal % 100 < 14 else ends.get(ordinal % 10, "th")
    return "hidden layer" if count == 1 else f"{ordinal}{end} hidden layer"


def shown_slots(units: int, most: int | None) -> tuple[int | None, ...]:
    """The units to show: all, or the first and the last ones with a gap between them, `most` with the gap."""
    if most is None or units <= most:
        return tuple(range(units))
    last = (most - 1) // 2
    first = most - 1 - last
    return (*range(first), None, *range(units - last, units))


def step_told(columns: Sequence[UnitColumn], place: int, parts: NetworkParts) -> str:
    """What the column at `place` computes, with its numbers where they are few."""
    column, told = columns[place], columns[place].caption.replace("\n", ": ")
    if column.values is None or column.units > 3:
        return f"{told[:1].upper()}{told[1:]}"
    values = [number_told(value) for value in column.values]
    if column.kind in ("input", "output"):
        pairs = ", ".join(f"{name[:24]} = {value}" for name, value in zip(column.names, values))
        return f"{told.split(':')[0][2:].capitalize()}: {pairs}"
    if column.units > 1:
        return f"{told[:1].upper()}{told[1:]} {', '.join(values)}"
    before = columns[place - 1].values
    assert before is not None
    if column.kind == "activation":
        return f"{column.function}({number_told(before[0])}) = {values[0]}"
    return _sum_told(parts, column.layer, before, values[0])


def number_told(value: float) -> str:
    """A number in four significant digits; never 0 unless it is 0."""
    value += 0.0  # -0.0 is 0
    return f"{value:,.0f}" if 1e4 <= abs(value) < 1e9 else f"{value:.4g}"


def _sum_told(parts: NetworkParts, layer: int, before: np.ndarray, total: str) -> str:
    """`0.002769·790 + 0.685·3.6 − 4.757 = −0.1034`, or only the sum where the terms are many."""
    assert parts.parameters is not None
    if len(before) > 3:
        return f"Sum of {len(before)} products: {total}"
    W, b = parts.parameters[f"layers.{layer}.weight"], parts.parameters.get(f"layers.{layer}.bias")
    terms = " + ".join(f"{number_told(w)}·{number_told(x)}" for w, x in zip(W[0], before))
    return f"Sum: {terms}{'' if b is None else f' + {number_told(b[0])}'} = {total}".replace("+ -", "- ")


def _values(column: UnitColumn, numbers: RowNumbers | None) -> np.ndarray | None:
    if numbers is None:
        return None
    if column.kind == "input":
        return numbers.inputs
    if column.kind == "output":
        return numbers.answers
    return numbers.sums[column.layer] if column.kind == "sum" else numbers.activations[column.layer]


def _counted(units: int, what: str) -> str:
    return f"{units:,} {what}{'s' * (units != 1)}"
