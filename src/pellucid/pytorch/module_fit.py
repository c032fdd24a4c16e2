"""Any `nn.Module` in our loop: history, early stopping, diagnosis."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..engines.contract import EpochRecord
from ..engines.quality import validation_numbers
from ..engines.torch_extra import find_device, import_torch
from ..errors import SpecError
from ..records import Finding
from ..training.fit_network import NonFiniteError
from ..training.history import History
from .fitted_module import FittedModule
from .loss_counterparts import Judged
from .module_diagnosis import PATIENCE_WITHOUT_ROWS, diagnose_module, non_finite_step
from .module_loop import Parts, TrainedEpoch, train_epoch, validate

if TYPE_CHECKING:
    from torch.nn import Module
    from torch.optim import Optimizer

logger = logging.getLogger("pellucid")


def fit(
    module: Module,
    loss: Callable[[Any, Any], Any],
    optimizer: Optimizer,
    training: Iterable[Any],
    validation: Iterable[Any] | None = None,
    *,
    epochs: int = 10,
    patience: int | None = None,
    min_delta: float = 0.0,
    clip_norm: float | None = None,
    scheduler: Any = None,
    device: str | None = None,
    max_seconds: float | None = None,
    on_epoch: Callable[[EpochRecord], None] | None = None,
) -> FittedModule:
    """Train `module` in place with `optimizer` on the batches (X, y) of `training`; gives module and history.

    `loss(outputs, y)` gives one number, the mean over the batch. Loaders are DataLoaders, or lists or other iterables
    that can be gone through once an epoch; arrays become tensors. `patience` (with validation rows) stops when that
    many epochs bring no gain of `min_delta` in validation loss; the module then holds the state of the best epoch, and
    of the last one without it. `scheduler.step()` is called after every epoch. `device` moves the module ("auto": a GPU
    where there is one); batches follow the module wherever it is.

    Ctrl-C and `max_seconds` end the training and keep the best state so far, or that of the last whole epoch where
    there are no validation rows.

    Raises `SpecError` and `ShapeError` for what does not fit together, `NonFiniteError` when the loss stops being a
    finite number (the module then holds the last state that was kept), `MissingExtraError` without PyTorch.
    """
    import_torch("pellucid.pytorch.fit")
    _check_types(module, loss, optimizer)
    _check(module, optimizer, epochs, patience, min_delta, clip_norm)
    if device is not None:
        module.to(find_device("" if device == "auto" else device))
    run = Run(Parts(module, loss, optimizer, clip_norm), patience, min_delta, copied_state(module))
    deadline = float("inf") if max_seconds is None else time.perf_counter() + max_seconds
    try:
        while run.epoch < epochs and not run.stopped:
            run.one_epoch(training, validation)
            if scheduler is not None and not run.stopped:
                run.next_rate(scheduler)
            if on_epoch is not None:
                on_epoch(run.records[-1])
            if time.perf_counter() > deadline and run.epoch < epochs and not run.stopped:
                run.stopped = "time"
    except KeyboardInterrupt:
        run.stopped = "interrupted"
    return run.finish()


@dataclass(eq=False)
class Run:
    """A fit as it goes on. `kept` is the state of the best epoch, or of the last one without validation rows; before
    the first one it is the start."""

    parts: Parts
    patience: int | None
    min_delta: float
    kept: dict[str, Any]
    kept_epoch: int = 0
    records: list[EpochRecord] = field(default_factory=list)
    seen: Judged | None = None
    last: TrainedEpoch | None = None
    targets: list[np.ndarray] = field(default_factory=list)
    best_epoch: int = 0
    best_loss: float = float("inf")
    reference_loss: float = float("inf")
    waited: int = 0
    stopped: str = ""
    failure: Finding | None = None

    @property
    def epoch(self) -> int:
        """Epochs done."""
        return len(self.records)

    def one_epoch(self, training: Iterable[Any], validation: Iterable[Any] | None) -> None:
        """Train, validate, note."""
        rate = float(self.parts.optimizer.param_groups[0]["lr"])
        done = train_epoch(self.parts, training)
        loss = score = None
        if validation is not None and not done.bad_step:
            loss, seen = validate(self.parts, validation)
            if seen is not None and np.isfinite(loss):
                score = validation_numbers(seen.loss, seen.Z, seen.Y, None)[1]
            self.seen = seen
        self.targets += done.targets
        self.parts.looking, self.last = False, done
        self.records.append(
            EpochRecord(
                self.epoch + 1, done.loss, loss, score, done.gradient_norm, done.update_norm, done.dead_units, rate
            )
        )
        if done.bad_step or (loss is not None and not np.isfinite(loss)):
            self.stopped, self.failure = "non_finite", non_finite_step(self.epoch, done, rate, self.parts.strange)
            return
        if loss is None or loss < self.best_loss:
            self.kept, self.kept_epoch = copied_state(self.parts.module), self.epoch
        if loss is not None:
            self._note(loss)

    def next_rate(self, scheduler: Any) -> None:
        """Step PyTorch's scheduler; the one that waits for a plateau is shown the loss."""
        import torch

        if isinstance(scheduler, torch.optim.lr_scheduler.ReduceLROnPlateau):
            last = self.records[-1]
            scheduler.step(last.training_loss if last.validation_loss is None else last.validation_loss)
        else:
            scheduler.step()

    def _note(self, loss: float) -> None:
        if loss < self.best_loss:
            self.best_loss, self.best_epoch = loss, self.epoch
        if loss < self.reference_loss - self.min_delta:
            self.reference_loss, self.waited = loss, 0
            return
        self.waited += 1
        if self.patience is not None and self.waited >= self.patience:
            self.stopped = "patience"

    def finish(self) -> FittedModule:
        """Put the kept state back where it is asked for; diagnose."""
        stopped, module = self.stopped or "finished", self.parts.module
        early = self.patience is not None or stopped in ("interrupted", "time", "non_finite")
        if early:
            module.load_state_dict(self.kept)
        module.eval()
        kept_epoch = self.kept_epoch if early else self.epoch
        where = next((p.device.type for p in module.parameters()), "cpu")
        history = History(tuple(self.records), stopped, self.best_epoch, kept_epoch, f"pytorch:{where}")
        if self.failure is not None:
            history = replace(history, findings=(self.failure,))
            raise NonFiniteError(f"{self.failure.seen}. {self.failure.remedy}.", history, self.failure)
        findings = diagnose_module(self.parts, history, self.last, self.seen, self.targets)
        if self.patience is not None and self.records and self.records[-1].validation_loss is None:
            findings += (PATIENCE_WITHOUT_ROWS,)
        for finding in findings:
            severity = logging.INFO if finding.severity == "information" else logging.WARNING
            logger.log(severity, "%s", finding, extra={"finding": finding.code})
        return FittedModule(module, replace(history, findings=findings))


