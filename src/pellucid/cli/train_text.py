"""What `train` says: the columns and why, the ladder, the verdict, the test rows, the files, what to type next."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..records import figure
from .evaluation_text import counts_text
from .wording import bullets, columns, finding_text, page_width, score_rows

if TYPE_CHECKING:
    from ..judging.ladder import Climb
    from ..judging.scoring import Rung

MOST_CLASSES_SHOWN = 8
MOST_COLUMNS_SHOWN = 40


def train_text(found: Climb, folder: Path, files: Sequence[Path], data: str) -> str:
    """The whole report of a run as plain text."""
    width = page_width()
    blocks = [
        _head(found, width),
        _columns(found, width),
        _ladder(found, width),
        "Verdict\n" + bullets(found.verdict, width),
        _test(found, width),
    ]
    if found.findings:
        blocks.append("Findings\n" + "\n".join(finding_text(finding, width) for finding in found.findings))
    blocks.append(_files(files, found.seconds))
    blocks.append(_next(folder, data))
    return "\n\n".join(blocks) + "\n"


def _head(found: Climb, width: int) -> str:
    card = found.card
    what = f"{card.target}: {card.task} ({found.target_reason})"
    if card.task == "classification" and len(card.labels) <= MOST_CLASSES_SHOWN:
        what += f"; classes {', '.join(card.labels)}"
    if card.positive is not None:
        what += f"; probabilities are P({card.target} = {card.positive})"
    left_out = card.rows_without_target
    rows = f"{card.source}: {card.rows:,} rows" + (f", {left_out:,} left out for want of a target" if left_out else "")
    return "\n".join(textwrap.fill(line, width, subsequent_indent="  ") for line in (rows, "Target " + what))


def _columns(found: Climb, width: int) -> str:
    told = list(found.story)
    shown = told[:MOST_COLUMNS_SHOWN]
    more = [f"and {len(told) - len(shown)} more, in evaluation.json"] if len(told) > len(shown) else []
    aside = [f"{name}: set aside, {reason}" for name, reason in found.card.set_aside.items()]
    head = f"Columns ({len(found.model.preparation_.names)} inputs of the network)"
    return head + "\n" + bullets([*shown, *more, *aside[:MOST_COLUMNS_SHOWN]], width)


def _ladder(found: Climb, width: int) -> str:
    names = list(found.rungs[0].scores)
    table = _ladder_table(found, names)
    while len(names) > 1 and max(map(len, table.splitlines())) > width:
        names = names[:-1]  # a narrow terminal sees fewer figures; evaluation.json has all
        table = _ladder_table(found, names)
    about = f"Ladder ({found.folds_rule}; mean ± half of the 95 % interval; * is saved)"
    lines = [textwrap.fill(about, width), table]
    for rung in found.rungs:
        if rung.detail:
            told = f"{rung.name}: {rung.detail}"
            lines.append(textwrap.fill(told, width, initial_indent="  ", subsequent_indent="    "))
    return "\n".join(lines)


def _ladder_table(found: Climb, names: Sequence[str]) -> str:
    rows = [("rung", *names, "epochs"), *(_rung(rung, names, found) for rung in found.rungs)]
    return columns([(f"  {row[0]}", *row[1:]) for row in rows], right=(len(names) + 1,))


def _rung(rung: Rung, names: Sequence[str], found: Climb) -> tuple[str, ...]:
    shape = f" ({', '.join(str(units) for units in rung.hidden)})" if rung.hidden else ""
    mark = " *" if rung.name == found.chosen else ""
    figures = [_plus_minus(rung, name) if name in rung.scores else "" for name in names]
    return (rung.name + shape + mark, *figures, str(rung.epochs) if rung.kind == "network" else "")


def _plus_minus(rung: Rung, name: str) -> str:
    reach = rung.intervals[name].half_width
    return f"{figure(rung.mean(name))} ± {figure(reach)}" if reach > 1e-12 else figure(rung.mean(name))


def _test(found: Climb, width: int) -> str:
    test = found.test
    look = f"look {test.look} at them" if test.look else "first look"
    head = f"Test rows ({found.card.split_rule}; scored once, {look})"
    lines = [textwrap.fill(head, width), columns([(f"  {n}", v, how) for n, v, how in score_rows(test.scores)])]
    name = test.scores[0].name
    beside = ", ".join(f"{rung} {figure(evaluation[name].value)}" for rung, evaluation in found.baselines.items())
    lines.append(f"  {name} of the baselines on the same rows: {beside}")
    if test.counts is not None and len(test.counts.labels) <= MOST_CLASSES_SHOWN:
        lines.append(counts_text(test.target, test.counts))
    return "\n".join(lines)


def _files(files: Sequence[Path], seconds: float) -> str:
    sizes = [(f"  {path}", f"{max(path.stat().st_size / 1000, 0.1):,.1f} kB") for path in files]
    return f"Written after {seconds:.1f} s\n" + columns(sizes, right=(1,))


def _next(folder: Path, data: str) -> str:
    model, table = shlex.quote(str(folder)), shlex.quote(data)
    return f"Next\n  pellucid predict {model} {table} --out predictions.csv\n  pellucid evaluate {model} {table}"
