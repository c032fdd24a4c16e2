"""The same bits: of dropout in both engines, from any number of threads, in a new process; and without a compiler."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from both_engines import ACTIVATIONS, LOSSES, OPTIMIZERS, Case, flat, rows_for
from numba import njit

from pellucid import NetworkSpec, TrainingSpec, fit_network, nn
from pellucid.data.generate import moons
from pellucid.engines import kernels

X, y = moons(150, 0.2, 0)
NETWORK = NetworkSpec(2, (9, 6), dropout=(0.3, 0.1))
PLAN = TrainingSpec("bce", nn.Adam(clip_norm=1.0), 0.01, epochs=8, batch_size=32, l2=1e-3, seed=2**40 + 7)


@njit
def drop(A, D, units, stride, columns, below, scale, seed, step, layer, rows, hashes):  # type: ignore[no-untyped-def]
    """The kernel, which only compiled code may call."""
    kernels.drop(A, D, units, stride, columns, below, scale, seed, step, layer, rows, hashes)


def trained(seed: int = 0, dtype: str = "float64") -> bytes:
    """The bits of a trained network."""
    plan = replace(PLAN, seed=PLAN.seed + seed, dtype=dtype)
    fitted = fit_network(X, y, NETWORK, plan, validation=(X[:40], y[:40]), engine="compiled")
    return flat(fitted.parameters).tobytes() + fitted.history.training_loss.tobytes()


@pytest.mark.parametrize(
    ("seed", "step", "layer"), [(0, 0, 0), (5, 3, 1), (2**63 - 1, 2**31, 2), (2**40 + 7, 10**6, 0)]
)
@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_dropout_has_the_bits_of_the_textbook(seed: int, step: int, layer: int, rate: float) -> None:
    units, rows = 7, np.array([3, 0, 100, 2**31, 17, 4, 4, 9], np.int64)
    A, D = np.ones(units * 8), np.full(units * 8, 2.0)
    below, scale = int(rate * 2**32), 1 / (1 - rate)
    drop(A, D, units, 8, 8, below, scale, seed, step, layer, rows, np.empty(8, np.uint32))
    kept = nn.keep(seed, step, layer, rows[:, None], np.arange(units)[None, :], rate)
    np.testing.assert_array_equal(A.reshape(units, 8).T, np.where(kept, scale, 0.0))
    np.testing.assert_array_equal(D, 2 * A)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_threads_change_no_bit(dtype: str) -> None:
    alone = [trained(seed, dtype) for seed in range(12)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda seed: trained(seed, dtype), range(12)))
    assert together == alone
    assert len(set(alone)) == 12


def run_python(code: str, **environment: str) -> bytes:
    """What the code writes to standard output in a process of its own."""
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": path, **environment}, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def test_a_new_process_finds_the_same_bits() -> None:
    code = "import sys, test_parity_determinism as t; sys.stdout.buffer.write(t.trained())"
    assert run_python(code) == trained()


def small_case(number: int, dtype: str) -> Case:
    """One of a series that meets every activation, loss and optimizer."""
    hidden = (5, 3, 2)
    network = NetworkSpec(
        3,
        hidden,
        3,
        activation=tuple(ACTIVATIONS[(3 * number + k) % len(ACTIVATIONS)] for k in range(3)),
        dropout=(0.2, 0.0, 0.0) if number % 3 == 0 else 0.0,
    )
    plan = TrainingSpec(
        LOSSES[number % len(LOSSES)],
        OPTIMIZERS[number % len(OPTIMIZERS)],
        0.01,
        2,
        9,
        l1=0.01 if number % 2 else 0.0,
        dtype=dtype,
        seed=number,
    )
    rng = np.random.default_rng(number)
    data = rows_for(rng, network, plan, 20, 11, number % 2 == 0, number % 4 < 2)
    return Case(network, plan, data, np.array([rng.permutation(20) for _ in range(2)]), np.full((2, 3), 0.01))


def all_small() -> np.ndarray:
    """The parameters of the whole series, after training by the compiled engine."""
    runs = [small_case(number, dtype).run("compiled")[0] for dtype in ("float64", "float32") for number in range(12)]
    return np.array([flat(state.snapshot().parameters) for state in runs], np.float64)


def test_the_same_source_runs_without_a_compiler() -> None:
    code = "import sys, test_parity_determinism as t; sys.stdout.buffer.write(t.all_small().tobytes())"
    uncompiled = np.frombuffer(run_python(code, NUMBA_DISABLE_JIT="1")).reshape(24, -1)
    compiled = all_small()
    np.testing.assert_allclose(uncompiled[:12], compiled[:12], rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(uncompiled[12:], compiled[12:], rtol=1e-4, atol=1e-5)
