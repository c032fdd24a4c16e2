"""Predictions for the rows of a table, with what should be known about each row."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..data.table import Table
from ..preprocessing.unusual import unusual
from .truth import decide


def prediction_columns(model: Any, table: Table) -> dict[str, np.ndarray]:
    """Columns by name, each (rows,): the identifiers, `prediction`, `P(class)` per class, `note`.

    A model of several labels or several numbers at once has a `prediction` column for each, numbered or named by label.
    Rows keep their order. A column of the table that bears one of these names is not overwritten: it is left out of
    the identifiers. Raises `ColumnError` when a column that the model needs is missing.
    """
    card = getattr(model, "card_", None)
    predicted = _class_columns(model, table) if hasattr(model, "classes_") else _named(model.predict(table))
    predicted["note"] = row_notes(model.preparation_, table)
    kept = [name for name in (card.identifiers if card else ()) if name in table and name not in predicted]
    return {name: _identifier(table, name) for name in kept} | predicted


def _class_columns(model: Any, table: Table) -> dict[str, np.ndarray]:
    probability = model.predict_proba(table)
    labels = model.classes_.tolist()
    if model.multilabel_:
        predicted = {f"prediction {label}": (probability[:, k] >= 0.5).astype(int) for k, label in enumerate(labels)}
    else:
        predicted = {"prediction": model.classes_[decide(probability)]}
    return predicted | {f"P({label})": probability[:, k] for k, label in enumerate(labels)}


def _named(predicted: np.ndarray) -> dict[str, np.ndarray]:
    """One column, or one for each output (rows, outputs)."""
    if predicted.ndim == 1:
        return {"prediction": predicted}
    return {f"prediction {k}": output for k, output in enumerate(predicted.T)}


def row_notes(preparation: Any, table: Table) -> np.ndarray:
    """What is unusual about each row, "" for most: text (rows,)."""
    notes = np.full(len(table), "", dtype=object)
    for step in preparation.columns:
        for rows, words in unusual(step, table[step.name]):
            notes[rows] = [f"{note}; {word}" if note else word for note, word in zip(notes[rows], words[rows])]
    return notes


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
