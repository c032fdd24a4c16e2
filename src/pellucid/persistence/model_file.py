"""`save` and `load`: a fitted estimator to a `.pellucid` file and back."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from ..engines.contract import Snapshot
from ..errors import InputError, ModelFileError, SpecError
from ..estimators.classifier import MLPClassifier
from ..estimators.regressor import MLPRegressor
from ..judging.card import Card
from ..nn.activations import ACTIVATIONS
from ..nn.losses import LOSSES
from ..preprocessing.preparation import Preparation
from ..preprocessing.target import NumberTarget
from ..spec import NetworkSpec, TrainingSpec
from ..training.history import History
from ..version import __version__
from .container import read_container, write_container

SCHEMA = 1
Model = MLPClassifier | MLPRegressor


def save(model: Model, path: str | PathLike[str], *, overwrite: bool = True) -> Path:
    """Write a fitted `MLPClassifier` or `MLPRegressor` to `path`, whole or not at all.

    The file holds what prediction needs (preparation, network, parameters, labels or target scale), the plan and history
    of the training, and the card where there is one. It does not hold training rows, nor levels that fewer rows had than
    the preparation's `min_frequency`. Raises `InputError` for anything else or an unfitted model, `SpecError` for
    activations and losses of your own (a file holds no code), `FileError` when the path cannot be written.
    """
    if not isinstance(model, (MLPClassifier, MLPRegressor)) or not hasattr(model, "parameters_"):
        raise InputError(f"save takes a fitted MLPClassifier or MLPRegressor, got {type(model).__name__}")
    _only_built_in(model)
    card: Card | None = getattr(model, "card_", None)
    names = getattr(model, "feature_names_in_", None)
    description: dict[str, Any] = {
        "schema": SCHEMA,
        "written_by": __version__,
        "parameters": list(model.parameters_),
        "network": model.network_.to_dict(),
        "training": model.training_.to_dict(),
        "preparation": model.preparation_.to_dict(),
        "history": model.history_.to_dict(),
        "columns": None if names is None else [str(name) for name in names],
        "column_count": int(model.n_features_in_),
        "card": None if card is None else card.to_dict(),
    }
    if isinstance(model, MLPClassifier):
        labels = model.classes_
        described = {"kind": "classifier", "labels": labels.tolist(), "label_type": labels.dtype.str}
        description |= {**described, "multilabel": model.multilabel_}
    else:
        description |= {"kind": "regressor", "target": model.target_.to_dict()}
    return write_container(path, description, model.parameters_, overwrite=overwrite)


def load(path: str | PathLike[str]) -> Model:
    """The estimator in a `.pellucid` file, fitted, with `card_` where it had a card. No code is run.

    Its constructor parameters are those that the network and the plan of its training record; a `class_weight` and a
    `PreparationSpec` are not. Raises `FileError` when there is no such file and `ModelFileError` when it is cut,
    altered, no model, or written by a newer version.
    """
    description, arrays = read_container(path)
    schema = description.get("schema")
    if not isinstance(schema, int) or schema > SCHEMA:
        raise ModelFileError(
            f"{path} was written by pellucid {description.get('written_by')} (schema {schema}), which is newer than this "
            f"one ({__version__}, schema {SCHEMA}); upgrade pellucid to read it"
        )
    try:
        return _rebuild(description, arrays)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise ModelFileError(f"{path} does not describe a model that works: {error}; take a fresh copy") from None


def _rebuild(description: dict[str, Any], arrays: dict[str, np.ndarray]) -> Model:
    network = NetworkSpec.from_dict(description["network"])
    training = TrainingSpec.from_dict(description["training"])
    classifier = description["kind"] == "classifier"
    model: Model = (MLPClassifier if classifier else MLPRegressor)(
        hidden_layer_sizes=network.hidden,
        activation=tuple(description["network"]["activation"]),
        dropout=network.dropouts,
        loss=training.the_loss,
        optimizer=training.the_optimizer,
        learning_rate=training.learning_rate,
        weight_decay=training.l2,
        epochs=training.epochs,
        batch_size=training.batch_size,
        random_state=training.seed,
    )
    model.network_, model.training_ = network, training
    model.parameters_ = {name: arrays[name] for name in description["parameters"]}
    _check_shapes(model)
    model.preparation_ = Preparation.from_dict(description["preparation"])
    if len(model.preparation_.names) != network.inputs:
        raise ValueError(f"{len(model.preparation_.names)} prepared columns for {network.inputs} inputs")
    model.history_ = History.from_dict(description["history"])
    model.n_features_in_ = description["column_count"]
    if description["columns"] is not None:
        model.feature_names_in_ = np.array(description["columns"], dtype=object)
    if isinstance(model, MLPClassifier):
        model.classes_ = np.array(description["labels"], dtype=description["label_type"])
        model.multilabel_ = bool(description["multilabel"])
    else:
        model.target_ = NumberTarget.from_dict(description["target"])
    model.set_snapshot(Snapshot(model.parameters_, epoch=model.history_.kept_epoch))
    if description["card"] is not None:
        model.card_ = Card.from_dict(description["card"])
    return model


def _check_shapes(model: Model) -> None:
    from ..training.fit_network import parameter_shapes

    expected = parameter_shapes(model.network_)
    got = {name: value.shape for name, value in model.parameters_.items()}
    if got != expected or list(got) != list(expected):
        raise ValueError(f"parameters of shapes {got} for a {model.network_} network")
    for name, value in model.parameters_.items():
        if str(value.dtype) != model.training_.dtype or not np.isfinite(value).all():
            raise ValueError(f"{name} must hold finite numbers of type {model.training_.dtype}")


def _only_built_in(model: Model) -> None:
    for activation in model.network_.activations:
        if ACTIVATIONS.get(activation.name) != activation:
            raise SpecError(
                f"the activation {activation.name!r} is your own; a model file holds no code, so it cannot be saved"
            )
    loss = model.training_.the_loss
    if type(loss) is not LOSSES.get(loss.name):
        raise SpecError(f"the loss {loss.name!r} is your own; a model file holds no code, so it cannot be saved")
