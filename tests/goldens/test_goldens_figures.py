"""Every figure that the five documents print and that can come out comes out, through pellucid's public calls."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from golden_figures import distance
from golden_files import ABSENT, goldens
from golden_registry import COMPUTED, TWICE

import pellucid

pytestmark = pytest.mark.skipif(bool(ABSENT), reason=ABSENT)

POSSIBLE = [key for key, one in goldens().items() if one.reproduced]


@pytest.mark.parametrize("key", POSSIBLE or [(0, "no goldens")], ids=lambda key: f"{key[0]:03}-{key[1]}")
def test_a_figure_comes_out(key: tuple[int, str]) -> None:
    golden, got = goldens()[key], COMPUTED[key].value()
    apart = distance(got, golden.expected)
    assert apart <= golden.values["abs_tol"], f"{golden.values['what']}: {apart:.3g} from the printed {golden.expected}"


def test_no_figure_is_without_a_computation() -> None:
    assert sorted(COMPUTED) == sorted(POSSIBLE)
    assert TWICE == []


@pytest.mark.parametrize("by", sorted({one.by for one in COMPUTED.values()}))
def test_the_call_that_a_figure_is_said_to_come_from_exists(by: str) -> None:
    found: Any = pellucid
    for name in by.split("."):
        found = getattr(found, name, None) or importlib.import_module(f"{found.__name__}.{name}")
    assert callable(found)


def test_distance_tells_what_differs() -> None:
    assert distance([[1, 2.5]], [1, 2.0]) == 0.5
    assert distance(["a", 1], ["a", 1.25]) == 0.25
    for got, expected in (([1, 2], [1]), (["a"], ["b"]), ([float("nan")], [1.0]), ([float("nan")], [float("nan")])):
        assert distance(got, expected) == float("inf")
