"""`--engine torch` on the command line, with PyTorch and without."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

needs_torch = pytest.mark.skipif(find_spec("torch") is None, reason="needs the extra torch")


@pytest.fixture
def table() -> str:
    rng = np.random.default_rng(0)
    lines = [f"{a:.3f},{b:.3f},{'yes' if a + b > 0 else 'no'}" for a, b in rng.normal(size=(40, 2))]
    Path("table.csv").write_text("\n".join(["a,b,y", *lines]), encoding="utf-8")
    return "table.csv"


@needs_torch
def test_train_with_torch(run, table, monkeypatch) -> None:
    """Networks with hidden layers are trained by PyTorch; the logistic one by L-BFGS, which it does not run."""
    from pellucid.engines.torch import TorchEngine

    started = []
    start = TorchEngine.start

    def counted(engine, network, *rest):
        started.append(network.hidden)
        return start(engine, network, *rest)

    monkeypatch.setattr(TorchEngine, "start", counted)
    said = run("train", table, "--target", "y", "--hidden", "4", "--epochs", "1", "--engine", "torch:cpu", "--out", "m")
    assert said.code == 0, said.err
    assert started
    assert () not in started
    assert Path("m/model.pellucid").is_file()


@needs_torch
def test_a_device_that_is_not_there(fails, table) -> None:
    assert "no device 'cuda:99' here; there is cpu" in fails(
        "train", table, "--target", "y", "--engine", "torch:cuda:99"
    )


def test_without_pytorch_the_extra_is_named(fails, table, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    words = fails("train", table, "--target", "y", "--engine", "torch")
    assert "pip install 'pellucid[torch]'" in words
