"""Shared resamples: the scores in them, and whether other intervals agree with them."""

from __future__ import annotations

import numpy as np
import pytest

from pellucid import metrics
from pellucid.errors import InputError


def drawn(rows: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Two classes, 30 % positive, with probabilities that are worth something."""
    rng = np.random.default_rng(seed)
    truth = (rng.random(rows) < 0.3).astype(int)
    return truth, 1 / (1 + np.exp(-(rng.normal(size=rows) * 1.2 + 1.5 * truth - 1.4)))


class TestResamples:
    @pytest.mark.parametrize("digits", [1, 12])  # with and without ties
    @pytest.mark.parametrize("weighted", [False, True])
    def test_values_are_those_of_the_scores(self, digits: int, weighted: bool) -> None:
        truth, chances = drawn(300)
        chances = chances.round(digits)
        weights = np.random.default_rng(1).integers(0, 3, 300) if weighted else None
        found = metrics.resample_scores(truth, chances, weights=weights, draws=100)
        expected = {score.name: score.value for score in metrics.score_classes(truth, chances, weights=weights)}
        assert dict(zip(found.names, found.values)) == pytest.approx(
            {name: expected[name] for name in found.names}, rel=1e-12
        )

    def test_a_draw_is_what_the_scores_say_of_rows_that_count_so_often(self) -> None:
        """Resampled scores of the same draw depend on the same counts: those of accuracy tell the others'."""
        truth, chances = drawn(200)
        found = metrics.resample_scores(truth, chances, draws=100, seed=3)
        again = metrics.resample_scores(truth, chances, draws=100, seed=3)
        assert np.array_equal(found.draws, again.draws)
        moves = np.corrcoef(found.draws.T)
        names = list(found.names)
        assert moves[names.index("accuracy"), names.index("Brier score")] < -0.5
        assert moves[names.index("F1"), names.index("MCC")] > 0.8

    def test_every_interval_agrees_with_the_resamples(self) -> None:
        """Below 20,000 rows (logit, Wilson, studentized) and above (influence function)."""
        for rows in (2_000, 21_000):
            truth, chances = drawn(rows)
            found = metrics.resample_scores(truth, chances, draws=2000)
            for score in metrics.score_classes(truth, chances):
                if score.name in found.names:
                    other = found.interval(score.name)
                    assert score.interval.half_width == pytest.approx(other.half_width, rel=0.09), score.name
                    assert score.interval.low == pytest.approx(other.low, abs=0.25 * other.half_width), score.name

    def test_bootstrap_and_influence_function_agree_to_five_percent_at_the_border(self) -> None:
        truth, chances = drawn(20_001)
        above = {score.name: score for score in metrics.score_classes(truth, chances)}
        below = {score.name: score for score in metrics.score_classes(truth[:-1], chances[:-1], draws=6000)}
        for name in ("log loss", "Brier score"):
            assert below[name].interval.method != above[name].interval.method
            assert below[name].interval.half_width == pytest.approx(above[name].interval.half_width, rel=0.05)
        drawn_widths = metrics.resample_scores(truth, chances, draws=6000)
        for name in ("average precision", "ROC AUC", "MCC"):
            width = drawn_widths.interval(name).half_width
            assert above[name].interval.half_width == pytest.approx(width, rel=0.05), name

    @pytest.mark.parametrize(
        ("truth", "chances", "options", "words"),
        [
            ([1, 1], [0.1, 0.2], {}, "2 of 2 rows of the class"),
            ([0, 0], [0.1, 0.2], {}, "0 of 2 rows of the class"),
            ([0, 1], [0.1, 1.2], {}, r"from 0\.1 to 1\.2"),
            ([0, 1], [0.1, 0.2], {"draws": 10}, "at least 100"),
            ([0, 1], [0.1, 0.2], {"weights": [0, 0]}, "all zero"),
        ],
    )
    def test_bad_input(self, truth: list, chances: list, options: dict, words: str) -> None:
        with pytest.raises(InputError, match=words):
            metrics.resample_scores(truth, chances, **options)

    def test_unknown_name(self) -> None:
        with pytest.raises(KeyError):
            metrics.resample_scores(*drawn(50), draws=100).interval("kappa")

    def test_few_rows_of_a_class_have_no_interval_and_the_reason(self):
        for few, told in ((1, "no interval: 1 row of class 1"), (7, "7 rows of class 1: how often"), (10, "")):
            truth = np.r_[np.ones(few), np.zeros(20)]
            found = metrics.resample_scores(truth, np.linspace(0.2, 0.8, few + 20), draws=100)
            assert (found.interval("ROC AUC") is None) == (few < 5)
            assert found.detail.startswith(told)
            assert bool(found.detail) == bool(told)

    def test_a_class_of_no_weight_is_refused(self):
        truth = np.arange(40) % 2
        with pytest.raises(InputError, match="positive class weigh nothing"):
            metrics.resample_scores(truth, np.linspace(0.1, 0.9, 40), weights=(truth == 0) * 1.0)
