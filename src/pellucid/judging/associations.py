"""Which columns say much the same: the strength of association of every pair, from 0 to 1.

Each column becomes a few centered numbers: a number or date its ranks, a category one indicator for each level. The
strength of a pair is the square root of the largest adjusted share of the variance of one side that the other explains:
Spearman's |ρ| of two numbers, the correlation ratio of a number and a category, close to Cramér's V of two categories.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from ..data.table import Column, Table

STRONG = 0.7  # half of the variance
MOST_ROWS, MOST_COLUMNS, MOST_LEVELS = 5_000, 60, 30


def strong_pairs(table: Table, least: float = STRONG) -> tuple[tuple[str, str, float], ...]:
    """Pairs of columns with a strength of `least` or more, strongest first; the first 60 columns are looked at."""
    every = -(-len(table) // MOST_ROWS)
    parts = {column.name: _numbers(column.take(slice(None, None, every))) for column in list(table)[:MOST_COLUMNS]}
    found = [(one, other, _strength(parts[one], parts[other])) for one, other in combinations(parts, 2)]
    return tuple(sorted((pair for pair in found if pair[2] >= least), key=lambda pair: -pair[2]))


def _numbers(column: Column) -> np.ndarray:
    """Centered numbers (rows, parts) of unit variance; no parts for a column that never changes."""
    if column.kind == "category":
        levels, counts = np.unique(column.values[~column.missing], return_counts=True)
        kept = levels[np.argsort(-counts, kind="stable")[:MOST_LEVELS]]
        values = (column.values[:, None] == kept[None, :]).astype(np.float64)
    else:
        ranks = np.full(len(column), np.nan)
        present = ~column.missing
        if present.any():
            _, place, counts = np.unique(column.values[present], return_inverse=True, return_counts=True)
            ranks[present] = (np.cumsum(counts) - (counts - 1) / 2)[place]
            ranks[~present] = ranks[present].mean()
        values = np.nan_to_num(ranks)[:, None]
    values = values - values.mean(axis=0)
    scale = values.std(axis=0)
    kept_parts: np.ndarray = values[:, scale > 1e-12] / scale[scale > 1e-12]
    return kept_parts


def _strength(A: np.ndarray, B: np.ndarray) -> float:
    if not A.shape[1] or not B.shape[1]:
        return 0.0
    return float(np.sqrt(max(_explained(A, B), _explained(B, A), 0.0)))


def _explained(A: np.ndarray, B: np.ndarray) -> float:
    """The adjusted share of the variance of A's parts that a linear model on B's explains."""
    rows = len(A)
    basis, sizes, _ = np.linalg.svd(B, full_matrices=False)
    basis = basis[:, sizes > 1e-9 * sizes[0]]
    parameters = basis.shape[1]
    if rows <= parameters + 2:
        return 0.0
    share = float(((basis.T @ A) ** 2).sum() / (A**2).sum())
    return 1 - (1 - share) * (rows - 1) / (rows - 1 - parameters)
