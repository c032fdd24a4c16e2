"""The part of a page that one slider moves: counts at every threshold as data, and the figures at the first one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..judging.scored_curves import ClassCurves, ScoredCurves
from ..metrics.intervals import wilson
from ..records import percent
from .figures import class_figures, rounded


def curve_blocks(curves: ScoredCurves, labels: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """One block for each class that has curves; of two `labels` the other one is named."""
    return [_block(one, f"class{place}", _other(one.label, labels)) for place, one in enumerate(curves.classes)]


def _other(label: str, labels: Sequence[Any]) -> str:
    """What is not of the class."""
    others = [str(one) for one in labels if str(one) != label]
    return others[0] if len(labels) == 2 and len(others) == 1 else "other"


def _block(curves: ClassCurves, name: str, other: str) -> dict[str, Any]:
    steps, start = curves.steps, start_step(curves)
    return {
        "id": name,
        "label": curves.label,
        "name": curves.label,
        "other": other,
        "last": len(steps.thresholds) - 1,
        "start": len(steps.thresholds) - 1 - start,
        "start_text": rounded(steps.thresholds[start]),
        "now": _now(curves, start),
        "data": _data(curves),
        "figures": class_figures(curves, f"{name}-"),
    }


def start_step(curves: ClassCurves) -> int:
    """The place of the threshold that the page begins with, the model's own."""
    return int(np.abs(curves.steps.thresholds - curves.threshold).argmin())


def _data(curves: ClassCurves) -> str:
    """Thresholds from 0 upwards with their counts, as JSON that cannot end the element around it."""
    steps = curves.steps
    data = {
        "thresholds": steps.thresholds[::-1].tolist(),
        "tp": _whole(steps.tp[::-1]),
        "fp": _whole(steps.fp[::-1]),
        "positives": int(steps.positives),
        "negatives": int(steps.negatives),
    }
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")


def _whole(counts: np.ndarray) -> list[int]:
    return counts.astype(np.int64).tolist()


def _now(curves: ClassCurves, step: int) -> dict[str, Any]:
    """What the script shows at the threshold of place `step`."""
    steps = curves.steps
    counts = {name: int(getattr(steps, name)[step]) for name in ("tp", "fp", "fn", "tn")}
    right, called = counts["tp"] + counts["tn"], counts["tp"] + counts["fp"]
    hits = {
        "accuracy": (right, int(steps.positives + steps.negatives)),
        "precision": (counts["tp"], called),
        "recall": (counts["tp"], int(steps.positives)),
        "specificity": (counts["tn"], int(steps.negatives)),
    }
    return {
        **{name: f"{count:,}" for name, count in counts.items()},
        **{name: percent(of[0] / of[1]) if of[1] else "–" for name, of in hits.items()},
        "f1": rounded(steps.f1[step]),
        "mcc": rounded(steps.mcc[step]),
        "intervals": {name: _interval(*of) for name, of in hits.items()},
    }


def _interval(hits: int, rows: int) -> str:
    if not rows:
        return ""
    interval = wilson(hits, rows)
    return f"{percent(interval.low)} to {percent(interval.high)}"
