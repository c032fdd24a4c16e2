"""What a network answers when some columns hold the values of other rows: only what they change is computed again."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from ..data.table import Table
from ..nn import network as net
from ..nn.parameters import bias_name, layer_count, weight_name


class SwappedColumns:
    """The rows of `table` before a fitted model, ready to lend the cells of a column to each other.

    Every design column comes from one column of the table, so lending cells moves design columns from row to row. What
    they add to the first layer is replaced; the other columns, however many, are not read again. `model` is an
    estimator, or has as much of its face as a model file gives.
    """

    def __init__(self, model: Any, table: Table) -> None:
        parameters = model.parameters_
        first = parameters[weight_name(0)]
        self._model, self._weights = model, first
        self._sources = np.array(model.preparation_.sources)
        self._X = model.preparation_.transform(_named(model, table), first.dtype)
        self._Z = net.scores(self._X, {key: parameters[key] for key in _layer(0) if key in parameters}, ())
        self._above = {
            new: parameters[old]
            for layer in range(1, layer_count(parameters))
            for old, new in zip(_layer(layer), _layer(layer - 1))
            if old in parameters
        }

    def answers(self, columns: Collection[str] = (), lenders: np.ndarray | None = None) -> np.ndarray:
        """Probabilities (rows, classes), or numbers (rows,) in the target's own units.

        Row i of the table keeps its cells, but those of `columns` come from row `lenders[k, i]`; `lenders` (times,
        rows) gives times × rows answers, those of the first row of `lenders` first.
        """
        if lenders is None:
            return self._finish(self._Z)
        moved = np.isin(self._sources, list(columns))
        part = self._X[:, moved] @ self._weights[:, moved].T
        return self._finish(((self._Z - part)[None] + part[lenders]).reshape(-1, part.shape[1]))

    def _finish(self, Z: np.ndarray) -> np.ndarray:
        """From the first layer's pre-activations (rows, units) to the answers."""
        model = self._model
        if self._above:
            activations = model.network_.activations
            Z = net.scores(activations[0].forward(Z), self._above, activations[1:])
        answers: np.ndarray = model._probability(Z) if hasattr(model, "classes_") else model.target_.decode(Z)
        return answers


def _named(model: Any, table: Table) -> Table:
    """The table as an estimator checks it; one from a model file knows its columns by name."""
    if not hasattr(model, "n_features_in_"):
        return table
    from .inputs import as_table  # takes scikit-learn with it, which a report of a file does not wait for

    return as_table(model, table, reset=False)[0]


def _layer(number: int) -> tuple[str, str]:
    return weight_name(number), bias_name(number)
