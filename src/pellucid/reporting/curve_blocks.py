"""The part of a page that one slider moves: counts at every threshold as data, and the figures at the first one."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..judging.expected_cost import cost_of_counts
from ..judging.scored_curves import ClassCurves, ScoredCurves
from ..judging.threshold_rules import Costs
from ..metrics.cells import Cells
from ..metrics.classification import ConfusionCounts
from ..metrics.decision_scores import (
    balanced_accuracy_of,
    f_beta_of,
    mcc_of,
    precision_of,
    recall_of,
    specificity_of,
)
from ..metrics.few_rows import ENOUGH_ROWS, FEWEST_ROWS, MEASURED
from ..metrics.intervals import wilson
from ..records import Interval, Score, counted, figure, percent, rounded
from .figures import class_figures

LEVEL = 0.95


def curve_blocks(curves: ScoredCurves, labels: Sequence[Any] = (), costs: Costs | None = None) -> list[dict[str, Any]]:
    """One block for each class that has curves; of two `labels` the other one is named, and answers may have costs."""
    return [_block(one, f"class{place}", _other(one.label, labels), costs) for place, one in enumerate(curves.classes)]


def _other(label: str, labels: Sequence[Any]) -> str:
    """What is not of the class."""
    others = [str(one) for one in labels if str(one) != label]
    return others[0] if len(labels) == 2 and len(others) == 1 else "other"


def _block(curves: ClassCurves, name: str, other: str, costs: Costs | None) -> dict[str, Any]:
    steps, start = curves.steps, start_step(curves)
    return {
        "id": name,
        "label": curves.label,
        "name": curves.label,
        "other": other,
        "last": len(steps.thresholds) - 1,
        "start": len(steps.thresholds) - 1 - start,
        "start_text": rounded(steps.thresholds[start]),
        "now": _now(curves, start, costs),
        "few": _few(curves, other),
        "costs": costs.in_words() if costs else "",
        "data": _data(curves, costs),
        "figures": class_figures(curves, f"{name}-"),
    }


def _few(curves: ClassCurves, other: str) -> str:
    """Why some scores have no interval at any threshold, or how often such held; empty from 10 rows of both on."""
    rows, label = min((curves.steps.positives, curves.label), (curves.steps.negatives, other))
    if rows >= ENOUGH_ROWS:
        return ""
    if rows >= FEWEST_ROWS:
        held = ", ".join(f"{name} in {MEASURED[name]:.0%}" for name in ("balanced accuracy", "F1", "MCC"))
        return f"{counted(int(rows), 'row')} of {label}: such intervals held the true value of {held} of simulations."
    return (
        f"Balanced accuracy, F1 and MCC have no interval: {counted(int(rows), 'row')} of {label}, and {FEWEST_ROWS} "
        "are needed."
    )


def start_step(curves: ClassCurves) -> int:
    """The place of the threshold that the page begins with, the model's own."""
    return int(np.abs(curves.steps.thresholds - curves.threshold).argmin())


def _data(curves: ClassCurves, costs: Costs | None) -> str:
    """Thresholds from 0 upwards with their counts, as JSON that cannot end the element around it."""
    steps = curves.steps
    data = {
        "thresholds": steps.thresholds[::-1].tolist(),
        "tp": _whole(steps.tp[::-1]),
        "fp": _whole(steps.fp[::-1]),
        "positives": int(steps.positives),
        "negatives": int(steps.negatives),
        "fewest": FEWEST_ROWS,
        "costs": costs.to_dict() if costs else None,
    }
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")


def _whole(counts: np.ndarray) -> list[int]:
    return counts.astype(np.int64).tolist()


def _now(curves: ClassCurves, step: int, costs: Costs | None) -> dict[str, Any]:
    """What the script shows at the threshold of place `step`."""
    steps = curves.steps
    tp, fp, fn, tn = (int(getattr(steps, name)[step]) for name in ("tp", "fp", "fn", "tn"))
    counts = np.array([[tn, fp], [fn, tp]])
    weight = counts.astype(np.float64)
    cells = Cells((False, True), weight, weight, counts)
    rows = int(counts.sum())
    scores = {
        "accuracy": Score("accuracy", (tp + tn) / rows, wilson(tp + tn, rows), rows),
        "balanced": balanced_accuracy_of(cells, LEVEL),
        "precision": precision_of(cells, 1, LEVEL),
        "recall": recall_of(cells, 1, LEVEL),
        "specificity": specificity_of(cells, 1, LEVEL),
        "f1": f_beta_of(cells, 1, 1.0, LEVEL),
        "mcc": mcc_of(cells, LEVEL),
    }
    told = {name: (rounded if name in ("f1", "mcc") else percent) for name in scores}
    if costs is not None:
        scores["cost"] = cost_of_counts(costs.matrix, ConfusionCounts(("other", curves.label), counts))
        told["cost"] = figure
    now: dict[str, Any] = {name: told[name](score.value) for name, score in scores.items()}
    now |= {"tp": f"{tp:,}", "fp": f"{fp:,}", "fn": f"{fn:,}", "tn": f"{tn:,}"}
    if not tp + fp:
        now["precision"] = percent(math.nan)
    return {**now, "intervals": {name: _interval(score.interval, told[name]) for name, score in scores.items()}}


def _interval(interval: Interval | None, told: Callable[[float], str]) -> str:
    return f"{told(interval.low)} to {told(interval.high)}" if interval else ""
