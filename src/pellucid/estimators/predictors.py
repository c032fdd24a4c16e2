"""Light predictors: a trained network with its preparation, in Python and NumPy alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..data.table import Table
from ..errors import InputError, ShapeError
from ..nn import network as net
from .answers import decided, probabilities, row_of_two, row_probabilities
from .learned import Learned, read_only
from .one_row import RowNetwork, row_network
from .prediction_intervals import the_intervals
from .row_reader import RowReader, array_cells
from .scoring import raw_outputs

# Rows of Python cells that become one design matrix.
BLOCK = 4096


@dataclass(frozen=True, eq=False, repr=False)
class Predictor:
    """The answers of a trained model without the model; see `pellucid.predictor`.

    It never changes, can be pickled, and may be used from many threads at once.

    One row is a list, tuple or array (columns,) in the order of `columns`, or a dict column → cell, where columns that
    training set aside may be absent; its answer is one answer. Many rows are an array or nested list (rows, columns), a
    list of dicts or a `Table`, and give one answer each. None, NaN, an empty text and marks such as "NA" are missing.

    Every method raises `ShapeError` for the wrong number of columns, `ColumnError` for names that are missing or
    unknown and, with row and column, for a cell that cannot be used, `InputError` for anything else.
    """

    learned: Learned
    _reader: RowReader = field(init=False)
    _network: RowNetwork = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_reader", RowReader(self.learned))
        object.__setattr__(self, "_network", row_network(self.learned.network, self.learned.parameters))

    def __reduce__(self) -> tuple[Any, ...]:
        return predictor_of, (self.learned,)

    def __repr__(self) -> str:
        columns = self.learned.column_count
        return f"{type(self).__name__}({columns} column{'s' * (columns != 1)}, a {self.learned.network} network)"

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the training columns in order; x0, x1, … where training had none."""
        return self.learned.names

    def _scores(self, rows: Any) -> Any:
        """Raw outputs (rows, outputs) of many rows; of one row what `row_network` gives."""
        if type(rows) is np.ndarray and rows.ndim == 1 and rows.dtype.kind == "f":  # the shortest way of the most used
            return self._network(self._reader.array(rows))
        if isinstance(rows, np.ma.MaskedArray):
            rows = np.ma.filled(rows.astype(object), None)
        if type(rows) is dict or _is_row(rows):
            return self._network(self._reader.row(rows))
        learned = self.learned
        if isinstance(rows, Table):
            return raw_outputs(learned.preparation, learned.network, learned.parameters, rows)
        if isinstance(rows, np.ndarray):
            return self._scores_of_matrix(rows)
        if not isinstance(rows, (list, tuple)):
            raise InputError(
                f"expected a row (list, tuple, array or dict), a matrix, a list of dicts or a Table, got "
                f"{type(rows).__name__}; give a frame to the estimator itself, or its rows as dicts"
            )
        return self._scores_of_rows(rows)

    def _scores_of_matrix(self, matrix: np.ndarray) -> np.ndarray:
        learned = self.learned
        if matrix.ndim != 2:
            raise ShapeError(f"expected one row (columns,) or a matrix (rows, columns), got the shape {matrix.shape}")
        if matrix.shape[1] != len(learned.names):
            raise self._reader.wrong_count(matrix.shape[1], "the matrix", "columns")
        if matrix.dtype.kind not in "fiub" or learned.preparation.number_matrix is None:
            return self._scores_of_rows(array_cells(matrix))
        numbers = matrix if matrix.dtype.kind == "f" else matrix.astype(np.float64)
        return raw_outputs(learned.preparation, learned.network, learned.parameters, numbers, learned.names)

    def _scores_of_rows(self, rows: Sequence[Any]) -> np.ndarray:
        network, read = self.learned.network, self._reader.row
        result = np.empty((len(rows), network.outputs), next(iter(self.learned.parameters.values())).dtype)
        for start in range(0, len(rows), BLOCK):
            design = []
            for number, row in enumerate(rows[start : start + BLOCK], start + 1):
                try:
                    design.append(read(row))
                except InputError as error:
                    raise type(error)(f"row {number:,}: {error}") from None
            result[start : start + BLOCK] = net.scores(np.array(design), self.learned.parameters, network.activations)
        return result


