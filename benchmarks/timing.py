"""One clock for all: contenders take turns, round by round, on one core and one thread each."""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from threadpoolctl import threadpool_limits

# A contender's `prepare` is not timed; the function that it returns is, and what that returns is kept.
Prepare = Callable[[], Callable[[], Any]]

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


@contextmanager
def one_core() -> Iterator[None]:
    """Everything inside runs on one core with one thread, libraries that are loaded later and child processes too.

    XLA takes the size of its thread pool from the cores that it may use, so the process is held on one where the
    system allows it.
    """
    for variable in THREAD_VARIABLES:
        os.environ[variable] = "1"
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
    before = allowed_cores()
    if before:
        os.sched_setaffinity(0, {max(before)})
    try:
        with threadpool_limits(1):
            yield
    finally:
        if before:
            os.sched_setaffinity(0, before)


def allowed_cores() -> set[int]:
    """The cores that this process may use; empty where the system does not tell."""
    return set(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else set()


def take_turns(contenders: Mapping[str, Prepare], rounds: int) -> tuple[dict[str, list[float]], dict[str, Any]]:
    """Seconds of every contender in every round, and what its last run returned; a first round only warms up.

    Each round starts with another contender, so that none always runs after the same neighbor.
    """
    names = list(contenders)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    results: dict[str, Any] = {}
    for number in range(rounds + 1):
        shift = number % len(names)
        for name in names[shift:] + names[:shift]:
            run = contenders[name]()
            gc.collect()
            began = time.perf_counter()
            results[name] = run()
            spent = time.perf_counter() - began
            if number > 0:
                seconds[name].append(spent)
    return seconds, results


def per_call(function: Callable[[], Any], least_seconds: float = 0.02) -> Prepare:
    """A contender that calls a quick `function` often enough to be seen by the clock; gives how often.

    Divide the seconds of `take_turns` by what the run returned.
    """
    began = time.perf_counter()
    function()
    function()
    calls = max(1, int(least_seconds / max(1e-7, (time.perf_counter() - began) / 2)))

    def run() -> int:
        for _ in range(calls):
            function()
        return calls

    return lambda: run


def seconds_a_call(functions: Mapping[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """Median seconds of one call of each function; they take turns."""
    for function in functions.values():
        function()
    seconds, calls = take_turns({name: per_call(function) for name, function in functions.items()}, rounds)
    return {name: statistics.median(spent) / calls[name] for name, spent in seconds.items()}


def python_says(code: str, environment: Mapping[str, str] | None = None) -> str:
    """What a fresh Python process prints."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **(environment or {})},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout.strip()


def process_seconds(command: list[str], runs: int) -> float:
    """Median seconds of a whole process, after one run to warm the disk."""
    times = []
    for _ in range(runs + 1):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - began)
    return statistics.median(times[1:])
