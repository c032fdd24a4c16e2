"""A fitted model as what explaining needs: network, float64 parameters, preparation, and what the outputs mean.

`open_model` takes an `MLPClassifier` or `MLPRegressor` (trained here or loaded from a file), a `Replay` of one or a
`FittedNetwork`; what comes out has the same fields for all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..data.table import Table
from ..engines.contract import Parameters
from ..errors import InputError, ShapeError, SpecError, nearest
from ..estimators.answers import probabilities
from ..estimators.classifier import MLPClassifier
from ..estimators.decision import Decision
from ..estimators.inputs import as_table, refuse_endless
from ..estimators.learned import learned_by, module_hint, read_only
from ..estimators.predictors import Predictor
from ..estimators.regressor import MLPRegressor
from ..nn import network as net
from ..nn.activations import Activation
from ..nn.losses import Loss
from ..preprocessing.conversion import cell_text
from ..preprocessing.preparation import Preparation
from ..preprocessing.target import NumberTarget
from ..spec import NetworkSpec, TrainingSpec, parameter_shapes
from ..training.fit_network import FittedNetwork
from .replay import Replay

Model = MLPClassifier | MLPRegressor | FittedNetwork


@dataclass(frozen=True, eq=False)
class Opened:
    """A fitted model taken apart.

    `parameters` are float64 copies, not to be written to. `names` (inputs,) are those of the network's inputs, the
    design columns ("Sex=female"), `sources` (inputs,) the column of the rows that each comes from ("Sex"), `columns`
    those of the training rows in order. `target_name` is the column that is predicted, "y" where it has no name.

    A classifier has `classes` and a `decision` (calibration, threshold, unsure band), and `label_weights` (classes,)
    where rows of a class weighed more; a regressor has a `target` (center and spread of y). A plain network whose loss
    has a sigmoid or softmax has the codes 0, 1, … as `classes`, and no decision. `multilabel`: every output is a yes or
    no of its own. A plain network has no `preparation`: its rows are its inputs. `fitted` is the network with the state
    in which training ended, and its recording where it has one: a plain network itself, or that of a `Replay`.
    """

    model: Model
    network: NetworkSpec
    training: TrainingSpec
    parameters: Parameters
    names: tuple[str, ...]
    sources: tuple[str, ...]
    columns: tuple[str, ...]
    target_name: str
    preparation: Preparation | None = None
    classes: tuple[Any, ...] | None = None
    multilabel: bool = False
    label_weights: np.ndarray | None = None
    decision: Decision | None = None
    target: NumberTarget | None = None
    fitted: FittedNetwork | None = None

    def __repr__(self) -> str:
        return f"Opened({type(self.model).__name__}, {self.network})"

    @property
    def loss(self) -> Loss:
        """The loss that was minimized; its `link` turns raw outputs into predictions."""
        return self.training.the_loss

    @property
    def activations(self) -> tuple[Activation, ...]:
        """The activation of each hidden layer."""
        return self.network.activations

    @property
    def is_classifier(self) -> bool:
        """Whether the outputs are logits of classes."""
        return self.classes is not None

    @property
    def outputs(self) -> tuple[str, ...]:
        """What each raw output (outputs,) speaks of: the second of two classes, each class, each label, or the target.

        With several numbers: "y 0", "y 1", ….
        """
        if self.classes is None:
            one = self.network.outputs == 1
            return (self.target_name,) if one else tuple(f"{self.target_name} {k}" for k in range(self.network.outputs))
        labels = self.classes if self.network.outputs > 1 or self.multilabel else self.classes[1:]
        return tuple(str(label) for label in labels)

    def design(self, rows: Any) -> np.ndarray:
        """The network's inputs float64 (rows, inputs) of rows in any form that `predict` takes.

        Raises what `predict` raises for rows that do not fit.
        """
        if self.preparation is None:
            X = np.asarray(rows, dtype=np.float64)
            if X.ndim != 2 or X.shape[1] != self.network.inputs:
                raise ShapeError(f"rows must be (rows, {self.network.inputs}) for a plain network, got {X.shape}")
            if np.isnan(X).any():
                raise InputError("a plain network takes no missing values; fill gaps first (MLPClassifier does it)")
            refuse_endless(X, "rows")
            return X
        return self.preparation.transform(self.table(rows))

    def table(self, rows: Any) -> Table:
        """Rows in any form that `predict` takes as a table with the columns of training; not for a plain network."""
        if isinstance(self.model, FittedNetwork):
            raise InputError("a plain network knows no columns; give rows as an array (rows, inputs)")
        return as_table(self.model, rows, reset=False)[0]

    def scores(self, X: np.ndarray, parameters: Parameters | None = None) -> np.ndarray:
        """Raw outputs float64 (rows, outputs) for inputs (rows, inputs), of these or other parameters."""
        return net.scores(X, self.parameters if parameters is None else parameters, self.activations)

    def probabilities(self, scores: np.ndarray, *, calibrated: bool = True) -> np.ndarray:
        """Probabilities (rows, classes) of raw outputs (rows, outputs); of several labels each label's own.

        Raises `InputError` for a model that predicts numbers.
        """
        if self.classes is None:
            raise InputError("this model predicts numbers, not probabilities")
        found = probabilities(self.loss, scores, self.multilabel)
        return found if self.decision is None or not calibrated else self.decision.calibrated(found)

    def numbers(self, scores: np.ndarray) -> np.ndarray:
        """Predictions (rows, outputs) in the target's own units, of raw outputs (rows, outputs) of a regression."""
        return scores if self.target is None else self.target.decode(scores).reshape(scores.shape)

    def targets(self, truth: Any) -> np.ndarray:
        """True answers (rows,) or (rows, outputs) as `nn.loss_forward` takes them beside raw outputs.

        That is class codes (rows,) for a softmax, else 0 and 1 or standardized numbers, (rows, outputs). Raises
        `InputError`, `ShapeError` or `ColumnError` for answers that the model does not know.
        """
        array = np.asarray(truth)
        if self.target is not None:
            return self.target.encode(array)
        if self.classes is not None and not self.multilabel and array.ndim == 1:
            codes = self._codes(array)
            return codes if self.loss.link == "softmax" else codes[:, None].astype(np.float64)
        numbers = _finite(array)
        return numbers[:, None] if numbers.ndim == 1 and self.network.outputs == 1 else numbers

    def _codes(self, labels: np.ndarray) -> np.ndarray:
        """The places of labels (rows,) among the classes; they meet by their text, so that 1, 1.0 and "1" are one."""
        known = {str(cell_text(label)): code for code, label in enumerate(self.classes or ())}
        codes = [known.get(str(cell_text(label)), -1) for label in labels.tolist()]
        if -1 in codes:
            row = codes.index(-1)
            label = cell_text(labels.tolist()[row])
            if label is None:
                raise InputError(f"the true answer of row {row} is missing; leave such rows out")
            raise InputError(f"the model knows no class {label!r}{nearest(str(label), known)}")
        return np.array(codes, dtype=np.int64)


