"""How long a report takes and how large it is: Titanic in process and as a command, and a million rows.

The limits are 1.5 s, 3.5 s and 1 MB for Titanic, 10 s and 2 MB for the evaluation of a million rows with its report.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import pellucid
from pellucid.cli.train_files import write_run

RUNS = 3


def main() -> None:
    """Print one line a measurement."""
    with tempfile.TemporaryDirectory() as place:
        os.environ["PELLUCID_STATE"] = str(Path(place) / "state")
        titanic(Path(place))
        million(Path(place))


def titanic(place: Path) -> None:
    """The report of a run that has just ended, and of its folder by the command; medians of three."""
    found = pellucid.climb("titanic", "Survived")
    seconds = []
    for _ in range(RUNS):
        began = time.perf_counter()
        path = pellucid.write_report(found, place / "titanic.html", overwrite=True)
        seconds.append(time.perf_counter() - began)
    told("Titanic, in process", seconds, path)
    folder = place / "titanic"
    write_run(found, folder, force=False)
    by_command("Titanic, the run told by the command", [str(folder)], path)
    by_command("Titanic, scored anew by the command", [str(folder), "titanic"], path)


def by_command(what: str, given: list[str], path: Path) -> None:
    """`pellucid report` in a process of its own."""
    command = [sys.executable, "-c", "import sys; from pellucid.cli import main; sys.exit(main(sys.argv[1:]))"]
    seconds = []
    for _ in range(RUNS):
        began = time.perf_counter()
        subprocess.run([*command, "report", *given, "--out", str(path), "--force", "--quiet"], check=True)
        seconds.append(time.perf_counter() - began)
    told(what, seconds, path)


def million(place: Path, rows: int = 1_000_000) -> None:
    """A model of ten inputs scored on a million rows in memory."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(rows, 10)).astype(np.float32)
    y = np.where(x[:, :3].sum(axis=1) + rng.normal(size=rows) > 1, "yes", "no")
    model = pellucid.MLPClassifier(hidden_layer_sizes=(64,), epochs=5, random_state=0).fit(x[:5000], y[:5000])
    data = {f"x{k}": column for k, column in enumerate(x.T)} | {"y": y}
    began = time.perf_counter()
    path = pellucid.write_report(model, place / "million.html", data=data, target="y")
    told(f"{rows:,} rows, scored and told", [time.perf_counter() - began], path)


def told(what: str, seconds: list[float], path: Path) -> None:
    """`Titanic, in process: first 1.20 s, median 0.60 s, 0.11 MB`."""
    size = path.stat().st_size / 1e6
    print(f"{what}: first {seconds[0]:.2f} s, median {statistics.median(seconds):.2f} s, {size:.2f} MB")


if __name__ == "__main__":
    main()
