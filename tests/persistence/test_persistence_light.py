"""From a model file to answers with NumPy and safetensors alone."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import pellucid

HEAVY = ["sklearn", "scipy", "polars", "narwhals", "numba", "pandas", "pyarrow", "typer", "threadpoolctl", "joblib"]
# Any import of a heavy package fails, as if it were not installed.
SCRIPT = """
import sys
heavy = {heavy!r}
for name in heavy:
    sys.modules[name] = None
{statements}
print(*sorted({{name.split(".")[0] for name in sys.modules}} - set(sys.stdlib_module_names) - set(heavy)))
print(*sorted(name for name in sys.modules if name.startswith("pellucid.") and sys.modules[name] is not None))
"""
TABLE = {
    "x": [None if k == 3 else k % 7 / 2 for k in range(80)],
    "kind": ["a", "b", "c", None] * 20,
    "day": [str(np.datetime64("2024-01-01") + k) for k in range(80)],
}
ROW = {"x": 1.5, "kind": "b", "day": "2024-01-09"}


def run(statements: str) -> list[str]:
    """The lines that a fresh interpreter without the heavy packages prints."""
    script = SCRIPT.format(heavy=HEAVY, statements=statements)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture(scope="module", params=["relu", "gelu"])
def model(request: pytest.FixtureRequest) -> pellucid.MLPClassifier:
    options = {"activation": request.param, "epochs": 2, "random_state": 0}
    return pellucid.MLPClassifier((6,), **options).fit(pellucid.read(TABLE), np.array(["no", "yes"] * 40))


def check(lines: list[str], expected: np.ndarray) -> None:
    answers, packages, modules = lines
    np.testing.assert_allclose([float(word) for word in answers.split()], np.tile(expected, 3), atol=1e-6)
    known = {"pellucid", "numpy", "safetensors", "__main__"}
    strange = {name for name in packages.split() if name not in known and "cython" not in name}
    assert not {name for name in strange if not name.startswith(("_", "sitecustomize", "coverage"))}
    assert "pellucid.estimators.predictors" in modules.split()
    assert "pellucid.estimators.fitting" not in modules.split()


ASK = f"""
one = light.predict_proba({ROW!r})
rows = light.predict_proba([{ROW!r}, {list(ROW.values())!r}])
print(*one, *rows.ravel())
"""


def test_a_file_is_opened_with_numpy_alone(model: pellucid.MLPClassifier, tmp_path: Path) -> None:
    path = pellucid.save(model, tmp_path / "m.pellucid")
    lines = run(f"import pellucid\nlight = pellucid.predictor({str(path)!r})\n{ASK}")
    check(lines, model.predict_proba([ROW])[0])


def test_a_pickle_is_opened_with_numpy_alone(model: pellucid.MLPClassifier, tmp_path: Path) -> None:
    path = tmp_path / "light.pickle"
    path.write_bytes(pickle.dumps(pellucid.predictor(model)))
    lines = run(f"import pickle\nlight = pickle.load(open({str(path)!r}, 'rb'))\n{ASK}")
    check(lines, model.predict_proba([ROW])[0])


def test_a_heavy_import_would_be_seen() -> None:
    with pytest.raises(AssertionError, match="sklearn"):
        run("import pellucid\npellucid.MLPClassifier")
