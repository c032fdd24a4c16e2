"""Large files, measured: `predict`, `profile` and a wide `train`, beside polars reading the same file in the same run.

    python benchmarks/files.py [--only predict,profile,wide] [--rounds 3] [--gigabytes 1] [--write docs/files.md]

Every figure is that of a process of its own, the two sides in turns; shown are medians of wall time, of processor time
(which a busy machine disturbs less), and the largest resident memory. "work" leaves imports out. The files are made in
the folder for temporary files and removed afterwards: Titanic's rows repeated to 2 million (135 MB), the rows of
bank_marketing_full.csv from ../shared/data numbered and repeated to so many gigabytes, and 2,000 rows of 5,000 columns.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

import pellucid
from pellucid.data.datasets import load_bundled

BANK = Path(__file__).resolve().parents[2] / "shared" / "data" / "bank_marketing_full.csv"
# What each process runs; it prints its own figures, so that imports can be told from work.
FRAME = """
import json, resource, sys, time
{imports}
began, busy = time.perf_counter(), time.process_time()
{work}
print(json.dumps({{"work": time.perf_counter() - began, "busy": time.process_time() - busy,
    "all": time.process_time(), "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3}}))
"""
READ = ("import polars", "polars.read_csv(sys.argv[1])")
SCAN = ("import polars", "polars.scan_csv(sys.argv[1]).collect()")
PREDICT = (
    "import polars, pellucid.judging.prediction_stream, pellucid.persistence.model_file, pellucid.cli",
    "assert pellucid.cli.main(['predict', sys.argv[2], sys.argv[1], '--out', sys.argv[3], '--force', '--quiet']) == 0",
)
PROFILE = (
    "import polars, narwhals, pellucid.data.profile, pellucid.data.read",
    "pellucid.data.profile.profile_table(sys.argv[1]).to_text()",
)
TRAIN = (
    "from pellucid.cli import main",
    (
        "assert main(['train', sys.argv[1], '--target', 'y', '--epochs', '5', '--out', sys.argv[2],"
        " '--quiet', '--force']) == 0"
    ),
)


def main() -> None:
    """Measure and print; also write a page of Markdown where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="predict,profile,wide")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--gigabytes", type=float, default=1.0)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    os.environ["PELLUCID_STATE"] = str(folder / "state")
    try:
        rows = []
        for name in options.only.split(","):
            print(name, file=sys.stderr, flush=True)
            rows += {"predict": predict, "profile": profile, "wide": wide}[name](folder, options)
    finally:
        shutil.rmtree(folder)
    text = page(rows, options.rounds)
    if options.write:
        options.write.write_text(text, encoding="utf-8")
    print(text)


def predict(folder: Path, options: argparse.Namespace) -> list[list[str]]:
    """2 million rows through a model of Titanic."""
    model, table = folder / "titanic", folder / "titanic.csv"
    command = [str(Path(sys.executable).with_name("pellucid")), "train", "titanic", "--target", "Survived", "--quiet"]
    subprocess.run([*command, "--out", str(model)], check=True)
    rows = load_bundled("titanic").frame.write_csv().encode().splitlines(keepends=True)
    repeated(table, rows[0], rows[1:], 2_000_000)
    ours, theirs = in_turns(options.rounds, (PREDICT, [table, model, folder / "out.csv"]), (READ, [table]))
    return [
        line("`pellucid predict`, 2,000,000 rows, CSV to CSV", ours, theirs, "≤ 3 × reading, < 700 MB"),
        line("`polars.read_csv` of the same file", theirs, None, ""),
    ]


def profile(folder: Path, options: argparse.Namespace) -> list[list[str]]:
    """A large table of numbers and categories."""
    if not BANK.exists():
        return [["profile: bank_marketing_full.csv is absent here", "", "", "", "", "", ""]]
    lines = BANK.read_bytes().splitlines()
    table = folder / "bank.csv"
    count, size = 0, 0
    with table.open("wb") as file:
        file.write(b"row," + lines[0] + b"\n")
        while size < options.gigabytes * 1e9:
            block = b"".join(b"%d,%s\n" % (count + k, row) for k, row in enumerate(lines[1:]))
            count, size = count + len(lines) - 1, size + file.write(block)
    ours, theirs = in_turns(options.rounds, (PROFILE, [table]), (SCAN, [table]))
    table.unlink()
    return [
        line(f"`pellucid profile`, {count:,} rows × 18, {size / 1e9:.1f} GB", ours, theirs, "< 1.5 × scanning"),
        line("`polars.scan_csv(…).collect()` of the same file", theirs, None, ""),
    ]


def wide(folder: Path, options: argparse.Namespace) -> list[list[str]]:
    """5,000 columns of numbers, of which 20 matter."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(2000, 5000)).round(3)
    y = np.where(X[:, :20].sum(axis=1) + 2 * rng.normal(size=2000) > 0, "yes", "no")
    table = folder / "wide.csv"
    with table.open("w") as file:
        file.write(",".join(f"f{k}" for k in range(5000)) + ",y\n")
        file.writelines(",".join(map(str, row)) + f",{answer}\n" for row, answer in zip(X.tolist(), y))
    ours, theirs = in_turns(min(options.rounds, 3), (TRAIN, [table, folder / "wide"]), (READ, [table]))
    return [
        line("`pellucid train --epochs 5`, 2,000 rows × 5,000", ours, None, "< 60 s"),
        line("`polars.read_csv` of the same file", theirs, None, ""),
    ]


def repeated(path: Path, header: bytes, rows: list[bytes], count: int) -> None:
    """Write the header and the rows over and over."""
    with path.open("wb") as file:
        file.write(header)
        for start in range(0, count, len(rows)):
            file.writelines(rows[: count - start])


def in_turns(rounds: int, *sides: tuple[tuple[str, str], list[Path]]) -> list[dict[str, float]]:
    """The median figures of each side, after a first turn that warms the disk where there is more than one."""
    found: list[list[dict[str, float]]] = [[] for _ in sides]
    for _ in range(rounds):
        for side, ((imports, work), arguments) in enumerate(sides):
            code = FRAME.format(imports=imports, work=work)
            command = [sys.executable, "-c", code, *map(str, arguments)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            found[side].append(json.loads(done.stdout.splitlines()[-1]))
    return [{name: statistics.median(run[name] for run in runs) for name in runs[0]} for runs in found]


def line(what: str, ours: dict[str, float], peer: dict[str, float] | None, wanted: str) -> list[str]:
    """One row of the table."""

    def times(name: str) -> str:
        return f"{ours[name]:.2f} s" + (f" ({ours[name] / peer[name]:.1f} ×)" if peer else "")

    return [what, wanted, times("work"), times("busy"), times("all"), f"{ours['memory']:,.0f} MB"]


def page(rows: list[list[str]], rounds: int) -> str:
    """The figures as Markdown."""
    import polars

    versions = f"pellucid {pellucid.__version__}, polars {polars.__version__}, Python {platform.python_version()}"
    head = ["what", "wanted", "wall, work", "processor, work", "processor, with imports", "memory"]
    lines = ["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows)]
    load = os.getloadavg()[1]
    told = (
        "Written by `python benchmarks/files.py --write docs/files.md`. Medians of "
        f"{rounds} runs in turns; {versions}, {os.cpu_count()} cores of a shared machine (load {load:.1f})."
    )
    return "\n".join(
        [
            "# Large files, measured",
            "",
            told,
            "",
            *lines,
            "",
        ]
    )


if __name__ == "__main__":
    main()
