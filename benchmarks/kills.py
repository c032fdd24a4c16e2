"""What `train` leaves behind when it is killed, and whether the same command goes on.

    python benchmarks/kills.py [--kills 100] [--interrupts 40] [--seed 0] [--quick]

A run is killed (SIGKILL) at a random moment and started again, until it ends by itself; then the model must be the same
bytes as that of a run that nobody disturbed. Another is interrupted (SIGINT, every third one twice). Prints a table in
Markdown; the exit code is 1 when anything was half written, lost or different.

With `--quick` the table is small, figures are not drawn, and runs are forked from this process, which has loaded all
libraries before: nearly every moment then falls into the fits and the writing of files.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from importlib import resources
from pathlib import Path
from typing import NoReturn

import numpy as np

FILES = ("evaluation.json", "history.csv", "model.pellucid", "report.html")
OPTIONS = ("--target", "Survived", "--hidden", "8", "--epochs", "2", "--out", "out")
PROGRAM = [sys.executable, "-c", "import sys; from pellucid.cli import main; sys.exit(main())"]
SMALL_ROWS = 120
LIBRARIES = (
    *("polars", "scipy.stats", "sklearn.ensemble", "sklearn.model_selection", "matplotlib.figure", "matplotlib.axes"),
    *("jinja2", "pellucid.cli.app", "pellucid.judging.ladder", "pellucid.reporting.write_report"),
)


class Run:
    """The command in `place`, with a state folder there and what it says beside it; as a program of its own, or forked
    on a small `table`."""

    def __init__(self, place: Path, table: Path | None) -> None:
        self.said = place.with_suffix(".said")
        self.code: int | None = None
        self.pid = os.fork()
        if not self.pid:
            self._become(place, table)

    def _become(self, place: Path, table: Path | None) -> NoReturn:
        os.chdir(place)
        os.environ["PELLUCID_STATE"] = str(place / "state")
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(os.open(self.said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
        if table is None:
            os.execv(PROGRAM[0], [*PROGRAM, "train", "titanic", *OPTIONS])
        from pellucid.cli import main

        os._exit(main(["train", str(table), *OPTIONS]))

    def still_going(self, seconds: float) -> bool:
        """Whether the run has not ended after so many seconds."""
        until = time.perf_counter() + seconds
        while self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
            elif time.perf_counter() > until:
                return True
            else:
                time.sleep(0.002)
        return False

    def send(self, what: signal.Signals) -> None:
        """Send a signal."""
        os.kill(self.pid, what)

    def ended(self) -> tuple[int, str]:
        """(exit code, what it said to standard error), once it has ended."""
        if self.still_going(300):
            self.send(signal.SIGKILL)
            sys.exit("a run did not end within 300 seconds")
        assert self.code is not None
        return self.code, self.said.read_text(errors="replace")


def small_table(place: Path) -> Path:
    """The first rows of the bundled table as a file; and all libraries are loaded.

    Polars is not put to work: its threads would not be there in a forked process.
    """
    import pellucid
    from pellucid.reporting import inline_svg

    for library in LIBRARIES:
        importlib.import_module(library)
    inline_svg.svg_text = lambda figure: "<svg></svg>"
    network = pellucid.NetworkSpec(1)
    for dtype in ("float32", "float64"):
        pellucid.fit_network([[0.0], [1.0]], [0.0, 1.0], network, pellucid.TrainingSpec(epochs=1, dtype=dtype))
    path = place / "small.csv"
    packed = resources.files("pellucid.data").joinpath("titanic.csv.gz").read_bytes()
    path.write_bytes(b"".join(gzip.decompress(packed).splitlines(keepends=True)[: SMALL_ROWS + 1]))
    return path


def undisturbed(place: Path, table: Path | None) -> tuple[bytes, float]:
    """(model bytes, seconds) of a run that nobody disturbs."""
    began = time.perf_counter()
    code, told = Run(place, table).ended()
    if code:
        sys.exit(f"the undisturbed run failed: {told}")
    return (place / "out" / "model.pellucid").read_bytes(), time.perf_counter() - began


def whole_or_nothing(place: Path) -> bool:
    """Whether `out` is absent or complete; the model is opened."""
    from pellucid import load

    folder = place / "out"
    if not folder.exists():
        return True
    if sorted(path.name for path in folder.iterdir()) != sorted(FILES):
        return False
    load(folder / "model.pellucid")
    return True


def leftovers(place: Path) -> list[str]:
    """Temporary names and the progress of unfinished runs."""
    return [
        path.name for pattern in ("*.part", "out/.*.part", ".*.part", "state/runs/*") for path in place.glob(pattern)
    ]


def kill_until_done(
    place: Path, table: Path | None, seconds: float, rng: np.random.Generator, model: bytes, seen: Counter[str]
) -> None:
    """Kill and start again until the run ends by itself, then compare."""
    while True:
        run = Run(place, table)
        if not run.still_going(float(rng.uniform(0, seconds))):
            code, told = run.ended()
            break
        run.send(signal.SIGKILL)
        code, told = run.ended()
        seen["kills"] += 1
        seen["resumed"] += "resuming at" in told
        seen["half written after a kill"] += not whole_or_nothing(place)
        if (place / "out").exists():
            seen["killed after the files were complete"] += 1
            break
    if code not in (0, -signal.SIGKILL):
        seen["runs that failed"] += 1
        print(told, file=sys.stderr)
        return
    seen["chains finished"] += 1
    seen["models that differ"] += (place / "out" / "model.pellucid").read_bytes() != model
    if code == 0:
        seen["leftovers after the end"] += len(leftovers(place))


def interrupt(place: Path, table: Path | None, seconds: float, twice: bool, seen: Counter[str]) -> float:
    """Ctrl-C after so many seconds; how long the run took to end."""
    run = Run(place, table)
    if not run.still_going(seconds):
        return 0.0
    pressed = time.perf_counter()
    run.send(signal.SIGINT)
    if twice and run.still_going(0.02):
        run.send(signal.SIGINT)
    code, told = run.ended()
    took = time.perf_counter() - pressed
    loading = "Traceback" in told and "pellucid" not in told.split("KeyboardInterrupt")[0].split("File")[-1]
    seen["interrupts"] += 1
    seen["ended with 130"] += code == 130
    seen["ended with the files complete"] += code == 0
    seen["while Python was starting"] += loading or code == -signal.SIGINT
    seen["half written after Ctrl-C"] += not whole_or_nothing(place)
    seen["temporary files after Ctrl-C"] += len([name for name in leftovers(place) if name.endswith(".part")])
    return took


def main() -> int:
    """Run both, print the counts."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--interrupts", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--quick", action="store_true")
    wanted = parser.parse_args()
    rng = np.random.default_rng(wanted.seed)
    seen: Counter[str] = Counter()
    times: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        places = (Path(folder, str(number)) for number in range(10**6))
        table = small_table(Path(folder)) if wanted.quick else None

        def fresh() -> Path:
            place = next(places)
            place.mkdir()
            return place

        model, seconds = undisturbed(fresh(), table)
        while seen["kills"] < wanted.kills:
            kill_until_done(fresh(), table, seconds, rng, model, seen)
        while seen["interrupts"] < wanted.interrupts:
            moment = float(rng.uniform(0, seconds))
            times.append(interrupt(fresh(), table, moment, seen["interrupts"] % 3 == 2, seen))
    return report(seen, times, seconds)


def report(seen: Counter[str], times: list[float], seconds: float) -> int:
    """The table, and 1 when something is wrong."""
    wrong = (
        "half written after a kill",
        "models that differ",
        "leftovers after the end",
        "runs that failed",
        "half written after Ctrl-C",
        "temporary files after Ctrl-C",
    )
    rows = ["kills", "resumed", "killed after the files were complete", "chains finished", *wrong[:4]]
    if seen["interrupts"]:
        rows += [
            "interrupts",
            "ended with 130",
            "ended with the files complete",
            "while Python was starting",
            *wrong[4:],
        ]
    print(f"| a run takes {seconds:.1f} s | count |\n|---|---|")
    for row in rows:
        print(f"| {row} | {seen[row]} |")
    if times:
        print(f"| seconds from Ctrl-C to the end: median, longest | {np.median(times):.2f}, {max(times):.2f} |")
    return int(any(seen[row] for row in wrong))


if __name__ == "__main__":
    sys.exit(main())
