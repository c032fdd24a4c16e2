"""Many networks at once: the same figures whatever the threads, divergence as a record, summaries by hand."""

from __future__ import annotations

import json
import signal
import threading
import time
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import log_loss

import pellucid
from pellucid import EarlyStopping, MLPClassifier, MLPRegressor
from pellucid.data.generate import moons, spiral
from pellucid.data.split import Split, repeated_stratified_folds
from pellucid.errors import ColumnError, ShapeError, SpecError
from pellucid.judging.side_by_side import side_by_side, thread_count
from pellucid.judging.sweep import SweepRun, best_of_many

X, y = moons(120, 0.2, 0)
SPECS = {
    "linear": MLPClassifier((), epochs=3, learning_rate=0.05),
    "small": MLPClassifier((5,), epochs=3, learning_rate=0.05),
    "stops": MLPClassifier((4,), epochs=6, early_stopping=EarlyStopping(patience=2), dropout=0.2),
}


def figures(found: Any) -> list[Any]:
    return [(run.spec, run.fold, run.seed, run.scores, run.epochs) for run in found.runs]


def test_every_network_is_what_its_estimator_gives_alone() -> None:
    folds = repeated_stratified_folds(y, 3, 1, rng=5)
    found = pellucid.sweep(X, y, SPECS, folds=folds, seeds=[4, 1], threads=2)
    assert [(r.spec, r.fold, r.seed) for r in found.runs] == [
        (name, fold, seed) for name in SPECS for fold in range(3) for seed in (4, 1)
    ]
    for run in found.runs:
        fold = folds[run.fold]
        alone = MLPClassifier(**{**SPECS[run.spec].get_params(deep=False), "random_state": run.seed})
        alone.fit(X[fold.training], y[fold.training])
        said = alone.predict_proba(X[fold.held_out])
        assert run.scores["log loss"] == pytest.approx(log_loss(y[fold.held_out], said), rel=1e-9)
        assert run.scores["accuracy"] == alone.score(X[fold.held_out], y[fold.held_out])
        assert run.epochs == alone.history_.kept_epoch


@pytest.mark.parametrize("threads", [2, 5, None])
def test_threads_change_no_figure(threads: int | None) -> None:
    assert figures(pellucid.sweep(X, y, SPECS, folds=3, seeds=3, threads=threads)) == figures(
        pellucid.sweep(X, y, SPECS, folds=3, seeds=3, threads=1)
    )


def test_summaries_by_hand() -> None:
    found = pellucid.sweep(X, y, SPECS, folds=4, seeds=2, threads=1)
    assert [s.scores["log loss"] for s in found.summaries] == sorted(s.scores["log loss"] for s in found.summaries)
    small = np.array([r.scores["log loss"] for r in found.runs if r.spec == "small"]).reshape(4, 2)
    summary = found["small"]
    assert summary.scores["log loss"] == pytest.approx(small.mean())
    assert summary.seed_spread == pytest.approx(np.sqrt((np.diff(small, axis=1) ** 2 / 2).mean()))
    assert summary.fold_spread == pytest.approx(small.mean(axis=1).std(ddof=1))
    # Nadeau and Bengio: (1/k + n_test/n_train) s², Student's t with k - 1 = 3 degrees of freedom
    reach = 3.182446305 * np.sqrt((1 / 4 + 30 / 90) * small.mean(axis=1).var(ddof=1))
    assert summary.intervals["log loss"].half_width == pytest.approx(reach)
    assert (summary.runs, summary.diverged, summary.epochs) == (8, 0, 3)
    assert found["linear"].intervals["accuracy"].high <= 1


def test_a_network_that_diverges_is_a_record() -> None:
    rng = np.random.default_rng(0)
    numbers = rng.normal(size=(60, 2))
    specs = {
        "sound": MLPRegressor((3,), epochs=2),
        "wild": MLPRegressor((3,), "identity", optimizer="sgd", learning_rate=1e9, epochs=40),
    }
    found = pellucid.sweep(numbers, numbers[:, 0], specs, folds=3, threads=2)
    wild = [run for run in found.runs if run.spec == "wild"]
    assert [run.scores for run in wild] == [{}] * 3
    assert all(run.finding is not None and run.finding.code == "NON_FINITE" for run in wild)
    assert (found["wild"].diverged, found["wild"].scores) == (3, {})
    assert found.summaries[0].spec == "sound"
    assert set(found["sound"].scores) == {"RMSE", "R²"}
    assert "3 of 3" in str(found)
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["runs"][-1]["finding"]["code"] == "NON_FINITE"
    assert found.to_frame()["finding"].to_list() == [None] * 3 + ["NON_FINITE"] * 3
    alone = pellucid.sweep(numbers, numbers[:, 0], {"wild": specs["wild"]}, folds=2, threads=1)
    assert repr(alone) == "Sweep(1 spec, 2 networks, all diverged)"


