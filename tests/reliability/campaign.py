"""Damaged files put to the reader and to the commands, and what came of it.

Whatever the bytes are, a file is read or refused: never a traceback, an exit code other than 0 and 2, a second line on
standard error, or a change to the file. What breaks that rule is a fault.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl
from mishaps import damaged
from sound_files import TARGET, sound_files

import pellucid
from pellucid.cli import main
from pellucid.data.panics import exit_on_abort
from pellucid.errors import PellucidError
from pellucid.plots.svg import svg_text
from pellucid.reporting import inline_svg

# To draw its figures takes most of the time of a `train`: one page in so many has them, the others go without.
DRAWN = 4
# Of a hundred files, how many each way gets; only files of the model's table are predicted and trained on.
WAYS = ("read",) * 72 + ("profile",) * 15 + ("predict",) * 11 + ("train",) * 2


@dataclass(frozen=True)
class Case:
    """One damaged file and the way that it is used."""

    number: int
    name: str
    content: bytes
    way: str


@dataclass(frozen=True)
class Outcome:
    """Whether the file was refused, what was said, and the rules that were broken."""

    number: int
    form: str
    way: str
    refused: bool
    said: str
    faults: tuple[str, ...] = ()


def cases(numbers: Iterable[int], files: Mapping[str, bytes]) -> Iterator[Case]:
    """The case of each number is always the same one."""
    names = sorted(files)
    own = [name for name in names if name.startswith("titanic")]
    for number in numbers:
        chance = random.Random(number)
        way = chance.choice(WAYS)
        name = chance.choice(own if way in ("predict", "train") else names)
        yield Case(number, name, damaged(files[name], name, chance), way)


def without_figures(figure: object) -> str:
    """What stands for a figure that is not drawn."""
    return "<svg></svg>"


def form_of(name: str) -> str:
    """`csv.gz` for titanic.csv.gz."""
    return name.partition(".")[2]


def judge(case: Case, folder: Path, model: Path) -> Outcome:
    """Use the file in an empty `folder` and see what comes of it; `model` is a folder that `train` wrote."""
    path = folder / case.name
    path.write_bytes(case.content)
    try:
        inline_svg.svg_text = svg_text if case.number % DRAWN == 0 else without_figures
        if case.way == "read":
            refused, said, faults = _read(path)
        else:
            refused, said, faults = _command(case.way, path, model)
        if path.read_bytes() != case.content:
            faults.append("changed the input")
    finally:
        for left in folder.iterdir():
            left.unlink()
    return Outcome(case.number, form_of(case.name), case.way, refused, said, tuple(faults))


def _read(path: Path) -> tuple[bool, str, list[str]]:
    """Read in this process; what native code says to standard error is a fault."""
    with caught() as heard:
        try:
            table = pellucid.read(path)
        except PellucidError as error:
            refused, said = True, str(error)
        except (Exception, pl.exceptions.PanicException) as error:
            return True, repr(error), ["traceback"]
        else:
            refused, said = False, ""
            told = [finding.code for finding in table.findings]
            assert all(isinstance(code, str) for code in told)
    faults = ["said something to standard error"] if heard.error() else []
    if refused and ("\n" in said or not (path.name in said or "column" in said)):
        faults.append("unclear line")
    return refused, said, faults


def _command(way: str, path: Path, model: Path) -> tuple[bool, str, list[str]]:
    """Call the command in this process."""
    out = path.with_name("out")
    arguments = {
        "profile": ["profile", str(path)],
        "predict": ["predict", str(model), str(path), "--out", str(path.with_name("out.csv"))],
        "train": [
            *("train", str(path), "--target", TARGET, "--out", str(out), "--quiet"),
            *("--epochs", "1", "--hidden", "2", "--max-seconds", "0.001"),
        ],
    }[way]
    with caught() as heard:
        try:
            code = main(arguments)
        except (Exception, pl.exceptions.PanicException) as error:
            return True, repr(error), ["traceback"]
    written = sorted(child.name for child in path.parent.iterdir() if child != path)
    faults = []
    if code == 2:
        lines = heard.error().splitlines()
        if len(lines) != 1 or not lines[0].startswith("pellucid: ") or heard.output():
            faults.append("not one line")
        if written:
            faults.append("left files behind")
    elif code == 0:
        if "Traceback" in heard.error() or "panicked" in heard.error():
            faults.append("said something to standard error")
        expected = {"profile": [], "predict": ["out.csv"], "train": ["out"]}[way]
        if written != expected:
            faults.append("left other files")
    else:
        faults.append("wrong exit code")
    for child in out.iterdir() if out.is_dir() else ():
        child.unlink()
    if out.is_dir():
        out.rmdir()
    return code == 2, heard.error().strip(), faults


class Heard:
    """What reached the descriptors of standard output and standard error."""

    def __init__(self) -> None:
        self.files = {number: tempfile.TemporaryFile() for number in (1, 2)}  # noqa: SIM115

    def output(self) -> str:
        return self._text(1)

    def error(self) -> str:
        return self._text(2)

    def _text(self, descriptor: int) -> str:
        file = self.files[descriptor]
        file.seek(0)
        return file.read().decode(errors="replace")


@contextlib.contextmanager
def caught() -> Iterator[Heard]:
    """Catch what Python and native code write, until the block ends."""
    heard = Heard()
    kept = {number: os.dup(number) for number in heard.files}
    streams = sys.stdout, sys.stderr
    try:
        for number, file in heard.files.items():
            os.dup2(file.fileno(), number)
        sys.stdout, sys.stderr = (open(os.dup(number), "w") for number in (1, 2))  # noqa: SIM115
        yield heard
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.close()
        sys.stdout, sys.stderr = streams
        for number, before in kept.items():
            os.dup2(before, number)
            os.close(before)


def work(first: int, last: int, place: Path, real: Path | None, results: Path) -> None:
    """Judge the cases from `first` to before `last`; an outcome a line goes to `results`."""
    files = sound_files(real)
    model, box = place / "model", place / "box"
    box.mkdir(exist_ok=True)
    for left in box.iterdir():  # by a process that native code ended
        left.unlink()
    inline_svg.svg_text = without_figures
    if not model.exists():
        (place / "sound.csv").write_bytes(files["titanic.csv"])
        quick = ("--epochs", "1", "--hidden", "2", "--max-seconds", "0.001", "--quiet")
        assert main(["train", str(place / "sound.csv"), "--target", TARGET, "--out", str(model), *quick]) == 0
    exit_on_abort(2)
    with results.open("a", encoding="utf-8") as lines:
        for case in cases(range(first, last), files):
            lines.write(json.dumps(asdict(judge(case, box, model))) + "\n")
            lines.flush()


def begin(arguments: Sequence[str]) -> None:
    """`campaign.py FIRST LAST PLACE RESULTS [REAL]`."""
    first, last, place, results, *real = arguments
    work(int(first), int(last), Path(place), Path(real[0]) if real else None, Path(results))


if __name__ == "__main__":
    begin(sys.argv[1:])
