"""What `train` says: the columns and why, the ladder, the verdict, the test rows, the files, what to type next."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..data.profile_text import detected
from ..judging.answers_in_words import answer_lines, chosen_lines
from ..records import Finding, counted, figure
from .evaluation_text import MOST_CLASSES_SHOWN, classes_text, counts_text
from .wording import bullets, columns, fits, page_width, scores_text, wrapped

if TYPE_CHECKING:
    from ..judging.ladder import Climb
    from ..judging.scoring import Rung

MOST_COLUMNS_SHOWN = 40


def train_text(found: Climb, folder: Path, files: Sequence[Path], data: str) -> str:
    """The whole report of a run as plain text."""
    width = page_width()
    blocks = [
        _head(found, width),
        *_read(found, width),
        _columns(found, width),
        _ladder(found, width),
        "Verdict\n" + bullets(found.verdict, width),
        *_answers(found, width),
        _test(found, width),
    ]
    if found.findings:
        blocks.append("Findings\n" + "\n".join(_finding(finding, found, width) for finding in found.findings))
    blocks.append(_files(files, found.seconds))
    blocks.append(_next(folder, data))
    return "\n\n".join(blocks) + "\n"


def _head(found: Climb, width: int) -> str:
    card = found.card
    what = f"Target {card.target}: {card.task} ({found.target_reason})"
    if card.positive is not None:
        what += f"; probabilities are P({card.target} = {card.positive})"
    elif card.labels and len(card.labels) <= MOST_CLASSES_SHOWN:
        what += f"; classes {', '.join(card.labels)}"
    left_out = card.rows_without_target
    without = f", {left_out:,} left out for want of a target" if left_out else ""
    rows = f"{card.source}: {counted(card.rows, 'row')}{without}"
    return "\n".join(wrapped(line, width, rest="  ") for line in (rows, what))


def _read(found: Climb, width: int) -> list[str]:
    """How cells were read, where something was detected in them."""
    told = [f"{name} was read as {how}" for name, how in detected(found.columns).items()]
    more = [f"and {len(told) - MOST_COLUMNS_SHOWN} more, in evaluation.json"] if len(told) > MOST_COLUMNS_SHOWN else []
    return ["Cells\n" + bullets([*told[:MOST_COLUMNS_SHOWN], *more], width)] if told else []


def _columns(found: Climb, width: int) -> str:
    aside = [f"{name} is set aside: {reason}" for name, reason in found.card.set_aside.items()]
    told = [*found.story, *aside]
    shown = told[:MOST_COLUMNS_SHOWN]
    more = [f"and {len(told) - len(shown)} more, in evaluation.json"] if len(told) > len(shown) else []
    head = f"Columns ({counted(len(found.model.preparation_.names), 'input')} of the network)"
    return head + "\n" + bullets([*shown, *more], width)


def _ladder(found: Climb, width: int) -> str:
    names = list(found.rungs[0].scores)
    table = _ladder_table(found, names)
    while len(names) > 1 and not fits(table, width):
        names = names[:-1]  # a narrow terminal sees fewer figures; evaluation.json has all
        table = _ladder_table(found, names)
    about = f"Ladder ({found.folds_rule}; mean ± half of the 95 % interval; * is saved)"
    told = [f"{rung.name}: {rung.detail}" for rung in found.rungs if rung.detail]
    return "\n".join([wrapped(about, width), table, *(wrapped(line, width, "  ", "    ") for line in told)])


def _ladder_table(found: Climb, names: Sequence[str]) -> str:
    rows = [("rung", *names, "epochs"), *(_rung(rung, names, found) for rung in found.rungs)]
    return columns(rows, right=(len(names) + 1,))


def _rung(rung: Rung, names: Sequence[str], found: Climb) -> tuple[str, ...]:
    shape = f" ({', '.join(str(units) for units in rung.hidden)})" if rung.hidden else ""
    mark = " *" if rung.name == found.chosen else ""
    figures = [_plus_minus(rung, name) if name in rung.scores else "" for name in names]
    return (rung.name + shape + mark, *figures, str(rung.epochs) if rung.kind == "network" else "")


def _plus_minus(rung: Rung, name: str) -> str:
    reach = rung.intervals[name].half_width
    return f"{figure(rung.mean(name))} ± {figure(reach)}" if reach > 1e-12 else figure(rung.mean(name))


def _answers(found: Climb, width: int) -> list[str]:
    """How the network answers, where that is worth a word: calibration, threshold, unsure band, intervals."""
    told = chosen_lines(found.decisions)
    return ["Answers (chosen on out-of-fold rows)\n" + bullets(told, width)] if told else []


def _test(found: Climb, width: int) -> str:
    test = found.test
    head = f"Test rows ({found.card.split_rule}; look {test.look} at the test rows of this table)"
    name = test.scores[0].name
    beside = ", ".join(f"{rung} {figure(evaluation[name].value)}" for rung, evaluation in found.baselines.items())
    lines = [
        wrapped(head, width, rest="  "),
        scores_text(test.scores, width),
        wrapped(f"{name} of the baselines on the same rows: {beside}", width, "  ", "    "),
    ]
    lines += [wrapped(line, width, "  ", "    ") for line in answer_lines(test)]
    if test.counts is not None:
        lines.append(counts_text(test.target, test.counts, width))
    if test.classes is not None:
        lines.append(classes_text(test.classes, width))
    return "\n".join(lines)


def _finding(finding: Finding, found: Climb, width: int) -> str:
    """What was seen and, of a warning, what to try; evaluation.json says why it matters.

    What the verdict has told already is not told again at length.
    """
    seen = finding.seen.split(". ")[0] if finding.seen in found.verdict else finding.seen
    remedy = "" if finding.severity == "information" else f". {finding.remedy}"
    return wrapped(f"{finding.severity} {finding.code}: {seen}{remedy}.", width, "  ", "    ")


def _files(files: Sequence[Path], seconds: float) -> str:
    sizes = [(str(path), f"{max(path.stat().st_size / 1000, 0.1):,.1f} kB") for path in files]
    return f"Written after {seconds:.1f} s\n" + columns(sizes, right=(1,))


def _next(folder: Path, data: str) -> str:
    model, table = shlex.quote(str(folder)), "NEW.csv" if data == "-" else shlex.quote(data)
    return f"Next\n  pellucid predict {model} {table} --out predictions.csv\n  pellucid evaluate {model} {table}"
