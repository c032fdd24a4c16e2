"""Scores of predicted labels: against scikit-learn, by hand, their intervals and reasons, and bad input."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import sklearn.metrics as peer
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import metrics
from pellucid.errors import InputError, ShapeError
from pellucid.records import Score

seeds = st.integers(0, 2**32 - 1)
close = {"rel": 1e-12, "abs": 1e-12}


def drawn(seed: int, rows: int, classes: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Codes of every class, predictions that are right more often than not, and weights, some of them zero."""
    rng = np.random.default_rng(seed)
    truth = np.concatenate([np.arange(classes), rng.integers(0, classes, rows)])
    guess = np.where(rng.random(len(truth)) < 0.6, truth, rng.integers(0, classes, len(truth)))
    weights = rng.integers(0, 4, len(truth)) * rng.random()
    weights[:classes] = 1.5
    return truth, guess, weights


def many(truth: list, guess: list, times: int) -> tuple[list, list]:
    return truth * times, guess * times


ONE_CLASS = {
    "precision": (metrics.precision, peer.precision_score),
    "recall": (metrics.recall, peer.recall_score),
    "F1": (metrics.f1, peer.f1_score),
    "F2": (lambda *a, **k: metrics.f_beta(*a, 2, **k), lambda *a, **k: peer.fbeta_score(*a, beta=2, **k)),
    "F0.5": (lambda *a, **k: metrics.f_beta(*a, 0.5, **k), lambda *a, **k: peer.fbeta_score(*a, beta=0.5, **k)),
    "specificity": (metrics.specificity, lambda t, g, **k: peer.recall_score(t, g, pos_label=0, **k)),
}


class TestAgainstScikitLearn:
    @given(seeds, st.integers(1, 60), st.booleans(), st.sampled_from(sorted(ONE_CLASS)))
    @settings(deadline=None)
    def test_scores_of_one_class(self, seed: int, rows: int, weighted: bool, name: str) -> None:
        truth, guess, weights = drawn(seed, rows, 2)
        w = weights if weighted else None
        ours, theirs = ONE_CLASS[name]
        score = ours(truth, guess, weights=w)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert score.value == pytest.approx(theirs(truth, guess, sample_weight=w), **close)
        assert score.name == name

    @given(seeds, st.integers(1, 60), st.integers(2, 5), st.booleans())
    @settings(deadline=None)
    def test_scores_of_all_classes(self, seed: int, rows: int, classes: int, weighted: bool) -> None:
        truth, guess, weights = drawn(seed, rows, classes)
        w = weights if weighted else None
        expected = peer.balanced_accuracy_score(truth, guess, sample_weight=w)
        assert metrics.balanced_accuracy(truth, guess, weights=w).value == pytest.approx(expected, **close)
        expected = peer.matthews_corrcoef(truth, guess, sample_weight=w)
        assert metrics.mcc(truth, guess, weights=w).value == pytest.approx(expected, **close)

    @given(seeds, st.integers(1, 60), st.integers(2, 5), st.booleans())
    @settings(deadline=None)
    def test_tables(self, seed: int, rows: int, classes: int, weighted: bool) -> None:
        truth, guess, weights = drawn(seed, rows, classes)
        w = weights if weighted else None
        labels = list(range(classes))
        table = metrics.tabulate_classes(truth, guess, labels, weights=w)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            figures = peer.precision_recall_fscore_support(truth, guess, labels=labels, sample_weight=w)
            for label in labels:
                one = table[label]
                found = [one.precision.value, one.recall.value, one.f1.value]
                assert found == pytest.approx([figure[label] for figure in figures[:3]], **close)
            for kind in ("macro", "micro", "weighted"):
                expected = peer.precision_recall_fscore_support(truth, guess, average=kind, sample_weight=w)
                found = [table[f"{kind} {name}"].value for name in ("precision", "recall", "F1")]
                assert found == pytest.approx(expected[:3], **close)


