"""The road, measured: quality on real tables beside scikit-learn, and what the commands cost.

    python benchmarks/road.py [--seeds 5] [--tables bank,letter] [--write docs/road.md]

Tables are read from ../shared/data; those that are absent are named and left out. Every seed seals other rows; both
sides learn from the same rows and are scored on the same sealed ones. scikit-learn's side is what its users would
write: median and standard scaling for numbers, one-hot for categories (rare levels together), a standardized target,
MLPClassifier or MLPRegressor with hidden layers of 128 and 64 and early stopping; logistic regression beside it. One
thread for both.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
os.environ["PELLUCID_STATE"] = tempfile.mkdtemp()

import numpy as np  # noqa: E402  (threads are set before NumPy is loaded)

import pellucid  # noqa: E402
from pellucid.judging.card import sealed_mask  # noqa: E402

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
# Table, file, target, figure, the wanted mean over the seeds.
TABLES = (
    ("bank", "bank_marketing_full.csv", "deposit", "AUC", "≥ 0.925"),
    ("california", "california_housing_cat.csv", "median_house_value", "RMSE", "≤ 53,000"),
    ("bike", "bike_hour.csv", "cnt", "RMSE", "≤ 50"),
    ("credit", "credit_default_uci.csv", "default", "AUC", "≥ 0.76"),
    ("letter", "letter.csv", "letter", "accuracy", "≥ 0.95"),
    ("telco", "telco_churn.csv", "Churn", "AUC", "logistic regression - 0.005"),
)


def main() -> None:
    """Measure and print; also write a page of Markdown where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--tables", default=",".join(table[0] for table in TABLES))
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    lines = [
        "# The road, measured",
        "",
        "Written by `python benchmarks/road.py --write docs/road.md`.",
        machine(),
        "",
        *quality(options.seeds, options.tables.split(",")),
        *costs(),
    ]
    text = "\n".join(lines) + "\n"
    if options.write:
        options.write.write_text(text, encoding="utf-8")
    print(text)


def machine() -> str:
    """Versions and cores, in a line."""
    versions = f"pellucid {pellucid.__version__}, Python {platform.python_version()}, NumPy {np.__version__}"
    return f"{versions}, {os.cpu_count()} cores of a shared machine."


