"""A model file as what can be judged, without the estimator, whose libraries take longer to load than a report."""

from __future__ import annotations

from os import PathLike
from typing import Any

import numpy as np

from ..estimators.learned import Learned
from ..estimators.predictors import ClassPredictor, predictor_of
from ..judging.card import Card, check_sealed
from ..training.history import History
from .conformity import conforming_record
from .reading import read_model
from .rebuild_learned import rebuild_learned


class Trained:
    """What was learned, with history and card, under the names that an estimator has for them.

    A classifier has `classes_`, `multilabel_`, `decision_` and `predict_proba`, a regressor `target_` and `intervals_`;
    both predict tables as the estimator does.
    """

    def __init__(self, learned: Learned, history: History, card: Card | None) -> None:
        predictor = predictor_of(learned)
        self.network_, self.preparation_, self.parameters_ = learned.network, learned.preparation, learned.parameters
        self.history_, self.card_ = history, card
        self.predict = predictor.predict
        if isinstance(predictor, ClassPredictor):
            self.classes_, self.multilabel_, self.decision_ = predictor.classes, learned.multilabel, learned.decision
            self.predict_proba, self._probability = predictor.predict_proba, predictor.probability
        else:
            self.intervals_, self.target_ = learned.intervals, learned.target


def trained(path: str | PathLike[str]) -> Trained:
    """Of a `.pellucid` file or the folder of `pellucid train`; checks the file as `load` does, and raises so."""
    return read_model(path, _trained)


def _trained(description: dict[str, Any], arrays: dict[str, np.ndarray]) -> Trained:
    learned = rebuild_learned(description, arrays)
    card = None if description["card"] is None else conforming_record(Card, description["card"])
    if card is not None:
        check_sealed(card)
    return Trained(learned, conforming_record(History, description["history"]), card)
