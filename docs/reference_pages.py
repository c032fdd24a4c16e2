"""The reference, written when the site is built: one page a room with all its public names, and the command line.

MkDocs calls `on_files`; the text of a name (signature, docstring) is set by mkdocstrings, that of a command by Typer.
"""

from __future__ import annotations

import importlib
import inspect
import re
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from reference_results import results_of

import pellucid

FOLDER = "reference"
# Estimators take half of their methods from classes that are not public.
INHERIT = ("MLPClassifier", "MLPRegressor")
RESULT = "::: {}\n    options:\n      heading_level: 3\n      show_root_full_path: false"


@dataclass(frozen=True)
class Room:
    """A page: its file, its title, what it is for, and the rooms of the package whose names stand on it."""

    page: str
    title: str
    about: str
    rooms: tuple[str, ...]


ROOMS = (
    Room("estimators", "Estimators", "Networks behind scikit-learn's contract, on arrays and tables.", ("estimators",)),
    Room("data", "Tables", "Reading, profiling, splitting and generating tables.", ("data",)),
    Room(
        "preprocessing",
        "Preparation",
        "From a table to the design matrix, learned on training rows only.",
        ("preprocessing",),
    ),
    Room(
        "training",
        "Training plain arrays",
        "Any network on plain arrays: its shape, its plan, its record.",
        ("spec", "training"),
    ),
    Room("nn", "The textbook", "Forward and backward passes as plain NumPy functions, with their source.", ("nn",)),
    Room(
        "pytorch",
        "Your own PyTorch",
        "Any module in our loop, an eye on your own loop, conversion both ways.",
        ("pytorch",),
    ),
    Room("metrics", "Metrics", "How good is a prediction? Pure functions to records with intervals.", ("metrics",)),
    Room(
        "judging", "Judging", "Many fits and what they mean: ladder, threshold, calibration, comparison.", ("judging",)
    ),
    Room("explain", "Explaining", "Every number between a row and its answer, and back.", ("explain",)),
    Room("plots", "Figures", "A record in, a matplotlib figure out; and the same in words.", ("plots",)),
    Room(
        "files",
        "Files and reports",
        "A model as one safe file, and a page that can be mailed.",
        ("persistence", "reporting"),
    ),
    Room(
        "lessons", "Lessons", "The frame around the nine lessons: questions, grading, the reader's table.", ("lessons",)
    ),
    Room(
        "records",
        "Records and errors",
        "What several rooms share: records, findings, intervals, errors.",
        ("records", "errors"),
    ),
)


def names_of(room: Room) -> list[str]:
    """The full public names of a page: those at the top first, then those of its public rooms, none twice."""
    top = [name for name, home in pellucid._HOME.items() if home.split(".")[0] in room.rooms]
    found = [f"pellucid.{name}" for name in top]
    for one in room.rooms:
        if one in pellucid._ROOMS:
            module = importlib.import_module(f"pellucid.{one}")
            found += [f"pellucid.{one}.{name}" for name in public(module) if name not in top]
    return found


def public(module: ModuleType) -> list[str]:
    """The public names of a room: its list, or what is defined in its only file."""
    if hasattr(module, "_HOME"):
        # By file, so that what belongs together stands together.
        return sorted(module._HOME, key=lambda name: str(module._HOME[name]))
    return [
        name for name, value in vars(module).items() if inspect.isclass(value) and value.__module__ == module.__name__
    ]


def named(full: str) -> Any:
    """The object behind a full public name."""
    found: Any = pellucid
    for part in full.split(".")[1:]:
        found = getattr(found, part)
    return found


def first_sentence(value: Any) -> str:
    """What an overview says of a name."""
    if isinstance(value, dict):
        return "By name: " + ", ".join(f"`{name}`" for name in value) + "."
    if not (inspect.isclass(value) or inspect.isfunction(value)):
        return f"`{getattr(value, 'formula', type(value).__name__)}`."
    paragraph = (inspect.getdoc(value) or "").split("\n\n")[0].replace("\n", " ")
    return re.split(r"(?<=[.])\s", paragraph)[0]


def room_page(room: Room) -> str:
    """A page of the reference as Markdown."""
    names = names_of(room)
    rows = [f"- [`{name.removeprefix('pellucid.')}`][{name}]: {first_sentence(named(name))}" for name in names]
    told = [inspect.getdoc(importlib.import_module(f"pellucid.{one}")) for one in room.rooms if one in pellucid._ROOMS]
    parts = [f"# {room.title}", *(told or [room.about]), "\n".join(rows)]
    parts += [entry(name, room) for name in names]
    if results()[room.page]:
        parts += ["## What they return", *(RESULT.format(name) for name in results()[room.page])]
    return "\n\n".join(parts) + "\n"


@cache
def results() -> dict[str, list[str]]:
    """Page → the classes that its names return and that have no place of their own, none on two pages."""
    known = [named(name) for room in ROOMS for name in names_of(room)]
    found: dict[str, list[str]] = {}
    for room in ROOMS:
        classes = results_of([named(name) for name in names_of(room)], known)
        found[room.page] = [f"{one.__module__}.{one.__name__}" for one in classes]
        known += classes
    return found


def entry(name: str, room: Room) -> str:
    """The place where mkdocstrings sets one name."""
    options = []
    if room.page == "nn":
        options.append("show_source: true")
    if name.split(".")[-1] in INHERIT:
        options.append("inherited_members: true")
    if not options:
        return f"::: {name}"
    return "\n      ".join([f"::: {name}\n    options:", *options])


def command_line_page() -> str:
    """The `--help` of every command."""
    words = [sys.executable, "-m", "typer", "pellucid.cli.app", "utils", "docs", "--name", "pellucid"]
    told = subprocess.run(words, check=True, capture_output=True, text=True, timeout=120).stdout
    told = told.replace("\b", "")
    told = re.sub(
        r"^Examples:\n((?:  .+\n)+)",
        lambda m: f"Examples:\n\n```sh\n{inspect.cleandoc(m[1])}\n```\n",
        told,
        flags=re.MULTILINE,
    )
    return told.replace("# `pellucid`", "# The command line", 1)


def index_page() -> str:
    """The overview of the reference."""
    parts = [
        "# Reference\n\nEvery public name, by room. `import pellucid` fetches a name when it is first used.\n",
        "The [command line](command_line.md) has a page of its own.\n",
    ]
    for room in ROOMS:
        names = ", ".join(f"[`{name.removeprefix('pellucid.')}`][{name}]" for name in names_of(room))
        parts.append(f"## [{room.title}]({room.page}.md)\n\n{room.about}\n\n{names}\n")
    return "\n".join(parts)


def pages() -> dict[str, str]:
    """Path → text of every page of the reference, in the order of the navigation."""
    written = {"index": index_page(), "command_line": command_line_page()}
    written |= {room.page: room_page(room) for room in ROOMS}
    return {f"{FOLDER}/{name}.md": text for name, text in written.items()}


def on_files(files: Any, config: Any) -> Any:
    """Called by MkDocs: add the pages."""
    from mkdocs.structure.files import File

    found = pages()
    for path, text in found.items():
        files.append(File.generated(config, path, content=text))
    for part in config.nav:
        if part.get("Reference"):
            part["Reference"] = list(found)
    return files
