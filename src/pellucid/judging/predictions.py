"""Predictions for the rows of a table, with what should be known about each row."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal

import numpy as np

from ..data.days import DateUnit, moments_of
from ..data.table import Table
from ..estimators.prediction_intervals import PredictionIntervals
from .notes import Coded, joined, remarks
from .truth import decide


def prediction_columns(model: Any, table: Table) -> dict[str, np.ndarray]:
    """Columns by name, each (rows,): the identifiers, `prediction`, `P(class)` per class, `note`.

    With a band in which the model is unsure also `unsure`, 1 in such rows (their prediction stands all the same), and
    with prediction intervals `low 80`, `high 80` and so on, by level in percent.

    A model of several labels or several numbers at once has a `prediction` column for each, numbered or named by label.
    Where the target was a date, so are the prediction and the ends of its intervals.

    Rows keep their order. A column of the table that bears one of these names is not overwritten: it is left out of
    the identifiers. Raises `ColumnError` when a column that the model needs is missing.
    """
    predicted = {**predicted_columns(model, table), "note": row_notes(model.preparation_, table)}
    kept = [name for name in identifiers(model, table.names) if name not in predicted]
    arrays = {name: v.array() if isinstance(v, Coded) else v for name, v in predicted.items()}
    return {name: _identifier(table, name) for name in kept} | arrays


def identifiers(model: Any, names: Collection[str]) -> list[str]:
    """The identifier columns of the training table that are among `names`."""
    card = getattr(model, "card_", None)
    return [name for name in (card.identifiers if card else ()) if name in names]


def predicted_columns(model: Any, table: Table) -> dict[str, np.ndarray | Coded]:
    """`prediction`, `P(class)` for each class, `unsure`, and ends of intervals, each (rows,)."""
    if not hasattr(model, "classes_"):
        predicted = model.predict(table)
        numbers = {**_named(predicted), **_ends(model.intervals_, predicted)}
        card = getattr(model, "card_", None)
        return {**(_as_dates(numbers, card.date_unit) if card is not None and card.date_unit else numbers)}
    probability = model.predict_proba(table)
    labels = model.classes_.tolist()
    chances = {f"P({label})": probability[:, k] for k, label in enumerate(labels)}
    if model.multilabel_:
        decided = {f"prediction {label}": (probability[:, k] >= 0.5).astype(int) for k, label in enumerate(labels)}
        return {**decided, **chances}
    decision = model.decision_
    unsure = {"unsure": decision.is_unsure(probability).astype(int)} if decision.unsure else {}
    return {"prediction": Coded(model.classes_, decide(probability, decision)), **unsure, **chances}


def _ends(intervals: PredictionIntervals | None, predicted: np.ndarray) -> dict[str, np.ndarray]:
    """Both ends of every interval around numbers (rows,); none for several numbers at once."""
    if intervals is None or predicted.ndim > 1:
        return {}
    ends: dict[str, np.ndarray] = {}
    for level in intervals.levels:
        ends[f"low {level * 100:g}"], ends[f"high {level * 100:g}"] = intervals.around(predicted, level)
    return ends


def _as_dates(days: dict[str, np.ndarray], unit: DateUnit) -> dict[str, np.ndarray]:
    """Days since 1970-01-01 as dates, the ends of intervals rounded outwards."""
    towards: dict[str, Literal["past", "future"]] = {"low": "past", "high": "future"}
    return {name: moments_of(values, unit, towards.get(name.split()[0], "nearest")) for name, values in days.items()}


def _named(predicted: np.ndarray) -> dict[str, np.ndarray]:
    """One column, or one for each output (rows, outputs)."""
    if predicted.ndim == 1:
        return {"prediction": predicted}
    return {f"prediction {k}": output for k, output in enumerate(predicted.T)}


def row_notes(preparation: Any, table: Table) -> np.ndarray:
    """What is unusual about each row, "" for most: text (rows,)."""
    return joined(len(table), [remark for _, remark in remarks(preparation, table, {})]).array()


def _identifier(table: Table, name: str) -> np.ndarray:
    column = table[name]
    present = ~column.missing
    if column.kind != "number" or (column.values != np.round(column.values))[present].any():
        return column.objects()
    if present.all():
        return column.values.astype(np.int64)
    whole = np.full(len(column), None, dtype=object)
    whole[present] = column.values[present].astype(np.int64).astype(object)
    return whole
