"""PyTorch's random numbers without PyTorch, so that a document's run can be repeated anywhere."""

from __future__ import annotations

import numpy as np

from ..errors import SpecError


def torch_rand(count: int, seed: int, *, dtype: str = "float32") -> np.ndarray:
    """The next `count` numbers in [0, 1) of `torch.rand` after `torch.manual_seed(seed)`, on the processor: (count,).

    Both draw 32-bit words from the Mersenne Twister with the classic seeding by one number (Matsumoto, Nishimura 1998).
    A float32 is the lower 24 bits of one word, over 2²⁴; a float64 the lower 53 bits of two words, the first one being
    the upper half, over 2⁵³. Calls after the first one go on in the stream: `torch.rand(20)` after `torch.rand(12, 20)`
    is `torch_rand(260, seed)[240:]`. Only `rand` is given: `randn` and `randperm` use the words in other ways.

    Raises `SpecError` for a count or seed that is no whole number of at least 0 and for another dtype.
    """
    for name, value in (("count", count), ("seed", seed)):
        if not isinstance(value, (int, np.integer)) or isinstance(value, bool) or value < 0:
            raise SpecError(f"{name} must be a whole number of at least 0, got {value!r}")
    generator = np.random.RandomState(int(seed) % 2**32)  # as PyTorch does, which drops the bits above
    if dtype == "float32":
        words = np.frombuffer(generator.bytes(4 * count), "<u4")
        return (words & (2**24 - 1)).astype(np.float32) / np.float32(2**24)
    if dtype == "float64":
        pairs = np.frombuffer(generator.bytes(8 * count), "<u4").reshape(count, 2).astype(np.uint64)
        words = pairs[:, 0] << np.uint64(32) | pairs[:, 1]
        return (words & np.uint64(2**53 - 1)).astype(np.float64) / 2**53
    raise SpecError(f"dtype must be float32 or float64, got {dtype!r}")