def _finite(answers: np.ndarray) -> np.ndarray:
    """Answers (rows,) or (rows, outputs) as float64; raises `InputError` for what is no finite number."""
    try:
        numbers = answers.astype(np.float64)
    except (TypeError, ValueError):
        raise InputError(
            f"true answers must be numbers for this network, got {answers.ravel().tolist()[0]!r}"
        ) from None
    wrong = ~np.isfinite(numbers)
    if wrong.any():
        row = int(np.argwhere(wrong)[0, 0])
        raise InputError(f"the true answer of row {row} is missing or not finite; leave such rows out")
    return numbers


def open_model(model: Any) -> Opened:
    """Take a fitted model apart. Raises `InputError` for what is not ours or not fitted."""
    if isinstance(model, Opened):
        return model
    if isinstance(model, FittedNetwork):
        return _of_network(model)
    if isinstance(model, Replay):
        return replace(_of_estimator(model.model), fitted=model.fitted)
    if isinstance(model, (MLPClassifier, MLPRegressor)):
        return _of_estimator(model)
    if isinstance(model, Predictor):
        raise InputError("a predictor gives answers only; give the model that it was made of")
    raise InputError(
        f"expected a fitted MLPClassifier, MLPRegressor or FittedNetwork, got {type(model).__name__}; "
        f"a model file is opened with pellucid.load(path){module_hint(model)}"
    )


def _of_estimator(model: MLPClassifier | MLPRegressor) -> Opened:
    if not hasattr(model, "parameters_"):
        raise InputError(f"this {type(model).__name__} is not fitted yet; call fit first")
    learned, card = learned_by(model), getattr(model, "card_", None)
    target_name = "y" if card is None else card.target
    return Opened(
        model,
        learned.network,
        learned.training,
        _float64(learned.network, learned.parameters),
        learned.preparation.names,
        learned.preparation.sources,
        learned.names,
        target_name,
        learned.preparation,
        None if learned.classes is None else tuple(learned.classes.tolist()),
        learned.multilabel,
        getattr(model, "label_weights_", None),
        None if learned.classes is None else learned.decision,
        learned.target,
    )


def _of_network(model: FittedNetwork) -> Opened:
    link, outputs = model.training.the_loss.link, model.network.outputs
    several = link == "sigmoid" and outputs > 1
    classes = None if link == "identity" else tuple(range(max(outputs, 2) if not several else outputs))
    names = tuple(f"x{k}" for k in range(model.network.inputs))
    parameters = _float64(model.network, model.parameters)
    return Opened(
        model,
        model.network,
        model.training,
        parameters,
        names,
        names,
        names,
        "y",
        classes=classes,
        multilabel=several,
        fitted=model,
    )


def _float64(network: NetworkSpec, parameters: Parameters) -> Parameters:
    if set(parameters) != set(parameter_shapes(network)):
        raise SpecError(f"the parameters {', '.join(parameters)} are not those of a {network} network")
    return {name: read_only(np.array(parameters[name], dtype=np.float64)) for name in parameter_shapes(network)}
