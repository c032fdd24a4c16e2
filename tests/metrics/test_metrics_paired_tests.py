import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pellucid.errors import InputError, ShapeError
from pellucid.metrics import mcnemar, paired_delong, paired_t_test, resampled_t_test, roc_auc


def labelings(both, first, second, neither):
    """Truth 1 everywhere; rows right in both, in the first only, in the second only, in neither."""
    rows = both + first + second + neither
    one = np.r_[np.ones(both + first), np.zeros(second + neither)]
    other = np.r_[np.ones(both), np.zeros(first), np.ones(second), np.zeros(neither)]
    return np.ones(rows), one, other


def test_mcnemar_on_the_published_example_of_fagerland_lydersen_and_laake():
    """Airway hyper-responsiveness before and after transplantation, counts 1, 1, 7, 12 (Bentur et al., 2009)."""
    rows = labelings(1, 1, 7, 12)
    assert mcnemar(*rows, exact=True).p_value == pytest.approx(0.0703, abs=5e-5)
    found = mcnemar(*rows)
    assert found.p_value == pytest.approx(0.0391, abs=5e-5)
    assert found.difference == pytest.approx(-6 / 21)
    assert "1 row right in the first only, 7" in found.detail


def test_the_interval_of_the_accuracies_by_hand():
    """Agresti's approval ratings, counts 794, 150, 86, 570; half a row is added to each cell."""
    found = mcnemar(*labelings(794, 150, 86, 570))
    center = (150 - 86) / 1602
    half = 1.959964 * math.sqrt((150.5 + 86.5) - (150.5 - 86.5) ** 2 / 1602) / 1602
    assert (found.interval.low, found.interval.high) == pytest.approx((center - half, center + half), abs=1e-6)
    assert found.difference == 0.04


@given(st.integers(0, 40), st.integers(0, 40))
def test_the_exact_p_value_is_that_of_scipy(first, second):
    found = mcnemar(*labelings(5, first, second, 5), exact=True)
    peer = stats.binomtest(first, first + second).pvalue if first + second else 1.0
    assert found.p_value == pytest.approx(peer, abs=1e-12)
    assert mcnemar(*labelings(5, first, second, 5)).p_value <= found.p_value + 1e-12


def test_without_correction_it_is_the_paired_t_test_of_scipy():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 15))
    peer = stats.ttest_rel(a, b)
    for found in (resampled_t_test(a, b, held_out_share=0), paired_t_test(a, b)):
        assert found.p_value == pytest.approx(peer.pvalue, abs=1e-12)
        assert found.statistic == pytest.approx(peer.statistic, abs=1e-12)
        interval = peer.confidence_interval(0.95)
        assert (found.interval.low, found.interval.high) == pytest.approx((interval.low, interval.high), abs=1e-12)


def test_the_corrected_test_by_hand():
    """Differences 1, 2, 3: mean 2, variance 1; with ten training rows to every five held out 1/3 + 1/2 = 5/6."""
    found = resampled_t_test([2, 4, 6], [1, 2, 3], held_out_share=0.5)
    assert found.difference == 2
    assert found.error == pytest.approx(math.sqrt(5 / 6))
    assert found.statistic == pytest.approx(2 / math.sqrt(5 / 6))
    # Student's t of 2 degrees of freedom: P(T > t) = 1/2 - t / (2 sqrt(2 + t²))
    t = found.statistic
    assert found.p_value == pytest.approx(1 - t / math.sqrt(2 + t * t))
    assert found.interval.high - 2 == pytest.approx(4.302653 * math.sqrt(5 / 6), abs=1e-5)


def delong_by_definition(positive, a, b):
    """Placements as in DeLong, DeLong and Clarke-Pearson (1988), with loops of comparisons."""
    parts = []
    for scores in (a, b):
        up, down = scores[positive], scores[~positive]
        wins = (up[:, None] > down[None, :]) + 0.5 * (up[:, None] == down[None, :])
        parts.append((wins.mean(), wins.mean(axis=1), wins.mean(axis=0)))
    v10, v01 = (np.cov(parts[0][k], parts[1][k]) for k in (1, 2))
    s = v10 / positive.sum() + v01 / (~positive).sum()
    return parts[0][0] - parts[1][0], math.sqrt(s[0, 0] + s[1, 1] - 2 * s[0, 1])


