"""Speed of scoring: ten scores in a thousand resamples, exact areas of ten million rows, all scores of a million.

python benchmarks/metrics.py [--rounds 5]

scikit-learn scores the same rows in the same run; it is given a few resamples, and its time is multiplied.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable

import numpy as np
import sklearn.metrics as peer

from pellucid import metrics
from timing import one_core, take_turns

DRAWS, OF_PEER = 1000, 5


def drawn(rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Two classes, 30 % positive, and probabilities that know something."""
    rng = np.random.default_rng(0)
    truth = (rng.random(rows) < 0.3).astype(np.int64)
    return truth, 1 / (1 + np.exp(-(rng.normal(size=rows) * 1.2 + 1.5 * truth - 1.4)))


def ten_of_peer(truth: np.ndarray, chances: np.ndarray) -> Callable[[], None]:
    """scikit-learn's ten scores in a few resamples."""

    def run() -> None:
        rng = np.random.default_rng(0)
        for _ in range(OF_PEER):
            rows = rng.integers(0, len(truth), len(truth))
            y, p = truth[rows], chances[rows]
            guess = (p >= 0.5).astype(np.int64)
            for score in (
                peer.accuracy_score,
                peer.balanced_accuracy_score,
                peer.precision_score,
                peer.recall_score,
                peer.f1_score,
                peer.matthews_corrcoef,
            ):
                score(y, guess)
            for score in (peer.log_loss, peer.brier_score_loss, peer.roc_auc_score, peer.average_precision_score):
                score(y, p)

    return run


def compare(title: str, ours: Callable[[], object], theirs: Callable[[], object], times: int, rounds: int) -> None:
    """Print a line: median seconds of both, and how many times longer scikit-learn takes."""
    seconds, _ = take_turns({"pellucid": lambda: ours, "scikit-learn": lambda: theirs}, rounds)
    own, other = statistics.median(seconds["pellucid"]), statistics.median(seconds["scikit-learn"]) * times
    print(f"{title:52} pellucid {own:7.3f} s   scikit-learn {other:8.2f} s   {other / own:6.1f} ×", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with one_core():
        truth, chances = drawn(10_000)
        compare(
            "10 scores, 1,000 resamples of 10,000 rows",
            lambda: metrics.resample_scores(truth, chances, draws=DRAWS),
            ten_of_peer(truth, chances),
            DRAWS // OF_PEER,
            rounds,
        )
        many, scores = drawn(10_000_000)
        for name, given in (("float64", scores), ("float32", scores.astype(np.float32))):
            compare(
                f"area under the ROC curve, 10,000,000 rows, {name}",
                lambda given=given: metrics.roc_auc(many, given),
                lambda given=given: peer.roc_auc_score(many, given),
                1,
                rounds,
            )
        few, part = many[:1_000_000], scores[:1_000_000]
        compare(
            "13 scores with intervals, 1,000,000 rows; one area",
            lambda: metrics.score_classes(few, part),
            lambda: peer.roc_auc_score(few, part),
            1,
            rounds,
        )


if __name__ == "__main__":
    main()
