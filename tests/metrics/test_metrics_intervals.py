"""Intervals: by hand, by simulated coverage, and the same whatever the route."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import metrics
from pellucid.errors import InputError, ShapeError
from pellucid.records import Interval


def mean_of(sums: np.ndarray) -> np.ndarray:
    return sums[:, 1] / sums[:, 0]


def mean_terms(values: np.ndarray) -> np.ndarray:
    return np.stack([np.ones_like(values), values])


class TestWilson:
    def test_by_hand(self) -> None:
        # 141 of 178: z = 1.959964, z² = 3.841459, p = 0.792135.
        # Center (141 + 1.920729) / 181.841459 = 0.785963.
        # Half 1.959964 / 181.841459 · √(178 · 0.792135 · 0.207865 + 0.960365) = 0.010778 · √30.269354 = 0.059300.
        interval = metrics.wilson(141, 178)
        assert interval.low == pytest.approx(0.726663, abs=2e-6)
        assert interval.high == pytest.approx(0.845263, abs=2e-6)
        assert interval.method == "Wilson"
        assert interval.level == 0.95

    @given(st.integers(1, 500), st.integers(0, 500), st.floats(0.5, 0.999))
    @settings(deadline=None)
    def test_solves_its_equation(self, rows: int, successes: int, level: float) -> None:
        """The ends are where the share lies z standard errors away, the standard error being taken at the end."""
        successes = min(successes, rows)
        interval = metrics.wilson(successes, rows, level)
        share, z = successes / rows, NormalDist().inv_cdf((1 + level) / 2)
        assert 0 <= interval.low <= share <= interval.high <= 1
        distances = []
        for end in (interval.low, interval.high):
            if 0 < end < 1:
                distances.append(abs(share - end) / math.sqrt(end * (1 - end) / rows))
        wider = metrics.wilson(successes, rows, (1 + level) / 2)
        assert wider.low <= interval.low
        assert wider.high >= interval.high
        assert distances == pytest.approx([z] * len(distances), rel=1e-6)

    def test_all_and_none(self) -> None:
        # 10 of 10: the lower end is 10 / (10 + z²) = 0.722467.
        assert metrics.wilson(10, 10).high == 1.0
        assert metrics.wilson(10, 10).low == pytest.approx(0.722467, abs=1e-6)
        assert metrics.wilson(0, 10).low == 0.0
        assert metrics.wilson(0, 10).high == pytest.approx(1 - 0.722467, abs=1e-6)

    @pytest.mark.parametrize("share", [0.05, 0.3, 0.8, 0.97])
    def test_covers(self, share: float) -> None:
        successes = np.random.default_rng(0).binomial(50, share, size=2000)
        covered = [i.low <= share <= i.high for i in (metrics.wilson(int(s), 50) for s in successes)]
        assert np.mean(covered) >= 0.92

    @pytest.mark.parametrize(("successes", "rows"), [(1, 0), (-1, 5), (6, 5), (float("nan"), 5), (0, 0)])
    def test_bad_input(self, successes: float, rows: float) -> None:
        with pytest.raises(InputError, match="expected 0 ≤ successes ≤ rows"):
            metrics.wilson(successes, rows)


class TestBootstrap:
    def test_near_the_textbook_interval_of_a_mean(self) -> None:
        values = np.random.default_rng(1).normal(5, 2, size=400)
        interval = metrics.bootstrap(mean_of, mean_terms(values), draws=4000)
        assert interval is not None
        half = 1.959964 * values.std() / 20
        assert interval.low == pytest.approx(values.mean() - half, abs=0.02)
        assert interval.high == pytest.approx(values.mean() + half, abs=0.02)
        assert "BCa of 4,000 draws" in interval.method

    def test_same_seed_same_bits(self) -> None:
        terms = mean_terms(np.random.default_rng(2).exponential(size=300))
        assert metrics.bootstrap(mean_of, terms, seed=4) == metrics.bootstrap(mean_of, terms, seed=4)
        assert metrics.bootstrap(mean_of, terms, seed=4) != metrics.bootstrap(mean_of, terms, seed=5)

    def test_leaves_the_global_generator_alone(self) -> None:
        before = np.random.get_state()[1].copy()  # noqa: NPY002
        metrics.bootstrap(mean_of, mean_terms(np.arange(50.0)))
        assert np.array_equal(before, np.random.get_state()[1])  # noqa: NPY002

    def test_above_twenty_thousand_rows_it_is_normal(self) -> None:
        values = np.random.default_rng(3).exponential(size=20_001)
        interval = metrics.bootstrap(mean_of, mean_terms(values))
        assert interval is not None
        half = 1.959963984540054 * values.std() / math.sqrt(20_001)
        assert interval.low == pytest.approx(values.mean() - half, rel=1e-6)
        assert interval.high == pytest.approx(values.mean() + half, rel=1e-6)
        assert interval.method == "normal, by the influence function"

    def test_both_routes_agree_at_the_border(self) -> None:
        rng = np.random.default_rng(4)
        truth = rng.normal(size=20_001)
        predicted = truth + rng.normal(size=20_001) * rng.exponential(size=20_001)
        for metric in (metrics.rmse, metrics.mae, metrics.r2):
            below, above = metric(truth[:-1], predicted[:-1]).interval, metric(truth, predicted).interval
            assert below.method != above.method
            assert below.half_width == pytest.approx(above.half_width, rel=0.08)
            assert below.low == pytest.approx(above.low, abs=0.2 * above.half_width)

    def test_a_skewed_mean_leans_to_the_long_tail(self) -> None:
        values = np.random.default_rng(5).lognormal(size=60)
        interval = metrics.bootstrap(mean_of, mean_terms(values), draws=4000)
        assert interval is not None
        assert interval.high - values.mean() > 1.1 * (values.mean() - interval.low)

    @pytest.mark.parametrize(("metric", "truth"), [(metrics.rmse, 1.0), (metrics.mae, math.sqrt(2 / math.pi))])
    def test_covers(self, metric, truth: float) -> None:
        """Errors drawn from the standard normal distribution: RMSE 1, MAE √(2/π)."""
        rng = np.random.default_rng(6)
        hits = 0
        for seed in range(400):
            interval = metric(np.zeros(60), rng.normal(size=60), draws=300, seed=seed).interval
            hits += interval.low <= truth <= interval.high
        assert hits / 400 >= 0.90

    def test_nothing_to_tell(self) -> None:
        assert metrics.bootstrap(mean_of, mean_terms(np.array([3.0]))) is None
        assert metrics.bootstrap(mean_of, mean_terms(np.full(30, 3.0))) is None
        assert metrics.bootstrap(mean_of, mean_terms(np.full(30_000, 3.0))) is None

    def test_bad_input(self) -> None:
        with pytest.raises(ShapeError, match=r"\(kinds, rows\)"):
            metrics.bootstrap(mean_of, np.ones(5))
        with pytest.raises(ShapeError, match="at least one row"):
            metrics.bootstrap(mean_of, np.ones((2, 0)))
        with pytest.raises(InputError, match="at least 100"):
            metrics.bootstrap(mean_of, np.ones((2, 5)), draws=10)


class TestAreaIntervals:
    def test_newcombe_solves_its_equation(self) -> None:
        auc, m, n = 0.87, 13, 29
        interval = metrics.newcombe(auc, m, n)
        mean_rows = (m + n) / 2 - 1
        for end in (interval.low, interval.high):
            variance = end * (1 - end) * (1 + mean_rows * ((1 - end) / (2 - end) + end / (1 + end))) / (m * n)
            assert abs(auc - end) == pytest.approx(1.959963984540054 * math.sqrt(variance))

    def test_newcombe_mirrors(self) -> None:
        one, other = metrics.newcombe(0.2, 8, 5), metrics.newcombe(0.8, 5, 8)
        assert one.low == pytest.approx(1 - other.high)
        assert one.high == pytest.approx(1 - other.low)

    @pytest.mark.parametrize(("positives", "shift", "area"), [(20, 1.0, 0.7602), (60, 2.0, 0.9214)])
    def test_covers(self, positives: int, shift: float, area: float) -> None:
        """Normal scores `shift` apart: the area is Φ(shift / √2)."""
        rng = np.random.default_rng(7)
        truth = np.repeat([1, 0], [positives, 80])
        hits = 0
        for _ in range(600):
            interval = metrics.roc_auc(truth, rng.normal(size=len(truth)) + shift * truth).interval
            hits += interval.low <= area <= interval.high
        assert hits / 600 >= 0.92

    def test_macro_interval_covers(self) -> None:
        """Three classes, each with its own score one higher than the rest: every area is Φ(1 / √2)."""
        rng = np.random.default_rng(8)
        truth = np.repeat([0, 1, 2], [20, 30, 40])
        hits = 0
        for _ in range(400):
            interval = metrics.roc_auc(truth, rng.normal(size=(90, 3)) + np.eye(3)[truth]).interval
            hits += interval.low <= 0.7602 <= interval.high
        assert 0.92 <= hits / 400 <= 0.99

    @pytest.mark.parametrize("bad", [lambda: metrics.newcombe(1.2, 3, 4), lambda: metrics.newcombe(0.5, 0, 4)])
    def test_bad_newcombe(self, bad) -> None:
        with pytest.raises(InputError, match=r"area in \[0, 1\]"):
            bad()

    @pytest.mark.parametrize(("auc", "variance"), [(1.0, 0.1), (0.5, 0.0)])
    def test_bad_delong(self, auc: float, variance: float) -> None:
        with pytest.raises(InputError, match="variance above 0"):
            metrics.delong(auc, variance)


def test_intervals_are_plain_records() -> None:
    interval = metrics.wilson(1, 4)
    assert isinstance(interval, Interval)
    assert set(interval.to_dict()) == {"low", "high", "level", "method", "coverage"}


def test_every_public_name_is_there_and_a_wrong_one_is_not() -> None:
    assert all(callable(getattr(metrics, name)) for name in metrics.__all__)
    assert dir(metrics) == sorted(metrics.__all__)
    with pytest.raises(AttributeError, match="no attribute 'acuracy'"):
        _ = metrics.acuracy
