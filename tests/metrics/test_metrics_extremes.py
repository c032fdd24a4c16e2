"""Whatever the rows: no NaN, no warning, and every interval holds its value and stays where the score can lie."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import metrics
from pellucid.records import Score

seeds = st.integers(0, 2**32 - 1)
LOWEST = {"MCC": -1.0, "log loss skill": -math.inf, "Brier skill": -math.inf, "R²": -math.inf}
UNBOUNDED = ("log loss", "RMSE", "MAE", "median absolute error", "pinball loss at 0.9")


def sound(score: Score) -> None:
    highest = math.inf if score.name in UNBOUNDED else 2.0 if score.name == "Brier score" else 1.0
    slack = 1e-9 * max(1.0, abs(score.value))
    assert math.isfinite(score.value), score
    assert LOWEST.get(score.name, 0.0) - slack <= score.value <= highest + slack, score
    if score.interval is None:
        return
    assert not math.isnan(score.interval.low), score
    assert not math.isnan(score.interval.high), score
    assert LOWEST.get(score.name, 0.0) - slack <= score.interval.low <= score.value + slack, score
    assert score.value - slack <= score.interval.high <= highest + slack, score


@given(
    seeds, st.integers(1, 40), st.integers(2, 4), st.sampled_from(["ties", "sure", "float32", "same"]), st.booleans()
)
@settings(deadline=None, max_examples=150)
def test_classes(seed: int, rows: int, classes: int, kind: str, weighted: bool) -> None:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, classes, rows)
    if kind == "sure":
        chances = np.eye(classes)[rng.integers(0, classes, rows)]
    elif kind == "same":
        chances = np.full((rows, classes), 1 / classes)
    else:
        raw = rng.integers(1, 4, (rows, classes)) + (rng.random((rows, classes)) if kind == "float32" else 0)
        chances = raw / raw.sum(axis=1, keepdims=True)
    weights = rng.integers(0, 3, rows) * 10.0 ** rng.integers(-8, 8) if weighted else None
    if weights is not None:
        weights[0] = 1.0
    given_to = chances.astype(np.float32) if kind == "float32" else chances
    for score in metrics.score_classes(truth, given_to, weights=weights, draws=100):
        sound(score)
    guess = chances.argmax(axis=1)
    table = metrics.tabulate_classes(truth, guess, range(classes), weights=weights)
    for score in (*table.averages, *(s for one in table.classes for s in (one.precision, one.recall, one.f1))):
        sound(score)


@given(seeds, st.integers(1, 40), st.sampled_from([1e-90, 1e-8, 1.0, 1e8, 1e90]), st.booleans(), st.booleans())
@settings(deadline=None, max_examples=150)
def test_numbers(seed: int, rows: int, scale: float, coarse: bool, weighted: bool) -> None:
    rng = np.random.default_rng(seed)
    truth, error = rng.normal(size=rows), rng.standard_cauchy(size=rows)
    if coarse:
        truth, error = truth.round(), error.round()
    weights = rng.integers(0, 3, rows) * 1.0 if weighted else None
    if weights is not None:
        weights[0] = 1.0
    for score in metrics.score_numbers(truth * scale, (truth + error) * scale, weights=weights, draws=100):
        sound(score)
    sound(metrics.pinball(truth * scale, (truth + error) * scale, 0.9, weights=weights, draws=100))


@given(seeds, st.integers(15, 60))
@settings(deadline=None, max_examples=25)
def test_scale_of_weights_and_of_the_target_changes_nothing(seed: int, rows: int) -> None:
    rng = np.random.default_rng(seed)
    truth, weights = rng.normal(size=rows), rng.random(rows) + 0.1
    guess = truth + rng.normal(size=rows)
    one = metrics.score_numbers(truth, guess, weights=weights, draws=100)
    other = metrics.score_numbers(truth * 1e6, guess * 1e6, weights=weights * 1e-4, draws=100)
    for a, b in zip(one, other):
        factor = 1 if a.name == "R²" else 1e6
        assert abs(b.value - a.value * factor) <= 1e-9 * factor * abs(a.value)
        assert abs(b.interval.low - a.interval.low * factor) <= 1e-6 * factor * abs(a.interval.low)
        assert abs(b.interval.high - a.interval.high * factor) <= 1e-6 * factor * abs(a.interval.high)
