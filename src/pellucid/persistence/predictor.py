"""`predictor`: from a fitted estimator or a model file to a light object that needs NumPy alone."""

from __future__ import annotations

import os
from typing import Any

from ..estimators.learned import learned_by
from ..estimators.predictors import ClassPredictor, NumberPredictor, predictor_of
from .reading import read_model
from .rebuild_learned import rebuild_learned


def predictor(model: Any) -> ClassPredictor | NumberPredictor:
    """A light predictor of a fitted `MLPClassifier` or `MLPRegressor`, or of the `.pellucid` file at a path.

    It gives the estimator's answers, prepares and checks the cells of a row by itself, and is made for one row at a
    time: see `Predictor` for what a row may be. It is a copy: what happens to the model later does not change it. From
    a file, nothing but NumPy, safetensors and the light parts of pellucid is imported.

    Raises `InputError` for anything else or a model that is not fitted, `FileError` when there is no such file and
    `ModelFileError` when it is cut, altered, no model, or written by a newer version.
    """
    if isinstance(model, (str, os.PathLike)):
        return predictor_of(read_model(model, rebuild_learned))
    return predictor_of(learned_by(model))