def test_tables_and_frames() -> None:
    table = pellucid.read("titanic")
    by_name = pellucid.sweep(table, "Survived", [MLPClassifier((3,), epochs=1)], folds=2)
    assert by_name.summaries[0].spec == "MLPClassifier(epochs=1, hidden_layer_sizes=(3,))"
    assert by_name["MLPClassifier(epochs=1, hidden_layer_sizes=(3,))"].scores["log loss"] < 0.8
    frame = pd.DataFrame({"a": X[:, 0], "b": X[:, 1], "city": np.where(X[:, 0] > 0, "Rome", "Oslo")})
    labels = np.where(y, "yes", "no")
    of_frame = pellucid.sweep(frame, labels, [MLPClassifier((), epochs=1)], folds=2)
    assert "AUC" in of_frame.summaries[0].scores
    assert pellucid.sweep(X.tolist(), y.tolist(), {"s": SPECS["small"]}, folds=2).runs[0].scores == (
        pellucid.sweep(X, y, {"s": SPECS["small"]}, folds=2).runs[0].scores
    )
    three, classes = spiral(90, 3, 0.1, seed=0)
    assert set(pellucid.sweep(three, classes, [MLPClassifier(epochs=1)], folds=2).summaries[0].scores) == {
        "log loss",
        "accuracy",
    }


def test_restarts_that_are_no_restarts_are_said() -> None:
    found = pellucid.sweep(X, y, {"small": SPECS["small"]}, folds=2, seeds=3)
    assert "SAME_START" not in {f.code for f in found.findings}
    with pytest.raises(SpecError, match="SAME_START: seeds must differ"):
        pellucid.sweep(X, y, {"small": SPECS["small"]}, seeds=[1, 1])


def test_the_optimism_of_picking_by_hand() -> None:
    # a wins on folds 0 and 1, b on fold 2; without fold 2 a is picked and scores 0.9 there.
    losses = {"a": [0.1, 0.1, 0.9], "b": [0.5, 0.5, 0.2]}
    runs = [SweepRun(s, k, 0, {"log loss": v}, 1, 0.0) for s, values in losses.items() for k, v in enumerate(values)]
    finding = best_of_many(runs, "log loss")
    assert finding is not None
    # means: a 1.1/3 = 0.3667, b 0.4; without fold 0: a 0.5, b 0.35 → b scores 0.5; fold 1 alike; fold 2: a scores 0.9
    assert "has log loss 0.3667" in finding.seen
    assert finding.seen.endswith("gives 0.6333")
    assert best_of_many(runs[:3], "log loss") is None
    assert best_of_many([run for run in runs if run.fold < 2], "log loss") is None


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: pellucid.sweep(X, y, []), SpecError, "one or more and all of one kind, got none"),
        (lambda: pellucid.sweep(X, y, [MLPClassifier(), MLPRegressor()]), SpecError, "got MLPClassifier, MLPRegressor"),
        (lambda: pellucid.sweep(X, y, [MLPClassifier(), MLPClassifier()]), SpecError, "give them names"),
        (lambda: pellucid.sweep(X, y, SPECS, seeds=0), SpecError, "seeds must be how many"),
        (lambda: pellucid.sweep(X, y, SPECS, seeds=[-1]), SpecError, "seeds must be how many"),
        (lambda: pellucid.sweep(X, y, SPECS, threads=0), SpecError, "threads must be a whole number of at least 1"),
        (lambda: pellucid.sweep(X, y[:5], SPECS), ShapeError, r"target must be \(rows,\) = \(120,\)"),
        (lambda: pellucid.sweep("titanic", "Survive", SPECS), ColumnError, "did you mean 'Survived'"),
        (lambda: pellucid.sweep("titanic", "Fare", SPECS), SpecError, "'Fare' holds numbers: use MLPRegressor"),
        (
            lambda: pellucid.sweep("titanic", "Survived", [MLPRegressor()]),
            SpecError,
            "'Survived' holds classes: use MLPClassifier",
        ),
    ],
)
def test_mistakes(call: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        call()


def test_pieces_keep_their_order_and_end_at_the_first_error() -> None:
    started: list[int] = []

    def piece(number: int) -> Any:
        def run() -> int:
            started.append(number)
            time.sleep(0.002 * (number % 3))
            if number == 11:
                raise ValueError("eleven")
            return number

        return run

    assert list(side_by_side((piece(k) for k in range(10)), 3)) == list(range(10))
    started.clear()
    with pytest.raises(ValueError, match="eleven"):
        list(side_by_side((piece(k) for k in range(1000)), 2))
    assert len(started) < 40
    assert threading.active_count() < 20
    assert thread_count(3) == 3
    assert thread_count(None) >= 1


def test_ctrl_c_ends_networks_that_are_under_way() -> None:
    long = {"long": MLPClassifier((64,), epochs=100_000, batch_size=8)}
    timer = threading.Timer(1.0, signal.pthread_kill, [threading.main_thread().ident, signal.SIGINT])
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        pellucid.sweep(X, y, long, folds=2, seeds=2, threads=2)
    assert threading.active_count() < 20


def test_own_folds_may_leave_rows_out() -> None:
    fold = Split(np.arange(0, 80), np.arange(80, 120), "the last 40")
    found = pellucid.sweep(X, y, {"small": SPECS["small"]}, folds=[fold])
    assert found["small"].intervals == {}
    assert np.isnan(found["small"].fold_spread)