class TestAverages:
    def test_an_average_says_which_it_is(self) -> None:
        """Macro and weighted averages of the same rows differ, and neither may pass for the other."""
        truth, guess = [0] * 8 + [1] * 2, [0] * 8 + [0, 1]
        table = metrics.tabulate_classes(truth, guess)
        # Recalls 1 and 1/2: plain mean 3/4; by rows (8 + 1) / 10.
        assert table["macro recall"].value == pytest.approx(0.75)
        assert table["weighted recall"].value == pytest.approx(0.9)
        assert table["micro recall"].value == pytest.approx(0.9)
        assert {score.name for score in table.averages} == {
            f"{kind} {name}" for kind in ("macro", "micro", "weighted") for name in ("precision", "recall", "F1")
        }
        with pytest.raises(KeyError):
            table["recall"]

    def test_a_class_that_does_not_occur_stands_in_the_table_but_not_in_the_averages(self) -> None:
        table = metrics.tabulate_classes(["a", "b"], ["a", "b"], ["a", "b", "c"])
        assert table["c"].rows == table["c"].predicted == 0
        assert table["c"].recall.interval is None
        assert "no row is of the class" in table["c"].recall.detail
        assert table["macro F1"].value == 1.0
        assert "over 2 classes" in table["macro F1"].detail

    def test_shown_as_a_table(self) -> None:
        shown = metrics.tabulate_classes(["<a>", "b"], ["<a>", "b"])._repr_html_()
        assert "&lt;a&gt;" in shown
        assert shown.count("average</th>") == 3


class TestIntervals:
    def test_proportions_have_wilsons(self) -> None:
        # tp 3, fn 1, fp 2, tn 4
        truth, guess = [1, 1, 1, 1, 0, 0, 0, 0, 0, 0], [1, 1, 1, 0, 1, 1, 0, 0, 0, 0]
        assert metrics.precision(truth, guess).interval == metrics.wilson(3, 5)
        assert metrics.recall(truth, guess).interval == metrics.wilson(3, 4)
        assert metrics.specificity(truth, guess).interval == metrics.wilson(4, 6)

    def test_f1_carries_over_wilsons(self) -> None:
        truth, guess = many([1, 1, 1, 1, 0, 0, 0, 0, 0, 0], [1, 1, 1, 0, 1, 1, 0, 0, 0, 0], 5)
        inner, found = metrics.wilson(15, 30), metrics.f1(truth, guess).interval
        assert found is not None
        assert found.low == pytest.approx(2 * inner.low / (1 + inner.low))
        assert found.high == pytest.approx(2 * inner.high / (1 + inner.high))

    @given(seeds)
    @settings(deadline=None, max_examples=10)
    def test_influence_is_the_slope(self, seed: int) -> None:
        """Half-widths on the scale of the interval against a jackknife that leaves out one row after another."""
        truth, guess, _ = drawn(seed, 150, 3)
        # Rows of the same truth and guess leave the same rows behind.
        _, one_of_each, which = np.unique(3 * truth + guess, return_index=True, return_inverse=True)
        for name in ("MCC", "macro precision", "macro recall", "macro F1", "weighted precision", "weighted F1"):

            def score(kept: slice | np.ndarray, name: str = name) -> Score:
                if name == "MCC":
                    return metrics.mcc(truth[kept], guess[kept])
                return metrics.tabulate_classes(truth[kept], guess[kept])[name]

            full = score(slice(None))
            left_out = np.array([score(np.arange(len(truth)) != k).value for k in one_of_each])[which]
            variance = (len(truth) - 1) * np.var(left_out)
            assert full.interval is not None
            if name == "MCC":
                width = (np.arctanh(full.interval.high) - np.arctanh(full.interval.low)) / 2
                assert width == pytest.approx(1.96 * np.sqrt(variance) / (1 - full.value**2), rel=0.07)
            elif name.startswith("macro"):  # Wilson's of each class, joined: in the middle they are as wide
                assert full.interval.half_width == pytest.approx(1.96 * np.sqrt(variance), rel=0.12), name
            else:
                effective = float(full.interval.method.split()[1].replace(",", ""))
                assert full.value * (1 - full.value) / effective == pytest.approx(variance, rel=0.08)

    @given(seeds)
    @settings(deadline=None, max_examples=30)
    def test_equal_weights_change_nothing(self, seed: int) -> None:
        truth, guess, _ = drawn(seed, 80, 2)
        for function in (metrics.f1, metrics.mcc, metrics.balanced_accuracy, metrics.precision):
            one, other = function(truth, guess), function(truth, guess, weights=np.full(len(truth), 0.3))
            assert other.value == pytest.approx(one.value, **close)
            assert other.interval.low == pytest.approx(one.interval.low)
            assert other.interval.high == pytest.approx(one.interval.high)

    @given(seeds, st.integers(3, 100), st.integers(2, 4))
    @settings(deadline=None, max_examples=50)
    def test_every_interval_holds_its_value_and_stays_in_range(self, seed: int, rows: int, classes: int) -> None:
        truth, guess, weights = drawn(seed, rows, classes)
        table = metrics.tabulate_classes(truth, guess, weights=weights)
        scores = [*table.averages, metrics.balanced_accuracy(truth, guess, weights=weights)]
        scores += [score for one in table.classes for score in (one.precision, one.recall, one.f1)]
        scores.append(metrics.mcc(truth, guess, weights=weights))
        for score in scores:
            lowest = -1 if score.name == "MCC" else 0
            if score.interval is not None:
                assert lowest - 1e-12 <= score.interval.low <= score.value + 1e-12, score
                assert score.value - 1e-12 <= score.interval.high <= 1 + 1e-12, score

    @pytest.mark.parametrize("flip", [False, True])
    def test_perfect_and_all_wrong_still_have_a_wide_interval(self, flip: bool) -> None:
        truth = np.repeat([0, 1], 12)
        score = metrics.mcc(truth, 1 - truth if flip else truth)
        assert score.value == (-1 if flip else 1)
        assert score.interval.half_width > 0.1
        assert abs(score.interval.low if flip else score.interval.high) == 1


