"""One step from the same state: every engine computes what the textbook says, whatever is asked of it."""

from __future__ import annotations

import numpy as np
import pytest
from both_engines import NUMBERS, Case, cases, flat, needs_torch
from hypothesis import HealthCheck, given, settings

from pellucid import nn
from pellucid.engines.choose import choose_engine

TOLERANCE = {"float64": 1e-12, "float32": 1e-5}
PLAIN_SGD = (nn.SGD(),)
many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
few = settings(many, max_examples=25)  # PyTorch takes a while for every small step


def gradients(case: Case, engine: str) -> np.ndarray:
    """The gradient of the last step: plain SGD keeps it as its velocity."""
    state, _ = case.run(engine)
    optimizer = state.snapshot().optimizer
    return flat(optimizer["velocity"]).astype(np.float64)


def check_gradients(case: Case, dtype: str, engine: str) -> None:
    ours, textbook = gradients(case, engine), gradients(case, "reference")
    assert np.linalg.norm(ours - textbook) <= TOLERANCE[dtype] * max(np.linalg.norm(textbook), 1e-3)


def check_state_and_records(case: Case, engine: str) -> None:
    """Two epochs, any optimizer: parameters, its memory, the numbers of the records, and the stopping rules."""
    (ours, seen), (textbook, told) = case.run(engine), case.run("reference")
    assert (ours.stopped, ours.epoch, ours.best_epoch) == (textbook.stopped, textbook.epoch, textbook.best_epoch)
    assert ours.best_loss == pytest.approx(textbook.best_loss, rel=1e-9, abs=1e-12)
    close(flat(ours.best()), flat(textbook.best()))
    mine, theirs = ours.snapshot(), textbook.snapshot()
    assert (mine.epoch, mine.step) == (theirs.epoch, theirs.step)
    close(flat(mine.parameters), flat(theirs.parameters))
    assert mine.optimizer is not None
    assert theirs.optimizer is not None
    assert list(mine.optimizer) == list(theirs.optimizer)
    for part, value in theirs.optimizer.items():
        if isinstance(value, dict):
            assert list(mine.optimizer[part]) == list(value)
            close(flat(mine.optimizer[part]), flat(value))
        else:
            assert mine.optimizer[part] == value
    assert len(seen) == len(told)
    for record, expected in zip(seen, told):
        assert record.dead_units == expected.dead_units
        for name in NUMBERS:
            value = getattr(expected, name)
            assert getattr(record, name) == (value if value is None else pytest.approx(value, rel=1e-8, abs=1e-10))


def check_scores(case: Case, engine: str) -> None:
    _, state = case.start("reference")
    parameters = state.snapshot().parameters
    ours, textbook = (
        choose_engine(name, case.network, case.training).scores(case.network, parameters, case.data.X)
        for name in (engine, "reference")
    )
    close(ours, textbook)


def close(ours: np.ndarray, textbook: np.ndarray) -> None:
    assert ours.dtype == textbook.dtype
    np.testing.assert_allclose(ours, textbook, rtol=1e-8, atol=1e-9 * max(1.0, float(np.abs(textbook).max())))


@many
@given(case=cases("float64", PLAIN_SGD))
def test_gradients_in_float64(case: Case) -> None:
    check_gradients(case, "float64", "compiled")


@many
@given(case=cases("float32", PLAIN_SGD))
def test_gradients_in_float32(case: Case) -> None:
    check_gradients(case, "float32", "compiled")


@many
@given(case=cases("float64", epochs=2))
def test_state_and_records_in_float64(case: Case) -> None:
    check_state_and_records(case, "compiled")


@many
@given(case=cases("float64"))
def test_scores(case: Case) -> None:
    check_scores(case, "compiled")


@needs_torch
@few
@given(case=cases("float64", PLAIN_SGD))
def test_gradients_in_float64_of_torch(case: Case) -> None:
    check_gradients(case, "float64", "torch:cpu")


@needs_torch
@few
@given(case=cases("float32", PLAIN_SGD))
def test_gradients_in_float32_of_torch(case: Case) -> None:
    check_gradients(case, "float32", "torch:cpu")


@needs_torch
@few
@given(case=cases("float64", epochs=2))
def test_state_and_records_in_float64_of_torch(case: Case) -> None:
    check_state_and_records(case, "torch:cpu")


@needs_torch
@few
@given(case=cases("float64"))
def test_scores_of_torch(case: Case) -> None:
    check_scores(case, "torch:cpu")
