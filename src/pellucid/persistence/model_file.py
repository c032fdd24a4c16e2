"""`save` and `load`: a fitted estimator to a `.pellucid` file and back."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from ..errors import InputError, SpecError
from ..estimators.classifier import MLPClassifier
from ..estimators.regressor import MLPRegressor
from ..judging.card import Card
from ..nn.activations import ACTIVATIONS
from ..nn.losses import LOSSES
from ..nn.optimizers import OPTIMIZERS
from ..nn.schedules import SCHEDULES, Schedule, WarmUp, get_schedule
from ..spec import TrainingSpec
from ..version import __version__
from .container import is_container, write_container
from .reading import SCHEMA, read_model
from .rebuild import Model, rebuild


def save(model: Model, path: str | PathLike[str], *, overwrite: bool | None = None) -> Path:
    """Write a fitted `MLPClassifier` or `MLPRegressor` to `path`, whole or not at all.

    An earlier model of that name is replaced, any other file is left alone; `overwrite` True replaces both, False none.

    The file holds what prediction needs (preparation, network, parameters, labels with calibration and threshold,
    or target scale with intervals), the plan and
    history of the training, and the card where there is one. It does not hold training rows, nor levels that fewer
    rows had than the preparation's `min_frequency`. Raises `InputError` for anything else or an unfitted model,
    `SpecError` for parts of your own such as a loss (a file holds no code), `FileError` when the path cannot be
    written.
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
        "training": TrainingSpec.from_dict(model.training_.to_dict()).to_dict(),  # every part in its full form
        "preparation": model.preparation_.to_dict(),
        "history": model.history_.to_dict(),
        "columns": None if names is None else [str(name) for name in names],
        "column_count": int(model.n_features_in_),
        "by_name": bool(model.by_name_),
        "card": None if card is None else card.to_dict(),
    }
    if isinstance(model, MLPClassifier):
        labels = model.classes_
        described: dict[str, Any] = {"kind": "classifier", "labels": labels.tolist(), "label_type": labels.dtype.str}
        weights = model.label_weights_
        described["label_weights"] = None if weights is None else weights.tolist()
        model.decision_.check(len(labels), model.multilabel_)
        described["decision"] = model.decision_.to_dict()
        description |= {**described, "multilabel": model.multilabel_}
    else:
        intervals = None if model.intervals_ is None else model.intervals_.to_dict()
        description |= {"kind": "regressor", "target": model.target_.to_dict(), "intervals": intervals}
    replace = is_container(path) if overwrite is None else overwrite
    return write_container(path, description, model.parameters_, overwrite=replace)


def load(path: str | PathLike[str]) -> Model:
    """The estimator in a `.pellucid` file, or in the folder that `pellucid train` wrote, fitted. No code is run.

    `card_` is there where it had a card. Its constructor parameters are those that the network and the plan of its last
    training record, a `class_weight` as the weights that it came to; a `PreparationSpec` and the fraction that early
    stopping held out are not. Raises `FileError` when there is no such file and `ModelFileError` when it is cut,
    altered, no model, or written by a newer version.
    """
    return read_model(path, rebuild)


def _only_built_in(model: Model) -> None:
    plan = model.training_
    for activation in model.network_.activations:
        if ACTIVATIONS.get(activation.name) != activation:
            raise _own("activation", activation.name)
    parts: list[tuple[str, Any, Mapping[str, Any]]] = [
        ("loss", plan.the_loss, LOSSES),
        ("optimizer", plan.the_optimizer, OPTIMIZERS),
        *(("schedule", schedule, SCHEDULES) for schedule in _schedules(plan.the_optimizer.schedule)),
    ]
    for what, part, known in parts:
        if type(part) is not known.get(part.name):
            raise _own(what, part.name or type(part).__name__)


def _schedules(given: Any) -> list[Schedule]:
    """The schedule and, where it is a warm-up, the one that follows."""
    schedule = get_schedule(given)
    return [schedule, *(_schedules(schedule.then) if isinstance(schedule, WarmUp) else ())]


def _own(what: str, name: str) -> SpecError:
    return SpecError(f"the {what} {name!r} is your own; a model file holds no code, so it cannot be saved")
