"""What `train` leaves behind when it is killed, and whether the same command goes on.

    python benchmarks/kills.py [--kills 100] [--interrupts 40] [--seed 0]

A run is killed (SIGKILL) at a random moment and started again, until it ends by itself; then the model must be the same
bytes as that of a run that nobody disturbed. Another is interrupted (SIGINT, every third one twice). Prints a table in
Markdown; the exit code is 1 when anything was half written, lost or different.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np

FILES = ("evaluation.json", "history.csv", "model.pellucid", "report.html")
OPTIONS = ("titanic", "--target", "Survived", "--hidden", "8", "--epochs", "2", "--out", "out")
PROGRAM = [sys.executable, "-c", "import sys; from pellucid.cli import main; sys.exit(main())", "train", *OPTIONS]


def start(place: Path) -> subprocess.Popen[str]:
    """The command in `place`, with a state folder there."""
    environment = {**os.environ, "PELLUCID_STATE": str(place / "state")}
    return subprocess.Popen(
        PROGRAM, cwd=place, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )


def undisturbed(place: Path) -> tuple[bytes, float]:
    """(model bytes, seconds) of a run that nobody disturbs."""
    began = time.perf_counter()
    process = start(place)
    told = process.communicate()[1]
    if process.returncode:
        sys.exit(f"the undisturbed run failed: {told}")
    return (place / "out" / "model.pellucid").read_bytes(), time.perf_counter() - began


def stopped_after(process: subprocess.Popen[str], seconds: float) -> bool:
    """Whether the run is still going after so many seconds."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return True
    return False


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


def kill_until_done(place: Path, seconds: float, rng: np.random.Generator, model: bytes, seen: Counter[str]) -> None:
    """Kill and start again until the run ends by itself, then compare."""
    while True:
        process = start(place)
        if not stopped_after(process, float(rng.uniform(0, seconds))):
            told = process.communicate()[1]
            break
        process.kill()
        told = process.communicate()[1]
        seen["kills"] += 1
        seen["resumed"] += "resuming at" in told
        seen["half written after a kill"] += not whole_or_nothing(place)
        if (place / "out").exists():
            seen["killed after the files were complete"] += 1
            break
    if process.returncode not in (0, -signal.SIGKILL):
        seen["runs that failed"] += 1
        print(told, file=sys.stderr)
        return
    seen["chains finished"] += 1
    seen["models that differ"] += (place / "out" / "model.pellucid").read_bytes() != model
    if process.returncode == 0:
        seen["leftovers after the end"] += len(leftovers(place))


def interrupt(place: Path, seconds: float, twice: bool, seen: Counter[str]) -> float:
    """Ctrl-C after so many seconds; how long the run took to end."""
    process = start(place)
    if not stopped_after(process, seconds):
        process.communicate()
        return 0.0
    pressed = time.perf_counter()
    process.send_signal(signal.SIGINT)
    if twice:
        time.sleep(0.02)
        process.send_signal(signal.SIGINT)
    told = process.communicate()[1]
    took = time.perf_counter() - pressed
    loading = "Traceback" in told and "pellucid" not in told.split("KeyboardInterrupt")[0].split("File")[-1]
    seen["interrupts"] += 1
    seen["ended with 130"] += process.returncode == 130
    seen["ended with the files complete"] += process.returncode == 0
    seen["while Python was starting"] += loading or process.returncode == -signal.SIGINT
    seen["half written after Ctrl-C"] += not whole_or_nothing(place)
    seen["temporary files after Ctrl-C"] += len([name for name in leftovers(place) if name.endswith(".part")])
    return took


def main() -> int:
    """Run both, print the counts."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--interrupts", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    wanted = parser.parse_args()
    rng = np.random.default_rng(wanted.seed)
    seen: Counter[str] = Counter()
    times: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        places = (Path(folder, str(number)) for number in range(10**6))

        def fresh() -> Path:
            place = next(places)
            place.mkdir()
            return place

        model, seconds = undisturbed(fresh())
        while seen["kills"] < wanted.kills:
            kill_until_done(fresh(), seconds, rng, model, seen)
        while seen["interrupts"] < wanted.interrupts:
            moment = float(rng.uniform(0, seconds))
            times.append(interrupt(fresh(), moment, seen["interrupts"] % 3 == 2, seen))
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
