"""Probability, odds and log odds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid import nn
from pellucid.errors import InputError


@given(st.floats(1e-12, 1 - 1e-12))
def test_sigmoid_and_the_exponential_take_log_odds_back(probability: float) -> None:
    found = nn.log_odds(probability)
    assert nn.sigmoid(found) == pytest.approx(probability, rel=1e-12)
    assert np.exp(found) == pytest.approx(nn.odds(probability), rel=1e-9)


def test_the_ends_are_infinite_and_shapes_stay() -> None:
    assert nn.log_odds([[0.0, 0.5, 1.0]]).tolist() == [[-np.inf, 0.0, np.inf]]
    assert nn.odds([[0.0, 0.5, 1.0]]).tolist() == [[0.0, 1.0, np.inf]]


@pytest.mark.parametrize("function", [nn.odds, nn.log_odds])
@pytest.mark.parametrize("wrong", [-0.1, 1.5, float("nan")])
def test_what_is_no_probability_is_refused(function, wrong: float) -> None:
    with pytest.raises(InputError, match=r"probabilities lie in \[0, 1\], got"):
        function([0.5, wrong])