@pytest.mark.parametrize("ties", [False, True])
def test_delong_is_what_its_definition_says(ties):
    rng = np.random.default_rng(3)
    positive = rng.uniform(size=80) < 0.3
    a, b = positive + rng.normal(size=(2, 80))
    if ties:
        a, b = np.round(a), np.round(b)
    found = paired_delong(positive, a, b)
    difference, error = delong_by_definition(positive, a, b)
    assert (found.difference, found.error) == pytest.approx((difference, error), abs=1e-12)
    assert found.p_value == pytest.approx(2 * stats.norm.sf(abs(difference) / error), abs=1e-12)
    assert found.difference == pytest.approx(roc_auc(positive, a).value - roc_auc(positive, b).value)


def test_levels_are_kept_when_there_is_no_difference():
    rng = np.random.default_rng(5)
    found = []
    for _ in range(400):
        truth = rng.uniform(size=120) < 0.4
        signal = truth + rng.normal(size=120)
        a, b = signal + 0.7 * rng.normal(size=(2, 120))
        found.append(
            (
                paired_delong(truth, a, b).p_value,
                mcnemar(truth, a > 0.5, b > 0.5).p_value,
                paired_t_test((truth - a) ** 2, (truth - b) ** 2).p_value,
            )
        )
    assert ((np.array(found) < 0.05).mean(axis=0) < 0.08).all()
    assert ((np.array(found) < 0.05).mean(axis=0) > 0.02).all()


def test_the_same_twice_is_no_difference_and_a_constant_one_has_no_p_value():
    scores = np.arange(10.0)
    for found in (
        paired_t_test(scores, scores),
        resampled_t_test(scores, scores, held_out_share=0.25),
        paired_delong(scores > 4, scores, scores),
        mcnemar(scores > 4, scores > 2, scores > 2),
    ):
        assert (found.difference, found.p_value) == (0, 1)
    shifted = paired_t_test(scores + 1, scores)
    assert math.isnan(shifted.p_value)
    assert shifted.interval is None
    assert "no spread" in shifted.detail
    assert shifted.to_dict()["p_value"] is None


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: paired_t_test([1, 2], [1, 2, 3]), ShapeError, "first has 2 rows and second has 3"),
        (lambda: paired_t_test([1], [2]), ShapeError, "two rows or more"),
        (lambda: paired_t_test([1, np.nan], [1, 2]), InputError, "row 1 is nan"),
        (lambda: resampled_t_test([1], [2], held_out_share=0.2), ShapeError, "two folds or more"),
        (lambda: resampled_t_test([1, 2], [2, 2], held_out_share=-1), InputError, "zero or more"),
        (lambda: mcnemar([1, 0], [1, 0], [1]), ShapeError, "truth has 2 rows and second has 1"),
        (lambda: mcnemar([], [], []), ShapeError, "empty"),
        (lambda: paired_delong([1, 1, 1], [1, 2, 3], [1, 2, 3]), InputError, "3 positive and 0 other"),
        (lambda: paired_delong([0, 2, 1], [1, 2, 3], [1, 2, 3]), InputError, "true or false"),
        (lambda: paired_delong([1, 0, 1, 0], [1, 2, np.inf, 1], [1, 2, 3, 4]), InputError, "row 2 is inf"),
        (lambda: paired_t_test([1, 2], [3, 5], level=2), InputError, "level of an interval"),
    ],
)
def test_bad_input(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_areas_of_three_positive_rows_are_told_and_not_tested() -> None:
    truth, rng = np.arange(100) < 3, np.random.default_rng(0)
    found = paired_delong(truth, rng.normal(size=100) + 2 * truth, rng.normal(size=100))
    assert found.interval is None
    assert np.isnan(found.p_value)
    assert "3 rows of one class, and 5 are needed" in found.detail
    assert "p = " not in str(found)
    some = paired_delong(np.arange(100) < 7, rng.normal(size=100), rng.normal(size=100))
    assert some.interval is not None
    assert "was not measured" in some.detail
