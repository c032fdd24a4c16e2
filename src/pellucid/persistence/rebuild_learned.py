"""From the description in a model file to what predicts; nothing in it is taken on trust, nothing heavy imported."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ..data.booleans import no_before_yes
from ..errors import ColumnError
from ..estimators.decision import AS_IS, Decision
from ..estimators.learned import Learned
from ..estimators.prediction_intervals import PredictionIntervals
from ..preprocessing.preparation import Preparation
from ..preprocessing.target import NumberTarget
from ..spec import NetworkSpec, TrainingSpec, parameter_shapes
from .conformity import conforming_record, conforms


def rebuild_learned(description: dict[str, Any], arrays: dict[str, np.ndarray]) -> Learned:
    """What was learned. Raises ValueError, KeyError, TypeError and their like where the description is no model."""
    schema, kind = description["schema"], description["kind"]
    if type(schema) is not int or schema != 1 or kind not in ("classifier", "regressor"):
        raise ValueError(f"it has the schema {schema!r} and the kind {kind!r}")
    network = NetworkSpec.from_dict(description["network"])
    training = TrainingSpec.from_dict(description["training"])
    preparation = conforming_record(Preparation, description["preparation"])
    columns, count = _columns(preparation, description["columns"], description["column_count"])
    parameters = _parameters(description["parameters"], arrays, network, training)
    learned = Learned(preparation, network, training, parameters, columns, count)
    learned = _with_classes(learned, description) if kind == "classifier" else _with_target(learned, description)
    _try_one_row(learned)
    return learned


def _parameters(
    names: Any, arrays: dict[str, np.ndarray], network: NetworkSpec, training: TrainingSpec
) -> dict[str, np.ndarray]:
    expected = parameter_shapes(network)
    if names != list(expected) or set(names) != set(arrays):
        raise ValueError(f"parameters {names} for a {network} network")
    parameters = {name: arrays[name] for name in names}
    for name, value in parameters.items():
        if value.shape != expected[name] or str(value.dtype) != training.dtype or not np.isfinite(value).all():
            raise ValueError(f"{name} must be {expected[name]} finite numbers of type {training.dtype}")
    return parameters


def _columns(preparation: Preparation, columns: Any, count: Any) -> tuple[tuple[str, ...] | None, int]:
    if not conforms(count, int) or count < 1:
        raise ValueError(f"{count!r} columns")
    names = [f"x{k}" for k in range(count)] if columns is None else columns
    steps = {step.name for step in preparation.columns}
    if not isinstance(names, list) or len(names) != count or not steps <= set(names):
        raise ValueError(f"columns {names!r}, of which {sorted(steps)} are prepared")
    return None if columns is None else tuple(columns), count


def _with_classes(learned: Learned, description: dict[str, Any]) -> Learned:
    classes = _labels(description["labels"], description["label_type"])
    multilabel = description["multilabel"]
    if not conforms(multilabel, bool) or len(classes) < 2 - multilabel:
        raise ValueError(f"the labels {classes.tolist()!r}")
    several = not multilabel and len(classes) > 2
    _check_outputs(learned, len(classes) if several or multilabel else 1, "softmax" if several else "sigmoid")
    decision = AS_IS
    if "decision" in description:  # files of earlier versions have none
        decision = conforming_record(Decision, description["decision"])
        decision.check(len(classes), multilabel)
    return replace(learned, classes=classes, multilabel=multilabel, decision=decision)


def _with_target(learned: Learned, description: dict[str, Any]) -> Learned:
    target = conforming_record(NumberTarget, description["target"])
    outputs = len(target.center)
    if len(target.spread) != outputs or (outputs > 1 and target.flat) or 0 in target.spread:
        raise ValueError(f"the target {target}")
    _check_outputs(learned, outputs, "identity")
    return replace(learned, target=target, intervals=_intervals(description.get("intervals"), target))


def _intervals(told: Any, target: NumberTarget) -> PredictionIntervals | None:
    if told is None:
        return None
    intervals = conforming_record(PredictionIntervals, told)
    if intervals.logarithmic != (target.transform == "log1p_standardize"):
        raise ValueError(f"intervals that do not suit a target with the transform {target.transform!r}")
    return intervals


def _check_outputs(learned: Learned, outputs: int, link: str) -> None:
    """Whether network and loss are those that the labels or the target need."""
    network, loss = learned.network, learned.training.the_loss
    if network.outputs != outputs or loss.link != link:
        raise ValueError(f"a {network} network with the loss {loss.name} for this target")


def _labels(labels: Any, kind: Any) -> np.ndarray:
    """The labels (classes,) in the type that y had, sorted and different."""
    conversions = {"b": bool, "i": int, "u": int, "f": float, "U": str, "O": str}
    code = np.dtype(kind).kind
    plain = {bool: bool, int: int, float: float, str: str}[conversions[code]]
    if not isinstance(labels, list) or not all(type(label) is plain for label in labels):
        raise ValueError(f"labels {labels!r} of type {kind!r}")
    array = np.array(labels) if code == "U" else np.array(labels, dtype=kind)
    ordered = np.unique(array)
    if code == "U":
        ordered = np.array(no_before_yes(ordered.tolist()))
    if len(ordered) != len(labels) or ((ordered != array).any() and (np.unique(array) != array).any()):
        raise ValueError(f"labels {labels!r} that are not sorted and different")
    return array


def _try_one_row(learned: Learned) -> None:
    """Prepare a row in which everything is missing, which meets most of what a step could hold wrongly."""
    preparation, inputs = learned.preparation, learned.network.inputs
    if len(preparation.names) != inputs:
        raise ValueError(f"{len(preparation.names)} prepared columns for {inputs} inputs")
    try:
        row = preparation.transform_row({step.name: None for step in preparation.columns})
    except ColumnError:
        return  # a step may refuse missing cells
    if row.shape != (inputs,) or not np.isfinite(row).all():
        raise ValueError(f"a row is prepared to {row.tolist()}")
