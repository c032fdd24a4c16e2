"""Figures in sentences: a value has the digits of its interval, and none is rounded to zero."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.records import Interval, figure, with_interval

SIZES = st.floats(1e-7, 1e7) | st.floats(-1e7, -1e-7)


def interval(low: float, high: float) -> Interval:
    return Interval(low, high, 0.95, "m")


@pytest.mark.parametrize(
    ("value", "low", "high", "said"),
    [
        (-4.7e-4, -0.0212, 0.0202, "-0.0005 [-0.0212, 0.0202]"),
        (3.2e-5, -0.0212, 1e-4, "0.00003 [-0.0212, 0.0001]"),
        (0.1, 2e-4, 0.2, "0.1000 [0.0002, 0.2000]"),
        (2.5e-4, 1e-4, 4e-4, "2.5e-04 [1.0e-04, 4.0e-04]"),
        (0.0, -0.1, 0.1, "0 [-0.1000, 0.1000]"),
    ],
)
def test_a_value_has_the_digits_of_its_interval(value, low, high, said):
    assert with_interval(value, interval(low, high)) == said


@given(SIZES, SIZES, SIZES)
def test_no_figure_is_rounded_to_zero_and_notations_are_not_mixed(one, two, three):
    low, value, high = sorted((one, two, three))
    said = with_interval(value, interval(low, high), sign=True)
    assert all(float(part.replace(",", "")) != 0 for part in re.findall(r"[-+]?[\d.,]*\d(?:e-\d+)?", said))
    assert said.count("e-") in (0, 3)


@given(SIZES)
def test_a_figure_alone_is_never_zero(value):
    assert float(figure(value).replace(",", "")) != 0
    assert with_interval(value, None) == figure(value)
