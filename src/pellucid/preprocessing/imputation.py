"""The value that takes the place of a missing number."""

from __future__ import annotations

import numpy as np

from . import weighted
from .recipes import NumberRecipe


def fill_value(values: np.ndarray, weights: np.ndarray, recipe: NumberRecipe) -> float:
    """The weighted median, mean or mode of the present `values` (rows,), or the recipe's constant."""
    if recipe.impute == "constant":
        return float(recipe.constant)
    statistic = {"median": weighted.median, "mean": weighted.exact_mean, "mode": weighted.mode}[recipe.impute]
    return statistic(values, weights)
