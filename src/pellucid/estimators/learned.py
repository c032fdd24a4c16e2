"""What of a fitted estimator is needed to predict, and nothing of scikit-learn's."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..errors import InputError
from ..nn.parameters import Parameters
from ..preprocessing.preparation import Preparation
from ..preprocessing.target import NumberTarget
from ..spec import NetworkSpec, TrainingSpec
from .decision import AS_IS, Decision
from .prediction_intervals import PredictionIntervals


@dataclass(frozen=True, eq=False)
class Learned:
    """Preparation, network and what its outputs mean.

    `columns` are the names of the training columns, None where X was an array without names; `column_count` counts
    them. A classifier has `classes` (classes,) and a `decision`, a regressor a `target` and, where they were
    measured, `intervals`.
    """

    preparation: Preparation
    network: NetworkSpec
    training: TrainingSpec
    parameters: Parameters
    columns: tuple[str, ...] | None
    column_count: int
    classes: np.ndarray | None = None
    multilabel: bool = False
    target: NumberTarget | None = None
    decision: Decision = AS_IS
    intervals: PredictionIntervals | None = None

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all training columns, x0, x1, … where they had none."""
        return tuple(f"x{k}" for k in range(self.column_count)) if self.columns is None else self.columns


def learned_by(model: Any) -> Learned:
    """What a fitted `MLPClassifier` or `MLPRegressor` learned.

    Raises `InputError` for anything else and for a model that is not fitted.
    """
    if not all(hasattr(model, name) for name in ("parameters_", "preparation_", "network_", "training_")):
        raise InputError(
            f"expected a fitted MLPClassifier or MLPRegressor, or the path of a model file, got {type(model).__name__}"
        )
    names = getattr(model, "feature_names_in_", None)
    return Learned(
        model.preparation_,
        model.network_,
        model.training_,
        model.parameters_,
        None if names is None else tuple(str(name) for name in names),
        int(model.n_features_in_),
        getattr(model, "classes_", None),
        getattr(model, "multilabel_", False),
        getattr(model, "target_", None),
        getattr(model, "decision_", AS_IS),
        getattr(model, "intervals_", None),
    )


def module_hint(model: Any) -> str:
    """For the end of a message: what to do with a PyTorch module, empty for anything else."""
    if any(kind.__module__.split(".")[0] == "torch" for kind in type(model).__mro__):
        return "; pellucid.pytorch.from_module makes a FittedNetwork of a PyTorch module"
    return ""


def read_only(array: np.ndarray) -> np.ndarray:
    """The same numbers, not to be written to."""
    view = array.view()
    view.flags.writeable = False
    return view
