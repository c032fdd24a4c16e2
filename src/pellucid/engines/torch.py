"""The torch engine: the textbook's forward pass in PyTorch, autograd's backward pass; on a processor or a GPU.

`torch_network.py`, `torch_losses.py` and `torch_optimizers.py` hold the arithmetic, `torch_epoch.py` a pass over the
rows; here they meet the training loop. PyTorch is imported at first use. The part for GPUs (CUDA, MPS) has the same
lines, and has never run on one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..nn.network import BLOCK_NUMBERS
from ..spec import NetworkSpec, TrainingSpec
from .contract import EpochRecord, NonFinite, Parameters, Snapshot, TrainingData
from .quality import validation_numbers
from .stopping import note_validation_loss
from .torch_epoch import Machine, Steps, make_machine, take_steps
from .torch_extra import find_device, import_torch, one_thread
from .torch_losses import torch_targets
from .torch_network import dropout_masks, first_layer_not_finite, forward, layers_of
from .vector import OPTIMIZER_PARTS, as_parameters, flatten

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(eq=False)
class TorchState:
    """Everything that changes while training. `before` are the machine's vectors at the last whole epoch's end."""

    machine: Machine
    data: TrainingData
    X_valid: Tensor | None
    before: Tensor
    epoch: int
    step: int
    memory_step: int
    best_values: Tensor | None = None
    best_epoch: int = 0
    best_loss: float = float("inf")
    stopped: str = ""
    failure: NonFinite | None = None
    deadline: float = float("inf")
    reference_loss: float = float("inf")
    waited: int = 0

    @property
    def training(self) -> TrainingSpec:
        """The plan."""
        return self.machine.training

    def snapshot(self) -> Snapshot:
        """A copy of the current state, in the form of the reference engine's."""
        copies = self.machine.vectors.detach().cpu().numpy().copy()
        parameters, *memory = (as_parameters(vector, self.machine.network) for vector in copies)
        optimizer: dict[str, Any] = dict(zip(OPTIMIZER_PARTS[self.training.the_optimizer.name], memory))
        if "mean" in optimizer:
            optimizer = {"step": self.memory_step, **optimizer}
        return Snapshot(parameters, optimizer, self.epoch, self.step)

    def best(self) -> Parameters:
        """A copy of the parameters of the best validation loss, else of the current ones."""
        values = self.machine.vectors[0] if self.best_values is None else self.best_values
        return as_parameters(values.detach().cpu().numpy().copy(), self.machine.network)


