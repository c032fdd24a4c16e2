"""The torch engine: how it is called, what it refuses, and that it leaves PyTorch as it found it."""

from __future__ import annotations

import pickle
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from pellucid import MLPClassifier, NetworkSpec, TrainingSpec, fit_network, nn
from pellucid.data.generate import moons
from pellucid.engines import torch_epoch
from pellucid.engines.choose import check_engine_name, choose_engine
from pellucid.engines.contract import TrainingData
from pellucid.errors import MissingExtraError, SpecError
from pellucid.training.fit_network import starting_point

torch = pytest.importorskip("torch", reason="needs the extra torch")

X, y = moons(90, 0.2, 0)
NETWORK = NetworkSpec(2, (7, 5), activation=("relu", "tanh"), bias=(True, False, True), dropout=(0.3, 0.1))
PLAN = TrainingSpec("bce", nn.Adam(clip_norm=1.0, schedule="cosine"), 0.01, 12, 16, l1=1e-4, l2=1e-3, seed=2**40 + 7)


def trained(engine: str = "torch:cpu", **options: Any) -> bytes:
    """The bits of a trained network and of its records."""
    fitted = fit_network(X, y, NETWORK, PLAN, validation=(X[:30], y[:30]), engine=engine, **options)
    return b"".join(v.tobytes() for v in fitted.parameters.values()) + repr(fitted.history.epochs).encode()


def test_the_name_says_the_device() -> None:
    assert choose_engine("torch:cpu", NETWORK, PLAN).name == "torch"
    fitted = fit_network(X, y, NETWORK, PLAN, engine="torch:cpu")
    assert fitted.history.engine == "torch"
    here = "torch" if not (torch.cuda.is_available() or torch.backends.mps.is_available()) else "torch:"
    assert choose_engine("torch", NETWORK, PLAN).name.startswith(here)


@pytest.mark.parametrize("name", ["torch:cuda:99", "torch:tpu", "torch:cpu:1", "torch:cpu:x"])
def test_a_device_that_is_not_there(name: str) -> None:
    with pytest.raises(SpecError, match=rf"no device '{name[6:]}' here; there is cpu"):
        check_engine_name(name)


def test_an_apple_gpu_knows_no_float64(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    with pytest.raises(SpecError, match='"mps" knows no float64'):
        choose_engine("torch:mps", NETWORK, PLAN)
    assert choose_engine("torch:mps", NETWORK, TrainingSpec(dtype="float32")).name == "torch:mps"


def test_what_it_cannot_run_and_who_can() -> None:
    with pytest.raises(SpecError, match='"torch" cannot run L-BFGS; engine="reference" can'):
        choose_engine("torch", NetworkSpec(2), TrainingSpec(optimizer="lbfgs"))


def test_stretches_of_any_length_give_the_same_bits() -> None:
    """A recording ends a stretch after every so many epochs."""
    assert len({trained(record=None), *(trained(record=every(k)) for k in (1, 5, 7))}) == 1


def every(epochs: int) -> Any:
    from pellucid import Record

    return Record(weights_every=epochs)


def test_the_number_of_threads_changes_no_bit_and_is_given_back() -> None:
    before = torch.get_num_threads()
    try:
        seen = set()
        for threads in (1, 2):
            torch.set_num_threads(threads)
            seen.add(trained())
            assert torch.get_num_threads() == threads
        assert len(seen) == 1
    finally:
        torch.set_num_threads(before)


def test_denormal_numbers_stay_as_they_were_outside() -> None:
    trained()
    assert sys.float_info.min * float("0.5") > 0.0
    assert float(torch.tensor(sys.float_info.min, dtype=torch.float64) * 0.5) > 0.0


def test_the_optimizers_memory_holds_no_denormal_numbers() -> None:
    """A gradient of 1e-30 has a square of 1e-60, which float32 could only write as a denormal number or 0."""
    tiny = np.full((4, 1), 1e-20, np.float32)
    plan = TrainingSpec("mse", "adam", 1e-3, 3, dtype="float32")
    fitted = fit_network(tiny, tiny, NetworkSpec(1, bias=False), plan, engine="torch:cpu")
    memory = fitted.snapshot.optimizer
    assert memory is not None
    numbers = np.abs(np.concatenate([memory["mean"]["layers.0.weight"], memory["square"]["layers.0.weight"]]))
    assert not ((numbers > 0) & (numbers < np.finfo(np.float32).tiny)).any()


@pytest.mark.parametrize("step", [1, 4, 9])
def test_ctrl_c_leaves_the_epoch_before_whole(monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    """Six steps an epoch: Ctrl-C in the first epoch leaves the start, in the second what one epoch gives."""
    calls = 0

    def forward(*arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == step:
            raise KeyboardInterrupt
        return real(*arguments)

    real = torch_epoch.forward
    monkeypatch.setattr(torch_epoch, "forward", forward)
    engine, state = started()
    order, rates = np.tile(np.arange(90), (3, 1)), np.full((3, 6), 0.01)
    records = engine.run(state, order, rates)
    assert state.stopped == "interrupted"
    assert len(records) == state.epoch == (step - 1) // 6
    monkeypatch.undo()
    engine, alone = started()
    engine.run(alone, order[: len(records)], rates)
    for name, value in alone.snapshot().parameters.items():
        np.testing.assert_array_equal(state.snapshot().parameters[name], value)


def started() -> tuple[Any, Any]:
    engine = choose_engine("torch:cpu", NETWORK, PLAN)
    data = TrainingData(X, y[:, None].astype(np.float64))
    return engine, engine.start(NETWORK, PLAN, data, starting_point(NETWORK, PLAN, None))


@pytest.mark.parametrize("rows", [0, 1, 90])
def test_scores_are_the_textbooks(rows: int) -> None:
    parameters = starting_point(NETWORK, PLAN, None).parameters
    ours, textbook = (
        choose_engine(e, NETWORK, PLAN).scores(NETWORK, parameters, X[:rows]) for e in ("torch:cpu", "reference")
    )
    assert ours.shape == (rows, 1)
    np.testing.assert_allclose(ours, textbook, rtol=1e-12, atol=1e-14)


def test_in_an_estimator() -> None:
    model = MLPClassifier((4,), epochs=3, engine="torch:cpu", random_state=0).fit(X, y)
    peer = MLPClassifier((4,), epochs=3, engine="reference", random_state=0).fit(X, y)
    assert model.history_.engine == "torch"
    np.testing.assert_allclose(model.predict_proba(X), peer.predict_proba(X), rtol=1e-9)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(model)).predict(X), model.predict(X))


def test_without_pytorch_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingExtraError, match=r"""engine "torch" needs .* pip install 'pellucid\[torch\]'"""):
        fit_network(X, y, NETWORK, PLAN, engine="torch")
    assert fit_network(X, y, NETWORK, TrainingSpec("bce", epochs=1)).history.engine == "compiled"


def test_other_engines_do_not_load_pytorch() -> None:
    code = (
        "import sys, numpy as np; from pellucid import NetworkSpec, TrainingSpec, fit_network; "
        "X = np.zeros((3, 1)); fit_network(X, X, NetworkSpec(1), TrainingSpec(epochs=1), engine='reference'); "
        "print('torch' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
