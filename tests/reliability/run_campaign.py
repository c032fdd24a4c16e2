"""Runs a campaign in processes of its own, so that an abort of native code is an outcome and no end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from campaign import Case, Outcome, cases, form_of
from sound_files import sound_files

import pellucid

HERE = Path(__file__).resolve().parent


def run_campaign(first: int, last: int, real: Path | None = None) -> list[Outcome]:
    """The outcomes of the cases from `first` to before `last`, in order."""
    with tempfile.TemporaryDirectory() as folder:
        place, results = Path(folder), Path(folder) / "results"
        environment = _environment(place / "state")
        while (done := len(_lines(results))) < last - first:
            given = [str(HERE / "campaign.py"), str(first + done), str(last), folder, str(results)]
            real_tables = [] if real is None else [str(real)]
            worker = subprocess.run([sys.executable, *given, *real_tables], env=environment, check=False)
            reached = first + len(_lines(results))
            if worker.returncode and reached < last:
                case = next(cases([reached], sound_files(real)))
                with results.open("a", encoding="utf-8") as lines:
                    lines.write(json.dumps(vars(_at_the_command_line(case, place, environment))) + "\n")
        return [Outcome(**{**line, "faults": tuple(line["faults"])}) for line in map(json.loads, _lines(results))]


def _lines(results: Path) -> list[str]:
    return results.read_text("utf-8").splitlines() if results.exists() else []


def _environment(state: Path) -> dict[str, str]:
    source = str(Path(pellucid.__file__).resolve().parents[1])
    paths = [source, str(HERE), str(HERE.parent / "data")]
    return {**os.environ, "PELLUCID_STATE": str(state), "PYTHONPATH": os.pathsep.join(paths)}


def _at_the_command_line(case: Case, place: Path, environment: dict[str, str]) -> Outcome:
    """The outcome of a case that ended the process: the command must say so in a line and end with 2."""
    path = place / case.name
    path.write_bytes(case.content)
    command = [
        sys.executable,
        "-c",
        "import sys; from pellucid.cli import main; sys.exit(main())",
        "profile",
        str(path),
    ]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    lines = done.stderr.splitlines()
    faults = []
    if done.returncode != 2:
        faults.append("wrong exit code")
    if len(lines) != 1 or not lines[0].startswith("pellucid: ") or done.stdout:
        faults.append("not one line")
    if path.read_bytes() != case.content:
        faults.append("changed the input")
    path.unlink()
    return Outcome(case.number, form_of(case.name), "ended by native code", True, done.stderr.strip(), tuple(faults))
