"""A ledger as blocks: the whole way, or the arithmetic of one unit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..records import counted
from .answer_blocks import answer_blocks, shown_odds
from .answer_steps import ClassAnswer, NumberAnswer
from .backward_blocks import chain_block, loss_block, slopes_block, spread_block, step_block, weights_block
from .blocks import Block, block
from .cell_blocks import cells_block
from .forward_pass import LayerSums
from .layer_blocks import sent_block, units_block, worked_unit
from .shown_sums import short
from .unit_names import find_unit

if TYPE_CHECKING:
    from .ledger import Ledger

MOST_OUTPUTS = 2


def in_short(ledger: Ledger) -> str:
    """`P(yes) = 0.7746, Survived = yes`."""
    answer = ledger.answer
    if isinstance(answer, NumberAnswer):
        return ", ".join(f"{name} = {short(number)}" for name, number in zip(answer.names, answer.numbers.tolist()))
    if answer.link == "sigmoid" and len(answer.logits) > 1:
        return ", ".join(f"P({label}) = {short(p)}" for label, p in zip(answer.classes, answer.calibrated.tolist()))
    best = int(np.argmax(answer.calibrated)) if len(answer.calibrated) != 2 else 1
    probability = f"P({ledger.target} = {answer.classes[best]}) = {short(float(answer.calibrated[best]))}"
    return probability if answer.decision is None else f"{probability}, the answer is {answer.decision}"


def ledger_blocks(ledger: Ledger, unit: str | None, terms: int, *, worksheet: bool = False) -> tuple[Block, ...]:
    """All blocks in order, the title of a worksheet without the result; raises `SpecError` for an unknown unit."""
    blocks = _whole(ledger, terms) if unit is None else _of_unit(ledger, *_place(ledger, unit), terms)
    return (_head(ledger, worksheet), *blocks)


def _place(ledger: Ledger, unit: str) -> tuple[int, int]:
    return find_unit([len(layer.z) for layer in ledger.layers], unit)


def _head(ledger: Ledger, worksheet: bool) -> Block:
    named = "Units are named LAYER.UNIT from 0, as in the parameters: 0.3 is row 3 of layers.0.weight."
    way = f"through a {ledger.network} network"
    name = f"{ledger.name[:1].upper()}{ledger.name[1:]}"
    title = f"Worksheet: {ledger.name} {way}" if worksheet else f"{name} {way}: {in_short(ledger)}"
    return block(title, named, *ledger.notes)


def _whole(ledger: Ledger, terms: int) -> list[Block]:
    layers = ledger.layers
    blocks = [cells_block(ledger.cells)]
    for layer in layers[:-1]:
        what = f"{layer.layer + 2}  Layer {layer.layer}, hidden: {counted(len(layer.z), f'{layer.activation} unit')}"
        unit = int(np.argmax(np.abs(layer.a)))
        blocks.append(units_block(layer, unit, terms, what))
        blocks.append(worked_unit(layer, unit, terms, False, f"Unit {layer.units[unit]} worked out"))
    blocks += [_output(ledger, place, unit, terms) for place, unit in enumerate(_shown_outputs(layers[-1]))]
    blocks += answer_blocks(ledger.answer, ledger.target, terms, f"{len(layers) + 2}  The answer")
    return blocks + _whole_way_back(ledger, terms)


def _shown_outputs(last: LayerSums) -> list[int]:
    """The outputs that are worked out: the two largest."""
    order = np.argsort(-last.z, kind="stable")
    return [int(k) for k in order[:MOST_OUTPUTS]]


def _output(ledger: Ledger, place: int, unit: int, terms: int) -> Block:
    """The sum of an output; the first of them has the number and says where the others are."""
    last = ledger.layers[-1]
    if place:
        return worked_unit(last, unit, terms, True, f"Output unit {last.units[unit]} worked out")
    title = f"{len(ledger.layers) + 1}  Layer {last.layer}, output: unit {last.units[unit]} worked out"
    made = worked_unit(last, unit, terms, True, title)
    told = (_other_outputs(ledger, terms),) if len(last.z) > MOST_OUTPUTS else ()
    return replace(made, sentences=(*told, *made.sentences), main=True)


def _other_outputs(ledger: Ledger, terms: int) -> str:
    """Which outputs are worked out, and where z of the others is."""
    last, shown = ledger.layers[-1], len(ledger.layers[-1].z)
    if isinstance(ledger.answer, ClassAnswer) and ledger.answer.link == "softmax":
        shown = len(shown_odds(ledger.answer, terms).places)
    those = "all" if shown == len(last.z) else f"the {shown} largest"
    smallest = last.units[int(np.argmin(last.z))]
    return (
        f"The {MOST_OUTPUTS} largest of {len(last.z)} outputs are worked out here, any other when asked for by its "
        f"name, such as {smallest}; the answer has z of {those}."
    )


def _whole_way_back(ledger: Ledger, terms: int) -> list[Block]:
    back, layers = ledger.backward, ledger.layers
    if back is None:
        return []
    blocks = [loss_block(back, ledger.answer, ledger.target), slopes_block(back, ledger.answer, terms)]
    for layer in reversed(layers):
        gradients = back.layers[layer.layer]
        unit = int(np.argmax(np.abs(gradients.dz)))
        if layer is not layers[-1]:
            above = layer.layer + 1
            blocks.append(spread_block(layer, gradients, terms))
            blocks.append(chain_block(layer, layers[above], gradients, back.layers[above], unit, terms))
        blocks.append(weights_block(layer, gradients, unit, terms))
    return [*blocks, step_block(back, layers, terms, None)]


def _of_unit(ledger: Ledger, number: int, unit: int, terms: int) -> list[Block]:
    layer, back = ledger.layers[number], ledger.backward
    output = number == len(ledger.layers) - 1
    kind = "output" if output else f"a {layer.activation} unit"
    blocks = [worked_unit(layer, unit, terms, output, f"Unit {layer.units[unit]}, {kind} of layer {number}")]
    if not output:
        blocks.append(sent_block(layer, ledger.layers[number + 1], unit, terms))
    if back is None:
        return blocks
    if output:
        blocks += [loss_block(back, ledger.answer, ledger.target), slopes_block(back, ledger.answer, terms)]
    else:
        above = ledger.layers[number + 1]
        blocks.append(chain_block(layer, above, back.layers[number], back.layers[number + 1], unit, terms))
    blocks.append(weights_block(layer, back.layers[number], unit, terms))
    return [*blocks, step_block(back, ledger.layers, terms, (number, unit))]