class TorchEngine:
    """PyTorch on the device "cpu", "cuda", "cuda:1" or "mps"; "" takes a GPU where there is one."""

    def __init__(self, device: str = "", dtype: str = "float32") -> None:
        self.device = find_device(device, dtype)
        self.name = "torch" if self.device == "cpu" else f"torch:{self.device}"

    def start(self, network: NetworkSpec, training: TrainingSpec, data: TrainingData, initial: Snapshot) -> TorchState:
        """A state at `initial`."""
        parts = OPTIMIZER_PARTS[training.the_optimizer.name]
        vectors = np.zeros((1 + len(parts), network.parameter_count), training.dtype)
        flatten(initial.parameters, network, vectors[0])
        memory_step = 0
        if initial.optimizer is not None:
            for vector, part in zip(vectors[1:], parts):
                flatten(initial.optimizer[part], network, vector)
            memory_step = initial.optimizer.get("step", 0)
        values, X = self._tensor(vectors), self._tensor(data.X, training.dtype)
        targets = torch_targets(training.the_loss, data.Y, network.outputs, data.weights, X)
        machine = make_machine(network, training, X, targets, values)
        X_valid = None if data.X_valid is None else self._tensor(data.X_valid, training.dtype)
        return TorchState(machine, data, X_valid, values.clone(), initial.epoch, initial.step, memory_step)

    def run(
        self, state: TorchState, order: np.ndarray, rates: np.ndarray, path: np.ndarray | None = None
    ) -> list[EpochRecord]:
        """Train the epochs of `order`, ending early where a stopping rule fires or Ctrl-C is pressed."""
        records: list[EpochRecord] = []
        with one_thread(self.device), np.errstate(over="ignore", invalid="ignore"):
            try:
                for done, (epoch_order, epoch_rates) in enumerate(zip(order, rates)):
                    records.append(train_one_epoch(state, epoch_order, epoch_rates))
                    if path is not None:
                        path[done] = state.machine.vectors[0].cpu().numpy()
                    if state.stopped:
                        break
            except KeyboardInterrupt:
                state.machine.vectors.copy_(state.before)
                state.stopped = "interrupted"
        return records

    def scores(self, network: NetworkSpec, parameters: Parameters, X: np.ndarray) -> np.ndarray:
        """Raw outputs (rows, outputs), dropout off."""
        torch = import_torch('engine "torch"')
        layers = layers_of({name: self._tensor(value) for name, value in parameters.items()}, network)
        rows = max(16 * BLOCK_NUMBERS // max(network.sizes), 1)
        with one_thread(self.device), torch.no_grad():
            blocks = [forward(self._tensor(X[k : k + rows]), layers) for k in range(0, max(len(X), 1), rows)]
            Z: np.ndarray = torch.cat(blocks).cpu().numpy()
        return Z

    def _tensor(self, values: np.ndarray, dtype: Any = None) -> Any:
        """A copy on the device."""
        torch = import_torch('engine "torch"')
        return torch.tensor(np.ascontiguousarray(values, dtype), device=self.device)


def train_one_epoch(state: TorchState, order: np.ndarray, rates: np.ndarray) -> EpochRecord:
    """Take the steps of an epoch, look at what they left, measure the validation rows, apply the stopping rules.

    The state moves only at the end, so that Ctrl-C in the middle leaves the epoch before, whole.
    """
    machine, data = state.machine, state.data
    steps = take_steps(machine, order, rates, state.step, state.memory_step)
    losses, totals = read_numbers(steps.losses), read_numbers(steps.totals)
    bad = np.flatnonzero(~np.isfinite(losses))
    if len(bad):
        return _failed_epoch(state, order, rates, int(bad[0]), float(losses[bad[0]]))
    finite = bool(machine.vectors[0].isfinite().all())
    loss = score = None
    if finite and state.X_valid is not None and data.Y_valid is not None:
        Z = forward_only(machine, state.X_valid)
        loss, score = validation_numbers(state.training.the_loss, Z, data.Y_valid, data.weights_valid)
    training_loss = float(losses @ totals) / max(float(totals.sum()), 1e-300)
    gradient_norm, update_norm, dead = float(steps.gradient_norm), float(steps.update_norm), _dead_shares(steps)

    state.before.copy_(machine.vectors)
    state.epoch, state.step = state.epoch + 1, state.step + len(losses)
    state.memory_step += len(losses)
    if not finite:
        state.stopped, state.failure = "non_finite", NonFinite(state.epoch, state.step, _bad_layer(state))
    elif loss is not None:
        if not np.isfinite(loss):
            state.stopped, state.failure = "non_finite", NonFinite(state.epoch, state.step, -1)
        if note_validation_loss(state, loss):
            state.best_values = machine.vectors[0].clone()
    return EpochRecord(
        state.epoch, training_loss, loss, score, gradient_norm, update_norm, dead, float(rates[len(losses) - 1])
    )


def read_numbers(numbers: list[Any]) -> np.ndarray:
    """Floats or single numbers on the device, read back in one go, float64 (numbers,)."""
    import torch

    if not isinstance(numbers[0], float):
        numbers = torch.stack(numbers).tolist()
    return np.array(numbers, np.float64)


def forward_only(machine: Machine, X: Tensor) -> np.ndarray:
    """Raw outputs (rows, outputs) of the current parameters, dropout off, nothing kept for a backward pass."""
    import torch

    with torch.no_grad():
        Z: np.ndarray = forward(X, machine.layers).cpu().numpy()
    return Z


def _failed_epoch(state: TorchState, order: np.ndarray, rates: np.ndarray, bad_step: int, loss: float) -> EpochRecord:
    """Go back to the epoch before; train again to the step whose loss is not finite and see in which layer it began."""
    import torch

    machine = state.machine
    size = machine.training.batch_size or len(order)
    machine.vectors.copy_(state.before)
    earlier = order[: bad_step * size]
    steps = take_steps(machine, earlier, rates[:bad_step], state.step, state.memory_step)
    rows = torch.tensor(order[bad_step * size : (bad_step + 1) * size], dtype=torch.int64, device=machine.X.device)
    X, step = machine.X[rows], state.step + bad_step
    with torch.no_grad():
        masks = dropout_masks(machine.network, machine.training.seed, step, rows, X)
        layer = first_layer_not_finite(X, machine.layers, masks)
    machine.vectors.copy_(state.before)
    state.stopped, state.failure = "non_finite", NonFinite(state.epoch + 1, step + 1, layer)
    rate = float(rates[bad_step])
    return EpochRecord(state.epoch + 1, loss, None, None, np.nan, np.nan, _dead_shares(steps), rate)


def _dead_shares(steps: Steps) -> tuple[float, ...]:
    """Per hidden layer the share of units that no row switched on; 0 for other activations than relu."""
    return tuple(0.0 if h is None else 1 - int((h > 0).sum()) / len(h) for h in steps.highest)


def _bad_layer(state: TorchState) -> int:
    """The first layer with a parameter that is not finite."""
    named = as_parameters(state.machine.vectors[0], state.machine.network)
    return next(int(name.split(".")[1]) for name, value in named.items() if not bool(value.isfinite().all()))
