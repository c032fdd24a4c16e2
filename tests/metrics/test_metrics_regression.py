"""RMSE, MAE and R²: against scikit-learn, by hand, and with bad input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import sklearn.metrics as peer
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import metrics
from pellucid.errors import InputError

seeds = st.integers(0, 2**32 - 1)
pairs = [
    (metrics.rmse, peer.root_mean_squared_error),
    (metrics.mae, peer.mean_absolute_error),
    (metrics.r2, peer.r2_score),
]
names = ["rmse", "mae", "r2"]


def test_by_hand() -> None:
    # Errors 1, -1, 2: squares 1, 1, 4, mean 2. Truth 1, 2, 6 has mean 3, squared deviations 4 + 1 + 9 = 14.
    truth, predicted = [1, 2, 6], [0, 3, 4]
    assert metrics.rmse(truth, predicted).value == pytest.approx(2**0.5)
    assert metrics.mae(truth, predicted).value == pytest.approx(4 / 3)
    assert metrics.r2(truth, predicted).value == pytest.approx(1 - 6 / 14)


@pytest.mark.parametrize(("ours", "theirs"), pairs, ids=names)
@given(seed=seeds, rows=st.integers(2, 60), outputs=st.integers(1, 3), scale=st.sampled_from([1e-6, 1.0, 1e6]))
@settings(deadline=None, max_examples=40)
def test_equals_scikit_learn(ours, theirs, seed: int, rows: int, outputs: int, scale: float) -> None:
    rng = np.random.default_rng(seed)
    truth = scale * (rng.normal(size=(rows, outputs)) + 3)
    predicted = truth + scale * rng.normal(size=(rows, outputs))
    weights = rng.random(rows) + 0.01
    if outputs == 1:
        truth, predicted = truth[:, 0], predicted[:, 0]
    assert ours(truth, predicted, draws=100).value == pytest.approx(theirs(truth, predicted), rel=1e-12, abs=1e-12)
    expected = theirs(truth, predicted, sample_weight=weights)
    assert ours(truth, predicted, weights=weights, draws=100).value == pytest.approx(expected, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("ours", [p[0] for p in pairs], ids=names)
def test_perfect_prediction_has_no_interval(ours) -> None:
    score = ours([1.0, 2.0, 4.0], [1.0, 2.0, 4.0])
    assert score.value == (1.0 if ours is metrics.r2 else 0.0)
    assert score.interval is None


def test_several_outputs_are_averaged_and_said() -> None:
    truth = np.array([[1.0, 10.0], [2.0, 30.0], [4.0, 20.0]])
    score = metrics.mae(truth, truth + np.array([1.0, 3.0]))
    assert score.value == 2.0
    assert score.detail == "mean over 2 outputs; no interval: 3 rows, and 5 are needed"


def test_constant_target_follows_scikit_learn_and_says_so() -> None:
    for predicted in ([2.0, 2.0, 2.0], [2.0, 2.0, 1.0]):
        score = metrics.r2([2.0, 2.0, 2.0], predicted)
        assert score.value == peer.r2_score([2.0, 2.0, 2.0], predicted)
        assert "the target is constant" in score.detail
    truth = np.array([[2.0, 1.0], [2.0, 2.0], [2.0, 4.0]])
    score = metrics.r2(truth, truth + 0.5)
    assert score.value == pytest.approx(peer.r2_score(truth, truth + 0.5))
    assert "1 of 2 outputs" in score.detail
    assert metrics.r2([0.0, 1e-200], [0.0, 0.0]).value == 0.0


@pytest.mark.parametrize("rows", [200, 20_500])
def test_the_mean_scores_zero_and_its_interval_holds_zero(rows: int) -> None:
    truth = np.random.default_rng(0).normal(size=rows)
    score = metrics.r2(truth, np.full(rows, truth.mean()))
    assert score.value == pytest.approx(0, abs=1e-15)
    assert score.interval is not None
    assert score.interval.low < -0.5 / rows
    assert "percentiles" in score.interval.method
    assert score.interval.high == pytest.approx(0, abs=1e-12)


def test_directions_and_names() -> None:
    scores = [pair[0]([1.0, 2.0, 3.0], [1.0, 2.0, 4.0]) for pair in pairs]
    assert [(s.name, s.higher_is_better, s.rows) for s in scores] == [
        ("RMSE", False, 3),
        ("MAE", False, 3),
        ("R²", True, 3),
    ]


def test_one_row() -> None:
    score = metrics.rmse([1.0], [3.0])
    assert (score.value, score.interval) == (2.0, None)
    with pytest.raises(InputError, match="at least two rows"):
        metrics.r2([1.0], [3.0])


@pytest.mark.parametrize("ours", [p[0] for p in pairs], ids=names)
@pytest.mark.parametrize(
    ("truth", "predicted", "words"),
    [
        ([1.0, np.nan], [1.0, 2.0], "truth should be finite numbers; row 1 is nan"),
        ([1.0, 2.0], [1.0, np.inf], "predicted should be finite numbers; row 1 is inf"),
        ([[1.0, 2.0], [1.0, np.nan]], np.ones((2, 2)), "row 1 is nan"),
        ([1.0, 2.0], [1.0], "truth has 2 rows and predicted has 1"),
        (np.ones((3, 2)), np.ones(3), "truth has 2 outputs and predicted has 1"),
        (np.ones((3, 2, 1)), np.ones(3), "shape"),
        ([], [], "is empty"),
        (["a", "b"], [1.0, 2.0], "truth should be numbers"),
        ([1e200, 1.0], [1.0, 1.0], "rescale the target"),
    ],
)
def test_bad_input(ours, truth: object, predicted: object, words: str) -> None:
    with pytest.raises(InputError, match=words):
        ours(truth, predicted)


def test_text_that_reads_as_numbers_is_refused() -> None:
    with pytest.raises(InputError, match="should be numbers"):
        metrics.rmse(["1", "2"], [1, 2])
    with pytest.raises(InputError, match="holds '2'"):
        metrics.rmse(np.array([1, "2"], dtype=object), [1, 2])


def test_nullable_series() -> None:
    assert metrics.mae(pd.Series([1, 2], dtype="Int64"), np.array([2, 4], dtype=object)).value == 1.5
    with pytest.raises(InputError, match="truth should be finite numbers; row 1 is nan"):
        metrics.mae(pd.Series([1, None], dtype="Int64"), [2, 4])
