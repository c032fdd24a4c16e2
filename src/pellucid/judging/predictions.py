"""Predictions for the rows of a table, with what should be known about each row."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..data.table import Table


def prediction_columns(model: Any, table: Table) -> dict[str, np.ndarray]:
    """Columns by name, each (rows,): the identifiers, `prediction`, `P(class)` per class, `note`.

    Rows keep their order. A column of the table that bears one of these names is not overwritten: it is left out of
    the identifiers. Raises `ColumnError` when a column that the model needs is missing.
    """
    card = getattr(model, "card_", None)
    predicted: dict[str, np.ndarray] = {}
    if hasattr(model, "classes_"):
        probability = model.predict_proba(table)
        predicted["prediction"] = model.labels_of(probability)
        if not model.multilabel_:
            predicted |= {f"P({label})": probability[:, k] for k, label in enumerate(model.classes_)}
    else:
        predicted["prediction"] = model.predict(table)
    predicted["note"] = row_notes(model.preparation_, table)
    kept = [name for name in (card.identifiers if card else ()) if name in table and name not in predicted]
    return {name: _identifier(table, name) for name in kept} | predicted


def row_notes(preparation: Any, table: Table) -> np.ndarray:
    """What is unusual about each row, "" for most: text (rows,)."""
    notes = np.full(len(table), "", dtype=object)
    for step in preparation.columns:
        for rows, words in step.unusual(table[step.name]):
            notes[rows] = [f"{note}; {words}" if note else words for note in notes[rows]]
    return notes


def _identifier(table: Table, name: str) -> np.ndarray:
    column = table[name]
    if column.kind == "number" and not column.missing.any() and (column.values == np.round(column.values)).all():
        return column.values.astype(np.int64)
    return column.objects()
