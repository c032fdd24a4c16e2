"""`sweep`: many networks on the same folds, side by side, and what may be concluded from them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..data.read import read
from ..data.split import Split, repeated_folds, repeated_stratified_folds
from ..data.table import Table
from ..errors import ShapeError, SpecError
from ..estimators.classifier import MLPClassifier
from ..estimators.regressor import MLPRegressor
from ..estimators.shared import Estimator, SharedRows, shares_with
from ..records import Finding, Interval, Record, counted
from ..training.diagnosis import same_start
from ..training.fit_network import NonFiniteError, draw_parameters
from ..training.randomness import stream
from .folds import FOLDS, fold_interval
from .rungs import all_classes, fold_scores
from .scoring import possible
from .side_by_side import Interrupter, side_by_side
from .sweep_text import sweep_text
from .truth import Truth, split_off_target

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class SweepRun(Record):
    """One network: the spec by name, its fold (from 0) and seed, and what it scored on the fold's held-out rows.

    `scores` are log loss, accuracy and AUC (two classes), or RMSE and R²; empty for a network that diverged, whose
    `finding` says where. `epochs` is the epoch whose parameters were kept, `seconds` the time of training and scoring.
    """

    spec: str
    fold: int
    seed: int
    scores: dict[str, float]
    epochs: int
    seconds: float
    finding: Finding | None = None


@dataclass(frozen=True)
class SweepSummary(Record):
    """All networks of one spec. `scores` are means over folds and seeds, `intervals` those of the means over folds.

    `seed_spread` and `fold_spread` are the standard deviations of the selection figure between seeds (within a fold)
    and between folds (mean over seeds): how much of a difference is chance of the start and how much is chance of the
    rows. `diverged` networks have no part in the other figures.
    """

    spec: str
    scores: dict[str, float]
    intervals: dict[str, Interval]
    seed_spread: float
    fold_spread: float
    epochs: int
    runs: int
    diverged: int


@dataclass(frozen=True, repr=False)
class Sweep(Record):
    """What `sweep` found: one record a network, in order of spec, fold and seed, and a summary a spec, best first.

    `figure` is what the specs are ordered by, "log loss" or "RMSE" (lower is better).
    """

    runs: tuple[SweepRun, ...]
    summaries: tuple[SweepSummary, ...]
    figure: str
    folds_rule: str
    findings: tuple[Finding, ...]
    seconds: float

    def __repr__(self) -> str:
        best = self.summaries[0]
        told = f"best {best.spec} with {self.figure} {best.scores[self.figure]:.4g}" if best.scores else "all diverged"
        return f"Sweep({counted(len(self.summaries), 'spec')}, {counted(len(self.runs), 'network')}, {told})"

    def __str__(self) -> str:
        return sweep_text(self)

    def __getitem__(self, spec: str) -> SweepSummary:
        """The summary of the spec of that name."""
        for summary in self.summaries:
            if summary.spec == spec:
                return summary
        raise KeyError(spec)

    def to_frame(self) -> pl.DataFrame:
        """A polars frame, one row a network; `finding` holds the code of what went wrong."""
        import polars as pl

        rows = [
            {"spec": run.spec, "fold": run.fold, "seed": run.seed, "epochs": run.epochs, **run.scores}
            | {"seconds": run.seconds, "finding": run.finding.code if run.finding else None}
            for run in self.runs
        ]
        return pl.DataFrame(rows, infer_schema_length=None)


def sweep(
    source: Any,
    target: Any,
    specs: Mapping[str, Estimator] | Sequence[Estimator],
    *,
    folds: int | Sequence[Split] = FOLDS,
    seeds: int | Sequence[int] = 1,
    threads: int | None = None,
    on_run: Callable[[SweepRun], None] | None = None,
) -> Sweep:
    """Train every spec in every fold with every seed, and score each network on the rows that its fold holds out.

    `source` is an array (rows, columns) with `target` the labels or numbers (rows,), or anything that `pellucid.read`
    takes with `target` the name of a column. `specs` are unfitted estimators, all classifiers or all regressors, by
    name or in a list (then their text is their name); their `random_state` is set to each of `seeds`, a number of
    seeds 0, 1, … or the seeds themselves. `folds` are cut stratified by class (number of folds), or given as splits.
    Preparation is learned in every fold from its training rows. `threads` None takes all processors; their number
    changes no figure. A network that diverges is a record with its finding. `on_run` is called after each network.

    Raises `SpecError` for specs that do not fit together, `InputError` for rows that cannot be learned from, and
    KeyboardInterrupt on Ctrl-C.
    """
    began = time.perf_counter()
    named = _named_specs(specs)
    numbers = checked_seeds(seeds)
    X, truth = _rows(source, target, isinstance(next(iter(named.values())), MLPClassifier))
    cuts = _folds(folds, truth)
    interrupter = Interrupter()
    runs = []
    for run in side_by_side(_pieces(X, truth, named, cuts, numbers, interrupter), threads, interrupter):
        runs.append(run)
        if on_run is not None:
            on_run(run)
    order = {name: place for place, name in enumerate(named)}
    runs.sort(key=lambda run: (order[run.spec], run.fold, numbers.index(run.seed)))
    figure = "log loss" if truth.is_classes else "RMSE"
    summaries = [_summary(name, [run for run in runs if run.spec == name], cuts, figure) for name in named]
    summaries.sort(key=lambda summary: summary.scores.get(figure, np.inf))
    findings = [*_same_starts(named, numbers, X, truth), best_of_many(runs, figure)]
    times = f"{counted(len(numbers), 'seed')}"
    rule = f"{len(cuts)} folds{', stratified by class' if truth.is_classes and isinstance(folds, int) else ''}, {times}"
    kept = tuple(finding for finding in findings if finding is not None)
    return Sweep(tuple(runs), tuple(summaries), figure, rule, kept, time.perf_counter() - began)


def _pieces(
    X: Any, truth: Truth, specs: dict[str, Estimator], folds: Sequence[Split], seeds: list[int], stop: Interrupter
) -> Iterator[Callable[[], SweepRun]]:
    """One piece of work a network. Rows are prepared once for all networks that can share them."""
    for number, fold in enumerate(folds):
        rows, answers = _take(X, fold.training), truth.values[fold.training]
        held, held_truth = _take(X, fold.held_out), truth.take(fold.held_out)
        shared: dict[tuple[Any, ...], tuple[SharedRows, np.ndarray]] = {}
        for name, spec in specs.items():
            for seed in seeds:
                key = shares_with(spec, seed)
                if key not in shared:
                    prepared = SharedRows(spec, rows, answers, seed)
                    shared[key] = prepared, prepared.matrix(held)
                yield _piece(name, spec, number, seed, *shared[key], held_truth, stop)


def _piece(
    name: str,
    spec: Estimator,
    fold: int,
    seed: int,
    prepared: SharedRows,
    matrix: np.ndarray,
    truth: Truth,
    stop: Interrupter,
) -> Callable[[], SweepRun]:
    def run() -> SweepRun:
        began = time.perf_counter()
        try:
            model = prepared.train(spec, seed, stop.check)
        except NonFiniteError as error:
            return SweepRun(name, fold, seed, {}, 0, time.perf_counter() - began, error.finding)
        if model.history_.stopped == "interrupted":
            raise KeyboardInterrupt
        predicted = prepared.predict(model, matrix)
        if isinstance(model, MLPClassifier):
            predicted = all_classes(predicted, model.classes_, truth)
        scores = fold_scores(truth, predicted)
        return SweepRun(name, fold, seed, scores, model.history_.kept_epoch, time.perf_counter() - began)

    return run


def _summary(name: str, runs: list[SweepRun], folds: Sequence[Split], figure: str) -> SweepSummary:
    sound = [run for run in runs if run.finding is None]
    diverged = len(runs) - len(sound)
    by_fold = [[run for run in sound if run.fold == number] for number in range(len(folds))]
    used = [(split, of_fold) for split, of_fold in zip(folds, by_fold) if of_fold]
    if not used:
        return SweepSummary(name, {}, {}, np.nan, np.nan, 0, len(runs), diverged)
    figures = [f for f in sound[0].scores if all(f in run.scores for run in sound)]
    means = {f: np.array([np.mean([run.scores[f] for run in of_fold]) for _, of_fold in used]) for f in figures}
    splits = [split for split, _ in used]
    return SweepSummary(
        spec=name,
        scores={f: float(values.mean()) for f, values in means.items()},
        intervals={f: possible(f, fold_interval(v, splits)) for f, v in means.items()} if len(used) > 1 else {},
        seed_spread=_spread_of_seeds([[run.scores[figure] for run in of_fold] for _, of_fold in used]),
        fold_spread=float(means[figure].std(ddof=1)) if len(used) > 1 else np.nan,
        epochs=int(np.median([run.epochs for run in sound])),
        runs=len(runs),
        diverged=diverged,
    )


def _spread_of_seeds(values: list[list[float]]) -> float:
    """The pooled standard deviation within folds; NaN when no fold has two seeds."""
    several = [np.asarray(v) for v in values if len(v) > 1]
    if not several:
        return float("nan")
    squares = sum(float(((v - v.mean()) ** 2).sum()) for v in several)
    return float(np.sqrt(squares / sum(len(v) - 1 for v in several)))


def best_of_many(runs: Sequence[SweepRun], figure: str) -> Finding | None:
    """BEST_OF_MANY: the best of several specs flatters itself on the rows that chose it, and by how much.

    The honest figure picks the best spec by all folds but one and scores it on that one, each fold in turn
    (leave-one-fold-out; Varma and Simon, 2006, BMC Bioinformatics 7:91).
    """
    names = list(dict.fromkeys(run.spec for run in runs if run.finding is None))
    folds = sorted({run.fold for run in runs})
    if len(names) < 2 or len(folds) < 3:
        return None
    table = np.full((len(names), len(folds)), np.inf)
    for i, name in enumerate(names):
        for j, fold in enumerate(folds):
            scores = [run.scores[figure] for run in runs if run.spec == name and run.fold == fold and not run.finding]
            table[i, j] = np.mean(scores) if scores else np.inf
    table = table[np.isfinite(table).all(axis=1)]
    if len(table) < 2:
        return None
    chosen = [int(np.delete(table, j, axis=1).mean(axis=1).argmin()) for j in range(len(folds))]
    honest = float(np.mean([table[i, j] for j, i in enumerate(chosen)]))
    best = float(table.mean(axis=1).min())
    return Finding(
        "BEST_OF_MANY",
        "information",
        f"The best of {len(table)} specs has {figure} {best:.4g}; when the other folds pick it each time, "
        f"the fold left out gives {honest:.4g}",
        "The lowest of many figures is low by luck too, and its own rows cannot tell how much",
        "Quote the second figure, or score the chosen spec once on rows that had no part in choosing",
    )


def _same_starts(specs: dict[str, Estimator], seeds: list[int], X: Any, truth: Truth) -> list[Finding]:
    """SAME_START of each spec whose seeds draw the same initial parameters, as far as two seeds can tell."""
    if len(seeds) < 2:
        return []
    some = np.arange(min(len(truth.values), 200))
    if truth.is_classes:  # a row of every class at least
        some = np.union1d(some, np.unique(truth.values, return_index=True)[1])
    found = []
    for spec in specs.values():
        prepared = SharedRows(spec, _take(X, some), truth.values[some], seeds[0])
        network = prepared.network(spec)
        starts = [draw_parameters(network, seed, np.dtype("float64")) for seed in seeds]
        found.append(same_start(starts))
    return [finding for finding in found if finding is not None][:1]


def _named_specs(specs: Any) -> dict[str, Estimator]:
    named = dict(specs) if isinstance(specs, Mapping) else {str(spec): spec for spec in specs}
    if not isinstance(specs, Mapping) and len(named) < len(specs):
        raise SpecError("two of the specs read the same; give them names: {'wide': MLPClassifier(…), …}")
    kinds = {type(spec) for spec in named.values()}
    if len(kinds) != 1 or not kinds <= {MLPClassifier, MLPRegressor}:
        got = ", ".join(sorted(kind.__name__ for kind in kinds)) or "none"
        raise SpecError(f"specs must be MLPClassifiers or MLPRegressors, one or more and all of one kind, got {got}")
    return named


def checked_seeds(seeds: Any) -> list[int]:
    """The seeds, 0 … n - 1 for a number n; raises `SpecError` for none, for negative ones and for doubled ones."""
    numbers = list(range(seeds)) if isinstance(seeds, int) and not isinstance(seeds, bool) else seeds
    whole = isinstance(numbers, (list, tuple, range, np.ndarray)) and len(numbers) > 0
    if not whole or not all(isinstance(n, (int, np.integer)) and n >= 0 for n in numbers):
        raise SpecError(f"seeds must be how many there are (1 or more) or a list of seeds from 0 on, got {seeds!r}")
    if len(set(map(int, numbers))) < len(numbers):
        raise SpecError(f"SAME_START: seeds must differ, or two networks are one network shown twice; got {numbers!r}")
    return [int(n) for n in numbers]


def _rows(source: Any, target: Any, classes: bool) -> tuple[Any, Truth]:
    """(X, truth): a table without its target column, or the array as it is, and class codes or numbers."""
    if isinstance(target, str):
        table, truth, _ = split_off_target(read(source), target)
        usable = [column.name for column in table if column.role == "input"]
        if truth.is_classes != classes:
            kind = "classes: use MLPClassifier" if truth.is_classes else "numbers: use MLPRegressor"
            raise SpecError(f"the target {target!r} holds {kind} ({truth.reason})")
        return table.select(usable), truth
    if isinstance(source, (list, tuple)):
        source = np.asarray(source)
    elif isinstance(source, (str, Mapping)):
        source = read(source)
    answers = np.asarray(target)
    if answers.ndim != 1 or len(answers) != len(source):
        raise ShapeError(f"target must be (rows,) = ({len(source)},), or the name of a column, got {answers.shape}")
    if not classes:
        return source, Truth("y", "regression", answers.astype(np.float64), (), "")
    labels, codes = np.unique(answers, return_inverse=True)
    return source, Truth("y", "classification", codes, tuple(str(label) for label in labels.tolist()), "")


def _folds(folds: Any, truth: Truth) -> list[Split]:
    if not isinstance(folds, int):
        return list(folds)
    rng = stream(0, "folds")
    if truth.is_classes:
        return repeated_stratified_folds(truth.values, folds, 1, rng=rng)
    return repeated_folds(len(truth.values), folds, 1, rng=rng)


def _take(X: Any, rows: np.ndarray) -> Any:
    if isinstance(X, Table):
        return X.take(rows)
    return X.iloc[rows] if hasattr(X, "iloc") else X[rows]
