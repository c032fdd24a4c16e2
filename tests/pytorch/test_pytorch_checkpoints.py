"""Checkpoints: a run that goes on from one is the run that never stopped; nothing in the file is run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pellucid.errors import FileError, ModelFileError, ShapeError, SpecError
from pellucid.pytorch import fit, load_checkpoint, save_checkpoint

torch = pytest.importorskip("torch", reason="needs the extra torch")
tn = torch.nn

GENERATOR = torch.Generator().manual_seed(0)
X = torch.randn(40, 3, generator=GENERATOR)
Y = (X[:, :1] > 0).float()
BATCHES = [(X[:20], Y[:20]), (X[20:], Y[20:])]
OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    "adam": lambda p: torch.optim.Adam(p, lr=0.01, amsgrad=True),
}


def parts(optimizer: str = "adam", outputs: int = 1) -> tuple[Any, Any]:
    """A module with parameters, buffers, whole numbers and a tied weight, and its optimizer."""
    module = tn.Sequential(tn.Linear(3, 4), tn.BatchNorm1d(4), tn.Linear(4, 4), tn.Linear(4, 4), tn.Linear(4, outputs))
    module[3].weight = module[2].weight
    return module, OPTIMIZERS[optimizer](module.parameters())


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_run_goes_on_as_if_it_had_never_stopped(name: str, tmp_path: Path) -> None:
    module, optimizer = parts(name)
    history = fit(module, tn.BCEWithLogitsLoss(), optimizer, BATCHES, epochs=3).history
    path = save_checkpoint(tmp_path / "three.safetensors", module, optimizer, history)
    fit(module, tn.BCEWithLogitsLoss(), optimizer, BATCHES, epochs=2)

    other, fresh = parts(name)
    assert load_checkpoint(path, other, fresh) == history
    fit(other, tn.BCEWithLogitsLoss(), fresh, BATCHES, epochs=2)
    for key, value in module.state_dict().items():
        np.testing.assert_array_equal(other.state_dict()[key].numpy(), value.numpy())


def test_a_module_alone(tmp_path: Path) -> None:
    module, _ = parts()
    path = save_checkpoint(tmp_path / "m", module)
    other, optimizer = parts()
    assert load_checkpoint(path, other) is None
    assert all(torch.equal(a, b) for a, b in zip(other.state_dict().values(), module.state_dict().values()))
    with pytest.raises(ShapeError, match="saved without an optimizer"):
        load_checkpoint(path, other, optimizer)


def test_what_does_not_fit_changes_nothing(tmp_path: Path) -> None:
    module, optimizer = parts()
    path = save_checkpoint(tmp_path / "m", module, optimizer)
    wider, its_own = parts(outputs=2)
    before = {name: value.clone() for name, value in wider.state_dict().items()}
    with pytest.raises(ShapeError, match=r"4.weight is \(2, 4\) in the module, \(1, 4\) in the checkpoint"):
        load_checkpoint(path, wider, its_own)
    with pytest.raises(ShapeError, match=r"lacks extra.* and has 0\.bias"):
        load_checkpoint(path, tn.ModuleDict({"extra": tn.Linear(1, 1)}))
    with pytest.raises(ShapeError, match="of other parameters; this one has groups of"):
        load_checkpoint(path, module, torch.optim.Adam([module[0].weight]))
    assert all(torch.equal(value, before[name]) for name, value in wider.state_dict().items())


def test_the_state_of_another_optimizer_changes_nothing(tmp_path: Path) -> None:
    module, adam = parts("adam")
    fit(module, tn.BCEWithLogitsLoss(), adam, BATCHES, epochs=1)
    path = save_checkpoint(tmp_path / "m", module, adam)
    fresh, sgd = parts("sgd")
    wide = tn.Sequential(tn.Linear(50, 2), *(tn.Linear(3, 3) for _ in range(3)), tn.Linear(3, 3, bias=False))
    before = fresh[0].weight.clone()
    with pytest.raises(ShapeError, match="of another optimizer, Adam; this one is SGD"):
        load_checkpoint(path, fresh, sgd)
    with pytest.raises(ShapeError, match=r"parameter 0 of the optimizer is \(2, 50\), in the checkpoint \(4, 3\)"):
        load_checkpoint(path, fresh, torch.optim.Adam(wide.parameters(), amsgrad=True))
    assert torch.equal(fresh[0].weight, before)
    assert set(sgd.param_groups[0]) == set(parts("sgd")[1].param_groups[0])
    assert not sgd.state


def test_damaged_files_and_others(tmp_path: Path) -> None:
    module, _ = parts()
    path = save_checkpoint(tmp_path / "m", module)
    with pytest.raises(FileError, match="exists already"):
        save_checkpoint(path, module)
    save_checkpoint(path, module, overwrite=True)
    content = path.read_bytes()
    for number, damaged in enumerate((content[:-10], content[:50], b"", b"pickle" + content)):
        (tmp_path / str(number)).write_bytes(damaged)
        with pytest.raises(ModelFileError, match="no whole checkpoint"):
            load_checkpoint(tmp_path / str(number), module)
    with pytest.raises(FileError, match="there is no checkpoint"):
        load_checkpoint(tmp_path / "absent", module)
    from safetensors.torch import save_file

    save_file({"a": torch.zeros(1)}, tmp_path / "other")
    with pytest.raises(ModelFileError, match="was not written by save_checkpoint"):
        load_checkpoint(tmp_path / "other", module)


def test_a_state_that_no_safe_file_can_hold(tmp_path: Path) -> None:
    module, _ = parts()
    optimizer = torch.optim.LBFGS(module.parameters(), max_iter=10)
    fit(module, tn.BCEWithLogitsLoss(), optimizer, [(X, Y)], epochs=1)
    with pytest.raises(SpecError, match="which a safe file cannot hold; save without the optimizer"):
        save_checkpoint(tmp_path / "m", module, optimizer)
    assert list(tmp_path.iterdir()) == []
