"""The layers of a ledger as blocks: every unit in a line, and the sum of one unit worked out."""

from __future__ import annotations

import numpy as np

from ..records import counted
from .blocks import LINE, Answer, Block, Number, Row, Told, grid
from .forward_pass import LayerSums
from .shown_sums import Digits, digits_for, short, shown_sum, sum_rows

OFF_SHOWN = 24


def units_block(layer: LayerSums, worked: int, terms: int, title: str) -> Block:
    """The units of a hidden layer, largest activation first, with the inputs that made them so; one is `worked` out."""
    order = np.argsort(-np.abs(layer.a), kind="stable")
    off = [k for k in range(len(layer.a)) if layer.a[k] == 0 and layer.activation == "relu"]
    lit = [int(k) for k in order if int(k) not in set(off)]
    count = len(lit) if len(lit) <= terms + 1 else terms
    digits = digits_for([*layer.z.tolist(), *layer.a.tolist()])
    rows: list[Row] = []
    for k in lit[:count]:
        kind = Answer if k == worked and layer.products[k].any() else Number
        z, a = float(layer.z[k]), float(layer.a[k])
        rows.append((layer.units[k], kind(digits.text(z), z), kind(digits.text(a), a), _made_of(layer, k)))
    told = [f"z = Σ weight × input{' + bias' if layer.bias is not None else ''}, a = {layer.formula}{digits.unit}"]
    if lit[count:]:
        one, several = "more unit has a smaller activation", "more units have smaller activations"
        told.append(f"{counted(len(lit) - count, one, several)}.")
    if off:
        names = ", ".join(layer.units[k] for k in off[:OFF_SHOWN]) + (", …" if len(off) > OFF_SHOWN else "")
        told.append(f"Off for this row (z ≤ 0, so a = 0): {len(off)} of {len(layer.a)} units: {names}")
    return grid(title, told, ("unit", "z", "a", "largest terms"), rows, (1, 2), main=True)


def _made_of(layer: LayerSums, unit: int) -> str:
    products = layer.weight[unit] * layer.x
    largest = [int(k) for k in np.argsort(-np.abs(products), kind="stable")[:3] if products[k] != 0]
    parts: list[str] = []
    for k in largest:
        parts += [", " if parts else "", f"{layer.inputs[k]} ", Number(f"{products[k]:+.4g}", float(products[k]))]
    return Told(*parts)


def worked_unit(layer: LayerSums, unit: int, terms: int, output: bool, title: str) -> Block:
    """z of one unit as a sum that adds up, and a."""
    bias = None if layer.bias is None else float(layer.bias[unit])
    found = shown_sum(layer.weight[unit] * layer.x, float(layer.z[unit]), bias=bias, most=terms)
    rows = product_rows(layer.inputs, layer.weight[unit], layer.x, found.places, found.terms, found.digits)
    rows += sum_rows(found, blanks=4)
    z, kind = float(layer.z[unit]), Answer if layer.products[unit].any() else Number
    rows += [LINE, ("z, the sum", "", "", "", "", kind(found.total, z))]
    if not output:
        a = kind(_activation(layer, unit, found.digits), float(layer.a[unit]))
        rows.append((f"a = {layer.formula}", "", "", "", "", a))
    unit_words = f"In units of 10^{found.digits.power}." if found.digits.power else ""
    return grid(title, (unit_words,), ("input", "weight", "", "value", "", "product"), rows, (1, 3, 5))


def product_rows(
    names: tuple[str, ...],
    first: np.ndarray,
    second: np.ndarray,
    places: tuple[int, ...],
    products: tuple[str, ...],
    digits: Digits,
) -> list[Row]:
    """`name  first × second = product` for each of the places; what is times 0 or about ±1 is nothing to compute."""
    of_first = digits_for(first[list(places)].tolist()).finer()
    of_second = digits_for(second[list(places)].tolist()).finer()
    rows: list[Row] = []
    for k, product in zip(places, products):
        a, b = factor(first[k], of_first), factor(second[k], of_second)
        rows.append((names[k], a, "×", b, "=", product_of(a, b, product)))
    return rows


def product_of(a: Number, b: Number, text: str) -> Number:
    """The product as it is shown, an `Answer` where it is more than one of the factors copied."""
    copied = {abs(a.value), abs(b.value)} & {0.0, 1.0} or any(
        one.lstrip("-").startswith(text.lstrip("-")) for one in (a, b)
    )
    return (Number if copied else Answer)(text, a.value * b.value)


def factor(value: float, digits: Digits) -> Number:
    """A factor in the digits of its column; whole numbers without a point."""
    if value == round(value) and abs(value) < 1e7:
        return Number(f"{value + 0.0:.0f}", float(value))
    return Number(short(value) if digits.power else digits.text(value), float(value))


def _activation(layer: LayerSums, unit: int, digits: Digits) -> str:
    value = float(layer.a[unit])
    return digits.text(value) if abs(value) >= 1e-3 * abs(float(layer.z[unit])) or value == 0 else short(value)


def sent_block(layer: LayerSums, above: LayerSums, unit: int, terms: int) -> Block:
    """What the activation of one unit adds to the units above."""
    sent = above.weight[:, unit] * layer.a[unit]
    order = [int(k) for k in np.argsort(-np.abs(sent), kind="stable")[:terms]]
    digits = digits_for(sent[order].tolist())
    a = np.full(len(sent), layer.a[unit])
    texts = tuple(digits.text(sent[k]) for k in order)
    rows = product_rows(above.units, above.weight[:, unit], a, tuple(order), texts, digits)
    told = "" if len(order) == len(sent) else f"The {len(order)} largest of {len(sent)}."
    return grid(
        f"What {layer.units[unit]} sends to the units above",
        (told,),
        ("to unit", "weight", "", "a", "", "term"),
        rows,
        (1, 3, 5),
    )
