"""What a drawing of a network needs to know: its shape, its weights, its names, and its numbers for one row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..errors import InputError, ShapeError, SpecError, nearest
from ..estimators.learned import Learned, learned_by, module_hint
from ..estimators.predictors import Predictor
from ..estimators.row_reader import RowReader
from ..nn import network as net
from ..nn.links import LINKS
from ..nn.parameters import Parameters
from ..spec import NetworkSpec, parameter_shapes
from ..training.fit_network import FittedNetwork


@dataclass(frozen=True, eq=False)
class NetworkParts:
    """The parts of a network; `learned` where it comes from an estimator, which prepares rows and decodes answers."""

    network: NetworkSpec
    link: str
    parameters: Parameters | None
    columns: tuple[str, ...]
    outputs: tuple[str, ...]
    learned: Learned | None = None


@dataclass(frozen=True, eq=False)
class RowNumbers:
    """The numbers of one row: the inputs, per layer the sums and what follows them, and the answers."""

    inputs: np.ndarray
    sums: tuple[np.ndarray, ...]
    activations: tuple[np.ndarray, ...]
    answers: np.ndarray


def network_parts(
    model: Any,
    columns: Sequence[str] | None = None,
    outputs: Sequence[str] | None = None,
    parameters: Parameters | None = None,
    link: str | None = None,
) -> NetworkParts:
    """The parts of a `NetworkSpec`, `FittedNetwork`, fitted estimator or predictor; what is given replaces its own."""
    own = _own_parts(model)
    chosen = own.link if link is None else link
    if chosen not in LINKS:
        raise SpecError(f"no link {link!r}{nearest(str(link), LINKS)}")
    parts = replace(
        own,
        link=chosen,
        parameters=own.parameters if parameters is None else parameters,
        columns=own.columns if columns is None else tuple(str(name) for name in columns),
        outputs=own.outputs if outputs is None else tuple(str(name) for name in outputs),
    )
    for what, names, wanted in (
        ("columns", parts.columns, own.network.inputs),
        ("outputs", parts.outputs, own.network.outputs),
    ):
        if len(names) != wanted:
            raise ShapeError(f"{what} must name the {wanted} {what} of the network {own.network}, got {len(names)}")
    if parts.parameters is not None:
        _check_parameters(own.network, parts.parameters)
    return parts


def row_numbers(parts: NetworkParts, row: Any) -> RowNumbers:
    """The forward pass of one row, in float64. Raises `InputError` without weights and for a row that does not fit."""
    if parts.parameters is None:
        raise InputError("a row needs weights to run through; give a fitted model or parameters=…")
    if parts.learned is not None:
        inputs = RowReader(parts.learned).row(row)
    else:
        try:
            inputs = np.asarray(row, dtype=np.float64)
        except (TypeError, ValueError):
            raise InputError(f"row must hold {len(parts.columns)} numbers, got {str(row)[:60]!r}") from None
        if inputs.shape != (parts.network.inputs,):
            raise ShapeError(f"row must be (inputs,) = ({parts.network.inputs},), got {inputs.shape}")
    if not np.isfinite(inputs).all():
        place = int(np.argmin(np.isfinite(inputs)))
        raise InputError(f"row must hold finite numbers, got {inputs[place]} for {parts.columns[place]!r}")
    wide = {name: np.asarray(value, dtype=np.float64) for name, value in parts.parameters.items()}
    Z, tape = net.forward(inputs[None].astype(np.float64), wide, parts.network.activations)
    linked = LINKS[parts.link](Z)
    return RowNumbers(
        np.asarray(inputs, dtype=np.float64),
        tuple(layer.Z[0] for layer in tape),
        (*(layer.A[0] for layer in tape[:-1]), linked[0]),
        _answers(parts, Z, linked)[0],
    )


def _own_parts(model: Any) -> NetworkParts:
    if isinstance(model, NetworkSpec):
        return NetworkParts(model, "identity", None, _numbered("x", model.inputs), _outputs(model.outputs))
    if isinstance(model, FittedNetwork):
        spec, link = model.network, model.training.the_loss.link
        return NetworkParts(spec, link, model.parameters, _numbered("x", spec.inputs), _outputs(spec.outputs))
    if isinstance(model, Predictor):
        learned = model.learned
    else:
        try:
            learned = learned_by(model)
        except InputError:
            raise InputError(
                "expected a NetworkSpec, a FittedNetwork, a fitted MLPClassifier or MLPRegressor, or a predictor, got "
                f"{type(model).__name__}{module_hint(model)}"
            ) from None
    spec, link = learned.network, learned.training.the_loss.link
    target = getattr(getattr(model, "card_", None), "target", "")
    answers = _answer_names(learned, target)
    return NetworkParts(spec, link, learned.parameters, learned.preparation.names, answers, learned)


def _answer_names(learned: Learned, target: str) -> tuple[str, ...]:
    """What each output says, with its class named, and the `target` where the model knows it."""
    count = learned.network.outputs
    if learned.classes is None:
        name = target or (learned.target.name if learned.target is not None else "")
        return (name or "prediction",) if count == 1 else _outputs(count)
    labels = [str(label) for label in learned.classes]
    shown = labels[-1:] if count == 1 else labels
    is_class = f"{target} = " if target else ""
    return tuple(f"P({is_class or ('class ' if label.isdigit() else '')}{label})" for label in shown)


def _answers(parts: NetworkParts, Z: np.ndarray, linked: np.ndarray) -> np.ndarray:
    """What the model answers (1, outputs): calibrated probabilities, numbers in the target's own units."""
    learned = parts.learned
    if learned is None:
        return linked
    if learned.target is not None:
        return np.reshape(learned.target.decode(Z), (1, -1))
    if linked.shape[1] == 1 and not learned.multilabel:
        return learned.decision.calibrated(np.hstack([1 - linked, linked]))[:, 1:]
    return learned.decision.calibrated(linked)


def _check_parameters(network: NetworkSpec, parameters: Parameters) -> None:
    wanted = parameter_shapes(network)
    got = {name: np.shape(value) for name, value in parameters.items()}
    if got != wanted:
        raise ShapeError(f"the parameters of the network {network} must be {wanted}, got {got}")


def _numbered(name: str, count: int) -> tuple[str, ...]:
    return tuple(f"{name}{k}" for k in range(count))


def _outputs(count: int) -> tuple[str, ...]:
    return ("output",) if count == 1 else _numbered("output ", count)
