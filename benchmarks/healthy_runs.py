"""False alarms: what 200 healthy runs over ten tables are warned of, outside what is true of each table.

    python benchmarks/healthy_runs.py
    python benchmarks/healthy_runs.py --runs 200 --write docs/traps.md

Each run draws up to 600 rows of a table, trains a network of the ladder on four fifths of them with early stopping (in
turns without hidden layer, with 16, 32-16 and 64 units), scores it on the rest and collects every finding of severity
warning or error: of reading, of the rows, of training, of the test rows. A run trains one network,
not the whole ladder, so RULE_WINS, which compares rungs over folds, is not among them.
Ends with exit code 1 when more than 1 % of the runs raise a false alarm.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

import pellucid
from pellucid.data.generate import moons
from pellucid.data.table import Table
from pellucid.judging.evaluation import evaluation_of
from pellucid.judging.rungs import RungPlan, base_of, make_network
from pellucid.judging.seal import SealPlan, seal_rows
from pellucid.judging.training_findings import training_findings

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
ROWS, EPOCHS = 600, 40
SHAPES: tuple[tuple[int, ...], ...] = ((), (16,), (32, 16), (64,))
HEADING = "## Healthy runs"


@dataclass(frozen=True)
class Source:
    """A table: how to get it, its target, columns to leave out, and the warnings that are true of it."""

    name: str
    get: Callable[[Path], object]
    target: str
    drop: tuple[str, ...] = ()
    true: tuple[str, ...] = ()
    why: str = ""


def _file(name: str) -> Callable[[Path], object]:
    return lambda folder: folder / name


def _moons(_: Path) -> object:
    points, classes = moons(2000, 0.25, 0)
    return {"x1": points[:, 0].tolist(), "x2": points[:, 1].tolist(), "y": classes.tolist()}


def _of_sklearn(name: str) -> Callable[[Path], object]:
    def get(_: Path) -> object:
        import sklearn.datasets

        bunch = getattr(sklearn.datasets, f"load_{name}")()
        columns = {str(column): bunch.data[:, k].tolist() for k, column in enumerate(bunch.feature_names)}
        return {**columns, "y": bunch.target.tolist()}

    return get


SOURCES = (
    Source(
        "titanic",
        lambda _: "titanic",
        "Survived",
        (),
        ("DUPLICATES",),
        "111 rows repeat others but for name and ticket",
    ),
    Source("bank", _file("bank_marketing_full.csv"), "deposit"),
    Source("bike", _file("bike_hour.csv"), "cnt", ("instant", "dteday")),
    Source("california", _file("california_housing_cat.csv"), "median_house_value"),
    Source("credit", _file("credit_default_uci.csv"), "default"),
    Source("telco", _file("telco_churn.csv"), "Churn"),
    Source("gpa1", _file("gpa1.csv"), "admit", (), ("ONE_CLASS",), "its columns hardly tell who is admitted"),
    Source("spiral", _file("spiral.csv"), "color"),
    Source("moons", _moons, "y"),
    Source("breast cancer", _of_sklearn("breast_cancer"), "y"),
)


def run_once(table: Table, source: Source, seed: int) -> tuple[str, ...]:
    """The codes of all warnings and errors of one run."""
    rng = np.random.default_rng([seed, 7])
    rows = np.sort(rng.choice(len(table), min(ROWS, len(table)), replace=False))
    sealed = seal_rows(table.take(rows), source.target, SealPlan(), list(source.drop), seed)
    truth, test = sealed.training_truth, sealed.held_out_truth
    inputs = tuple(column.name for column in sealed.training if column.role == "input")
    plan = RungPlan("network", "network", SHAPES[seed % len(SHAPES)])
    model = make_network(plan, truth, EPOCHS, "auto", seed, stops_early=True)
    model.fit(sealed.training.select(inputs), truth.own_targets)
    answer = model.predict_proba if truth.is_classes else model.predict
    scored = evaluation_of(test, answer(sealed.held_out.select(inputs)), base=base_of(truth))
    about_rows = training_findings(table.take(rows), sealed, inputs)
    found = (*about_rows, *model.history_.findings, *scored.findings)
    return tuple(finding.code for finding in found if finding.severity != "information")


def measure(runs: int, folder: Path) -> tuple[list[str], float]:
    """The page's table and the share of runs with a false alarm."""
    each = max(runs // len(SOURCES), 1)
    lines = ["| table | runs | false alarms | true warnings |", "|---|---|---|---|"]
    alarmed = 0
    for source in SOURCES:
        table = pellucid.read(source.get(folder))
        false: Counter[str] = Counter()
        true: Counter[str] = Counter()
        for seed in range(each):
            codes = set(run_once(table, source, seed))
            alarmed += bool(codes - set(source.true))
            false.update(codes - set(source.true))
            true.update(codes & set(source.true))
        listed = "; ".join(f"{code} in {n}" for code, n in true.items())
        if listed and source.why:
            listed += f" ({source.why})"
        told = ", ".join(f"{code} {n}" for code, n in false.items()) or "none"
        lines.append(f"| {source.name} | {each} | {told} | {listed or 'none'} |")
    return lines, alarmed / (each * len(SOURCES))


def main() -> int:
    """Print the table, or put it into a page as a section of its own."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the tables that are not bundled")
    parser.add_argument("--write", type=Path, metavar="PAGE")
    options = parser.parse_args()
    logging.getLogger("pellucid").setLevel(logging.CRITICAL)
    began = perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PELLUCID_STATE"] = folder
        lines, share = measure(options.runs, options.data)
    told = f"False alarms in {share:.1%} of {options.runs} runs ({perf_counter() - began:.0f} s)."
    print("\n".join(lines), told, sep="\n\n")
    if options.write is not None:
        about = f"{' '.join((__doc__ or '').split('Each run')[1].split('Ends')[0].split())}"
        section = [HEADING, "", f"`python benchmarks/healthy_runs.py`. Each run {about}", "", *lines, "", told, ""]
        old = options.write.read_text(encoding="utf-8") if options.write.exists() else ""
        options.write.write_text(old.split(f"\n{HEADING}")[0] + "\n" + "\n".join(section), encoding="utf-8")
    return 0 if share <= 0.01 else 1


if __name__ == "__main__":
    sys.exit(main())
