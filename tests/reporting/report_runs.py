"""Small runs that reports are written of, with names that would like to be markup."""

from __future__ import annotations

from typing import Any

import numpy as np

import pellucid

HOSTILE = '</script><script>alert("x")</script>'


def hostile_table(rows: int = 160, seed: int = 0) -> dict[str, Any]:
    """Columns and levels with tags in their names, a level on two rows, and an identifier."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=rows)
    level = rng.choice(["<b>bold</b>", "a & b", "{{ 7 * 7 }}"], rows).astype(object)
    level[:2] = "Rarely<seen>"
    return {
        "key": [f"Secret{k}" for k in range(rows)],
        f"<img src=x> {HOSTILE}": x,
        "group": level,
        "y$": np.where(x + rng.normal(size=rows) > 0, HOSTILE, "no"),
    }


def hostile_run() -> Any:
    """A short run on that table."""
    return pellucid.climb(hostile_table(), "y$", epochs=2, hidden=[3], max_seconds=0.01)


def decided_run() -> Any:
    """The same, with a threshold chosen by costs and an unsure band."""
    plan = pellucid.DecisionPlan(threshold={"fp": 1, "fn": 5}, unsure=0.2)
    return pellucid.climb(hostile_table(400, seed=3), "y$", epochs=8, hidden=[3], decisions=plan, max_seconds=0.01)


def number_run() -> Any:
    """A short run that predicts a number."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=200)
    table = {"size": x, "price": np.exp(11 + x + 0.3 * rng.normal(size=200))}
    return pellucid.climb(table, "price", epochs=3, hidden=[3], max_seconds=0.01)


def class_run(classes: int = 9) -> Any:
    """A short run with more classes than have curves."""
    rng = np.random.default_rng(2)
    kind = rng.integers(0, classes, 450)
    table = {"x": kind + rng.normal(size=450), "z": rng.normal(size=450), "kind": np.array([f"c{k}" for k in kind])}
    return pellucid.climb(table, "kind", epochs=3, hidden=[4], max_seconds=0.01)
