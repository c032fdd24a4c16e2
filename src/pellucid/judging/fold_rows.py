"""The rows of one fold, prepared once for all its networks."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from ..data.split import Split
from ..data.table import Table
from .rungs import Knobs
from .truth import Truth

if TYPE_CHECKING:
    from ..estimators.classifier import MLPClassifier
    from ..estimators.regressor import MLPRegressor
    from ..estimators.shared import SharedRows


class FoldRows:
    """Training rows and held-out rows of a fold, with the seed of its fits. Several threads may ask for them."""

    def __init__(self, table: Table, truth: Truth, fold: Split, knobs: Knobs, seed: int) -> None:
        self.training, self.training_truth = table.take(fold.training), truth.take(fold.training)
        self.held_out, self.held_out_truth = table.take(fold.held_out), truth.take(fold.held_out)
        self.seed = seed
        self._inputs = list(knobs.network_inputs)
        self._lock = threading.Lock()
        self._shared: dict[Any, tuple[SharedRows, np.ndarray]] = {}

    def prepared_for(self, estimator: MLPClassifier | MLPRegressor) -> tuple[SharedRows, np.ndarray]:
        """(training rows as the estimator prepares them, design matrix of the held-out rows)."""
        from ..estimators.shared import SharedRows, shares_with

        key = shares_with(estimator, self.seed)
        with self._lock:
            if key not in self._shared:
                inputs = self.training.select(self._inputs)
                shared = SharedRows(estimator, inputs, self.training_truth.values, self.seed)
                self._shared[key] = shared, shared.matrix(self.held_out.select(self._inputs))
            return self._shared[key]
