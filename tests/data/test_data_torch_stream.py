"""PyTorch's `rand`: the numbers that PyTorch gives, known ones and, where it is installed, its own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.data import torch_rand
from pellucid.errors import SpecError

# What torch.rand(6) prints after torch.manual_seed(seed), in ten digits, which name a float32.
KNOWN = {
    42: [0.8822692633, 0.9150039554, 0.3828637600, 0.9593056440, 0.3904482126, 0.6008953452],
    442: [0.0370999575, 0.6385791302, 0.7409008145, 0.2738459110, 0.2367520928, 0.1852844357],
}


@pytest.mark.parametrize("seed", KNOWN)
def test_known_streams(seed: int) -> None:
    np.testing.assert_array_equal(torch_rand(6, seed), np.array(KNOWN[seed], np.float32))


@settings(max_examples=30, deadline=None)
@given(
    shapes=st.lists(st.integers(0, 700), min_size=1, max_size=4),
    seed=st.integers(0, 2**63 - 1),
    dtype=st.sampled_from(["float32", "float64"]),
)
def test_the_stream_is_pytorchs(shapes: list[int], seed: int, dtype: str) -> None:
    """Of any size, odd ones too, and over several calls."""
    torch: Any = pytest.importorskip("torch", reason="needs the extra torch")
    state = torch.get_rng_state()
    try:
        torch.manual_seed(seed)
        theirs = [torch.rand(size, dtype=getattr(torch, dtype)).numpy() for size in shapes]
    finally:
        torch.set_rng_state(state)
    ours = torch_rand(sum(shapes), seed, dtype=dtype)
    assert ours.dtype == dtype
    np.testing.assert_array_equal(ours, np.concatenate(theirs))


def test_no_global_generator_is_touched() -> None:
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    torch_rand(100, 1)
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


@pytest.mark.parametrize(
    ("arguments", "words"),
    [((-1, 0), "count"), ((1.5, 0), "count"), ((3, -1), "seed"), ((3, True), "seed"), ((3, "42"), "seed")],
)
def test_what_is_no_count_or_seed(arguments: tuple[Any, Any], words: str) -> None:
    with pytest.raises(SpecError, match=f"{words} must be a whole number"):
        torch_rand(*arguments)
    with pytest.raises(SpecError, match="dtype must be float32 or float64, got 'float16'"):
        torch_rand(1, 0, dtype="float16")
