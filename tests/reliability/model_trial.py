"""A sound model file, and hostile ones loaded in a process that is watched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import pellucid
from pellucid.nn.optimizers import Adam

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Trial:
    """What loading one file gave: the error ("" for none), whether it is one of ours, and what was done besides."""

    what: str
    said: str
    ours: bool
    did: tuple[str, ...]

    @property
    def fault(self) -> str:
        """Which rule was broken, "" for none."""
        if self.did:
            return f"did {', '.join(self.did[:3])}"
        return "was accepted" if not self.said else "" if self.ours else f"gave {self.said[:80]}"


def sound_model() -> bytes:
    """The file of a judged classifier of two classes, on a number, a category and a date."""
    rng = np.random.default_rng(3)
    table = {
        "x": [None if k == 3 else float(v) for k, v in enumerate(rng.normal(size=80))],
        "kind": rng.choice(["a", "b", "ü"], 80).tolist(),
        "day": [str(np.datetime64("2024-01-01") + k) for k in range(80)],
        "y": ["no", "yes"] * 40,
    }
    card = pellucid.climb(table, "y", hidden=(), epochs=2, max_seconds=0.001).card
    model = pellucid.MLPClassifier((3,), optimizer=Adam(schedule="cosine"), dropout=0.1, epochs=3, random_state=0)
    model.fit(pellucid.read(table).drop(["y"]), np.array(table["y"])).card_ = card
    with TemporaryDirectory() as folder:
        return pellucid.save(model, Path(folder) / "sound.pellucid").read_bytes()


def try_models(sound: bytes, models: Iterable[tuple[str, bytes]], folder: Path) -> list[Trial]:
    """Write the files, given as (what was done, bytes), to the empty `folder`, and load each in one watched process."""
    (folder / "00000.pellucid").write_bytes(sound)
    names = {}
    for number, (what, content) in enumerate(models, start=1):
        file = folder / f"{number:05}.pellucid"
        file.write_bytes(content)
        names[file.name] = what
    source = str(Path(pellucid.__file__).resolve().parents[1])
    results = folder.with_name(f"{folder.name}-results")
    done = subprocess.run(
        [sys.executable, str(HERE / "load_models.py"), str(folder), str(results)],
        env={**os.environ, "PYTHONPATH": source},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [json.loads(line) for line in results.read_text("utf-8").splitlines()]
    if done.returncode or len(lines) != len(names):
        after = names.get(f"{len(lines) + 1:05}.pellucid")
        raise AssertionError(f"loading ended with {done.returncode} at {after!r}: {done.stderr[-500:]}")
    return [Trial(names[line["file"]], line["said"], line["ours"], tuple(line["did"])) for line in lines]
