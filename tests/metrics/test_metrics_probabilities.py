"""Brier score, skill, top-k, average precision, pinball and medians: against scikit-learn, by hand, with bad input."""

from __future__ import annotations

import numpy as np
import pytest
import sklearn.metrics as peer
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import metrics
from pellucid.errors import InputError, ShapeError

seeds = st.integers(0, 2**32 - 1)
close = {"rel": 1e-12, "abs": 1e-12}


def drawn(seed: int, rows: int, classes: int, levels: int = 5) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Codes with every class, tied probabilities and weights, some of them zero."""
    rng = np.random.default_rng(seed)
    codes = np.concatenate([np.arange(classes), rng.integers(0, classes, rows)])
    raw = rng.integers(1, levels + 1, size=(len(codes), classes)).astype(float)
    weights = rng.integers(0, 4, len(codes)) * rng.random()
    weights[:classes] = 1.5
    return codes, raw / raw.sum(axis=1, keepdims=True), weights


class TestBrier:
    @given(seeds, st.integers(1, 60), st.integers(2, 5), st.booleans())
    @settings(deadline=None, max_examples=60)
    def test_equals_scikit_learn(self, seed: int, rows: int, classes: int, weighted: bool) -> None:
        codes, chances, weights = drawn(seed, rows, classes)
        w = weights if weighted else None
        given_to = chances[:, 1] if classes == 2 else chances
        labels = None if classes == 2 else list(range(classes))
        expected = peer.brier_score_loss(codes, given_to, sample_weight=w, labels=labels)
        score = metrics.brier(codes, chances, weights=w, draws=100)
        assert score.value == pytest.approx(expected, **close)
        assert not score.higher_is_better

    @given(seeds, st.integers(1, 60), st.integers(2, 4), st.booleans())
    @settings(deadline=None, max_examples=40)
    def test_skill_equals_scikit_learn_and_its_definition(
        self, seed: int, rows: int, classes: int, weighted: bool
    ) -> None:
        codes, chances, weights = drawn(seed, rows, classes)
        w = weights if weighted else None
        shares = np.bincount(codes, w, minlength=classes) / (len(codes) if w is None else w.sum())
        named = np.tile(shares, (len(codes), 1))
        for skill, loss in ((metrics.brier_skill, metrics.brier), (metrics.log_loss_skill, metrics.log_loss)):
            ours = skill(codes, chances, weights=w).value
            expected = 1 - loss(codes, chances, weights=w, draws=100).value / loss(codes, named, weights=w).value
            assert ours == pytest.approx(expected, rel=1e-9, abs=1e-9)
        expected = peer.d2_log_loss_score(codes, chances, sample_weight=w, labels=list(range(classes)))
        assert metrics.log_loss_skill(codes, chances, weights=w).value == pytest.approx(expected, rel=1e-9, abs=1e-9)

    def test_skill_against_the_shares_of_the_training_rows(self) -> None:
        # Costs 0.04, 0.04, 0.16 beside 0.25 each: 1 - 0.24 / 0.75.
        score = metrics.brier_skill([0, 1, 1], [0.2, 0.8, 0.6], base=[0.5, 0.5])
        assert score.value == pytest.approx(1 - 0.24 / 0.75)
        assert score.detail.startswith("the class shares of the training rows cost 0.2500")

    def test_skill_is_zero_for_the_base_rate_and_one_at_best(self) -> None:
        truth = np.repeat([0, 1], [60, 20])
        nothing = metrics.brier_skill(truth, np.full(80, 0.25))
        assert nothing.value == pytest.approx(0)
        assert metrics.log_loss_skill(truth, truth.astype(float)).value == pytest.approx(1)

    def test_rows_of_one_class_leave_nothing_to_be_better_than(self) -> None:
        for skill in (metrics.brier_skill, metrics.log_loss_skill):
            score = skill([1, 1, 1], [0.9, 0.8, 0.9])
            assert (score.value, score.interval) == (0.0, None)
            assert "all rows are of one class: counted as 0" in score.detail

    @pytest.mark.parametrize("base", [[0.5, 0.4], [0.5, 0.3, 0.2], [1.5, -0.5], [np.nan, 1]])
    def test_bad_base(self, base: list) -> None:
        with pytest.raises(InputError, match="base should be"):
            metrics.brier_skill([0, 1], [0.4, 0.6], base=base)

    @pytest.mark.parametrize(
        ("truth", "chances", "words"),
        [
            ([0, 1], [0.5, 1.5], r"row 1 has 1\.5"),
            ([0, 1], [0.5, np.nan], "row 1 is nan"),
            ([0, 1], [[0.5, 0.5], [0.9, 0.9]], r"row 1 sum to 1\.8"),
            ([0, 2], [0.5, 0.5], "row 1 is 2"),
            ([0, 1, 1], [0.5, 0.5], "truth has 3 rows"),
            ([], [], "is empty"),
        ],
    )
    def test_bad_input(self, truth: list, chances: list, words: str) -> None:
        for function in (metrics.brier, metrics.brier_skill, metrics.log_loss_skill):
            with pytest.raises(InputError, match=words):
                function(truth, chances)


class TestTopK:
    @given(seeds, st.integers(1, 60), st.integers(3, 6), st.booleans())
    @settings(deadline=None, max_examples=60)
    def test_equals_scikit_learn(self, seed: int, rows: int, classes: int, weighted: bool) -> None:
        codes, _, weights = drawn(seed, rows, classes)
        scores = np.random.default_rng(seed).random((len(codes), classes))
        w = weights if weighted else None
        expected = peer.top_k_accuracy_score(codes, scores, k=2, sample_weight=w, labels=list(range(classes)))
        assert metrics.top_k(codes, scores, 2, weights=w).value == pytest.approx(expected, **close)

    def test_ties_count_by_chance_and_the_interval_is_wilsons(self) -> None:
        # First row: three tie for two places. Second: surely in. Third: surely out.
        scores = [[0.2, 0.2, 0.2], [0.1, 0.2, 0.3], [0.3, 0.2, 0.1]]
        score = metrics.top_k([0, 1, 2], scores, 2)
        assert score.value == pytest.approx((2 / 3 + 1) / 3)
        assert score.interval.low == pytest.approx(metrics.wilson(5 / 3, 3).low)
        assert score.name == "top-2 accuracy"

    @pytest.mark.parametrize("k", [0, 4, 1.5, "2"])
    def test_bad_k(self, k: object) -> None:
        with pytest.raises(InputError, match="whole number from 1 to the 3 classes"):
            metrics.top_k([0, 1, 2], np.eye(3), k)


class TestAveragePrecision:
    @given(seeds, st.integers(1, 80), st.integers(1, 6), st.booleans())
    @settings(deadline=None)
    def test_equals_scikit_learn_with_ties_and_weights(self, seed: int, rows: int, levels: int, weighted: bool) -> None:
        codes, _, weights = drawn(seed, rows, 2)
        scores = np.random.default_rng(seed).integers(0, levels, len(codes)) - 2.5
        w = weights if weighted else None
        expected = peer.average_precision_score(codes, scores, sample_weight=w)
        assert metrics.average_precision(codes, scores, weights=w).value == pytest.approx(expected, **close)

    @given(seeds, st.integers(3, 60), st.integers(3, 5))
    @settings(deadline=None, max_examples=40)
    def test_macro_average_equals_scikit_learn(self, seed: int, rows: int, classes: int) -> None:
        codes, chances, weights = drawn(seed, rows, classes)
        onehot = np.eye(classes)[codes]
        expected = peer.average_precision_score(onehot, chances, average="macro", sample_weight=weights)
        score = metrics.average_precision(codes, chances, weights=weights)
        assert score.value == pytest.approx(expected, **close)
        assert score.detail.startswith("macro average")

    @given(seeds)
    @settings(deadline=None, max_examples=15)
    def test_influence_is_the_slope(self, seed: int) -> None:
        """The variance behind the interval against a jackknife."""
        rng = np.random.default_rng(seed)
        codes = np.repeat([0, 1], [150, 50])
        scores = np.round(rng.normal(size=200) + codes, 1)
        score = metrics.average_precision(codes, scores)
        # Rows of the same class and score leave the same rows behind.
        _, one_of_each, which = np.unique(100 * codes + scores, return_index=True, return_inverse=True)
        without = [metrics.average_precision(np.delete(codes, k), np.delete(scores, k)).value for k in one_of_each]
        left = np.array(without)[which]
        variance = 199 * np.var(left) * 50 / 49
        center = np.log(score.value / (1 - score.value))
        high = np.log(score.interval.high / (1 - score.interval.high))
        expected = 2.009575 * np.sqrt(variance) / (score.value * (1 - score.value))  # t of 49 degrees of freedom
        assert high - center == pytest.approx(expected, rel=0.1)

    def test_by_chance_and_perfect(self) -> None:
        codes = np.repeat([0, 1], [30, 10])
        tied = metrics.average_precision(codes, np.zeros(40), labels=["no", "yes"])
        assert tied.value == 0.25
        assert tied.detail == "positive class 'yes'; 0.2500 by chance"
        perfect = metrics.average_precision(codes, codes)
        assert perfect.value == 1.0
        assert perfect.interval == metrics.wilson(10, 10)

    def test_one_class(self) -> None:
        with pytest.raises(InputError, match="all 2 rows are of class 'yes'"):
            metrics.average_precision([1, 1], [0.1, 0.4], labels=["no", "yes"])


class TestNumbers:
    @given(seeds, st.integers(1, 40), st.integers(1, 3), st.booleans())
    @settings(deadline=None, max_examples=60)
    def test_equal_scikit_learn(self, seed: int, rows: int, outputs: int, weighted: bool) -> None:
        rng = np.random.default_rng(seed)
        truth, guess = rng.integers(-5, 5, (2, rows, outputs)) / 3
        weights = rng.integers(0, 3, rows) * 1.0
        weights[0] = 2.0
        w = weights if weighted else None
        expected = peer.median_absolute_error(truth, guess, sample_weight=w)
        assert metrics.median_absolute_error(truth, guess, weights=w).value == pytest.approx(expected, **close)
        expected = peer.mean_pinball_loss(truth, guess, alpha=0.9, sample_weight=w)
        score = metrics.pinball(truth, guess, 0.9, weights=w, draws=100)
        assert score.value == pytest.approx(expected, **close)
        assert score.name == "pinball loss at 0.9"

    def test_median_interval_by_hand(self) -> None:
        # Wilson for 10 of 20: [0.299, 0.701] → the errors of rank 6 and 15.
        score = metrics.median_absolute_error(np.zeros(20), np.arange(1, 21))
        assert score.value == 10.5
        assert (score.interval.low, score.interval.high) == (6, 15)

    def test_one_row_and_rows_all_alike_have_no_interval(self) -> None:
        assert metrics.median_absolute_error([1.0], [2.0]).interval is None
        for function in (metrics.median_absolute_error, metrics.mae, metrics.rmse):
            score = function(np.zeros(50), np.ones(50))
            assert (score.value, score.interval) == (1.0, None)
            assert function(np.zeros(50), np.zeros(50)).value == 0

    @pytest.mark.parametrize("quantile", [0, 1, 90, float("nan")])
    def test_bad_quantile(self, quantile: float) -> None:
        with pytest.raises(InputError, match="between 0 and 1"):
            metrics.pinball([1.0, 2.0], [1.0, 2.0], quantile)


class TestFolds:
    def test_by_hand(self) -> None:
        # Mean 0.8, s² = 0.005; (1/5 + 1/4) · 0.005 = 0.00225; t of 4 degrees of freedom 2.776445.
        interval = metrics.nadeau_bengio([0.7, 0.75, 0.8, 0.85, 0.9], 80, 20)
        variance = np.var([0.7, 0.75, 0.8, 0.85, 0.9], ddof=1) * 0.45
        assert interval.high - 0.8 == pytest.approx(2.776445 * np.sqrt(variance), rel=1e-6)
        assert interval.method == "corrected t over 5 folds"
        assert metrics.nadeau_bengio([0.7, 0.9], [80, 80], [20, 20]) == metrics.nadeau_bengio([0.7, 0.9], 80, 20)

    @pytest.mark.parametrize(
        ("scores", "training", "test", "words"),
        [
            ([0.5], 8, 2, "at least two"),
            ([0.5, 0.6], 0, 2, "above zero"),
            ([0.5, 0.6], 8, [1, 2, 3], "one a fold"),
            ([0.5, np.nan], 8, 2, "row 1 is nan"),
        ],
    )
    def test_bad_input(self, scores: list, training: object, test: object, words: str) -> None:
        with pytest.raises(InputError, match=words):
            metrics.nadeau_bengio(scores, training, test)


class TestAllAtOnce:
    @given(seeds, st.integers(20, 100), st.integers(2, 4), st.booleans())
    @settings(deadline=None, max_examples=25)
    def test_the_same_as_one_by_one(self, seed: int, rows: int, classes: int, weighted: bool) -> None:
        codes, chances, weights = drawn(seed, rows, classes, 40)
        w = weights if weighted else None
        labels = [f"class {k}" for k in range(classes)]
        found = {
            score.name: score for score in metrics.score_classes(codes, chances, labels=labels, weights=w, draws=200)
        }
        guess = chances.argmax(axis=1) if classes > 2 else (chances[:, 1] >= 0.5).astype(int)
        alone = [
            metrics.accuracy(codes, guess, weights=w),
            metrics.balanced_accuracy(codes, guess, weights=w),
            metrics.mcc(codes, guess, weights=w),
            metrics.log_loss(codes, chances, weights=w, draws=200),
            metrics.brier(codes, chances, weights=w, draws=200),
            metrics.log_loss_skill(codes, chances, weights=w),
            metrics.brier_skill(codes, chances, weights=w),
            metrics.roc_auc(codes, chances, weights=w),
            metrics.average_precision(codes, chances, weights=w),
        ]
        if classes == 2:
            alone += [f(codes, guess, weights=w) for f in (metrics.precision, metrics.recall, metrics.specificity)]
            alone.append(metrics.f1(codes, guess, weights=w))
        else:
            table = metrics.tabulate_classes(codes, guess, weights=w)
            alone += [table[name] for name in ("macro precision", "macro F1", "weighted F1")]
        assert set(found) == {score.name for score in alone}
        for score in alone:
            assert found[score.name].value == pytest.approx(score.value, **close), score.name
            one, other = found[score.name].interval, score.interval
            assert (one is None) == (other is None)
            if other is not None:
                assert (one.low, one.high) == pytest.approx((other.low, other.high), rel=1e-6), score.name

    def test_one_class_in_truth_leaves_out_what_compares_classes(self) -> None:
        scores = metrics.score_classes([1, 1, 1], [0.9, 0.2, 0.7])
        assert [score.name for score in scores] == ["accuracy", "recall", "log loss", "Brier score"]
        assert scores[0].value == pytest.approx(2 / 3)

    def test_decisions_may_be_given_and_labels_must_fit(self) -> None:
        scores = metrics.score_classes([0, 1, 1], [0.1, 0.4, 0.6], predicted=[0, 1, 1])
        assert scores[0].value == 1.0
        with pytest.raises(ShapeError, match="3 labels for 2 classes"):
            metrics.score_classes([0, 1], [0.1, 0.4], labels=["a", "b", "c"])
        with pytest.raises(ShapeError, match="predicted has 1 row"):
            metrics.score_classes([0, 1], [0.1, 0.4], predicted=[0])
        with pytest.raises(InputError, match="predicted should be class codes"):
            metrics.score_classes([0, 1], [0.1, 0.4], predicted=[0, 2])

    @given(seeds, st.integers(1, 2))
    @settings(deadline=None, max_examples=15)
    def test_numbers(self, seed: int, outputs: int) -> None:
        rng = np.random.default_rng(seed)
        truth = rng.normal(size=(60, outputs))
        guess = truth + rng.normal(size=(60, outputs))
        found = metrics.score_numbers(truth, guess, draws=200)
        alone = [f(truth, guess, draws=200) for f in (metrics.rmse, metrics.mae)]
        alone += [metrics.median_absolute_error(truth, guess), metrics.r2(truth, guess, draws=200)]
        assert [score.name for score in found] == [score.name for score in alone]
        for one, other in zip(found, alone):
            assert one.value == other.value
            assert (one.interval.low, one.interval.high) == (other.interval.low, other.interval.high)

    def test_a_constant_target_has_no_r2(self) -> None:
        assert [score.name for score in metrics.score_numbers([1, 1, 1], [1, 2, 3])][-1] == "median absolute error"


def test_a_loss_says_when_few_rows_carry_it() -> None:
    truth = np.tile([0, 1], 100)
    given = np.where(truth == 1, 0.999, 0.001)
    given[:4] = 1 - given[:4]
    loss = metrics.log_loss(truth, given)
    assert "half of it comes from 3 rows, on which its interval rests" in loss.detail
    assert "half of it" not in metrics.log_loss(truth, np.where(truth == 1, 0.7, 0.3)).detail


def test_two_rows_make_no_interval_and_say_so() -> None:
    """They once gave [0.00005, 90.5]."""
    loss = metrics.log_loss([0, 1], [0.3, 0.9])
    assert loss.interval is None
    assert "no interval: 2 rows, and 5 are needed" in loss.detail
    alike = metrics.log_loss([0, 1] * 20, [0.5] * 40)
    assert alike.interval is None
    assert "no interval: the rows tell of no spread" in alike.detail
