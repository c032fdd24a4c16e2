"""For all tests: on a server the same examples every time, at a desk new ones."""

from __future__ import annotations

import logging
import os

import pytest
from hypothesis import settings

import pellucid

settings.register_profile("server", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("server")


@pytest.fixture(autouse=True)
def findings_not_said_yet() -> None:
    """Every test hears the findings of its own runs, whatever was said in the same process before."""
    for quiet in logging.getLogger("pellucid").filters:
        quiet.said.clear()  # type: ignore[union-attr]


@pytest.fixture(autouse=True, scope="session")
def engine_is_compiled() -> None:
    """The first compilation is announced on the log, which must not fall into a test that listens."""
    from pellucid import NetworkSpec, TrainingSpec, fit_network

    for dtype in ("float32", "float64"):
        fit_network([[0.0], [1.0]], [0.0, 1.0], NetworkSpec(1), TrainingSpec(epochs=1, dtype=dtype))


@pytest.fixture(autouse=True, scope="session")
def a_table_was_read(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The first one loads Polars, which takes longer than hypothesis gives an example of a property."""
    path = tmp_path_factory.mktemp("first") / "t.csv"
    path.write_text("'x','y'\n'1','a'\n'2','b'\n'3','c'\n")
    pellucid.read(path)
