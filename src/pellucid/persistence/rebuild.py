"""From the description in a model file to an estimator that predicts; nothing in it is taken on trust."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..engines.contract import Snapshot
from ..errors import ColumnError
from ..estimators.classifier import MLPClassifier
from ..estimators.regressor import MLPRegressor
from ..estimators.targets import label_weights
from ..judging.card import Card, check_sealed
from ..preprocessing.preparation import Preparation
from ..preprocessing.target import NumberTarget
from ..spec import EarlyStopping, NetworkSpec, TrainingSpec
from ..training.fit_network import parameter_shapes
from ..training.history import History
from .conformity import agrees, conforms

Model = MLPClassifier | MLPRegressor


def rebuild(description: dict[str, Any], arrays: dict[str, np.ndarray]) -> Model:
    """The fitted estimator. Raises ValueError, KeyError, TypeError and their like where the description is no model."""
    network = NetworkSpec.from_dict(description["network"])
    training = TrainingSpec.from_dict(description["training"])
    if (
        type(description["schema"]) is not int
        or description["schema"] != 1
        or description["kind"] not in ("classifier", "regressor")
    ):
        raise ValueError(f"it has the schema {description['schema']!r} and the kind {description['kind']!r}")
    model: Model = (MLPClassifier if description["kind"] == "classifier" else MLPRegressor)(
        hidden_layer_sizes=network.hidden,
        activation=tuple(activation.name for activation in network.activations),
        dropout=network.dropouts,
        loss=training.the_loss,
        optimizer=training.the_optimizer,
        learning_rate=training.learning_rate,
        weight_decay=training.l2,
        epochs=training.epochs,
        batch_size=training.batch_size,
        early_stopping=training.patience is not None and EarlyStopping(training.patience, training.min_delta),
        random_state=training.seed,
    )
    model.network_, model.training_ = network, training
    model.parameters_ = _parameters(description["parameters"], arrays, network, training)
    model.history_ = _record(History, description["history"])
    model.preparation_ = _record(Preparation, description["preparation"])
    _set_columns(model, description["columns"], description["column_count"])
    model.by_name_ = description.get("by_name", description["card"] is not None)
    if not conforms(model.by_name_, bool):
        raise ValueError(f"by_name is {model.by_name_!r}")
    _set_target(model, description)
    _try_one_row(model)
    model.set_snapshot(Snapshot(model.parameters_, epoch=model.history_.kept_epoch))
    if description["card"] is not None:
        model.card_ = _record(Card, description["card"])
        check_sealed(model.card_)
    return model


def _record(kind: Any, values: Any) -> Any:
    """The record of `kind` that `values` describe, each field of its type and nothing of `values` lost or bent."""
    record = kind.from_dict(values)
    if not conforms(record, kind) or not agrees(values, record.to_dict()):
        raise ValueError(f"the {kind.__name__.lower()} holds values of wrong types")
    return record


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


def _set_columns(model: Model, columns: Any, count: Any) -> None:
    if not conforms(count, int) or count < 1:
        raise ValueError(f"{count!r} columns")
    names = [f"x{k}" for k in range(count)] if columns is None else columns
    steps = {step.name for step in model.preparation_.columns}
    if not isinstance(names, list) or len(names) != count or not steps <= set(names):
        raise ValueError(f"columns {names!r}, of which {sorted(steps)} are prepared")
    model.n_features_in_ = count
    if columns is not None:
        model.feature_names_in_ = np.array(columns, dtype=object)


def _set_label_weights(model: MLPClassifier, weights: Any) -> None:
    if weights is None:
        return
    if not isinstance(weights, list) or len(weights) != len(model.classes_):
        raise ValueError(f"label weights {weights!r} for {len(model.classes_)} classes")
    model.class_weight = dict(zip(model.classes_.tolist(), map(float, weights)))
    model.label_weights_ = label_weights(model.class_weight, model.classes_, np.arange(len(weights)), None)


def _set_target(model: Model, description: dict[str, Any]) -> None:
    """Labels or scale of y, and whether loss and outputs are those that it needs."""
    if isinstance(model, MLPClassifier):
        model.classes_ = _labels(description["labels"], description["label_type"])
        model.multilabel_ = description["multilabel"]
        _set_label_weights(model, description.get("label_weights"))
        several = not model.multilabel_ and len(model.classes_) > 2
        outputs = len(model.classes_) if several or model.multilabel_ else 1
        link = "softmax" if several else "sigmoid"
        fits = conforms(model.multilabel_, bool) and len(model.classes_) >= 2 - model.multilabel_
    else:
        model.target_ = target = _record(NumberTarget, description["target"])
        model.target_transform = target.transform
        outputs, link = len(target.center), "identity"
        fits = len(target.spread) == outputs and (outputs == 1 or not target.flat) and 0 not in target.spread
    if not fits or model.network_.outputs != outputs or model.training_.the_loss.link != link:
        raise ValueError(f"a {model.network_} network with the loss {model.training_.the_loss.name} for this target")


def _labels(labels: Any, kind: Any) -> np.ndarray:
    """The labels (classes,) in the type that y had, sorted and different."""
    conversions = {"b": bool, "i": int, "u": int, "f": float, "U": str, "O": str}
    code = np.dtype(kind).kind
    plain = {bool: bool, int: int, float: float, str: str}[conversions[code]]
    if not isinstance(labels, list) or not all(type(label) is plain for label in labels):
        raise ValueError(f"labels {labels!r} of type {kind!r}")
    array = np.array(labels) if code == "U" else np.array(labels, dtype=kind)
    if len(np.unique(array)) != len(labels) or (np.unique(array) != array).any():
        raise ValueError(f"labels {labels!r} that are not sorted and different")
    return array


def _try_one_row(model: Model) -> None:
    """Prepare a row in which everything is missing, which meets most of what a step could hold wrongly."""
    if len(model.preparation_.names) != model.network_.inputs:
        raise ValueError(f"{len(model.preparation_.names)} prepared columns for {model.network_.inputs} inputs")
    try:
        row = model.preparation_.transform_row({step.name: None for step in model.preparation_.columns})
    except ColumnError:
        return  # a step may refuse missing cells
    if row.shape != (model.network_.inputs,) or not np.isfinite(row).all():
        raise ValueError(f"a row is prepared to {row.tolist()}")