class TestFewRows:
    def test_below_five_rows_counts_and_a_reason_and_wilson_all_the_same(self) -> None:
        truth, guess = ["no"] * 30 + ["yes"] * 4, ["no"] * 28 + ["yes"] * 6
        score = metrics.f1(truth, guess, positive="yes")
        assert score.interval is None
        assert score.detail.endswith("no interval: 4 rows of class 'yes', and 5 are needed")
        assert metrics.mcc(truth, guess).interval is None
        assert metrics.balanced_accuracy(truth, guess).interval is None
        assert metrics.recall(truth, guess, positive="yes").interval == metrics.wilson(4, 4)

    def test_from_five_to_nine_rows_the_measured_coverage_is_told(self) -> None:
        truth, guess = [0] * 30 + [1] * 7, [0] * 28 + [1] * 9
        score = metrics.mcc(truth, guess)
        assert 0.5 < score.interval.coverage < 1
        assert f"7 rows of class 1: such intervals held the true value in {score.interval.coverage:.0%}" in score.detail

    def test_what_was_not_measured_is_said(self) -> None:
        truth, guess = [0] * 30 + [1] * 7, [0] * 28 + [1] * 9
        for score in (
            metrics.mcc(truth, guess, level=0.8),
            metrics.f_beta(truth, guess, 2),
            metrics.mcc([*truth, *[2] * 30], [*guess, *[2] * 30]),
            metrics.tabulate_classes([*truth, *[2] * 30], [*guess, *[2] * 30])["macro F1"],
        ):
            assert score.interval.coverage is None, score
            assert "was not measured" in score.detail, score

    def test_from_ten_rows_on_nothing_is_told(self) -> None:
        score = metrics.mcc([0] * 30 + [1] * 10, [0] * 28 + [1] * 12)
        assert score.interval.coverage is None
        assert score.detail == ""


