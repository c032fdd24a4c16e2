"""Which engine is chosen, what happens without Numba, and where compiled kernels are kept."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from pellucid import NetworkSpec, TrainingSpec, fit_network, nn
from pellucid.engines.choose import choose_engine
from pellucid.engines.kernel_cache import cache_folder
from pellucid.errors import SpecError

NETWORK, PLAN = NetworkSpec(2, (3,)), TrainingSpec()
CUBE = nn.Activation("cube", "z³", lambda Z: Z**3, lambda Z, A: 3 * Z**2, (-np.inf, np.inf))


@dataclass(frozen=True)
class Quartic(nn.Loss):
    """A loss of one's own."""

    name: ClassVar[str] = "quartic"
    formula: ClassVar[str] = "(z - y)⁴"

    def forward(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        return ((Z - Y) ** 4).mean(axis=1)

    def backward(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        return 4 * (Z - Y) ** 3 / Z.shape[1]


def test_the_compiled_engine_is_the_default() -> None:
    assert choose_engine("auto", NETWORK, PLAN).name == "compiled"
    X = np.random.default_rng(0).normal(size=(20, 2))
    assert fit_network(X, X[:, 0], NETWORK, TrainingSpec(epochs=1)).history.engine == "compiled"


@pytest.mark.parametrize(
    ("network", "plan", "words"),
    [
        (NETWORK, TrainingSpec(optimizer="lbfgs"), "L-BFGS"),
        (NETWORK, TrainingSpec(Quartic()), "the loss 'quartic' of your own"),
        (NetworkSpec(2, (3,), activation=CUBE), PLAN, "the activation 'cube' of your own"),
    ],
)
def test_what_only_the_reference_engine_can(network: NetworkSpec, plan: TrainingSpec, words: str) -> None:
    assert choose_engine("auto", network, plan).name == "reference"
    with pytest.raises(SpecError, match=f'cannot run {words}; engine="reference" can'):
        choose_engine("compiled", network, plan)


def test_an_engine_that_does_not_exist() -> None:
    with pytest.raises(SpecError, match="did you mean 'compiled'"):
        choose_engine("compield", NETWORK, PLAN)


FIT = """
import logging, numpy as np
logging.basicConfig(level=logging.INFO, format="%(message)s")
from pellucid import NetworkSpec, TrainingSpec, fit_network
X = np.random.default_rng(0).normal(size=(20, 2))
for _ in range(2):
    fitted = fit_network(X, X[:, 0], NetworkSpec(2, (3,)), TrainingSpec(epochs=2))
print(fitted.history.engine)
"""
SCORE = """
import logging, numpy as np
logging.basicConfig(level=logging.INFO, format="%(message)s")
from pellucid import NetworkSpec
from pellucid.engines.compiled import CompiledEngine
parameters = {"layers.0.weight": np.array([[2.0, 3.0]]), "layers.0.bias": np.array([1.0])}
print(CompiledEngine().scores(NetworkSpec(2), parameters, np.array([[1.0, 10.0]]))[0, 0])
"""


def run_python(code: str, **environment: str) -> tuple[str, str]:
    """Standard output and error of the code in a process of its own."""
    path = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": path, **environment}, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().strip(), done.stderr.decode()


@pytest.mark.parametrize(
    ("breakage", "words"),
    [
        ("import sys; sys.modules['numba'] = None", "is not installed"),
        ("import sys, types; sys.modules['numba'] = types.ModuleType('numba')", "does not work here"),
    ],
)
def test_without_numba_the_reference_engine_trains_and_says_so_once(breakage: str, words: str) -> None:
    said, warned = run_python(breakage + FIT)
    assert said == "reference"
    assert warned.count("reference engine trains") == 1
    assert words in warned


def test_kernels_are_compiled_once_and_mended(tmp_path: Path) -> None:
    first, second, damaged = [], [], []
    for results in (first, second, damaged):
        if results is damaged:
            for file in tmp_path.rglob("*.nbc"):
                file.write_bytes(b"no kernel")
        results.extend(run_python(SCORE, PELLUCID_CACHE=str(tmp_path)))
    assert first[0] == second[0] == damaged[0] == "33.0"
    assert first[1].count("compiling the engine once") == 1
    assert "compiling" not in second[1]
    assert "cannot be used" in damaged[1]


def test_a_cache_that_cannot_be_written_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    said, warned = run_python(SCORE, PELLUCID_CACHE=str(tmp_path / "file"))
    assert said == "33.0"
    assert warned.count("cannot be written") == 1
    assert "PELLUCID_CACHE" in warned


def test_the_cache_folder_carries_version_and_content(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from pellucid.version import __version__

    monkeypatch.setenv("PELLUCID_CACHE", str(tmp_path))
    folder = cache_folder()
    assert folder.parent == tmp_path
    version, _, content = folder.name.rpartition("-")
    assert version == __version__
    assert len(content) == 12
