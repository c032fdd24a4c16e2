"""The way back as blocks: the loss, dL/dz of the outputs, the chain rule layer by layer, the optimizer's step."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..nn.parameters import bias_name, weight_name
from ..records import counted
from .answer_blocks import answered, number
from .answer_steps import ClassAnswer, NumberAnswer
from .backward_pass import Backward, LayerGradients
from .blocks import LINE, Answer, Block, Number, Row, Told, block, grid
from .forward_pass import LayerSums
from .layer_blocks import factor, product_of, product_rows
from .loss_words import SLOPES, plain_formula
from .shown_sums import digits_for, largest_of, short, shown_sum, sum_rows
from .step_worked_out import step_worked_out


def loss_block(back: Backward, answer: ClassAnswer | NumberAnswer, target: str) -> Block:
    """The true answer as the loss takes it, and the loss of the row."""
    rows: list[Row] = [(f"true {target}", "", _truth(back.truth))]
    if isinstance(answer, NumberAnswer) and answer.transform != "none":
        truths = back.truth if isinstance(back.truth, list) else [back.truth]
        rows += [_scaled_truth(answer, *one) for one in enumerate(zip(truths, back.target.tolist()))]
    rows.append(("L", f"{_formula(back)}{_settings(back.loss)}", answered(back.value)))
    surprise = _surprise(back, answer)
    if surprise:
        rows.append(("", surprise, ""))
    title = "Backwards: what the true answer would teach"
    return grid(title, (), ("", "how", "value"), rows, (2,), main=True, prose=(1,))


def slopes_block(back: Backward, answer: ClassAnswer | NumberAnswer, terms: int) -> Block:
    """How the loss moves with every raw output."""
    dz, y = back.layers[-1].dz, back.target
    is_class = isinstance(answer, ClassAnswer)
    z = answer.logits if isinstance(answer, ClassAnswer) else answer.scores
    names = _output_names(answer)
    order = [int(k) for k in np.argsort(-np.abs(dz), kind="stable")[:terms]]
    digits, of_y = digits_for(dz.tolist()), digits_for([*z.tolist(), *y.tolist()])
    smoothing = float(back.loss.get("label_smoothing") or 0)
    t = (1 - smoothing) * y + smoothing / len(y)
    rows: list[Row] = []
    for k in order:
        p = (number(_probability(answer, k)),) if isinstance(answer, ClassAnswer) else ()
        raw, slope = Number(of_y.text_but_0(z[k]), float(z[k])), Answer(digits.text_but_0(dz[k]), float(dz[k]))
        smoothed = (short(t[k]),) if smoothing else ()
        rows.append((names[k], raw, *p, factor(y[k], of_y), *smoothed, slope))
    header = ("output", "z", *(["P"] if is_class else []), "y", *(["t"] if smoothing else []), "dL/dz")
    unit = f", in units of 10^{digits.power}" if digits.power else ""
    told = [
        f"{_slope_words(back, len(dz))}{unit}",
        f"{largest_of(len(order), len(dz), 'output')}." if len(order) < len(dz) else "",
    ]
    return grid("How the loss moves with the raw output", told, header, rows, range(1, len(header)))


def _scaled_truth(answer: NumberAnswer, place: int, pair: tuple[float, float]) -> Row:
    """The true answer as it was scaled."""
    start, center, spread = short(pair[0]), float(answer.center[place]), float(answer.spread[place])
    start = f"ln(1 + {start})" if answer.transform == "log1p_standardize" else start
    scaled = f"({start} {'-' if center >= 0 else '+'} {short(abs(center))}) / {short(spread)}"
    return "y", f"{scaled}, in standard deviations from the mean", answered(pair[1])


def _formula(back: Backward) -> str:
    """The formula of the loss without settings that change nothing."""
    return plain_formula(back.loss) or back.formula


def _as_it_comes(loss: dict[str, Any]) -> bool:
    """Whether a softmax cross-entropy has neither class weights nor smoothing."""
    return loss["class_weights"] is None and not loss["label_smoothing"]


def _surprise(back: Backward, answer: ClassAnswer | NumberAnswer) -> str:
    """That a cross-entropy is -ln of the probability that the truth was given, where it is no more than that."""
    if not isinstance(answer, ClassAnswer):
        return ""
    y = back.target.tolist()
    if back.loss["name"] == "softmax_cross_entropy":
        plain, place = _as_it_comes(back.loss) and max(y) == 1, int(back.target.argmax())
    else:
        plain, place = back.loss.get("pos_weight") == 1 and y in ([0.0], [1.0]), int(y[0])
    p = number(answer.probabilities[place])
    return Told("= -ln ", p, ", the probability that the network gave to the truth") if plain else ""


def _slope_words(back: Backward, outputs: int) -> str:
    slope = SLOPES.get(back.loss["name"], "the loss's own slope")
    if back.loss["name"] == "bce":
        slope = "P - y" if back.loss["pos_weight"] == 1 else "(1 - y) P - pos_weight y (1 - P)"
    if back.loss["name"] == "softmax_cross_entropy":
        s, weights = back.loss["label_smoothing"], back.loss["class_weights"]
        of = "t" if s else "y"
        slope = f"P - {of}" if weights is None else f"P Σ w {of} - w {of}, w being the class weights"
        slope += f", t = (1 - {s:g}) y + {s:g} / {outputs}" if s else ""
    mean = (
        f", divided by {outputs}, as L is the mean over the outputs"
        if outputs > 1 and "softmax" not in back.loss["name"]
        else ""
    )
    weight = (
        f"; this row weighs {short(back.row_weight)} in a batch, by the loss or its class, which a batch of one "
        "divides out again"
        if back.row_weight != 1
        else ""
    )
    return f"dL/dz = {slope}{mean}{weight}"


def _settings(loss: dict[str, Any]) -> str:
    kept = {k: v for k, v in loss.items() if k not in ("name", "divide_by") and v not in (None, 0.0)}
    told = ", ".join(f"{k} {v:g}" if isinstance(v, float) else f"{k} {v}" for k, v in kept.items())
    return f" ({loss['name']}{', ' + told if told and kept != {'pos_weight': 1.0} else ''})"


def _truth(truth: Any) -> str:
    return short(truth) if isinstance(truth, float) else str(truth)


def _output_names(answer: ClassAnswer | NumberAnswer) -> list[str]:
    if isinstance(answer, NumberAnswer):
        return list(answer.names)
    return [str(c) for c in (answer.classes if len(answer.logits) > 1 else answer.classes[1:])]


def _probability(answer: ClassAnswer, output: int) -> float:
    return float(answer.probabilities[output if len(answer.logits) > 1 else 1])


def weights_block(layer: LayerSums, gradients: LayerGradients, unit: int, terms: int) -> Block:
    """dL/dweight = dL/dz · input, for the weights of one unit."""
    dw = gradients.dw[unit]
    order = tuple(int(k) for k in np.argsort(-np.abs(dw), kind="stable")[:terms] if dw[k] != 0)
    digits = digits_for(dw[list(order)].tolist())
    dz = np.full(len(dw), gradients.dz[unit])
    texts = tuple(digits.text_but_0(dw[k]) for k in order)
    rows = product_rows(layer.inputs, dz, layer.x, order, texts, digits)
    title = f"Gradients of the weights of {layer.units[unit]}: dL/dw = dL/dz × input"
    told = [
        _which(dw, len(order)),
        f"dL/dw is written in units of 10^{digits.power}." if digits.power else "",
        Told("Of the bias: dL/db = dL/dz = ", number(gradients.dz[unit])) if gradients.db is not None else "",
    ]
    return grid(title, told, ("weight from", "dL/dz", "", "input", "", "dL/dw"), rows, (1, 3, 5))


def _which(gradients: np.ndarray, shown: int) -> str:
    """Which of the gradients (n,) are shown, where some are not."""
    zeros = int((gradients == 0).sum())
    are = "is" if zeros == 1 else "are"
    told = f"{zeros} of {len(gradients)} {are} 0, as the input or dL/dz is" if zeros else ""
    if shown < len(gradients) - zeros:
        largest = largest_of(shown, len(gradients))
        return f"{largest}; {told}." if told else f"{largest}."
    return f"{told}." if told else ""


def chain_block(
    layer: LayerSums, above: LayerSums, gradients: LayerGradients, of_above: LayerGradients, unit: int, terms: int
) -> Block:
    """dL/da of one hidden unit as a sum over the units above, and dL/dz = dL/da · slope."""
    assert gradients.da is not None
    weights = above.weight[:, unit]
    found = shown_sum(of_above.dz * weights, float(gradients.da[unit]), most=terms)
    rows = product_rows(above.units, of_above.dz, weights, found.places, found.terms, found.digits)
    rows += sum_rows(found, blanks=4)
    slope = float(layer.slope[unit])
    rows += [
        LINE,
        ("dL/da, the sum", "", "", "", "", Answer(found.total, float(gradients.da[unit]))),
        ("× slope of a at z", "", "", "", "", short(slope)),
        ("dL/dz", "", "", "", "", Answer(found.digits.text(float(gradients.dz[unit])), float(gradients.dz[unit]))),
    ]
    told = f"In units of 10^{found.digits.power}." if found.digits.power else ""
    title = f"Back to {layer.units[unit]}: dL/da = Σ dL/dz of the units above × weight to them"
    return grid(title, (told,), ("from unit", "dL/dz", "", "weight", "", "term"), rows, (1, 3, 5))


def spread_block(layer: LayerSums, gradients: LayerGradients, terms: int) -> Block:
    """dL/dz of the units of a hidden layer, the largest first."""
    assert gradients.da is not None
    order = [int(k) for k in np.argsort(-np.abs(gradients.dz), kind="stable")[:terms] if gradients.dz[k] != 0]
    digits = digits_for([*gradients.dz.tolist(), *gradients.da.tolist()])
    rows: list[Row] = []
    for k in order:
        da, slope = Number(digits.text_but_0(gradients.da[k]), float(gradients.da[k])), number(layer.slope[k])
        dz = digits.text_but_0(gradients.dz[k])
        rows.append((layer.units[k], da, "×", slope, "=", product_of(da, slope, dz)))
    none = int((gradients.dz == 0).sum())
    told = [
        f"dL/dz = dL/da × slope of the activation at z{digits.unit}",
        _idle(none, len(layer.z)) if none else "",
    ]
    title = f"Back through layer {layer.layer}"
    return grid(title, told, ("unit", "dL/da", "", "slope", "", "dL/dz"), rows, (1, 3, 5), main=True)


def _idle(none: int, units: int) -> str:
    of = f"{none} of {counted(units, 'unit')}"
    if none == 1:
        return f"{of} learns nothing from this row: its dL/dz is 0."
    return f"{of} learn nothing from this row: their dL/dz is 0."


def step_block(back: Backward, layers: tuple[LayerSums, ...], terms: int, unit: tuple[int, int] | None) -> Block:
    """What the optimizer would do, in words, and the largest changes (of one unit, or of all)."""
    step = back.step
    title = "The step that the training took" if step.made else "The step that the optimizer would take"
    told = list(step.words)
    if back.batch is not None:
        told.insert(0, back.batch.words)
    else:
        told.insert(0, "The row is taken as a batch of one.")
    if not step.change:
        return block(title, *told, main=True)
    told.append(f"The learning rate is {step.rate:g}.")
    found = _changes(back, layers, unit)
    sizes = np.abs(np.concatenate([step.change[name].reshape(-1)[places] for name, places in found]))
    shown = np.argsort(-sizes, kind="stable")[:terms].tolist()
    places = [_located(found, k) for k in shown]
    rows = [_change_row(back, layers, *one) for one in places]
    if not sizes.any():
        told.append(f"All {len(sizes):,} changes are 0." if len(sizes) > 1 else "The one change is 0.")
        return block(title, *told, main=True)
    now = rows[0][1]
    assert isinstance(now, Number)
    worked = step_worked_out(step, *places[0], now.value)
    told.append(Told(f"Worked out for the {rows[0][0]}: ", worked) if worked else "")
    if len(shown) < len(sizes):
        told.append(f"{largest_of(len(shown), len(sizes), 'change')}:")
    return grid(title, told, ("parameter", "now", "gradient", "change"), rows, (1, 2, 3), main=True)


def _changes(
    back: Backward, layers: tuple[LayerSums, ...], unit: tuple[int, int] | None
) -> list[tuple[str, np.ndarray]]:
    """Parameter names and places in the flattened parameter: of the weights and bias of one unit, or of all."""
    found: list[tuple[str, np.ndarray]] = []
    for layer in layers:
        if unit is not None and layer.layer != unit[0]:
            continue
        for name in (weight_name(layer.layer), bias_name(layer.layer)):
            if name in back.step.change:
                places = np.arange(back.step.change[name].size).reshape(len(layer.z), -1)
                found.append((name, places.reshape(-1) if unit is None else places[unit[1]]))
    return found


def _located(found: list[tuple[str, np.ndarray]], place: int) -> tuple[str, int]:
    """The parameter and the place in it of number `place` of all that were found."""
    for name, places in found:
        if place < len(places):
            return name, int(places[place])
        place -= len(places)
    raise IndexError(place)


def _change_row(back: Backward, layers: tuple[LayerSums, ...], name: str, place: int) -> Row:
    """What the parameter connects, its value, gradient and change."""
    layer = layers[int(name.split(".")[1])]
    if name.endswith("bias"):
        said, value = f"bias of {layer.units[place]}", 0.0 if layer.bias is None else float(layer.bias[place])
    else:
        unit, source = divmod(place, len(layer.x))
        said, value = f"weight {layer.inputs[source]} → {layer.units[unit]}", float(layer.weight[unit, source])
    gradient, change = (of[name].reshape(-1)[place] for of in (back.step.gradients, back.step.made or back.step.change))
    return said, number(value), number(float(gradient)), number(float(change))
