"""The watcher of other loops: every mistake is seen, loops without one are left in peace."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pytest

from pellucid.errors import SpecError
from pellucid.pytorch import Watcher, watch

torch = pytest.importorskip("torch", reason="needs the extra torch")
tn = torch.nn
F = tn.functional

GENERATOR = torch.Generator().manual_seed(0)
X = torch.randn(64, 3, generator=GENERATOR)
LABELS = (X[:, 0] > 0).float()


def net(*end: Any, middle: Any = None) -> Any:
    return tn.Sequential(tn.Linear(3, 8), middle or tn.Dropout(0.5), tn.Linear(8, 1), *end)


def loop(
    module: Any,
    loss: Callable[[Any, Any], Any],
    *,
    targets: Any = LABELS[:, None],
    evaluate: Callable[[Any], None] = lambda module: None,
    train: bool = True,
    clear: str = "before",
    accumulate: int = 1,
) -> Watcher:
    """Four steps of a loop as people write it."""
    optimizer = torch.optim.SGD(module.parameters(), lr=0.1)
    with watch(module, optimizer) as watcher:
        for _ in range(4):
            module.train(train)
            if clear == "before":
                optimizer.zero_grad()
            for _ in range(accumulate):
                loss(module(X), targets).backward()
            optimizer.step()
            if clear == "after":
                optimizer.zero_grad(set_to_none=False)
            evaluate(module)
    return watcher


def codes(watcher: Watcher) -> list[str]:
    return [finding.code for finding in watcher.findings]


def evaluate_well(module: Any) -> None:
    module.eval()
    with torch.no_grad():
        module(X)


@pytest.mark.parametrize("middle", [None, tn.BatchNorm1d(8), tn.ReLU()])
@pytest.mark.parametrize("clear", ["before", "after"])
@pytest.mark.parametrize("accumulate", [1, 2])
def test_a_loop_without_mistakes_is_left_in_peace(middle: Any, clear: str, accumulate: int) -> None:
    loss = tn.BCEWithLogitsLoss()
    watcher = loop(net(middle=middle), loss, evaluate=evaluate_well, clear=clear, accumulate=accumulate)
    assert watcher.findings == ()
    assert str(watcher) == "nothing was found in 4 steps"


def test_gradients_that_are_not_cleared() -> None:
    (finding,) = loop(net(), tn.BCEWithLogitsLoss(), clear="never").findings
    assert (finding.code, finding.severity) == ("NOT_ZEROED", "warning")
    assert "After 3 of 4 steps" in finding.seen


def evaluate_with_gradients(module: Any) -> None:
    module(X).detach()


def evaluate_without_gradients(module: Any) -> None:
    with torch.no_grad():
        module(X)


@pytest.mark.parametrize("evaluate", [evaluate_with_gradients, evaluate_without_gradients])
@pytest.mark.parametrize("middle", [tn.Dropout(0.5), tn.BatchNorm1d(8)])
def test_evaluation_in_training_mode(evaluate: Any, middle: Any) -> None:
    (finding,) = loop(net(middle=middle), tn.BCEWithLogitsLoss(), evaluate=evaluate).findings
    assert finding.code == "TRAIN_MODE"
    assert f"evaluated 4 times in training mode ({type(middle).__name__} '1')" in finding.seen


def test_a_mode_that_matters_to_no_layer_is_not_told() -> None:
    for layer in (tn.ReLU(), tn.Dropout(0.0)):
        assert codes(loop(net(middle=layer), tn.BCEWithLogitsLoss(), evaluate=evaluate_without_gradients)) == []


def test_training_in_eval_mode() -> None:
    (finding,) = loop(net(), tn.BCEWithLogitsLoss(), train=False, evaluate=evaluate_well).findings
    assert finding.code == "TRAIN_MODE"
    assert "In 4 of 4 steps the module was trained in eval mode" in finding.seen


@pytest.mark.parametrize(
    "loss",
    [
        lambda Z, Y: ((Z - Y) ** 2).mean(),
        lambda Z, Y: (Y - Z).abs().mean(),
        lambda Z, Y: torch.sub(Z, Y).square().mean(),
        tn.MSELoss(),
        tn.L1Loss(),
        tn.HuberLoss(),
        tn.SmoothL1Loss(),
    ],
)
def test_shapes_that_are_stretched(loss: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # PyTorch warns too, for some losses
        (finding,) = loop(net(middle=tn.Tanh()), loss, targets=LABELS).findings
    assert (finding.code, finding.severity) == ("SHAPES_BROADCAST", "error")
    assert "(64, 1)" in finding.seen
    assert "(64,)" in finding.seen
    assert "4096 pairs instead of 64" in finding.seen


def test_shapes_that_may_differ() -> None:
    """Means taken off, pairwise distances, constants: nothing that a user did not mean."""

    def loss(Z: Any, Y: Any) -> Any:
        distances = (Z - Z.T).abs().mean()
        return ((Z - Z.mean()) - (Y - Y.mean(dim=0))).square().mean() + 0.01 * distances + (1 - Z).square().mean()

    assert codes(loop(net(middle=tn.Tanh()), loss)) == []
    assert codes(loop(net(middle=tn.Tanh()), lambda Z, Y: F.mse_loss(Z.squeeze(1), Y), targets=LABELS)) == []


def softmax_net() -> Any:
    return tn.Sequential(tn.Linear(3, 2), tn.Softmax(dim=1))


@pytest.mark.parametrize(
    ("module", "loss", "targets", "word"),
    [
        (net(tn.Sigmoid()), tn.BCEWithLogitsLoss(), LABELS[:, None], "sigmoid"),
        (net(tn.Sigmoid()), lambda Z, Y: F.binary_cross_entropy_with_logits(Z.squeeze(1), Y), LABELS, "sigmoid"),
        (softmax_net(), tn.CrossEntropyLoss(), LABELS.long(), "softmax"),
        (softmax_net(), F.cross_entropy, LABELS.long(), "softmax"),
    ],
)
def test_probabilities_for_logits(module: Any, loss: Any, targets: Any, word: str) -> None:
    (finding,) = loop(module, loss, targets=targets).findings
    assert (finding.code, finding.severity) == ("LOSS_INPUTS", "warning")
    assert f"given the result of a {word}" in finding.seen
    assert f"The loss applies its own {word}" in finding.why


@pytest.mark.parametrize(
    ("link", "loss", "targets", "own"),
    [
        (tn.Sigmoid(), tn.CrossEntropyLoss(), LABELS.long(), "softmax"),
        (tn.Softmax(dim=1), tn.BCEWithLogitsLoss(), torch.stack([LABELS, 1 - LABELS], dim=1), "sigmoid"),
    ],
)
def test_the_link_of_the_loss_is_named_not_that_of_the_module(link: Any, loss: Any, targets: Any, own: str) -> None:
    (finding,) = loop(tn.Sequential(tn.Linear(3, 2), link), loss, targets=targets).findings
    assert f"The loss applies a {own}" in finding.why


def test_probabilities_that_come_from_elsewhere() -> None:
    """No sigmoid is the last step, but every number lies in (0, 1)."""

    def loss(Z: Any, Y: Any) -> Any:
        return F.binary_cross_entropy_with_logits(0.5 + 0.4 * Z.tanh(), Y)

    (finding,) = loop(net(), loss).findings
    assert finding.code == "LOSS_INPUTS"
    assert "All 256 numbers" in finding.seen
    assert codes(loop(net(), lambda Z, Y: F.binary_cross_entropy_with_logits(Z.tanh(), Y))) == []
    assert codes(loop(tn.Sequential(tn.Linear(3, 2), tn.LogSoftmax(dim=1)), F.nll_loss, targets=LABELS.long())) == []


def test_labels_and_outputs_that_have_changed_places() -> None:
    module = net(tn.Sigmoid())
    with watch(module, torch.optim.SGD(module.parameters())) as watcher:
        tn.BCELoss()(LABELS[:, None], module(X))
        with torch.no_grad():
            tn.BCELoss()(LABELS[:, None], module.eval()(X))
    (finding,) = watcher.findings
    assert (finding.code, finding.severity) == ("LOSS_INPUTS", "error")
    assert "the labels first and the outputs second" in finding.seen
    assert codes(loop(net(tn.Sigmoid()), tn.BCELoss())) == []


def test_findings_are_logged_even_when_the_loop_ends_in_an_error(caplog: pytest.LogCaptureFixture) -> None:
    module = net()
    optimizer = torch.optim.SGD(module.parameters(), lr=0.1)

    def broken_loop() -> None:
        with watch(module, optimizer):
            for _ in range(2):
                module(X).mean().backward()
                optimizer.step()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_loop()
    assert "NOT_ZEROED" in caplog.text


def test_nothing_is_left_behind() -> None:
    module = net()
    watcher = loop(module, tn.BCEWithLogitsLoss())
    optimizer = torch.optim.SGD(module.parameters(), lr=0.1)
    for _ in range(3):
        module(X).mean().backward()
        optimizer.step()
    assert watcher.steps == 4
    assert not module._forward_hooks
    assert not module._forward_pre_hooks


def test_an_optimizer_of_another_module() -> None:
    with (
        pytest.raises(SpecError, match="the optimizer holds none of the module's parameters"),
        watch(net(), torch.optim.SGD(net().parameters(), lr=0.1)),
    ):
        pass