def copied_state(module: Module) -> dict[str, Any]:
    """The module's state as it is now."""
    return {name: v.detach().clone() if hasattr(v, "detach") else v for name, v in module.state_dict().items()}


def _check_types(module: Any, loss: Any, optimizer: Any) -> None:
    import torch

    if not isinstance(module, torch.nn.Module):
        raise SpecError(f"the module must be a torch.nn.Module, got {type(module).__name__}")
    if not callable(loss):
        raise SpecError(f"the loss must be callable, such as torch.nn.MSELoss(), got {loss!r}")
    if not hasattr(optimizer, "param_groups"):
        raise SpecError(
            "the optimizer must be one of torch.optim, such as torch.optim.Adam(module.parameters()), "
            f"got {optimizer!r}"
        )
    if not any(p.requires_grad for p in module.parameters()):
        raise SpecError("no parameter of the module can be trained; set requires_grad_(True) on those that should be")


def _check(
    module: Module, optimizer: Optimizer, epochs: Any, patience: Any, min_delta: float, clip_norm: float | None
) -> None:
    held = {id(p) for group in optimizer.param_groups for p in group["params"]}
    own = {id(p) for p in module.parameters()}
    if not held & own:
        raise SpecError("the optimizer holds none of the module's parameters; make it from module.parameters()")
    for name, value, least in (("epochs", epochs, 0), ("patience", patience, 1)):
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < least):
            raise SpecError(f"{name} must be a whole number of at least {least}, got {value!r}")
    if epochs is None:
        raise SpecError("epochs must be a whole number of at least 0, got None")
    if not min_delta >= 0:
        raise SpecError(f"min_delta must be a number of at least 0, got {min_delta!r}")
    if clip_norm is not None and not clip_norm > 0:
        raise SpecError(f"clip_norm must be above 0, or None, got {clip_norm!r}")
