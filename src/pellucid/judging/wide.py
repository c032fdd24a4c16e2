"""Tables with very many columns: what is done less of, so that a run ends while one waits for it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..data.column_findings import MANY_COLUMNS
from ..data.table import Column, Table
from ..records import Finding

# A wide table has more columns than this; rules and trees then look at so many of them.
MOST_LOOKED_AT = MANY_COLUMNS
WIDE_FOLDS = 3
# Trees of a wide table cut each column into so many bins at most, an eighth of the usual, for an eighth of the time.
WIDE_BINS = 32


def is_wide(columns: int) -> bool:
    """Whether a table of so many input columns is wide."""
    return columns > MOST_LOOKED_AT


def promising(table: Table, names: Sequence[str], Y: np.ndarray) -> tuple[str, ...]:
    """The 1,000 of the named columns that go best with Y (rows, outputs) by themselves, in their order.

    All of them where there are no more. Numbers and dates are ranked by the squared correlation, categories by the
    share of the variance between their levels; both corrected for the number of parameters, as adjusted R² is.
    """
    if not is_wide(len(names)):
        return tuple(names)
    centered = Y - Y.mean(axis=0)
    scale = (centered**2).sum(axis=0)
    centered, scale = centered[:, scale > 0], scale[scale > 0]
    scores = np.array([_explained(table[name], centered, scale) for name in names])
    kept = np.sort(np.argsort(-scores, kind="stable")[:MOST_LOOKED_AT])
    return tuple(names[place] for place in kept.tolist())


def wide_finding(columns: int) -> Finding | None:
    """WIDE_TABLE: what was done less of, where a table of so many input columns is wide."""
    if not is_wide(columns):
        return None
    return Finding(
        "WIDE_TABLE",
        "information",
        f"{columns:,} input columns: {WIDE_FOLDS} folds, and the rule and the trees look at the {MOST_LOOKED_AT:,} "
        "columns that go best with the target, chosen on the training rows of each fold",
        "Every fit of so many columns takes long, and most of them tell nothing by themselves",
        "Name the columns that can have to do with the target, or leave others out with --drop",
    )


def _explained(column: Column, centered: np.ndarray, scale: np.ndarray) -> float:
    """The largest adjusted share of the variance of an output (a column of `centered`) that the column explains."""
    rows, missing = len(column), column.missing
    if column.kind == "category":
        codes = np.where(missing, len(column.levels), column.values)
        counts = np.bincount(codes)
        sums = np.stack([np.bincount(codes, weights=output) for output in centered.T], axis=1)
        explained = (sums**2 / np.maximum(counts, 1)[:, None]).sum(axis=0)
        parameters = int((counts > 0).sum())
    else:
        values = np.where(missing, 0, column.values.astype(np.float64))
        present = ~missing
        values = np.where(present, values - values.sum() / max(present.sum(), 1), 0)
        spread = float(values @ values)
        explained = (values @ centered) ** 2 / spread if spread > 0 else np.zeros(len(scale))
        parameters = 2 if spread > 0 else rows
    if parameters >= rows or not len(scale):
        return -np.inf
    return float(np.max(1 - (1 - explained / scale) * (rows - 1) / (rows - parameters)))