class ClassPredictor(Predictor):
    """The predictor of a classifier; `predict_proba` and `predict` give what the estimator's do."""

    @property
    def classes(self) -> np.ndarray:
        """The labels (classes,), in the order of the probabilities."""
        assert self.learned.classes is not None
        return self.learned.classes

    def predict_proba(self, rows: Any) -> np.ndarray:
        """Probabilities (classes,) of one row or (rows, classes) of many; for multi-label each label's own."""
        scores, learned = self._scores(rows), self.learned
        if scores.ndim == 0 and not learned.multilabel:
            return learned.decision.calibrated(row_of_two(float(scores)))
        if scores.ndim == 2:
            return self.probability(scores)
        return learned.decision.calibrated(row_probabilities(learned.training.the_loss, scores, learned.multilabel))

    def probability(self, scores: np.ndarray) -> np.ndarray:
        """Probabilities (rows, classes) from raw outputs (rows, outputs) of the network."""
        learned = self.learned
        return learned.decision.calibrated(probabilities(learned.training.the_loss, scores, learned.multilabel))

    def predict(self, rows: Any) -> Any:
        """The label of one row or labels (rows,) of many: the most probable class, with two classes the second from
        the threshold on (0.5 unless another was chosen); for multi-label 0/1 (labels,) or (rows, labels)."""
        learned = self.learned
        return decided(self.classes, self.predict_proba(rows), learned.multilabel, learned.decision)

    def is_unsure(self, rows: Any) -> Any:
        """Whether one row falls into the band in which the model is unsure, or which of many do, bool (rows,)."""
        unsure = self.learned.decision.is_unsure(self.predict_proba(rows))
        return unsure if unsure.ndim else bool(unsure)


class NumberPredictor(Predictor):
    """The predictor of a regressor; `predict` gives what the estimator's does."""

    def predict(self, rows: Any) -> Any:
        """The number of one row or numbers (rows,) of many, in the target's own units; (outputs,) and (rows, outputs)
        when the target had several columns."""
        scores = self._scores(rows)
        target = self.learned.target
        assert target is not None
        if scores.ndim == 2:
            return target.decode(scores)
        return target.decode_one(float(scores)) if target.flat else target.decode(np.reshape(scores, (1, -1)))[0]

    def predict_interval(self, rows: Any, level: float = 0.95) -> tuple[Any, Any]:
        """(low, high), each as `predict` gives them; see `MLPRegressor.predict_interval`."""
        return the_intervals(self.learned.intervals).around(self.predict(rows), level)


def predictor_of(learned: Learned) -> ClassPredictor | NumberPredictor:
    """The predictor for what was learned, on copies of the arrays that cannot be written to."""
    parameters = {name: read_only(np.array(value)) for name, value in learned.parameters.items()}
    if learned.classes is None:
        return NumberPredictor(replace(learned, parameters=parameters))
    return ClassPredictor(replace(learned, parameters=parameters, classes=read_only(np.array(learned.classes))))


def _is_row(rows: Any) -> bool:
    """Whether this is one row rather than many."""
    if isinstance(rows, np.ndarray):
        return rows.ndim == 1 and not (rows.dtype == object and len(rows) > 0 and _holds_cells(rows[0]))
    if isinstance(rows, (list, tuple)):
        return not rows or not _holds_cells(rows[0])
    return isinstance(rows, Mapping)


def _holds_cells(value: Any) -> bool:
    return isinstance(value, (Mapping, list, tuple)) or (isinstance(value, np.ndarray) and value.ndim > 0)
