"""Dropout draws: the same bits everywhere, and as good as random in every direction."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pellucid import nn
from pellucid.errors import SpecError
from pellucid.nn.dropout import draw

ROWS, UNITS = np.arange(1000)[:, None], np.arange(200)[None, :]
words = st.integers(0, 2**32 - 1)


def kept(rate: float = 0.5, seed: int = 0, step: int = 0, layer: int = 0) -> np.ndarray:
    result: np.ndarray = nn.keep(seed, step, layer, ROWS, UNITS, rate)
    return result


def test_one_draw_by_hand() -> None:
    # seed 0, step 0, layer 0, row 0, unit 0: word + 1 times 0x1B873593, then two rounds of shift and multiply.
    h = 0
    for word in (0, 0, 0, 0, 0):
        h ^= (word + 1) * 0x1B873593 % 2**32
        h = (h ^ h // 2**16) * 0x21F0AAAD % 2**32
        h = (h ^ h // 2**15) * 0x735A2D97 % 2**32
        h ^= h // 2**15
    assert draw(0, 0, 0, 0, 0) == h
    assert 0 < h < 2**32


@settings(deadline=None)
@given(st.integers(0, 2**63 - 1), words, words, words, words)
def test_plain_python_and_numpy_give_the_same_bits(seed: int, step: int, layer: int, row: int, unit: int) -> None:
    plain = draw(seed, step, layer, row, unit)
    assert 0 <= plain < 2**32
    for kind in (np.int64, np.uint64):  # signed or not: no product leaves 63 bits
        arrays = [np.array([v], dtype=kind) for v in (seed, step, layer, row, unit)]
        assert int(draw(*arrays)[0]) == plain


def test_compiled_code_gives_the_same_bits() -> None:
    numba = pytest.importorskip("numba")
    from pellucid.nn import dropout

    mix = numba.njit(dropout.mix)

    @numba.njit
    def compiled(seed, step, layer, rows, units):
        result = np.empty((rows, units), dtype=np.int64)
        top = mix(mix(mix(seed >> 32, seed & 0xFFFFFFFF), step), layer)
        for row in range(rows):
            for unit in range(units):
                result[row, unit] = mix(mix(top, row), unit)
        return result

    expected = draw(2**40 + 7, 123_456, 2, ROWS[:50], UNITS)
    np.testing.assert_array_equal(compiled(2**40 + 7, 123_456, 2, 50, 200), expected)


def test_draws_are_even() -> None:
    for seed in range(3):
        h = draw(seed, 1, 0, ROWS, UNITS).ravel()
        for shift in (24, 12, 0):  # high, middle and low eight bits
            counts = np.bincount((h >> shift) & 255, minlength=256)
            assert stats.chisquare(counts).pvalue > 1e-4


@pytest.mark.parametrize("rate", [0.01, 0.1, 0.25, 0.5, 0.9])
def test_rate_is_kept(rate: float) -> None:
    share = np.mean([1 - kept(rate, step=step).mean() for step in range(5)])
    assert share == pytest.approx(rate, abs=4.5 * (rate * (1 - rate) / 1e6) ** 0.5)
    by_unit = kept(rate).mean(axis=0)
    assert stats.chisquare(by_unit * 1000, np.full(200, by_unit.mean() * 1000)).pvalue > 1e-4


def agreement(a: np.ndarray, b: np.ndarray) -> float:
    """How far the share of equal fair draws lies from one half, in standard deviations."""
    return float(abs((a == b).mean() - 0.5) * 2 * a.size**0.5)


def test_neighbors_are_independent() -> None:
    base = kept()
    assert agreement(base[:-1], base[1:]) < 4.5  # next row
    assert agreement(base[:, :-1], base[:, 1:]) < 4.5  # next unit
    assert agreement(base[:-1, 1:], base[1:, :-1]) < 4.5  # along the diagonal
    assert agreement(base[:200, :200], base[:200, :200].T) < 4.5 + 200**0.5 / 100  # row and unit swapped
    for step in (1, 2, 3, 1000):
        assert agreement(base, kept(step=step)) < 4.5
    for seed in (1, 2**32, 2**62):
        assert agreement(base, kept(seed=seed)) < 4.5
    assert agreement(base, kept(layer=1)) < 4.5


def test_no_two_rows_share_their_mask() -> None:
    rows = np.arange(20_000)[:, None]
    masks = np.packbits(nn.keep(0, 0, 0, rows, np.arange(64)[None, :], 0.5), axis=1)
    assert len(np.unique(masks, axis=0)) == 20_000


def test_row_numbers_of_any_integer_type() -> None:
    expected = kept()
    for kind in (np.int32, np.uint8, np.uint64):
        small = nn.keep(0, 0, 0, ROWS[:200].astype(kind), UNITS.astype(kind), 0.5)
        np.testing.assert_array_equal(small, expected[:200])
    assert nn.keep(0, 0, 0, 3, 4, 0.5) == expected[3, 4]


def test_expected_value_is_kept_and_backward_uses_the_mask() -> None:
    mask = nn.dropout_mask(kept(0.2), 0.2, np.float32)
    assert mask.dtype == np.float32
    assert set(np.unique(mask)) == {np.float32(0), np.float32(1.25)}
    A = np.ones(mask.shape, dtype=np.float32)
    assert nn.dropout_forward(A, mask).mean() == pytest.approx(1, abs=0.01)
    np.testing.assert_array_equal(nn.dropout_backward(A, mask), mask)
    assert nn.dropout_forward(A, None) is A


def test_rate_zero_keeps_all_and_one_is_refused() -> None:
    assert kept(0.0).all()
    for rate in (1.0, -0.1, float("nan")):
        with pytest.raises(SpecError, match=r"\[0, 1\)"):
            kept(rate)
