"""Options that say how a model answers: checked where they are typed."""

from __future__ import annotations

from typing import Any

import typer

from ..errors import SpecError


def threshold_rule(given: str | None) -> str | None:
    """Check a rule such as f1 or recall=0.9 and give it back; raises BadParameter for anything else."""
    from ..judging.threshold_rules import rule_of

    try:
        if given is not None:
            rule_of(given)
    except SpecError as error:
        raise typer.BadParameter(f"cannot be {given!r}: {error}") from None
    return given


def mistake_costs(given: str | None) -> str | None:
    """Check costs such as fp=1,fn=5 or cat>dog=5 and give them back; raises BadParameter for anything else."""
    from ..judging.cost_matrix import cost_pairs
    from ..judging.threshold_rules import costs_of

    try:
        if given is not None:
            (cost_pairs if ">" in given else costs_of)(given)
    except SpecError as error:
        raise typer.BadParameter(f"cannot be {given!r}: {error}") from None
    return given


def calibration_name(given: str) -> str:
    """Check the name of a calibration and give it back; raises BadParameter for anything else."""
    from ..judging.calibration import check_method

    try:
        check_method(given, 2)
    except SpecError as error:
        raise typer.BadParameter(f"cannot be {given!r}: {error}") from None
    return given


def share_of_rows(given: Any) -> float:
    """A parser of a share between 0 and 1; raises BadParameter for anything else."""
    try:
        value = float(given)
    except ValueError:
        value = 0.0
    if not 0 < value < 1:
        raise typer.BadParameter(f"takes a share of rows above 0 and below 1, such as 0.1, got {str(given)!r}")
    return value
