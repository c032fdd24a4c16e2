"""Pages of Markdown that several scripts write, a part each, with the machine and the versions named."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from collections.abc import Sequence
from datetime import date
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"
BENCHMARKS = DOCS / "benchmarks.md"
INTRODUCTION = """\
# Benchmarks

`make bench` measures everything on this page again. Contenders take turns in one process on one core, one thread each,
after a warm-up; times are medians. Every part names its machine, its versions and its day.
"""
# The parts of docs/benchmarks.md in their order, each written by the script of its name.
PARTS = ("training", "sweep", "fixed_costs", "prediction")


def write_part(part: str, lines: Sequence[str]) -> None:
    """Put `lines` in the place of the part's old lines; the other parts stay as they are."""
    old = BENCHMARKS.read_text(encoding="utf-8") if BENCHMARKS.exists() else ""
    texts = {name: _between(old, name) for name in PARTS} | {part: "\n".join(lines).strip()}
    body = [f"{_mark(name)}\n\n{text}\n\n{_mark(name, '/')}\n" for name, text in texts.items() if text]
    BENCHMARKS.write_text("\n".join([INTRODUCTION, *body]), encoding="utf-8")


def _mark(part: str, slash: str = "") -> str:
    return f"<!-- {slash}{part} -->"


def _between(text: str, part: str) -> str:
    _, found, rest = text.partition(_mark(part))
    return rest.partition(_mark(part, "/"))[0].strip() if found else ""


def machine(packages: Sequence[str]) -> str:
    """Day, processor, cores, Python and the versions of `packages`, in a line or two."""
    versions = ", ".join(f"{package} {version_of(package)}" for package in ("pellucid", "numpy", *packages))
    processor = f"{processor_name()}, {os.cpu_count()} cores, {platform.system()}"
    return f"Measured on {date.today().isoformat()}: {processor}, Python {platform.python_version()}, {versions}."


def version_of(package: str) -> str:
    """The installed version, or the word "absent"."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "absent"


def processor_name() -> str:
    """The model name of the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A Markdown table; every column but the first is flush right."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def seconds_text(seconds: float) -> str:
    """Three digits with the unit that fits: 1.23 s, 4.56 ms, 7.89 µs."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size or unit == "µs":
            break
    number = seconds / size
    return f"{number:.0f} {unit}" if number >= 100 else f"{number:.3g} {unit}"


def verdict(measured: float, wanted: float, *, at_most: bool = False) -> str:
    """A word beside a figure that has a goal."""
    return "reached" if (measured <= wanted if at_most else measured >= wanted) else "**missed**"
