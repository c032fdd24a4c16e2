"""An eye on a loop of your own: mistakes that PyTorch does not answer."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from ..engines.torch_extra import import_torch
from ..errors import SpecError
from ..records import Finding, counted
from .loss_calls import LossCalls

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module
    from torch.optim import Optimizer

logger = logging.getLogger("pellucid")


@contextlib.contextmanager
def watch(module: Module, optimizer: Optimizer) -> Iterator[Watcher]:
    """Watch the loop inside the `with` block; what it did wrong stands in the watcher's `findings`.

    NOT_ZEROED: gradients of one step were still there at the next. TRAIN_MODE: dropout or batch normalization was in
    the wrong mode. SHAPES_BROADCAST: a loss compared (n,) with (n, 1). LOSS_INPUTS: probabilities went into a loss on
    logits, or labels and outputs changed places. Nothing of the loop is changed; it runs slower while it is watched,
    so a few epochs are enough. Only this thread's calls are seen. Findings are logged at the end of the block.

    Raises `SpecError` where the optimizer holds none of the module's parameters, `MissingExtraError` without PyTorch.
    """
    import_torch("watch")
    held = {id(p) for group in optimizer.param_groups for p in group["params"]}
    if not held & {id(p) for p in module.parameters()}:
        raise SpecError("the optimizer holds none of the module's parameters; make it from module.parameters()")
    watcher = Watcher(sensitive_layers(module))
    with contextlib.ExitStack() as hooks:
        handles = [
            module.register_forward_pre_hook(watcher.before_forward),
            module.register_forward_hook(watcher.after_forward),
            optimizer.register_step_post_hook(watcher.after_step),
        ]
        for parameter in (p for group in optimizer.param_groups for p in group["params"]):
            watcher.watched.append(parameter)
            handles.append(parameter.register_hook(partial(watcher.gradient_comes, parameter)))
        for handle in handles:
            hooks.callback(handle.remove)
        hooks.enter_context(watcher.calls.watching())
        try:
            yield watcher
        finally:  # a loop that ends in an error may have ended in it for one of these mistakes
            for finding in watcher.findings:
                logger.warning("%s", finding, extra={"finding": finding.code})


@dataclass(eq=False)
class Watcher:
    """What a watched loop has done; `sensitive` are the layers that act differently in training and in use."""

    sensitive: dict[str, Any]
    calls: LossCalls = field(default_factory=LossCalls)
    watched: list[Any] = field(default_factory=list)
    steps: int = 0
    uncleared: set[int] = field(default_factory=set)
    waiting: set[int] = field(default_factory=set)
    evaluations: int = 0
    forwards: int = 0
    unanswered: set[int] = field(default_factory=set)
    eval_mode: bool = False
    eval_steps: int = 0

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All mistakes so far."""
        return tuple(f for f in (self._not_zeroed(), *self._wrong_mode(), *self.calls.findings()) if f is not None)

    def __str__(self) -> str:
        told = [str(finding) for finding in self.findings]
        return "\n".join(told or [f"nothing was found in {counted(self.steps, 'step')}"])

    def before_forward(self, module: Any, inputs: Any) -> None:
        """In which mode the module is about to compute."""
        import torch

        if not torch.is_grad_enabled():
            self.evaluations += any(layer.training for layer in self.sensitive.values())
        else:
            self.eval_mode = bool(self.sensitive) and not module.training

    def after_forward(self, module: Any, inputs: Any, outputs: Any) -> None:
        """Outputs through which no gradient ever comes back were made for looking at: an evaluation."""
        tensor = _first_tensor(outputs)
        on = any(layer.training for layer in self.sensitive.values())
        if tensor is not None and tensor.requires_grad and on and self.steps:
            self.forwards += 1
            self.unanswered.add(self.forwards)
            tensor.register_hook(partial(self._answered, self.forwards))

    def _answered(self, forward: int, gradient: Tensor) -> None:
        self.unanswered.discard(forward)

    def gradient_comes(self, parameter: Any, gradient: Tensor) -> None:
        """The first gradient after a step finds the place empty, or that of the step before still there."""
        if id(parameter) in self.waiting:
            self.waiting.discard(id(parameter))
            if parameter.grad is not None and bool(parameter.grad.ne(0).any()):
                self.uncleared.add(self.steps)

    def after_step(self, optimizer: Any, args: Any, kwargs: Any) -> None:
        """A step was taken."""
        self.steps += 1
        self.eval_steps += self.eval_mode
        self.waiting = {id(parameter) for parameter in self.watched}

    def _not_zeroed(self) -> Finding | None:
        if not self.uncleared:
            return None
        return Finding(
            "NOT_ZEROED",
            "warning",
            f"After {len(self.uncleared)} of {self.steps} steps the gradients were not cleared, and those of the next "
            "batch were added to them",
            "Such a step goes along the sum of all gradients so far, not along that of its batch",
            "Call optimizer.zero_grad() in every step, before loss.backward()",
        )

    def _wrong_mode(self) -> Iterator[Finding]:
        layers = ", ".join(f"{type(layer).__name__} {name!r}" for name, layer in list(self.sensitive.items())[:3])
        evaluated = self.evaluations + len(self.unanswered)
        if evaluated:
            yield Finding(
                "TRAIN_MODE",
                "warning",
                f"The module was evaluated {evaluated} time{'s' * (evaluated > 1)} in training mode ({layers})",
                "Dropout then drops units, and batch normalization takes the batch's own mean: the figures are not "
                "those of the module",
                "Call module.eval() before evaluating and module.train() before training",
            )
        if self.eval_steps:
            yield Finding(
                "TRAIN_MODE",
                "warning",
                f"In {self.eval_steps} of {self.steps} steps the module was trained in eval mode ({layers})",
                "Dropout is then off, and batch normalization learns no means",
                "Call module.train() after evaluating, before the next step",
            )


def sensitive_layers(module: Module) -> dict[str, Any]:
    """The layers whose mode matters, by name."""
    from torch.nn.modules.batchnorm import _BatchNorm
    from torch.nn.modules.dropout import _DropoutNd

    return {
        name: layer
        for name, layer in module.named_modules()
        if isinstance(layer, _BatchNorm) or (isinstance(layer, _DropoutNd) and layer.p > 0)
    }


def _first_tensor(outputs: Any) -> Any:
    import torch

    if isinstance(outputs, torch.Tensor):
        return outputs
    values = outputs.values() if isinstance(outputs, dict) else outputs if isinstance(outputs, (tuple, list)) else ()
    return next((found for found in map(_first_tensor, values) if found is not None), None)