class TestDefinedValues:
    @pytest.mark.parametrize(
        ("function", "truth", "guess", "words"),
        [
            (metrics.precision, [0, 1], [0, 0], "no row is predicted so, counted as 0"),
            (metrics.recall, [0, 0], [0, 1], "no row is of the class, counted as 0"),
            (metrics.specificity, [1, 1], [0, 1], "all rows are of the class, counted as 0"),
            (metrics.mcc, [1, 1], [0, 1], "truth has one class only, counted as 0"),
            (metrics.mcc, [0, 1], [1, 1], "the prediction has one class only, counted as 0"),
        ],
    )
    def test_nothing_to_divide_by(self, function, truth: list, guess: list, words: str) -> None:
        score = function(truth, guess)
        assert (score.value, score.interval) == (0.0, None)
        assert words in score.detail

    def test_one_class_everywhere(self) -> None:
        score = metrics.balanced_accuracy(["a"] * 20, ["a"] * 20)
        assert score.value == 1.0
        assert score.detail == "the recall of the only class"

    @pytest.mark.parametrize(
        ("truth", "guess", "options", "words"),
        [
            (["no", "yes"], ["no", "yes"], {"positive": "Yes"}, "did you mean 'yes'"),
            (["no", "yes"], ["no", "yes"], {}, "positive has the label 1"),
            ([0, 1], [0, 1], {"weights": [0, 0]}, "all zero"),
            ([0, 1], [0.2, 0.9], {}, "turn probabilities into labels"),
            ([], [], {}, "empty"),
            ([0, np.nan], [0, 1], {}, "row 1 has none"),
        ],
    )
    def test_bad_input(self, truth: list, guess: list, options: dict, words: str) -> None:
        with pytest.raises(InputError, match=words):
            metrics.f1(truth, guess, **options)
        with pytest.raises(InputError, match=words):
            metrics.precision(truth, guess, **options)

    def test_unequal_lengths_and_beta(self) -> None:
        with pytest.raises(ShapeError, match="truth has 2 rows and predicted has 3"):
            metrics.mcc([0, 1], [0, 1, 1])
        with pytest.raises(InputError, match="beta should be above 0"):
            metrics.f_beta([0, 1], [0, 1], 0)


def test_macro_averages_cover_with_a_class_that_is_rare_and_hard() -> None:
    """A recall of 0 of k once gave no width, and the intervals held the true value in 77 to 88 of 100 samples."""
    shares, confused = np.array([0.5, 0.45, 0.05]), [[0.95, 0.04, 0.01], [0.05, 0.93, 0.02], [0.5, 0.4, 0.1]]
    chances = shares[:, None] * np.array(confused)

    def table(counts: np.ndarray) -> metrics.ClassTable:
        place = np.repeat(np.arange(9), counts.ravel())
        return metrics.tabulate_classes(place // 3, place % 3, labels=[0, 1, 2])

    names = ("macro precision", "macro recall", "macro F1")
    true = {name: table(np.rint(chances * 1e6).astype(int))[name].value for name in names}
    rng, hits = np.random.default_rng(3), dict.fromkeys(names, 0)
    for _ in range(300):
        found = table(rng.multinomial(300, chances.ravel()))
        for name in names:
            interval = found[name].interval
            hits[name] += interval is None or interval.low <= true[name] <= interval.high
    assert min(hits.values()) >= 0.91 * 300, hits


def test_weighted_precision_covers_with_a_class_that_is_hardly_ever_predicted() -> None:
    """A class of every tenth row that is predicted in one row of 600: in half of the samples it never is."""
    rng = np.random.default_rng(0)
    shares, told = np.array([0.6, 0.3, 0.1]), np.array([[0.9, 0.099, 0.001], [0.3, 0.699, 0.001], [0.6, 0.395, 0.005]])
    chances = shares[:, None] * told
    true = float(shares @ (np.diagonal(chances) / chances.sum(axis=0)))
    hits = {True: [], False: []}
    for _ in range(300):
        counts = rng.multinomial(600, chances.ravel()).reshape(3, 3)
        truth, guess = (np.repeat(axis.ravel(), counts.ravel()) for axis in np.indices((3, 3)))
        score = metrics.tabulate_classes(truth, guess, labels=[0, 1, 2])["weighted precision"]
        assert score.interval is not None
        hits[counts[:, 2].sum() == 0].append(score.interval.low <= true <= score.interval.high)
    assert all(len(each) > 50 and np.mean(each) > 0.93 for each in hits.values())


def test_a_class_that_was_never_predicted_may_have_any_precision() -> None:
    truth, guess = [0] * 40 + [1] * 40 + [2] * 20, [0] * 40 + [1] * 60
    macro = metrics.tabulate_classes(truth, guess)["macro precision"]
    assert macro.interval.high > macro.value + 1 / 3
