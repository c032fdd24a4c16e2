"""scikit-learn's own checks of an estimator, with the defaults and nothing excused."""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from pellucid import MLPClassifier, MLPRegressor


@parametrize_with_checks([MLPClassifier(), MLPRegressor()])
def test_scikit_learns_check(estimator: Any, check: Callable[[Any], None]) -> None:
    check(estimator)


ARRAY_API = """
from sklearn.utils.estimator_checks import estimator_checks_generator
from pellucid import {kind}

ran = 0
for estimator, check in estimator_checks_generator({kind}(), mark=None):
    if check.func.__name__ == "check_array_api_input":
        check(estimator)
        ran += 1
print(ran)
"""


@pytest.mark.parametrize("kind", ["MLPClassifier", "MLPRegressor"])
def test_the_check_that_needs_scipys_array_api(kind: str) -> None:
    """Above it skips itself, because SciPy reads this variable when it is imported."""
    environment = {**os.environ, "SCIPY_ARRAY_API": "1"}
    command = [sys.executable, "-W", "error", "-c", ARRAY_API.format(kind=kind)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 1
