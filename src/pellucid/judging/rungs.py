"""The rungs of the ladder: what each one is and how it is fitted on given rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..data.table import Table
from ..metrics.ranks import area
from ..nn.optimizers import Adam
from ..nn.schedules import Cosine
from ..spec import EarlyStopping
from .rules import Rule, best_rule, constant_rule
from .truth import Truth, decide
from .wide import WIDE_BINS, is_wide, promising

if TYPE_CHECKING:
    from ..estimators.classifier import MLPClassifier
    from ..estimators.regressor import MLPRegressor

RungKind = Literal["constant", "rule", "network", "trees"]
PATIENCE = 10
# Four times Adam's usual rate, falling along a cosine to 0: measured against constant rates of 0.001 and 0.003 on five
# tables it is as good or better on each, in fewer epochs (docs/decisions.md).
PEAK_RATE = 0.004
MOST_BINS = 255


@dataclass(frozen=True)
class RungPlan:
    """One rung: its name, what it is, and the hidden layers where it is a network."""

    name: str
    kind: RungKind
    hidden: tuple[int, ...] = ()


@dataclass(frozen=True)
class Knobs:
    """What all networks of a ladder share."""

    epochs: int
    engine: str
    network_inputs: tuple[str, ...]
    rule_inputs: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class FittedRung:
    """A rung other than a network that has learned from some rows."""

    predict: Callable[[Table], np.ndarray]
    rule: Rule | None = None


def plan_rungs(hidden: tuple[int, ...], task: str) -> tuple[RungPlan, ...]:
    """The ladder from below: constant, rule, linear, one hidden layer, deep; the trees stand beside it."""
    linear = "linear network" if task == "regression" else "logistic network"
    plans = [
        RungPlan("mean" if task == "regression" else "majority class", "constant"),
        RungPlan("best single-column rule", "rule"),
        RungPlan(linear, "network"),
    ]
    if hidden:
        plans.append(RungPlan("one hidden layer", "network", hidden[:1]))
    if len(hidden) > 1:
        plans.append(RungPlan("deep network", "network", hidden))
    return (*plans, RungPlan("boosted trees", "trees"))


def fit_simple(plan: RungPlan, table: Table, truth: Truth, knobs: Knobs, seed: int) -> FittedRung:
    """Fit the constant, the rule or the trees on these rows.

    Its `predict(table)` gives probabilities (rows, classes) or numbers (rows,).
    """
    if plan.kind == "trees":
        return FittedRung(_fit_trees(table.select(list(knobs.network_inputs)), truth, seed))
    Y = _as_columns(truth)
    looked_at = promising(table, knobs.rule_inputs, Y)
    rule = constant_rule(Y) if plan.kind == "constant" else best_rule(table, looked_at, Y)

    def by_rule(rows: Table) -> np.ndarray:
        predicted = rule.predict(rows)
        return predicted if truth.is_classes else predicted[:, 0]

    return FittedRung(by_rule, rule)


def base_of(truth: Truth) -> np.ndarray:
    """What the constant predicts for every row: class shares (classes,), or the mean (1,)."""
    return constant_rule(_as_columns(truth)).otherwise


def _as_columns(truth: Truth) -> np.ndarray:
    """One-hot classes (rows, classes), or numbers (rows, 1)."""
    return np.eye(len(truth.labels))[truth.values] if truth.is_classes else truth.values[:, None]


def make_network(
    plan: RungPlan, truth: Truth, epochs: int, engine: str, seed: int, stops_early: bool
) -> MLPClassifier | MLPRegressor:
    """The unfitted estimator of a network rung."""
    from ..estimators.classifier import MLPClassifier
    from ..estimators.regressor import MLPRegressor

    kind = MLPClassifier if truth.is_classes else MLPRegressor
    return kind(
        hidden_layer_sizes=plan.hidden,
        # Without hidden layers the loss is a bowl, and L-BFGS walks to its bottom in a few dozen steps.
        optimizer=Adam(schedule=Cosine()) if plan.hidden else "lbfgs",
        learning_rate=PEAK_RATE if plan.hidden else "auto",
        epochs=epochs,
        early_stopping=EarlyStopping(patience=PATIENCE) if stops_early else False,
        engine=engine if plan.hidden else "auto",  # which finds the engine that runs L-BFGS
        random_state=seed,
    )


def all_classes(probability: np.ndarray, present: np.ndarray, truth: Truth) -> np.ndarray:
    """Probabilities (rows, classes) for all classes of `truth` from those of the classes `present` in its rows.

    A class that no training row of a fold had gets what Laplace's rule gives it, 1 / (rows + classes), as in the rules
    that networks and trees are compared with.
    """
    classes = len(truth.labels)
    if len(present) == classes:
        return probability
    least = 1 / (len(truth.values) + classes)
    full = np.full((len(probability), classes), least)
    full[:, present] = probability * (1 - least * (classes - len(present)))
    return full


def _fit_trees(table: Table, truth: Truth, seed: int) -> Any:
    """scikit-learn's histogram gradient boosting with its defaults; it takes categories and gaps as they are."""
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    names = [name for name in promising(table, table.names, _as_columns(truth)) if not table[name].missing.all()]
    bins = WIDE_BINS if is_wide(len(table.names)) else MOST_BINS
    categories = [table[n].kind == "category" and len(table[n].levels) < bins for n in names]
    kind = HistGradientBoostingClassifier if truth.is_classes else HistGradientBoostingRegressor
    # On large tables it holds rows out to stop early, which it can do only where every class has two rows.
    lonely = truth.is_classes and 1 in np.bincount(truth.values)
    stopping: bool | str = False if lonely else "auto"
    trees = kind(categorical_features=categories, random_state=seed, early_stopping=stopping, max_bins=bins)
    trees.fit(_tree_matrix(table.select(names)), truth.values)

    def by_trees(rows: Table) -> np.ndarray:
        matrix = _tree_matrix(rows.select(names))
        if not truth.is_classes:
            predicted: np.ndarray = trees.predict(matrix)
            return predicted
        return all_classes(trees.predict_proba(matrix), trees.classes_, truth)

    return by_trees


def _tree_matrix(table: Table) -> np.ndarray:
    columns = []
    for column in table:
        if column.kind == "date":
            values = column.values.astype("datetime64[us]").astype(np.float64)
        else:
            values = column.values.astype(np.float64)
        columns.append(np.where(column.missing, np.nan, values))
    return np.column_stack(columns)


def fold_scores(truth: Truth, predicted: np.ndarray) -> dict[str, float]:
    """The figures of one fold: log loss, accuracy, AUC (two classes); or RMSE, R². No AUC and R² of rows all alike."""
    if not truth.is_classes:
        squared = float(((truth.values - predicted) ** 2).mean())
        spread = float(truth.values.var())
        return {"RMSE": float(np.sqrt(squared)), **({"R²": 1 - squared / spread} if spread > 0 else {})}
    chosen = np.clip(predicted[np.arange(len(predicted)), truth.values], np.finfo(np.float64).eps, 1)
    hits = decide(predicted) == truth.values
    scores = {"log loss": float(-np.log(chosen).mean()), "accuracy": float(hits.mean())}
    if len(truth.labels) == 2 and 0 < truth.values.mean() < 1:
        scores["AUC"] = area(truth.values == 1, predicted[:, 1], np.ones(len(predicted))).value
    return scores
