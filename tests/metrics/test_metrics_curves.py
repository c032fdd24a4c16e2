"""Curves: against scikit-learn, by hand, thinned, explained, and with bad input."""

from __future__ import annotations

import numpy as np
import pytest
import sklearn.metrics as peer
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve as peer_calibration

from pellucid import metrics
from pellucid.errors import InputError, ShapeError

seeds = st.integers(0, 2**32 - 1)
close = {"rel": 1e-12, "abs": 1e-12}


def drawn(seed: int, rows: int, levels: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two classes, tied scores of either sign or tied probabilities, and weights, some of them zero."""
    rng = np.random.default_rng(seed)
    truth = np.concatenate([[0, 1], rng.integers(0, 2, rows)])
    scores = rng.integers(0, levels, len(truth)) / levels - rng.integers(0, 2)
    weights = rng.integers(0, 4, len(truth)) * rng.random()
    weights[:2] = 1.5
    return truth, scores, weights


class TestRoc:
    @given(seeds, st.integers(1, 80), st.integers(1, 30), st.booleans())
    @settings(deadline=None)
    def test_equals_scikit_learn(self, seed: int, rows: int, levels: int, weighted: bool) -> None:
        truth, scores, weights = drawn(seed, rows, levels)
        w = weights if weighted else None
        fpr, tpr, thresholds = peer.roc_curve(truth, scores, sample_weight=w, drop_intermediate=False)
        curve = metrics.roc_curve(truth, scores, weights=w)
        assert curve.fpr == pytest.approx(fpr, **close)
        assert curve.recall == pytest.approx(tpr, **close)
        assert curve.thresholds == pytest.approx(thresholds, **close)
        assert curve.area == pytest.approx(peer.roc_auc_score(truth, scores, sample_weight=w), **close)

    def test_any_label_may_be_the_positive_one(self) -> None:
        truth, scores = ["cat", "dog", "cow", "dog"], [0.1, 0.9, 0.6, 0.4]
        curve = metrics.roc_curve(truth, scores, positive="dog")
        assert curve.tp.tolist() == [0, 1, 1, 2, 2]
        assert curve.fp.tolist() == [0, 0, 1, 1, 2]
        assert curve.area == 3 / 4
        assert curve.positive == "dog"

    @given(seeds, st.integers(50, 400), st.integers(2, 60))
    @settings(deadline=None, max_examples=50)
    def test_thinned_keeps_ends_order_area_and_wanted_thresholds(self, seed: int, rows: int, points: int) -> None:
        rng = np.random.default_rng(seed)
        truth = np.concatenate([[0, 1], rng.integers(0, 2, rows)])
        curve = metrics.roc_curve(truth, rng.random(len(truth)))
        thin = curve.thinned(points, keep=[0.5])
        assert len(thin.thresholds) <= max(points, 4) + 1
        assert thin.area == curve.area
        assert (thin.fpr[0], thin.recall[0], thin.fpr[-1], thin.recall[-1]) == (0, 0, 1, 1)
        assert set(zip(thin.fpr, thin.recall)) <= set(zip(curve.fpr, curve.recall))
        assert thin.tp[thin.at(0.5)] == curve.tp[curve.at(0.5)]
        assert (np.diff(thin.thresholds) < 0).all()

    def test_references(self) -> None:
        curve = metrics.roc_curve([0, 1, 1, 1], [0.2, 0.4, 0.6, 0.8])
        assert (curve.best.area, curve.random.area) == (1.0, 0.5)
        assert np.trapezoid(curve.best.y, curve.best.x) == curve.best.area == curve.area
        assert np.trapezoid(curve.random.y, curve.random.x) == curve.random.area

    @given(st.integers(0, 6))
    def test_equal_scores_in_any_order_and_negative_zero(self, place: int) -> None:
        truth = np.roll([1, 1, 0, 0, 1, 0], place)
        curve = metrics.roc_curve(truth, np.array([0.0, -0.0] * 3))
        assert curve.area == 0.5
        assert len(curve.thresholds) == 2

    @pytest.mark.parametrize("shift", [0.0, 5.0])  # packed into integers, and sorted as floats
    def test_neighboring_floats_are_different_scores(self, shift: float) -> None:
        low = 0.5 + shift
        scores = [low, np.nextafter(low, 9), np.nextafter(np.nextafter(low, 9), 9)]
        assert metrics.roc_curve([0, 1, 0], scores).area == 0.5
        assert metrics.roc_curve([0, 0, 1], scores).area == 1.0

    @pytest.mark.parametrize(
        ("truth", "scores", "options", "words"),
        [
            ([1, 1], [0.1, 0.2], {}, "all 2 rows are of the positive class 1"),
            ([0, 0], [0.1, 0.2], {}, "no row of truth is of the positive class 1"),
            (["no", "yes"], [0.1, 0.2], {}, "labels are 'no', 'yes'; pass positive"),
            ([0, 1], [0.1, np.nan], {}, "scores should be finite numbers; row 1 is nan"),
            ([0, 1], [0.1, 0.2], {"weights": [1, 0]}, "positive class weigh nothing"),
            ([0, 1], [0.1, 0.2], {"weights": [0, 1]}, "other class weigh nothing"),
            ([0, 1], [0.1, 0.2], {"weights": [1, -1]}, "zero or more; row 1"),
            ([], [], {}, "empty"),
        ],
    )
    def test_bad_input(self, truth: list, scores: list, options: dict, words: str) -> None:
        for curve in (
            metrics.roc_curve,
            metrics.precision_recall_curve,
            metrics.threshold_curve,
            metrics.cumulative_gains,
        ):
            with pytest.raises(InputError, match=words):
                curve(truth, scores, **options)

    def test_unequal_lengths(self) -> None:
        with pytest.raises(ShapeError, match="truth has 2 rows and scores has 3"):
            metrics.roc_curve([0, 1], [0.1, 0.2, 0.3])

    def test_one_point_is_no_curve(self) -> None:
        with pytest.raises(InputError, match="at least 2 points"):
            metrics.roc_curve([0, 1], [0.1, 0.2]).thinned(1)


class TestPrecisionRecall:
    @given(seeds, st.integers(1, 80), st.integers(1, 30), st.booleans())
    @settings(deadline=None)
    def test_equals_scikit_learn(self, seed: int, rows: int, levels: int, weighted: bool) -> None:
        truth, scores, weights = drawn(seed, rows, levels)
        kept = weights > 0 if weighted else weights >= 0
        truth, scores = truth[kept], scores[kept]
        w = weights[kept] if weighted else None
        precision, recall, thresholds = peer.precision_recall_curve(truth, scores, sample_weight=w)
        curve = metrics.precision_recall_curve(truth, scores, weights=w)
        assert curve.precision[1:] == pytest.approx(precision[-2::-1], **close)
        assert curve.recall[1:] == pytest.approx(recall[-2::-1], **close)
        assert curve.thresholds[1:] == pytest.approx(thresholds[::-1], **close)
        assert curve.area == pytest.approx(peer.average_precision_score(truth, scores, sample_weight=w), **close)

    def test_no_precision_of_no_rows(self) -> None:
        curve = metrics.precision_recall_curve([0, 1], [0.1, 0.2])
        assert np.isnan(curve.precision[0])
        assert curve.to_dict()["thresholds"][0] is None

    def test_falling_precision_is_explained_by_counts(self) -> None:
        # From 0.3 up to 0.5 one right row leaves: 2 of 3 become 1 of 2; up to 0.7 a wrong one: 1 of 1.
        curve = metrics.precision_recall_curve([0, 1, 0, 1], [0.1, 0.3, 0.5, 0.7])
        (place,) = curve.falls()
        assert curve.thresholds[place] == 0.5
        assert curve.explain(int(place)) == (
            "raising the threshold from 0.3000 to 0.5000 takes out 1 row, 1 of class 1: "
            "2 right of 3 become 1 of 2, and precision falls from 0.6667 to 0.5000"
        )
        assert "rises from 0.5000 to 1.0000" in curve.explain(1)
        with pytest.raises(InputError, match="place from 1 to 3"):
            curve.explain(4)

    def test_references(self) -> None:
        curve = metrics.precision_recall_curve([0, 1, 0, 0], [0.1, 0.8, 0.6, 0.2])
        assert curve.best.area == curve.area == 1.0
        assert curve.random.area == 0.25
        assert curve.best.y[-1] == curve.precision[-1]


class TestThresholds:
    @given(seeds, st.integers(1, 60), st.integers(1, 8), st.booleans())
    @settings(deadline=None, max_examples=50)
    def test_every_point_equals_scikit_learn(self, seed: int, rows: int, levels: int, weighted: bool) -> None:
        truth, scores, weights = drawn(seed, rows, levels)
        w = weights if weighted else None
        curve = metrics.threshold_curve(truth, scores, weights=w)
        for place, threshold in enumerate(curve.thresholds):
            guess = (scores >= threshold).astype(int)
            (tn, fp), (fn, tp) = peer.confusion_matrix(truth, guess, sample_weight=w, labels=[0, 1])
            counts = [array[place] for array in (curve.tp, curve.fp, curve.fn, curve.tn)]
            assert counts == pytest.approx([tp, fp, fn, tn], **close)
            peers = {
                "accuracy": peer.accuracy_score,
                "recall": peer.recall_score,
                "balanced_accuracy": peer.balanced_accuracy_score,
                "f1": peer.f1_score,
                "mcc": peer.matthews_corrcoef,
            }
            for name, function in peers.items():
                expected = function(truth, guess, sample_weight=w)
                assert getattr(curve, name)[place] == pytest.approx(expected, rel=1e-9, abs=1e-9), name
            expected = peer.fbeta_score(truth, guess, beta=2, sample_weight=w)
            assert curve.f_beta(2)[place] == pytest.approx(expected, **close)
            assert curve.specificity[place] + curve.fpr[place] == pytest.approx(1)
            assert curve.youden[place] == pytest.approx(2 * curve.balanced_accuracy[place] - 1)

    @given(seeds, st.floats(-2, 2))
    @settings(deadline=None, max_examples=50)
    def test_place_of_any_threshold(self, seed: int, threshold: float) -> None:
        truth, scores, _ = drawn(seed, 30, 5)
        curve = metrics.threshold_curve(truth, scores)
        place = curve.at(threshold)
        assert curve.tp[place] + curve.fp[place] == (scores >= threshold).sum()


class TestCalibration:
    @given(seeds, st.integers(10, 200), st.sampled_from(["uniform", "quantile"]))
    @settings(deadline=None, max_examples=50)
    def test_equals_scikit_learn(self, seed: int, rows: int, strategy: str) -> None:
        rng = np.random.default_rng(seed)
        truth = np.concatenate([[0, 1], rng.integers(0, 2, rows)])
        chances = rng.random(len(truth))
        observed, predicted = peer_calibration(truth, chances, n_bins=5, strategy=strategy)
        curve = metrics.calibration_curve(truth, chances, bins=5, strategy=strategy)
        assert curve.observed == pytest.approx(observed, **close)
        assert curve.predicted == pytest.approx(predicted, **close)
        assert curve.rows.sum() == len(truth)
        assert curve.positives.sum() == truth.sum()

    def test_bands_are_wilsons(self) -> None:
        curve = metrics.calibration_curve([0, 1, 1, 1], [0.1, 0.1, 0.9, 0.9], bins=2)
        assert curve.edges.tolist() == [[0.1, 0.5], [0.5, 0.9]]
        bands = [metrics.wilson(1, 2), metrics.wilson(2, 2)]
        assert curve.low.tolist() == [band.low for band in bands]
        assert curve.high.tolist() == [band.high for band in bands]
        assert curve.error == pytest.approx((0.4 + 0.1) / 2)
        assert curve.base == 0.75
        assert curve.inside.tolist() == [True, True]

    @given(seeds, st.integers(2, 40))
    @settings(deadline=None, max_examples=30)
    def test_whole_weights_are_copies_of_rows(self, seed: int, rows: int) -> None:
        rng = np.random.default_rng(seed)
        truth, chances, weights = rng.integers(0, 2, rows), rng.random(rows), rng.integers(1, 4, rows)
        one = metrics.calibration_curve(truth, chances, strategy="uniform", weights=weights)
        other = metrics.calibration_curve(np.repeat(truth, weights), np.repeat(chances, weights), strategy="uniform")
        assert one.observed == pytest.approx(other.observed, **close)
        assert one.rows.tolist() == other.rows.tolist()
        assert (one.high - one.low >= other.high - other.low - 1e-12).all()

    def test_one_probability_and_one_class(self) -> None:
        curve = metrics.calibration_curve([0, 0, 0], [0.2, 0.2, 0.2])
        assert curve.observed.tolist() == [0.0]
        assert curve.predicted == pytest.approx([0.2])
        assert curve.base == 0.0

    @pytest.mark.parametrize(
        ("chances", "options", "words"),
        [
            ([0.1, 1.2], {}, r"row 1 has 1\.2"),
            ([0.1, np.nan], {}, "row 1 is nan"),
            ([0.1, 0.2], {"bins": 0}, "at least one bin"),
            ([0.1, 0.2], {"strategy": "log"}, "'quantile' or 'uniform'"),
            ([0.1, 0.2], {"weights": [0, 0]}, "all zero"),
            ([0.1], {}, "rows"),
        ],
    )
    def test_bad_input(self, chances: list, options: dict, words: str) -> None:
        with pytest.raises(InputError, match=words):
            metrics.calibration_curve([0, 1], chances, **options)


class TestGains:
    def test_by_hand(self) -> None:
        curve = metrics.cumulative_gains([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1])
        assert curve.taken.tolist() == [0, 0.25, 0.5, 0.75, 1]
        assert curve.found.tolist() == [0, 0.5, 0.5, 1, 1]
        assert curve.lift[1:].tolist() == [2, 1, 4 / 3, 1]
        assert curve.area == pytest.approx(0.0625 + 0.125 + 0.1875 + 0.25)

    @given(seeds, st.integers(2, 80), st.integers(1, 20))
    @settings(deadline=None, max_examples=50)
    def test_area_follows_from_that_under_the_roc_curve(self, seed: int, rows: int, levels: int) -> None:
        """A share 1 - base of the steps is the ROC curve's, the rest are the positive rows' own half square."""
        truth, scores, weights = drawn(seed, rows, levels)
        curve = metrics.cumulative_gains(truth, scores, weights=weights)
        auc = metrics.roc_curve(truth, scores, weights=weights).area
        assert curve.area == pytest.approx((1 - curve.base) * auc + curve.base / 2, **close)
        assert curve.random.area <= curve.best.area <= 1
        assert curve.area <= curve.best.area + 1e-12

    def test_thinned(self) -> None:
        rng = np.random.default_rng(0)
        curve = metrics.cumulative_gains(rng.integers(0, 2, 5000), rng.random(5000))
        thin = curve.thinned(100)
        assert thin.area == curve.area
        assert len(thin.taken) <= 100
        assert (thin.taken[0], thin.found[0], thin.taken[-1], thin.found[-1]) == (0, 0, 1, 1)
        assert np.trapezoid(thin.found, thin.taken) == pytest.approx(curve.area, abs=0.01)


def test_labels_never_seen_are_refused_by_calibration_and_scored_rows():
    chances = np.linspace(0.1, 0.9, 40)
    for ask in (metrics.calibration_curve, metrics.score_rows):
        with pytest.raises(InputError, match="no row of truth is of the positive class 1; its labels are 'a', 'b'"):
            ask(["a", "b"] * 20, chances)
        with pytest.raises(InputError, match="no row of truth is of the positive class 1"):
            ask(["a"] * 40, chances)
    assert metrics.calibration_curve([0] * 40, chances).base == 0
