"""Accuracy, log loss, area under the curve and counts: against scikit-learn, by hand, and with bad input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
import sklearn.metrics as peer
from hypothesis import assume, given, settings
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


class TestAccuracy:
    def test_by_hand_with_wilson(self) -> None:
        score = metrics.accuracy(["a", "b", "b", "a"], ["a", "b", "a", "a"])
        assert score.value == 0.75
        assert score.interval == metrics.wilson(3, 4)
        assert (score.name, score.rows, score.higher_is_better) == ("accuracy", 4, True)

    @given(seeds, st.integers(1, 60), st.integers(2, 5))
    @settings(deadline=None)
    def test_equals_scikit_learn(self, seed: int, rows: int, classes: int) -> None:
        codes, chances, weights = drawn(seed, rows, classes)
        guess = chances.argmax(axis=1)
        assert metrics.accuracy(codes, guess).value == pytest.approx(peer.accuracy_score(codes, guess), **close)
        expected = peer.accuracy_score(codes, guess, sample_weight=weights)
        assert metrics.accuracy(codes, guess, weights=weights).value == pytest.approx(expected, **close)

    def test_weights_widen_the_interval_to_the_effective_rows(self) -> None:
        # Weights 3 and 1 over two rows each: (3+3+1+1)² / (9+9+1+1) = 64 / 20 = 3.2 rows; 7/8 of them right.
        score = metrics.accuracy([1, 1, 0, 0], [1, 1, 0, 1], weights=[3, 3, 1, 1])
        assert score.value == 7 / 8
        expected = metrics.wilson(7 / 8 * 3.2, 3.2)
        assert score.interval is not None
        assert score.interval.low == pytest.approx(expected.low)
        assert score.interval.high == pytest.approx(expected.high)
        assert "3.2 effective rows" in score.interval.method

    def test_equal_weights_change_nothing(self) -> None:
        plain = metrics.accuracy([1, 0, 1], [1, 1, 1])
        weighted = metrics.accuracy([1, 0, 1], [1, 1, 1], weights=[0.1] * 3)
        assert plain.interval is not None
        assert weighted.interval is not None
        assert weighted.value == pytest.approx(plain.value)
        assert weighted.interval.low == pytest.approx(plain.interval.low)

    def test_takes_series_and_mixed_integer_kinds(self) -> None:
        truth = pd.Series(["x", "y", "y"], dtype="string")
        assert metrics.accuracy(truth, pl.Series(["x", "y", "x"])).value == pytest.approx(2 / 3)
        assert metrics.accuracy(np.array([True, False]), np.array([1, 0], dtype=np.int8)).value == 1.0

    @pytest.mark.parametrize(
        ("truth", "predicted", "weights", "words"),
        [
            ([], [], None, "truth is empty"),
            ([1, 0], [1], None, r"truth has 2 rows and predicted has 1"),
            ([[1, 0]], [[1, 0]], None, r"shape \(rows,\)"),
            ([1.0, np.nan], [1.0, 1.0], None, "truth .*row 1 has none"),
            (["a", "b"], np.array(["a", None], dtype=object), None, "predicted .*row 1 has none"),
            (pd.Series(["a", None], dtype="string"), ["a", "b"], None, "truth .*row 1 has none"),
            (["1", "0"], [1, 0], None, "labels of one kind"),
            ([1, 0], [1, 0], [1], "one weight a row"),
            ([1, 0], [1, 0], [1, -2], "row 1 is -2"),
            ([1, 0], [1, 0], [0, 0], "all zero"),
            ([1, 0], [1, 0], [1, np.inf], "weights should be finite"),
            ([1, 0], [1, 0], [1, 1e200], "should stay below"),
        ],
    )
    def test_bad_input(self, truth: object, predicted: object, weights: object, words: str) -> None:
        with pytest.raises(InputError, match=words):
            metrics.accuracy(truth, predicted, weights=weights)

    @pytest.mark.parametrize("level", [0, 1, 95, -0.5, float("nan")])
    def test_bad_level(self, level: float) -> None:
        with pytest.raises(InputError, match=r"such as 0\.95"):
            metrics.accuracy([1], [1], level=level)


class TestLogLoss:
    def test_by_hand(self) -> None:
        # -(ln 0.8 + ln 0.5 + ln 0.9) / 3 = (0.223144 + 0.693147 + 0.105361) / 3 = 0.340550
        score = metrics.log_loss([1, 0, 0], [0.8, 0.5, 0.1])
        assert score.value == pytest.approx(0.340550, abs=1e-6)
        assert not score.higher_is_better

    @given(seeds, st.integers(1, 60), st.integers(2, 5))
    @settings(deadline=None, max_examples=50)
    def test_equals_scikit_learn(self, seed: int, rows: int, classes: int) -> None:
        codes, chances, weights = drawn(seed, rows, classes)
        names = list(range(classes))
        expected = peer.log_loss(codes, chances, labels=names)
        assert metrics.log_loss(codes, chances, draws=100).value == pytest.approx(expected, **close)
        expected = peer.log_loss(codes, chances, labels=names, sample_weight=weights)
        assert metrics.log_loss(codes, chances, weights=weights, draws=100).value == pytest.approx(expected, **close)

    def test_three_forms_of_two_classes_agree(self) -> None:
        codes, chances, _ = drawn(3, 40, 2)
        forms = [chances, chances[:, 1], chances[:, 1:]]
        values = [metrics.log_loss(codes, form).value for form in forms]
        assert values == pytest.approx([peer.log_loss(codes, chances)] * 3, rel=1e-12)

    @pytest.mark.parametrize("dtype", [np.float64, np.float32])
    def test_certain_and_wrong_costs_what_it_costs_in_scikit_learn(self, dtype: type) -> None:
        chances = np.array([0.0, 1.0, 0.25], dtype=dtype)
        score = metrics.log_loss([1, 1, 0], chances)
        assert score.value == pytest.approx(peer.log_loss([1, 1, 0], chances), rel=1e-7)
        assert "in 1 row," in score.detail

    def test_a_class_without_rows_is_fine(self) -> None:
        score = metrics.log_loss([0, 0], [[0.5, 0.25, 0.25], [0.5, 0.5, 0]])
        assert score.value == pytest.approx(np.log(2))

    @pytest.mark.parametrize(
        ("truth", "chances", "words"),
        [
            ([0, 1], [0.5, 1.5], r"row 1 has 1\.5"),
            ([0, 1], [0.5, -0.1], r"row 1 has -0\.1"),
            ([0, 1], [0.5, np.nan], "probabilities should be finite numbers; row 1 is nan"),
            ([0, 1], [[0.5, 0.5], [0.9, 0.9]], r"row 1 sum to 1\.8"),
            ([0, 2], [0.5, 0.5], "row 1 is 2"),
            ([0, -1], [0.5, 0.5], "row 1 is -1"),
            ([0, 0.5], [0.5, 0.5], r"row 1 is 0\.5"),
            (["no", "yes"], [0.5, 0.5], "truth should be numbers"),
            ([0, 1, 1], [0.5, 0.5], "truth has 3 rows and probabilities has 2"),
            ([], [], "is empty"),
        ],
    )
    def test_bad_input(self, truth: object, chances: object, words: str) -> None:
        with pytest.raises(InputError, match=words):
            metrics.log_loss(truth, chances)


class TestRocAuc:
    def test_by_hand_with_a_tie(self) -> None:
        # Positives 3, 2; negatives 2, 1: pairs 3>2, 3>1, 2=2 (half), 2>1: 3.5 of 4.
        score = metrics.roc_auc([1, 1, 0, 0], [3, 2, 2, 1])
        assert score.value == 3.5 / 4
        assert score.interval is None
        assert score.detail == "positive class 1; no interval: 2 rows of class 0, and 5 are needed"

    @given(seeds, st.integers(2, 80), st.integers(1, 6))
    @settings(deadline=None)
    def test_equals_scikit_learn_with_ties_and_weights(self, seed: int, rows: int, levels: int) -> None:
        codes, _, weights = drawn(seed, rows, 2)
        scores = np.random.default_rng(seed).integers(0, levels, len(codes)) - 2.5
        assert metrics.roc_auc(codes, scores).value == pytest.approx(peer.roc_auc_score(codes, scores), **close)
        expected = peer.roc_auc_score(codes, scores, sample_weight=weights)
        assert metrics.roc_auc(codes, scores, weights=weights).value == pytest.approx(expected, **close)

    @given(seeds, st.integers(3, 60), st.integers(3, 5))
    @settings(deadline=None, max_examples=50)
    def test_macro_average_equals_scikit_learn(self, seed: int, rows: int, classes: int) -> None:
        codes, chances, weights = drawn(seed, rows, classes)
        score = metrics.roc_auc(codes, chances)
        assert score.value == pytest.approx(peer.roc_auc_score(codes, chances, multi_class="ovr"), **close)
        assert score.detail.startswith(f"macro average over {classes} classes, each against the rest")
        expected = peer.roc_auc_score(codes, chances, multi_class="ovr", sample_weight=weights)
        assert metrics.roc_auc(codes, chances, weights=weights).value == pytest.approx(expected, **close)

    @given(seeds)
    @settings(deadline=None, max_examples=30)
    def test_order_of_rows_and_scale_of_scores_do_not_matter(self, seed: int) -> None:
        codes, chances, _ = drawn(seed, 30, 2)
        order = np.random.default_rng(seed).permutation(len(codes))
        one = metrics.roc_auc(codes, chances[:, 1])
        other = metrics.roc_auc(codes[order], np.exp(3 * chances[order, 1]))
        assert other.value == pytest.approx(one.value, **close)

    @given(seeds, st.integers(2, 30))
    @settings(deadline=None, max_examples=50)
    def test_whole_weights_are_copies_of_rows(self, seed: int, rows: int) -> None:
        codes, chances, _ = drawn(seed, rows, 2)
        weights = np.random.default_rng(seed).integers(1, 4, len(codes))
        weighted = metrics.roc_auc(codes, chances, weights=weights).value
        copied = metrics.roc_auc(np.repeat(codes, weights), np.repeat(chances, weights, axis=0)).value
        assert weighted == pytest.approx(copied, **close)

    @given(seeds, st.integers(240, 300))
    @settings(deadline=None, max_examples=20)
    def test_interval_is_delongs(self, seed: int, rows: int) -> None:
        """Against the definition: the variances of the placements over all pairs, and the logit scale."""
        codes, chances, _ = drawn(seed, rows, 2)
        up, down = chances[codes == 1, 1], chances[codes == 0, 1]
        wins = (up[:, None] > down) + 0.5 * (up[:, None] == down)
        assume(len(up) >= 100 and len(down) >= 100)
        variance = wins.mean(axis=1).var(ddof=1) / len(up) + wins.mean(axis=0).var(ddof=1) / len(down)
        assume(variance > 1e-12 and 0 < wins.mean() < 1)
        score = metrics.roc_auc(codes, chances)
        assert score.interval is not None
        logit = np.log(wins.mean() / (1 - wins.mean()))
        half = 1.959963984540054 * np.sqrt(variance) / (wins.mean() * (1 - wins.mean()))
        assert score.interval.low == pytest.approx(1 / (1 + np.exp(half - logit)))
        assert score.interval.high == pytest.approx(1 / (1 + np.exp(-half - logit)))

    def test_of_few_rows_the_larger_variance_counts(self) -> None:
        """Ten positive rows all above 95 % of the negative ones: they do not vary, and that is luck."""
        scores = np.concatenate([np.arange(200), 190 + np.arange(10) / 100])
        score = metrics.roc_auc(np.repeat([0, 1], [200, 10]), scores)
        assert score.value == pytest.approx(0.955, abs=0.001)
        spread = metrics.newcombe(score.value, 10, 200)
        assert score.interval.low == pytest.approx(spread.low, abs=0.03)
        assert score.interval.method == "Newcombe's variance, logit scale"

    @pytest.mark.parametrize("positives", [5, 7])
    def test_perfect_separation_still_has_a_wide_interval(self, positives: int) -> None:
        score = metrics.roc_auc([0] * 6 + [1] * positives, range(6 + positives))
        assert score.value == 1.0
        assert score.interval is not None
        assert score.interval.high == 1.0
        assert score.interval.low < 0.85
        assert score.interval.method == "Newcombe's method 5"

    def test_absent_classes_are_left_out_and_named(self) -> None:
        codes, chances, _ = drawn(1, 40, 3)
        keep = codes != 1
        score = metrics.roc_auc(codes[keep], chances[keep], labels=["red", "green", "blue"])
        zero_and_two = [peer.roc_auc_score(codes[keep] == k, chances[keep][:, k]) for k in (0, 2)]
        assert score.value == pytest.approx(np.mean(zero_and_two), rel=1e-12)
        assert "2 classes" in score.detail
        assert "without 'green'" in score.detail

    @pytest.mark.parametrize(
        ("truth", "scores", "weights", "words"),
        [
            ([1, 1, 1], [0.1, 0.2, 0.3], None, "all 3 rows are of class 'yes'"),
            ([1, 1, 0], [0.1, 0.2, 0.3], [1, 1, 0], "of class 'yes' or weigh nothing"),
            ([1, 0], [0.1, np.nan], None, "scores should be finite numbers; row 1 is nan"),
            ([1, 0], [0.1, np.inf], None, "row 1 is inf"),
            ([1, 0], ["high", "low"], None, "scores should be numbers"),
            ([1, 0, 1], [0.1, 0.2], None, "3 rows"),
            ([3, 0], [0.1, 0.2], None, "row 0 is 3"),
            ([1, 0], [[0.1, 0.2, 0.3]] * 2, None, "2 labels"),
        ],
    )
    def test_bad_input(self, truth: object, scores: object, weights: object, words: str) -> None:
        with pytest.raises(InputError, match=words):
            metrics.roc_auc(truth, scores, labels=["no", "yes"], weights=weights)


class TestConfusionCounts:
    def test_by_hand(self) -> None:
        truth = ["yes", "yes", "no", "no", "no", "yes"]
        guess = ["yes", "no", "no", "yes", "no", "yes"]
        counts = metrics.confusion_counts(truth, guess)
        assert counts.labels == ("no", "yes")
        assert counts.positive == "yes"
        assert counts.counts.tolist() == [[2, 1], [1, 2]]
        assert (counts.tp, counts.fp, counts.fn, counts.tn) == (2, 1, 1, 2)

    @given(seeds, st.integers(1, 60), st.integers(2, 5))
    @settings(deadline=None, max_examples=50)
    def test_equals_scikit_learn(self, seed: int, rows: int, classes: int) -> None:
        codes, chances, _ = drawn(seed, rows, classes)
        names = np.array([f"class {k}" for k in range(classes)])
        truth, guess = names[codes], names[chances.argmax(axis=1)]
        order = list(names[::-1])
        expected = peer.confusion_matrix(truth, guess, labels=order)
        counts = metrics.confusion_counts(truth, guess, order, positive=order[0])
        assert counts.counts.tolist() == expected.tolist()
        assert counts.tp + counts.fp + counts.fn + counts.tn == len(truth)
        assert counts.tp == expected[0, 0]

    def test_labels_that_do_not_occur_are_counted_as_zero(self) -> None:
        counts = metrics.confusion_counts([1, 1], [1, 1], [0, 1])
        assert counts.counts.tolist() == [[0, 0], [0, 2]]
        assert counts.tn == 0

    def test_mixed_objects(self) -> None:
        mixed = np.array([1, "b", 1], dtype=object)
        assert metrics.confusion_counts(mixed, mixed).counts.tolist() == [[2, 0], [0, 1]]

    def test_misspelt_label_gets_its_row_and_the_nearest(self) -> None:
        with pytest.raises(InputError, match=r"predicted has the label 'Yess' \(row 1\).*did you mean 'Yes'"):
            metrics.confusion_counts(["Yes", "No"], ["Yes", "Yess"], ["No", "Yes"])

    def test_three_classes_need_the_positive_one_named(self) -> None:
        counts = metrics.confusion_counts([0, 1, 2], [0, 1, 1])
        with pytest.raises(InputError, match="positive=0"):
            _ = counts.tp
        named = metrics.confusion_counts([0, 1, 2], [0, 1, 1], positive=1)
        assert (named.tp, named.fp, named.fn, named.tn) == (1, 1, 0, 1)

    def test_bad_labels(self) -> None:
        with pytest.raises(InputError, match="different from each other"):
            metrics.confusion_counts([0, 1], [0, 1], [0, 0, 1])
        with pytest.raises(InputError, match="positive has the label 7"):
            metrics.confusion_counts([0, 1], [0, 1], positive=7)
        with pytest.raises(ShapeError, match="2 rows and predicted has 1"):
            metrics.confusion_counts([0, 1], [0])

    def test_says_itself(self) -> None:
        counts = metrics.confusion_counts(["<b>", "c"], ["c", "c"])
        assert repr(counts) == "ConfusionCounts(labels=('<b>', 'c'), counts=[[0, 1], [0, 1]], positive='c')"
        assert counts.to_dict() == {"labels": ["<b>", "c"], "counts": [[0, 1], [0, 1]], "positive": "c"}
        page = counts._repr_html_()
        assert "<b>" not in page
        assert "<td>1</td>" in page


def test_probabilities_are_no_labels():
    with pytest.raises(InputError, match=r"row 0 is 0\.2 while truth holds whole numbers; turn probabilities"):
        metrics.accuracy([0, 1, 1], [0.2, 0.9, 0.8])
    assert metrics.accuracy([0, 1, 1], [0.0, 1.0, 0.0]).value == pytest.approx(2 / 3)


def test_confusion_counts_sum_weights():
    rng = np.random.default_rng(5)
    truth, guess, weights = rng.integers(0, 2, 50), rng.integers(0, 2, 50), rng.random(50)
    found = metrics.confusion_counts(truth, guess, weights=weights)
    assert found.tp == pytest.approx(weights[(truth == 1) & (guess == 1)].sum())
    assert found.tp + found.fp + found.fn + found.tn == pytest.approx(weights.sum())
    assert isinstance(metrics.confusion_counts(truth, guess).tp, int)
    with pytest.raises(InputError, match="weights should be zero or more"):
        metrics.confusion_counts(truth, guess, weights=-weights)