def quality(seeds: int, wanted: list[str]) -> list[str]:
    """Mean held-out figures over the seeds, one line a table."""
    lines = [
        f"## Quality on sealed rows, mean of {seeds} seeds (lowest to highest)",
        "",
        "| table | figure | wanted | pellucid train | scikit-learn MLP 128-64 | logistic regression | ladder, s |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, file, target, figure, goal in TABLES:
        if name not in wanted:
            continue
        if not (DATA / file).exists():
            lines.append(f"| {name} | absent here | | | | | |")
            continue
        ours, theirs, linear, seconds = [], [], [], []
        for seed in range(seeds):
            print(f"{name}, seed {seed}", file=sys.stderr, flush=True)
            found = pellucid.climb(DATA / file, target, seed=seed)
            ours.append(found.test["ROC AUC" if figure == "AUC" else figure].value)
            seconds.append(found.seconds)
            peers = scikit_learn(DATA / file, target, sealed_mask(found.card), figure, seed)
            theirs.append(peers[0])
            linear.append(peers[1])
        logistic = "" if figure == "RMSE" else spread(linear)
        lines.append(
            f"| {name} | {figure} | {goal} | **{spread(ours)}** | {spread(theirs)} | {logistic} | "
            f"{statistics.median(seconds):.1f} |"
        )
    return [*lines, ""]


def scikit_learn(path: Path, target: str, sealed: np.ndarray, figure: str, seed: int) -> tuple[float, float]:
    """(MLP, logistic or linear regression) of scikit-learn on the same rows."""
    import pandas as pd
    from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LinearRegression, LogisticRegression
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler
    from threadpoolctl import threadpool_limits

    frame = pd.read_csv(path, na_values=[" "])
    frame = frame.drop(columns=[c for c in ("customerID", "instant", "dteday") if c in frame])
    y = frame.pop(target)
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    levels = OneHotEncoder(min_frequency=5, handle_unknown="infrequent_if_exist", sparse_output=False)
    is_number = frame.dtypes.map(pd.api.types.is_numeric_dtype)
    prepare = ColumnTransformer(
        [("numbers", numbers, list(frame.columns[is_number])), ("levels", levels, list(frame.columns[~is_number]))]
    )
    if figure == "RMSE":
        mlp = MLPRegressor(hidden_layer_sizes=(128, 64), early_stopping=True, random_state=seed)
        models = [TransformedTargetRegressor(mlp, transformer=StandardScaler()), LinearRegression()]
    else:
        mlp = MLPClassifier(hidden_layer_sizes=(128, 64), early_stopping=True, random_state=seed)
        models = [mlp, LogisticRegression(max_iter=1000)]
    results = []
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        for model in models:
            fitted = make_pipeline(prepare, model).fit(frame[~sealed], y[~sealed])
            results.append(score(fitted, frame[sealed], y[sealed], figure))
    return results[0], results[1]


def score(fitted: object, rows: object, truth: object, figure: str) -> float:
    """The figure on held-out rows, by scikit-learn's own metrics."""
    from sklearn.metrics import roc_auc_score, root_mean_squared_error

    if figure == "AUC":
        return float(roc_auc_score(truth, fitted.predict_proba(rows)[:, 1]))
    if figure == "RMSE":
        return float(root_mean_squared_error(truth, fitted.predict(rows)))
    return float(fitted.score(rows, truth))


def costs() -> list[str]:
    """Whole-process times (median of 5), the reading of the bank table, and the size of Titanic's model."""
    lines = ["## What commands cost", "", "| what | wanted | measured |", "|---|---|---|"]
    python = [sys.executable, "-c"]
    command = [str(Path(sys.executable).with_name("pellucid"))]
    empty = seconds_of([*python, "pass"])
    lines.append(f"| an empty Python process | | {empty:.3f} s |")
    imported = seconds_of([*python, "import pellucid"]) - empty
    lines.append(f"| `import pellucid`, beyond that | < 0.05 s | {imported:.3f} s |")
    for name in ("", "train", "predict", "evaluate", "report", "profile", "datasets"):
        shown = f"pellucid {name} --help".replace("  ", " ")
        lines.append(f"| `{shown}` | < 0.3 s | {seconds_of([*command, *name.split(), '--help']):.3f} s |")
    if (DATA / "bank_marketing_full.csv").exists():
        pellucid.read("titanic")
        times = []
        for _ in range(5):
            began = time.perf_counter()
            pellucid.read(DATA / "bank_marketing_full.csv")
            times.append(time.perf_counter() - began)
        read = statistics.median(times)
        lines.append(f"| reading the bank table (45,211 × 17), after imports | < 0.3 s | {read:.3f} s |")
    folder = Path(tempfile.mkdtemp()) / "titanic"
    train = [*command, "train", "titanic", "--target", "Survived", "--out", str(folder), "--force"]
    lines.append(f"| `pellucid train titanic --target Survived` | < 30 s | {seconds_of(train, runs=3):.1f} s |")
    size = (folder / "model.pellucid").stat().st_size / 1000
    lines.append(f"| its model file | < 100 kB | {size:.1f} kB |")
    return lines


def seconds_of(command: list[str], runs: int = 5) -> float:
    """Median seconds of a whole process, after one run to warm the disk."""
    times = []
    for _ in range(runs + 1):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - began)
    return statistics.median(times[1:])


def spread(values: list[float]) -> str:
    """Mean, lowest and highest."""
    form = ",.0f" if max(values) >= 1000 else ".1f" if max(values) >= 10 else ".4f"
    return f"{statistics.mean(values):{form}} ({min(values):{form}} to {max(values):{form}})"


if __name__ == "__main__":
    main()
