"""For all tests: on a server the same examples every time, at a desk new ones."""

from __future__ import annotations

import logging
import os

import pytest
from hypothesis import settings

settings.register_profile("server", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("server")


@pytest.fixture(autouse=True)
def findings_not_said_yet() -> None:
    """Every test hears the findings of its own runs, whatever was said in the same process before."""
    for quiet in logging.getLogger("pellucid").filters:
        quiet.said.clear()  # type: ignore[union-attr]
