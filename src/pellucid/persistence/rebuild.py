"""From the description in a model file to an estimator that predicts and can be trained on."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..engines.contract import Snapshot
from ..estimators.classifier import MLPClassifier
from ..estimators.learned import Learned
from ..estimators.regressor import MLPRegressor
from ..estimators.targets import label_weights
from ..judging.card import Card, check_sealed
from ..spec import EarlyStopping
from ..training.history import History
from .conformity import conforming_record, conforms
from .rebuild_learned import rebuild_learned

Model = MLPClassifier | MLPRegressor


def rebuild(description: dict[str, Any], arrays: dict[str, np.ndarray]) -> Model:
    """The fitted estimator. Raises ValueError, KeyError, TypeError and their like where the description is no model."""
    learned = rebuild_learned(description, arrays)
    model = _unfitted(learned)
    model.network_, model.training_ = learned.network, learned.training
    model.parameters_, model.preparation_ = learned.parameters, learned.preparation
    model.n_features_in_ = learned.column_count
    if learned.columns is not None:
        model.feature_names_in_ = np.array(learned.columns, dtype=object)
    if isinstance(model, MLPClassifier):
        assert learned.classes is not None
        model.classes_, model.multilabel_, model.decision_ = learned.classes, learned.multilabel, learned.decision
        _set_label_weights(model, description.get("label_weights"))
    else:
        assert learned.target is not None
        model.target_, model.target_transform = learned.target, learned.target.transform
        model.intervals_ = learned.intervals
    model.by_name_ = description.get("by_name", description["card"] is not None)
    if not conforms(model.by_name_, bool):
        raise ValueError(f"by_name is {model.by_name_!r}")
    model.history_ = conforming_record(History, description["history"])
    model.set_snapshot(Snapshot(model.parameters_, epoch=model.history_.kept_epoch))
    if description["card"] is not None:
        model.card_ = conforming_record(Card, description["card"])
        check_sealed(model.card_)
    return model


def _unfitted(learned: Learned) -> Model:
    """An estimator with the constructor parameters that network and plan record."""
    network, training = learned.network, learned.training
    kind: type[MLPClassifier] | type[MLPRegressor] = MLPRegressor if learned.classes is None else MLPClassifier
    return kind(
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


def _set_label_weights(model: MLPClassifier, weights: Any) -> None:
    if weights is None:
        return
    if not isinstance(weights, list) or len(weights) != len(model.classes_):
        raise ValueError(f"label weights {weights!r} for {len(model.classes_)} classes")
    model.class_weight = dict(zip(model.classes_.tolist(), map(float, weights)))
    model.label_weights_ = label_weights(model.class_weight, model.classes_, np.arange(len(weights)), None)
