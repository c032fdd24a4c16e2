"""What goes into losses, seen at the call: shapes that are stretched, probabilities for logits, arguments swapped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ..nn.loss_inputs import probabilities_as_logits
from ..records import Finding

if TYPE_CHECKING:
    from torch import Tensor

MOST_KEPT = 100_000  # outputs that are kept to see whether all lie in (0, 1)
FEWEST_TOLD = 20  # fewer outputs may lie there by chance
VIEWS = ("Squeeze", "Unsqueeze", "View", "UnsafeView", "ReshapeAlias", "Select", "Clone", "Flatten", "T", "Alias")
RAW = ("Addmm", "Mm", "Bmm", "Linear", "AccumulateGrad", "")  # what ends in such a step is no probability


@dataclass(eq=False)
class LossCalls:
    """Looks at calls of PyTorch's losses, and at differences as `(outputs - targets) ** 2` begins with."""

    found: dict[str, Finding] = field(default_factory=dict)
    logits: list[np.ndarray] = field(default_factory=list)
    real_logits: bool = False

    def watching(self) -> Any:
        """A context in which this thread's calls are looked at."""
        from torch.overrides import TorchFunctionMode

        look = self._look

        class EveryCall(TorchFunctionMode):
            def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
                look(func, args, kwargs or {})
                return func(*args, **(kwargs or {}))

        return EveryCall()

    def findings(self) -> tuple[Finding, ...]:
        """All that was seen."""
        found = dict(self.found)
        values = np.concatenate(self.logits) if self.logits else np.empty(0)
        if "from a link" not in found and not self.real_logits and values.size >= FEWEST_TOLD:
            finding = probabilities_as_logits(values)
            if finding is not None:
                found["from a link"] = finding
        return tuple(found.values())

    def _look(self, function: Any, args: Any, kwargs: Any) -> None:
        name = getattr(function, "__name__", "")
        look = _LOOKS.get(name)
        if look is None:
            return
        import torch

        first = args[0] if args else kwargs.get("input")
        second = args[1] if len(args) > 1 else kwargs.get("target", kwargs.get("other"))
        if isinstance(first, torch.Tensor) and isinstance(second, torch.Tensor):
            look(self, name, first, second)

    def _difference(self, name: str, first: Tensor, second: Tensor) -> None:
        """Only a column against a plain vector: other shapes may be meant."""
        if {first.dim(), second.dim()} == {1, 2} and (first.requires_grad or second.requires_grad):
            column, vector = (first, second) if first.dim() == 2 else (second, first)
            if column.shape == (len(vector), 1):
                self._stretched("A difference", first, second)

    def _pair(self, name: str, outputs: Tensor, targets: Tensor) -> None:
        self._stretched(name, outputs, targets)

    def _stretched(self, what: str, outputs: Tensor, targets: Tensor) -> None:
        """SHAPES_BROADCAST: the pairs are more than there are numbers on either side."""
        finding = stretched(what, tuple(outputs.shape), tuple(targets.shape))
        if finding is not None:
            self.found.setdefault("shapes", finding)

    def _logit_loss(self, name: str, outputs: Tensor, targets: Tensor) -> None:
        step = last_step(outputs)
        link = step.lower() if step in ("Sigmoid", "Softmax") else ""
        own = "softmax" if name == "cross_entropy" else "sigmoid"
        whose = "its own" if own == link else "a"
        if link:
            self.found.setdefault(
                "from a link",
                Finding(
                    "LOSS_INPUTS",
                    "warning",
                    f"{name} takes logits and was given the result of a {link}",
                    f"The loss applies {whose} {own}, so the outputs are squeezed twice and lose their reach",
                    f"Take the {link} out of the module, or pass what comes before it",
                ),
            )
        elif step not in RAW and not self.real_logits and sum(map(len, self.logits)) < MOST_KEPT:
            values = outputs.detach().float().cpu().numpy().ravel()
            self.real_logits = bool(((values <= 0) | (values >= 1)).any())
            self.logits.append(values)
        if name == "binary_cross_entropy_with_logits":
            self._binary(name, outputs, targets)

    def _binary(self, name: str, outputs: Tensor, targets: Tensor) -> None:
        """LOSS_INPUTS: labels where the outputs belong."""
        backwards = targets.requires_grad and not outputs.requires_grad
        if backwards or (_only_labels(outputs) and not _only_labels(targets) and not outputs.requires_grad):
            self.found.setdefault(
                "swapped",
                Finding(
                    "LOSS_INPUTS",
                    "error",
                    f"{name} was given the labels first and the outputs second",
                    "The loss is not symmetric: it takes the logarithm of its first argument",
                    "Call loss(outputs, targets)",
                ),
            )


def stretched(what: str, first: tuple[int, ...], second: tuple[int, ...]) -> Finding | None:
    """SHAPES_BROADCAST: two shapes that PyTorch would stretch to one larger than both."""
    try:
        together = np.broadcast_shapes(first, second)
    except ValueError:  # PyTorch says so itself
        return None
    pairs, numbers = int(np.prod(together)), max(int(np.prod(first)), int(np.prod(second)))
    if pairs <= numbers:
        return None
    return Finding(
        "SHAPES_BROADCAST",
        "error",
        f"{what} takes {first} and {second}, which PyTorch stretches to {together}: {pairs} pairs instead of {numbers}",
        "Every output is compared with the targets of other rows too, so the module learns their mean",
        "Give both the same shape: targets[:, None], or outputs.squeeze(1)",
    )


def _only_labels(values: Tensor) -> bool:
    return bool(((values == 0) | (values == 1)).all())


def last_step(outputs: Tensor) -> str:
    """The name of the last step of arithmetic that made the outputs, as autograd knows it; "" where it does not."""
    node = outputs.grad_fn
    while node is not None:
        name: str = node.name().split("::")[-1].partition("Backward")[0]
        if name not in VIEWS:
            return name
        node = node.next_functions[0][0]
    return ""


Look = Callable[[LossCalls, str, Any, Any], None]
_LOOKS: dict[str, Look] = {
    **dict.fromkeys(("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"), LossCalls._pair),
    **dict.fromkeys(("sub", "__sub__", "rsub", "__rsub__", "subtract"), LossCalls._difference),
    **dict.fromkeys(("binary_cross_entropy_with_logits", "cross_entropy"), LossCalls._logit_loss),
    "binary_cross_entropy": LossCalls._binary,
}
