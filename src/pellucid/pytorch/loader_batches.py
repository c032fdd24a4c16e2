"""Batches from a DataLoader or any other iterable of (X, y), on the module's device."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InputError, ShapeError

if TYPE_CHECKING:
    from torch.nn import Module


def batches(loader: Iterable[Any], module: Module, what: str) -> Iterator[tuple[Any, Any, bool]]:
    """X, y and whether this is the last batch.

    Raises `ShapeError` for batches that are no pairs, `InputError` for a loader without any.
    """
    before: tuple[Any, Any] | None = None
    for number, batch in enumerate(loader):
        if not isinstance(batch, (tuple, list)) or len(batch) != 2:
            length = f" of {len(batch)}" if isinstance(batch, (tuple, list)) else ""
            raise ShapeError(
                f"batch {number} of the {what} loader must be (X, y), got {type(batch).__name__}{length}; wrap the "
                "loader in a generator function's list, or in a Dataset, that gives pairs"
            )
        if before is not None:
            yield *before, False
        before = on_device(batch[0], module), on_device(batch[1], module)
        if len(before[0]) != len(before[1]) or len(before[0]) == 0:
            raise ShapeError(
                f"batch {number} of the {what} loader has {len(before[0])} rows in X and {len(before[1])} in y"
            )
    if before is None:
        raise InputError(
            f"the {what} loader gave no batch; a generator is used up after one epoch: pass a list or a DataLoader"
        )
    yield *before, True


def on_device(values: Any, module: Module) -> Any:
    """A tensor on the device of the module; arrays of floats in the module's type, tensors in their own."""
    import torch

    own = next(module.parameters(), None)
    device = torch.device("cpu") if own is None else own.device
    if isinstance(values, torch.Tensor):
        return values.to(device)
    tensor = torch.tensor(np.asarray(values))
    if own is not None and tensor.is_floating_point() and own.is_floating_point():
        tensor = tensor.to(own.dtype)
    return tensor.to(device)
