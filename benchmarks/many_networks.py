"""Many networks at once: eleven architectures × five folds × ten seeds × 60 epochs on Titanic, two threads.

Ours is `pellucid.sweep`, or `fit_network` in a pool of threads where that does not exist yet. PyTorch's side is the
same eager loop as in the other workloads, in two processes with one thread each; it is measured on one seed of the
first two folds and scaled to all 550 networks.
"""

from __future__ import annotations

import importlib.util
import multiprocessing
import os
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

import pages
import pellucid
from pellucid.training.fit_network import NonFiniteError
from workloads import SEED, Workload, titanic

ARCHITECTURES: tuple[tuple[int, ...], ...] = (
    *((), (5,), (10,), (20,), (40,), (10, 5)),
    *((20, 10), (40, 20), (64, 64), (20, 10, 5), (40, 20, 10)),
)
FOLDS, SEEDS, EPOCHS, BATCH, RATE = 5, 10, 60, 32, 0.003
NETWORKS = len(ARCHITECTURES) * FOLDS * SEEDS
WORKERS = 2
WANTED = 30.0
# With an engine that needs more seconds for one seed of all folds, one seed is measured and scaled.
LONGEST_PILOT = 6.0


def measure_sweep(rounds: int) -> tuple[list[str], float | None]:
    """The part of the page, and how many times longer PyTorch takes (None where it is not installed)."""
    print(f"sweep of {NETWORKS} networks …", file=sys.stderr, flush=True)
    has_torch = importlib.util.find_spec("torch") is not None
    _our_sweep(ARCHITECTURES[:1], 1)
    seeds = 1 if _our_sweep(ARCHITECTURES, 1) > LONGEST_PILOT else SEEDS
    spent: dict[str, list[float]] = {"ours": [], "torch": []}
    for _ in range(rounds):
        spent["ours"].append(_our_sweep(ARCHITECTURES, seeds) * SEEDS / seeds)
        if has_torch:
            spent["torch"].append(_torch_sweep())
    ours = statistics.median(spent["ours"])
    theirs = statistics.median(spent["torch"]) if has_torch else None
    return _page(rounds, ours, theirs, seeds), None if theirs is None else theirs / ours


def _page(rounds: int, ours: float, theirs: float | None, seeds: int) -> list[str]:
    how = "`pellucid.sweep`" if hasattr(pellucid, "sweep") else "`fit_network` in a pool of threads"
    scaled = "" if seeds == SEEDS else f" (measured with {seeds} of {SEEDS} seeds and scaled)"
    rows = [
        [f"pellucid, {how}, {WORKERS} threads{scaled}", pages.seconds_text(ours), f"{NETWORKS / ours:.0f}", "1", ""]
    ]
    name = f"torch eager, {WORKERS} processes of one thread"
    if theirs is None:
        rows.append([f"{name}: torch is not installed here and was left out", "", "", "", ""])
    else:
        ratio = theirs / ours
        word = f"goal ≥ {WANTED:g}: {pages.verdict(ratio, WANTED)}"
        rows.append([name, pages.seconds_text(theirs), f"{NETWORKS / theirs:.1f}", f"{ratio:.1f}", word])
    return [
        "## Many networks at once",
        "",
        f"{len(ARCHITECTURES)} architectures × {FOLDS} folds × {SEEDS} seeds = {NETWORKS} networks,",
        f"{EPOCHS} epochs each, Adam, batch {BATCH}, on 713 rows of Titanic with 12 inputs.",
        pages.machine(("numba", "torch")),
        f"Median of {rounds} rounds in turns. PyTorch trained one seed of two folds, {2 * len(ARCHITECTURES)}",
        "networks, and its time is scaled to all; starting its processes and importing torch is not counted.",
        "",
        *pages.table(["contender", "seconds for all", "networks a second", "times ours", ""], rows),
    ]


def folds() -> list[tuple[np.ndarray, np.ndarray]]:
    """(training rows, held-out rows) of every fold."""
    cut = np.array_split(np.random.default_rng(SEED).permutation(len(titanic()[0])), FOLDS)
    return [(np.concatenate(cut[:k] + cut[k + 1 :]), cut[k]) for k in range(FOLDS)]


def _plan(seed: int) -> pellucid.TrainingSpec:
    return pellucid.TrainingSpec(
        loss="bce", optimizer="adam", learning_rate=RATE, epochs=EPOCHS, batch_size=BATCH, dtype="float32", seed=seed
    )


def _our_sweep(architectures: tuple[tuple[int, ...], ...], seeds: int) -> float:
    """Seconds of every architecture, fold and seed."""
    X, y = titanic()
    began = time.perf_counter()
    if hasattr(pellucid, "sweep"):
        specs = {str(hidden): _estimator(hidden) for hidden in architectures}
        pellucid.sweep(X, y, specs, folds=FOLDS, seeds=seeds, threads=WORKERS)
    else:
        _pool_of_fits(X, y, [pellucid.NetworkSpec(X.shape[1], hidden) for hidden in architectures], seeds)
    return time.perf_counter() - began


def _estimator(hidden: tuple[int, ...]) -> pellucid.MLPClassifier:
    return pellucid.MLPClassifier(
        hidden, optimizer="adam", learning_rate=RATE, epochs=EPOCHS, batch_size=BATCH, preparation=None
    )


def _pool_of_fits(X: np.ndarray, y: np.ndarray, networks: list[pellucid.NetworkSpec], seeds: int) -> None:
    def accuracy(task: tuple[pellucid.NetworkSpec, np.ndarray, np.ndarray, int]) -> float:
        network, learned, held, seed = task
        try:
            fitted = pellucid.fit_network(X[learned], y[learned], network, _plan(seed))
        except NonFiniteError:
            return float("nan")
        return float(((fitted.predict(X[held])[:, 0] > 0.5) == y[held]).mean())

    tasks = [(n, learned, held, seed) for n in networks for learned, held in folds() for seed in range(seeds)]
    with threadpool_limits(1), ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(accuracy, tasks))


def _torch_sweep() -> float:
    """Seconds that all networks would take, from a share of them."""
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = "1"
    context = multiprocessing.get_context("spawn")
    tasks = [(hidden, fold) for fold in range(WORKERS) for hidden in reversed(ARCHITECTURES)]
    meeting = context.Barrier(WORKERS)
    with context.Pool(WORKERS, _meet_at, (meeting,)) as pool:
        pool.map(_torch_warm_up, range(WORKERS), chunksize=1)
        began = time.perf_counter()
        pool.map(_torch_network, tasks, chunksize=1)
        spent = time.perf_counter() - began
    return spent * NETWORKS / len(tasks)


_meeting: Any = None


def _meet_at(meeting: Any) -> None:
    global _meeting
    _meeting = meeting


def _torch_warm_up(_: int) -> None:
    _torch_network(((5,), 0), epochs=2)
    _meeting.wait()  # so that each process warms up once


def _torch_network(task: tuple[tuple[int, ...], int], epochs: int = EPOCHS) -> float:
    """Train one network eagerly and score it on the held-out rows."""
    import torch

    from peers import torch_loop, torch_parts

    hidden, fold = task
    X, y = titanic()
    learned, held = folds()[fold]
    work = Workload("sweep", X[learned], y[learned], hidden, "adam", RATE, EPOCHS, BATCH)
    module = torch_loop(replace(work, epochs=epochs), *torch_parts(work), "fused")()
    with torch.inference_mode():
        hits = (module(torch.as_tensor(X[held]))[:, 0] > 0).numpy() == y[held]
    return float(hits.mean())
