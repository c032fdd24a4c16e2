"""The door to PyTorch, which is an optional extra; and the processor, held as the other engines hold it."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import Any

from ..errors import MissingExtraError, SpecError


def import_torch(what: str) -> Any:
    """The module `torch`; raises `MissingExtraError` saying that `what` needs it where it is not installed."""
    try:
        import torch
    except ImportError:
        raise MissingExtraError(f"{what} needs the extra 'torch': pip install 'pellucid[torch]'") from None
    return torch


def find_device(wanted: str = "", dtype: str = "float32") -> str:
    """The device called `wanted` ("cpu", "cuda", "cuda:1", "mps"); "" takes a GPU where there is one for `dtype`.

    Raises `SpecError` for a device that there is not, and for float64 on an Apple GPU, which has none.
    """
    torch = import_torch("a device of PyTorch")
    has_mps = torch.backends.mps.is_available()
    if not wanted:
        return "cuda" if torch.cuda.is_available() else "mps" if has_mps and dtype == "float32" else "cpu"
    kind, _, number = wanted.partition(":")
    count = {"cpu": 1, "cuda": torch.cuda.device_count(), "mps": int(has_mps)}.get(kind, 0)
    if count == 0 or (number and not (number.isdecimal() and int(number) < count)):
        here = ["cpu", *(f"cuda:{k}" for k in range(torch.cuda.device_count())), *(["mps"] if has_mps else [])]
        raise SpecError(f"PyTorch finds no device {wanted!r} here; there is {', '.join(here)}")
    if kind == "mps" and dtype == "float64":
        raise SpecError('the device "mps" knows no float64; choose dtype="float32" or the device "cpu"')
    return wanted


@contextlib.contextmanager
def one_thread(device: str) -> Iterator[None]:
    """On the processor: one thread of PyTorch, so that a run has the same bits whatever the machine, and denormal
    numbers flushed to zero, since arithmetic with them is slow. Both are as before afterwards."""
    if device != "cpu":
        yield
        return
    torch = import_torch("this engine")
    threads, flushing = torch.get_num_threads(), sys.float_info.min * half() == 0.0
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(flushing)
        torch.set_num_threads(threads)


def half() -> float:
    """0.5, from a function so that Python multiplies when it runs and not when it compiles."""
    return 0.5
