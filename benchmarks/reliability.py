"""Reliability, measured: damaged files put to the reader and the commands, and hostile model files put to `load`.

    python benchmarks/reliability.py [--files 5000] [--models 2000] [--first 0] [--write docs/reliability.md]

The files are those of tests/reliability, made anew from a number each, so that every run with the same numbers tries
the same files. The real tables in ../shared/data are damaged too where they are there. `--first` begins at another
number and so tries other files. The page keeps what stands between its two marks for the runs that kill `train`.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / "reliability"), str(ROOT / "tests" / "data")]
os.environ["PELLUCID_STATE"] = tempfile.mkdtemp()

import polars as pl  # noqa: E402
from campaign import Outcome  # noqa: E402  (found on the path that is set above)
from hostile_models import hostile_models  # noqa: E402
from model_trial import Trial, sound_model, try_models  # noqa: E402
from run_campaign import run_campaign  # noqa: E402

import pellucid  # noqa: E402

DATA = ROOT.parent / "shared" / "data"
STRIDE = 500
KILLS = ("<!-- kills: begin -->", "<!-- kills: end -->")
NO_KILLS = "No run yet; `python benchmarks/kills.py` prints the table for this place."
PAGE = """\
# Reliability, measured

Written by `{command} --models {models} --write docs/reliability.md`.
pellucid {version}, Python {python}, Polars {polars}, {cores} cores of a shared machine.

## Damaged files

The first 40 rows of {tables}, in every format that is read, after one to
four mishaps: bits and bytes turn, parts go missing, come twice or change places, cells get junk; half of the packed
files are damaged inside and packed again. Each file is used in one way: `pellucid.read`, `pellucid profile`, `predict`
or `train`. Refused means an error of ours, on the command line in one line and with exit code 2; accepted means that a
table came out, because the damage left one. The input must be as it was, and nothing may be left behind.

{by_form}

{by_way}

{file_seconds:.0f} s in all. Native code that reads Parquet can abort the whole process when it meets damaged bytes, and
nothing can stop it ({aborts:,} of these files): the command line then ends with one line and exit code 2 all the same,
and a Python program that reads such a file ends after one line that names it.
{file_faults}
## Hostile model files

Files made by hand with a right checksum (lengths, offsets, shapes, types, doubled names, nesting, numbers that are
none, sizes that would take all memory, names that reach for code or other files), files of other kinds (pickles among
them), and a sound file damaged by chance. Each is loaded in a process with a limit on memory whose every opened file,
import, started process and connection is watched.

{by_damage}

{model_seconds:.0f} s in all.
{model_faults}
## Kills

{kills_begin}
{kills}
{kills_end}

## Again

- `make test` tries 2,200 damaged files and 800 model files in every run.
- `{command}` tries the same files as here; `--first 100000` tries others.
- `python benchmarks/kills.py` kills `train`.
"""


def main() -> None:
    """Run both, print the tables, and write the page where asked. The exit code is 1 when a rule was broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--models", type=int, default=2000)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    real = DATA if DATA.is_dir() else None
    began = time.perf_counter()
    outcomes = files(options.first, options.files, real)
    between = time.perf_counter()
    trials = models(options.models)
    seconds = (between - began, time.perf_counter() - between)
    text = page(outcomes, trials, seconds, options, real)
    if options.write:
        options.write.write_text(text.replace(NO_KILLS, kills_of(options.write)), encoding="utf-8")
    print(text)
    sys.exit(any(case.faults for case in outcomes) or any(trial.fault for trial in trials))


def files(first: int, count: int, real: Path | None) -> list[Outcome]:
    """The outcomes of the cases of these numbers."""
    outcomes: list[Outcome] = []
    for start in range(first, first + count, STRIDE):
        outcomes += run_campaign(start, min(start + STRIDE, first + count), real)
        print(f"{len(outcomes):,} of {count:,} files", file=sys.stderr, flush=True)
    return outcomes


def models(count: int) -> list[Trial]:
    """What loading the hostile models gave."""
    sound = sound_model()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "models")
        place.mkdir()
        return try_models(sound, hostile_models(sound, count), place)


def page(
    outcomes: Sequence[Outcome],
    trials: Sequence[Trial],
    seconds: tuple[float, float],
    options: argparse.Namespace,
    real: Path | None,
) -> str:
    """The page of Markdown."""
    return PAGE.format(
        command=f"python benchmarks/reliability.py --files {options.files} --first {options.first}",
        models=options.models,
        version=pellucid.__version__,
        python=platform.python_version(),
        polars=pl.__version__,
        cores=os.cpu_count(),
        tables="the bundled table and a made one"
        + (", and of five real ones" if real else " (the real ones are absent)"),
        by_form="\n".join(counted("format", outcomes, [case.form for case in outcomes])),
        by_way="\n".join(counted("used by", outcomes, [case.way for case in outcomes])),
        file_seconds=seconds[0],
        aborts=sum(case.way == "ended by native code" for case in outcomes),
        file_faults=listed(f"file {c.number} ({c.form}, {c.way}): {', '.join(c.faults)}" for c in outcomes if c.faults),
        by_damage="\n".join(by_damage(trials)),
        model_seconds=seconds[1],
        model_faults=listed(f"{trial.what}: {trial.fault}" for trial in trials if trial.fault),
        kills_begin=KILLS[0],
        kills=NO_KILLS,
        kills_end=KILLS[1],
    )


def listed(faults: Iterable[str]) -> str:
    """A line a fault."""
    return "".join(f"- fault: {fault}\n" for fault in faults)


def counted(title: str, outcomes: Sequence[Outcome], keys: Sequence[str]) -> list[str]:
    """Files, fates and faults by key, and their sums."""
    lines = [
        f"| {title} | files | accepted | refused | tracebacks | wrong exit codes | changed inputs | other faults |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for key in [*sorted(set(keys)), "all"]:
        chosen = [case for case, own in zip(outcomes, keys, strict=True) if key in (own, "all")]
        refused = sum(case.refused for case in chosen)
        faults = Counter(fault for case in chosen for fault in case.faults)
        known = [faults.pop(name, 0) for name in ("traceback", "wrong exit code", "changed the input")]
        numbers = [len(chosen), len(chosen) - refused, refused, *known, sum(faults.values())]
        lines.append(f"| {key} | " + " | ".join(f"{number:,}" for number in numbers) + " |")
    return lines


def by_damage(trials: Sequence[Trial]) -> list[str]:
    """A line for what was made by hand and one for chance."""
    lines = [
        "| files | tried | refused by an error of ours | accepted | other errors | ran, opened or imported something |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    by_hand = [trial for trial in trials if not trial.what.startswith("chance")]
    by_chance = [trial for trial in trials if trial.what.startswith("chance")]
    for name, chosen in (("made by hand", by_hand), ("damaged by chance", by_chance), ("all", list(trials))):
        ours = sum(bool(trial.said) and trial.ours for trial in chosen)
        taken = sum(not trial.said for trial in chosen)
        did = sum(bool(trial.did) for trial in chosen)
        lines.append(f"| {name} | {len(chosen):,} | {ours:,} | {taken:,} | {len(chosen) - ours - taken:,} | {did:,} |")
    return lines


def kills_of(path: Path) -> str:
    """What the page says about kills already."""
    if not path.exists():
        return NO_KILLS
    before, _, rest = path.read_text("utf-8").partition(KILLS[0])
    kept, _, _ = rest.partition(KILLS[1])
    return kept.strip() or NO_KILLS if before else NO_KILLS


if __name__ == "__main__":
    main()
