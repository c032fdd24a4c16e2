"""`pellucid train`: from a table to a judged, saved network."""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import SpecError
from .arguments import Data, Json, Quiet
from .decision_options import calibration_name, mistake_costs, share_of_rows, threshold_rule
from .interruption import too_late_for_ctrl_c
from .json_record import json_text
from .numbers import layer_sizes, seconds, whole_number
from .reading import Reading, reads

if TYPE_CHECKING:
    from ..judging.ladder import Climb


@reads
def train(
    data: Data,
    target: Annotated[str, typer.Option("--target", metavar="COLUMN", help="The column to predict.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder to write; default: DATA's name and -model.")
    ] = None,
    test: Annotated[str | None, typer.Option("--test", metavar="FILE", help="Test on this second table.")] = None,
    split_column: Annotated[
        str | None, typer.Option("--split-column", metavar="C", help="Test on the rows where column C says test.")
    ] = None,
    group: Annotated[
        str | None, typer.Option("--group", metavar="C", help="Test on a fifth of the values of column C.")
    ] = None,
    time: Annotated[
        str | None, typer.Option("--time", metavar="C", help="Test on the latest rows by column C.")
    ] = None,
    drop: Annotated[
        list[str] | None, typer.Option("--drop", metavar="C", help="Leave column C out; may be repeated.")
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option("--keep", metavar="C", help="Use column C though it would be set aside; may be repeated."),
    ] = None,
    hidden: Annotated[
        str,
        typer.Option(
            "--hidden", metavar="UNITS", help="Units of the deep network's hidden layers.", callback=layer_sizes
        ),
    ] = "128,64",
    epochs: Annotated[
        int, typer.Option("--epochs", metavar="N", help="Passes over the rows, at most.", parser=whole_number(1))
    ] = 40,
    engine: Annotated[
        str,
        typer.Option(
            "--engine", metavar="NAME", help="Who does the arithmetic: auto, compiled, reference, torch or torch:cuda."
        ),
    ] = "auto",
    seed: Annotated[
        int,
        typer.Option(
            "--seed", metavar="N", help="Fixes splits, initial weights and row order.", parser=whole_number(0)
        ),
    ] = 0,
    threshold: Annotated[
        str | None,
        typer.Option(
            "--threshold",
            metavar="RULE",
            help="Of two classes, how the threshold is chosen, on out-of-fold rows: f1, youden, recall=0.9, "
            "precision=0.8, or a number; default: 0.5.",
            callback=threshold_rule,
        ),
    ] = None,
    cost: Annotated[
        str | None,
        typer.Option(
            "--cost",
            metavar="COSTS",
            help="Answer by what mistakes cost: fp=1,fn=5 of two classes, TRUE>ANSWER=5,… of more.",
            callback=mistake_costs,
        ),
    ] = None,
    unsure: Annotated[
        float | None,
        typer.Option(
            "--unsure", metavar="SHARE", help="Mark the least sure share of rows, such as 0.1.", parser=share_of_rows
        ),
    ] = None,
    calibration: Annotated[
        str,
        typer.Option(
            "--calibration",
            metavar="NAME",
            help="auto (when it helps), none, temperature, platt, quadratic or isotonic.",
            callback=calibration_name,
        ),
    ] = "auto",
    max_seconds: Annotated[
        float | None,
        typer.Option(
            "--max-seconds", metavar="S", help="End after about S seconds with the best so far.", parser=seconds
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the files of an earlier run in DIR.")] = False,
    reading: Reading = Reading(),
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Train, judge and save a network.

    The majority class, the best rule on a single column, a logistic, a shallow and a deep network are scored on the
    same folds of the training rows, with boosted trees beside them. The simplest network that is as good as the best is
    saved, and the verdict says what each step was worth.

    A fifth of the rows, chosen at random, is sealed and scored once, at the end; the options that say "test" choose
    others. DIR gets model.pellucid, evaluation.json, history.csv and report.html, a page to look at and to mail.

    Probabilities are calibrated when that helps, and numbers get intervals of 80 and 95 %, both from predictions of
    training rows by networks that had not seen them.

    A run that was stopped or killed leaves nothing behind in DIR, and the same command goes on at the last finished
    fold.

    \b
    Examples:
      pellucid train titanic --target Survived
      pellucid train titanic --target Survived --keep Cabin --as Pclass=category
      pellucid train titanic --target Survived --drop Sex --out other-model
      pellucid train titanic --target Survived --cost fp=1,fn=5 --unsure 0.1
      pellucid train sales.parquet --target price --time date --out prices
    """
    from ..judging.decisions import DecisionPlan
    from ..judging.ladder import climb
    from ..judging.seal import SealPlan
    from .progress import show_progress
    from .train_files import check_folder, check_inputs_are_kept, write_run
    from .train_text import train_text

    began = perf_counter()
    _check_one_way({"--test": test, "--split-column": split_column, "--group": group, "--time": time})
    if threshold is not None and cost is not None:
        raise SpecError("the threshold can be chosen in one way only, got --threshold and --cost")
    pairs = cost if cost is not None and ">" in cost else None
    decisions = DecisionPlan(_rule(threshold, None if pairs else cost), unsure, calibration, pairs)
    folder = out or Path(f"{_stem(data)}-model")
    check_folder(folder, force)
    check_inputs_are_kept(folder, [data] if test is None else [data, test])
    second = None if test is None else reading.table(test)
    plan = SealPlan(test=second, split_column=split_column, group=group, time_column=time)
    files: list[Path] = []

    def deliver(found: Climb) -> None:
        with too_late_for_ctrl_c():
            files.extend(write_run(found, folder, force))

    table = reading.table(data)
    left = None if max_seconds is None else max(max_seconds - (perf_counter() - began), 0.0)
    with show_progress(quiet) as on_progress:
        found = climb(
            table,
            target,
            seal=plan,
            drop=tuple(drop or ()),
            keep=tuple(keep or ()),
            hidden=[int(units) for units in hidden.split(",")],
            epochs=epochs,
            engine=engine,
            seed=seed,
            decisions=decisions,
            max_seconds=left,
            on_progress=on_progress,
            deliver=deliver,
        )
    try:
        if as_json:
            print(json_text({**found.to_dict(), "files": [str(path) for path in files]}))
        elif not quiet:
            sys.stdout.write(train_text(found, folder, files, data))
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"the files in {folder} are complete") from None


def _rule(threshold: str | None, cost: str | None) -> Any:
    from ..judging.threshold_rules import costs_of

    return threshold if cost is None else costs_of(cost)


def _check_one_way(options: dict[str, str | None]) -> None:
    given = [name for name, value in options.items() if value is not None]
    if len(given) > 1:
        raise SpecError(f"the test rows can be chosen in one way only, got {' and '.join(given)}")


def _stem(data: str) -> str:
    """`sales` for folder/sales.csv.gz."""
    return "table" if data == "-" else Path(data).name.split(".")[0] or "table"
