"""Any module in our loop: the same numbers as our engines, stopping rules, Ctrl-C, findings, errors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from pellucid import NetworkSpec, TrainingSpec, fit_network, plots
from pellucid.data import moons
from pellucid.errors import InputError, ShapeError, SpecError
from pellucid.pytorch import FittedModule, fit, to_module
from pellucid.training.fit_network import NonFiniteError

torch = pytest.importorskip("torch", reason="needs the extra torch")
tn = torch.nn

X, y = moons(96, 0.2, 0)
X32, Y32 = torch.tensor(X, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)[:, None]
BATCHES = [(X32[k : k + 16], Y32[k : k + 16]) for k in range(0, 64, 16)]
HELD = [(X32[64:], Y32[64:])]
BCE = tn.BCEWithLogitsLoss()


def net(seed: int = 0, *, units: int = 8) -> Any:
    state = torch.get_rng_state()
    torch.manual_seed(seed)
    module = tn.Sequential(tn.Linear(2, units), tn.ReLU(), tn.Linear(units, 1))
    torch.set_rng_state(state)
    return module


def fitted(module: Any = None, loss: Any = BCE, rate: float = 0.01, loader: Any = BATCHES, **options: Any) -> Any:
    module = module or net()
    return fit(module, loss, torch.optim.Adam(module.parameters(), lr=rate), loader, **options)


def state_of(module: Any) -> dict[str, np.ndarray]:
    return {name: value.numpy().copy() for name, value in module.state_dict().items()}


def test_the_numbers_are_those_of_our_engines() -> None:
    """The same start, rows and order: parameters and every column of the history."""
    network, rows = NetworkSpec(2, (6,), activation="relu"), 64
    plan = TrainingSpec("bce", "adam", 0.01, 5, 16, shuffle=False)
    ours = fit_network(X[:rows], y[:rows], network, plan, validation=(X[64:], y[64:]), engine="reference")
    start = to_module(fit_network(X, y, network, TrainingSpec("bce", epochs=0, seed=plan.seed), engine="reference"))
    loader = [(X[k : k + 16], y[k : k + 16, None].astype(float)) for k in range(0, rows, 16)]
    held = [(X[64:80], y[64:80, None].astype(float)), (X[80:], y[80:, None].astype(float))]
    theirs = fit(start, BCE, torch.optim.Adam(start.parameters(), lr=0.01), loader, held, epochs=5)
    for name, value in theirs.module.state_dict().items():
        np.testing.assert_allclose(value.numpy(), ours.parameters[name], rtol=1e-9, atol=1e-12)
    for one, other in zip(theirs.history.epochs, ours.history.epochs, strict=True):
        assert one.dead_units == other.dead_units
        numbers, expected = ({k: v for k, v in e.to_dict().items() if k != "dead_units"} for e in (one, other))
        assert numbers == pytest.approx(expected, rel=1e-9)
    assert theirs.history.engine == "pytorch:cpu"
    np.testing.assert_allclose(theirs.predict(X), ours.scores(X), rtol=1e-9)


def test_a_data_loader_and_the_pictures_of_its_history() -> None:
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(X32, Y32), batch_size=32, shuffle=True)
    done = fitted(loader=loader, validation=HELD, epochs=3)
    assert isinstance(done, FittedModule)
    assert len(done.history) == 3
    assert [f for f in done.history.findings if f.severity != "information"] == []
    assert plots.loss_curves(done.history).axes
    assert repr(done).startswith("FittedModule(Sequential, History(3 epochs, finished")


def test_early_stopping_keeps_the_state_of_the_best_epoch() -> None:
    noise = [(X32[64:], 1 - Y32[64:])]  # the better the module, the worse these
    done = fitted(validation=noise, epochs=50, patience=3, rate=0.05)
    history = done.history
    assert history.stopped == "patience"
    assert history.kept_epoch == history.best_epoch == len(history) - 3
    again = fitted(validation=noise, epochs=history.best_epoch, rate=0.05)
    for name, value in state_of(again.module).items():
        np.testing.assert_array_equal(done.module.state_dict()[name].numpy(), value)
    own = float(BCE(torch.tensor(done.predict(X32[64:])), noise[0][1]))
    assert own == pytest.approx(history.epochs[history.best_epoch - 1].validation_loss, rel=1e-6)


class Interrupting:
    """A loader whose user presses Ctrl-C in the middle of an epoch."""

    def __init__(self, epoch: int) -> None:
        self.epoch, self.done = epoch, 0

    def __iter__(self) -> Iterator[Any]:
        self.done += 1
        yield BATCHES[0]
        yield BATCHES[1]
        if self.done == self.epoch:
            raise KeyboardInterrupt
        yield BATCHES[2]


@pytest.mark.parametrize("epoch", [1, 3])
def test_ctrl_c_keeps_the_last_whole_epoch(epoch: int) -> None:
    done = fitted(loader=Interrupting(epoch), epochs=9)
    assert (done.history.stopped, len(done.history), done.history.kept_epoch) == ("interrupted", epoch - 1, epoch - 1)
    alone = fitted(loader=BATCHES[:3], epochs=epoch - 1)
    for name, value in state_of(alone.module).items():
        np.testing.assert_array_equal(done.module.state_dict()[name].numpy(), value)


def test_ctrl_c_keeps_the_best_epoch_where_there_are_validation_rows() -> None:
    noise = [(X32[64:], 1 - Y32[64:])]
    done = fitted(loader=Interrupting(6), validation=noise, epochs=9, rate=0.05)
    assert done.history.stopped == "interrupted"
    assert done.history.kept_epoch == done.history.best_epoch < 5


def test_time_ends_after_an_epoch() -> None:
    done = fitted(epochs=1000, max_seconds=0.0)
    assert (done.history.stopped, len(done.history)) == ("time", 1)


def test_modes_gradients_and_rates() -> None:
    """Dropout is on in training and off in validation; the scheduler steps an epoch; a clipped gradient is measured."""
    modes: list[tuple[bool, bool]] = []

    class Spy(tn.Dropout):  # type: ignore[name-defined]
        def forward(self, values: Any) -> Any:
            modes.append((self.training, torch.is_grad_enabled()))
            return super().forward(values)

    module = tn.Sequential(tn.Linear(2, 4), Spy(0.5), tn.Linear(4, 1))
    optimizer = torch.optim.SGD(module.parameters(), lr=1.0)
    scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.5)
    seen: list[float] = []
    done = fit(module, BCE, optimizer, BATCHES, HELD, epochs=3, clip_norm=1e-3, scheduler=scheduler,
               on_epoch=lambda record: seen.append(record.learning_rate))  # fmt: skip
    assert modes == 3 * ([(True, True)] * 4 + [(False, False)])
    assert seen == [1.0, 0.5, 0.25]
    assert not module.training
    assert done.history.epochs[0].update_norm == pytest.approx(1e-3, rel=1e-3)
    assert done.history.epochs[0].gradient_norm > 1e-3


def test_an_optimizer_that_asks_for_the_loss_again() -> None:
    module = net()
    optimizer = torch.optim.LBFGS(module.parameters(), max_iter=5)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=0)
    losses = fit(module, BCE, optimizer, [(X32, Y32)], epochs=8, scheduler=scheduler).history.training_loss
    assert losses[-1] < 0.5 * losses[0]


def test_several_classes_are_scored() -> None:
    module = tn.Sequential(tn.Linear(2, 16), tn.ReLU(), tn.Linear(16, 3))
    codes = torch.tensor(y + (X[:, 0] > 1.2))
    done = fitted(module, tn.CrossEntropyLoss(), 0.05, [(X32, codes)], validation=[(X32, codes)], epochs=60)
    accuracy = float((done.predict(X).argmax(axis=1) == codes.numpy()).mean())
    assert done.history.epochs[-1].validation_score == pytest.approx(accuracy)
    assert accuracy > 0.8


def test_a_loss_of_ones_own_has_no_score() -> None:
    done = fitted(loss=lambda Z, Y: ((Z - Y) ** 4).mean(), validation=HELD, epochs=2)
    assert done.history.epochs[-1].validation_score is None
    assert done.history.epochs[-1].validation_loss > 0


def test_findings_of_a_bad_run() -> None:
    module = net()
    with torch.no_grad():
        module[0].bias.fill_(-100.0)
    done = fitted(module, rate=1e-6, epochs=12, validation=HELD)
    found = {finding.code: finding for finding in done.history.findings}
    assert {"DEAD_UNITS", "ONE_CLASS", "NO_PROGRESS"} <= set(found)
    assert "8 of 8 relu units of layer 0" in found["DEAD_UNITS"].seen


def test_probabilities_into_a_logit_loss_are_told() -> None:
    module = tn.Sequential(tn.Linear(2, 1), tn.Sigmoid())
    assert "LOSS_INPUTS" in {f.code for f in fitted(module, epochs=1).history.findings}


def test_patience_without_validation_rows_is_told() -> None:
    (finding,) = fitted(patience=2, epochs=3).history.findings
    assert (finding.code, finding.severity) == ("NO_EFFECT", "information")
    assert "patience was given without validation rows" in finding.seen
    assert "NO_EFFECT" not in {f.code for f in fitted(patience=2, epochs=3, validation=HELD).history.findings}


def test_a_loss_that_is_not_finite_ends_the_run_at_its_step() -> None:
    loader = [*BATCHES[:2], (X32[:16] * float("nan"), Y32[:16]), BATCHES[3]]
    module = net()
    before = state_of(module)
    with pytest.raises(NonFiniteError, match="epoch 1, step 3 of 4") as caught:
        fitted(module, loader=loader)
    assert caught.value.finding.code == "NON_FINITE"
    assert caught.value.history.stopped == "non_finite"
    assert "X of the training loader holds NaN" in caught.value.finding.seen
    assert "learning rate of" not in caught.value.finding.remedy
    for name, value in before.items():
        np.testing.assert_array_equal(module.state_dict()[name].numpy(), value)


def test_the_cause_of_numbers_that_are_not_finite() -> None:
    with pytest.raises(NonFiniteError, match=r"validation rows.* y of the validation loader holds NaN"):
        fitted(validation=[(X32, Y32 * float("inf"))])
    with pytest.raises(NonFiniteError, match="Try a learning rate"):
        fitted(loader=BATCHES, loss=lambda Z, Y: (Z - Y).mean() / 0)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"loader": [(X32, Y32[:, 0])]}, ShapeError, r"SHAPES_BROADCAST.*\(96, 1\) and \(96,\)"),
        ({"loader": [X32]}, ShapeError, r"batch 0 of the training loader must be \(X, y\), got Tensor"),
        ({"loader": [(X32, Y32, Y32)]}, ShapeError, "got tuple of 3"),
        ({"loader": [(X32, Y32[:5])]}, ShapeError, "has 96 rows in X and 5 in y"),
        ({"loader": []}, InputError, "the training loader gave no batch"),
        ({"loader": iter(BATCHES), "epochs": 2}, InputError, "a generator is used up after one epoch"),
        ({"validation": []}, InputError, "the validation loader gave no batch"),
        ({"loss": tn.MSELoss(reduction="none")}, ShapeError, r'one number, got \(16, 1\).*reduction="mean"'),
        ({"loss": lambda Z, Y: 1.0}, ShapeError, "one number, got float"),
        ({"loss": lambda Z, Y: tn.BCELoss()(Y, Z.sigmoid())}, InputError, "the labels first and the outputs second"),
        ({"epochs": -1}, SpecError, "epochs must be a whole number"),
        ({"patience": 0}, SpecError, "patience must be a whole number of at least 1"),
        ({"min_delta": -1.0}, SpecError, "min_delta"),
        ({"clip_norm": 0.0}, SpecError, "clip_norm"),
        ({"device": "cuda:77"}, SpecError, "no device 'cuda:77' here"),
    ],
)
def test_what_does_not_fit_is_named(options: dict[str, Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        fitted(**options)


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (0, "net", "must be a torch.nn.Module, got str"),
        (0, net().requires_grad_(False), "no parameter of the module can be trained"),
        (1, "mse", "the loss must be callable.*got 'mse'"),
        (2, "adam", "the optimizer must be one of torch.optim.*got 'adam'"),
    ],
)
def test_parts_of_another_kind_are_named(place: int, value: Any, words: str) -> None:
    module = net()
    given: list[Any] = [module, BCE, torch.optim.Adam(module.parameters())]
    given[place] = value
    with pytest.raises(SpecError, match=words):
        fit(*given, BATCHES)


def test_an_optimizer_of_another_module() -> None:
    with pytest.raises(SpecError, match="the optimizer holds none of the module's parameters"):
        fit(net(), BCE, torch.optim.SGD(net().parameters(), lr=0.1), BATCHES)


def test_no_epochs_change_nothing() -> None:
    module = net()
    before = state_of(module)
    done = fitted(module, epochs=0, device="cpu")
    assert done.history.epochs == ()
    for name, value in before.items():
        np.testing.assert_array_equal(module.state_dict()[name].numpy(), value)


def test_predict_leaves_the_modes_as_they_were() -> None:
    done = fitted(tn.Sequential(tn.Linear(2, 4), tn.Dropout(0.5), tn.Linear(4, 1)), epochs=1)
    done.module.train()
    done.module[1].eval()
    first = done.predict(X)
    np.testing.assert_array_equal(first, done.predict(X))
    assert [part.training for part in done.module] == [True, False, True]
    assert done.predict(X[:0]).shape == (0, 1)
