"""A gradient as blocks of words and numbers, every number in them taken from its record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..records import counted
from .blocks import LINE, Block, Row, block, grid
from .cell_words import cell_words
from .loss_words import plain_formula
from .shown_sums import Digits, digits_for, rounding_of

if TYPE_CHECKING:
    from .gradients import GradientExplanation

MOST_SUMMED = 8
NOISE = 1e-14
MOST_MORE_DIGITS = 4


def gradient_blocks(found: GradientExplanation) -> tuple[Block, ...]:
    """The derivation: the rule, what each row adds, the chain rule of one of them, and what follows."""
    head, rows = rows_head(found), rows_table(found)
    blocks = [
        block(_title(found), *before_rows(found), main=True),
        grid("What each row adds", (), tuple(head), _with_line(rows), range(1, len(head))),
    ]
    if _is_deep(found):
        title, head = _chain_title(found), chain_head(found)
        blocks.append(grid(title, (), tuple(head), _with_line(chain_table(found)), (2,), prose=(1,)))
    return (*blocks, block("So", *after_rows(found), *ending(found)))


def _title(found: GradientExplanation) -> str:
    return f"{found.parameter}: the gradient is {number(found.gradient)}"


def _with_line(rows: list[list[str]]) -> tuple[Row, ...]:
    """The rows with a line above the last, their sum."""
    return (*map(tuple, rows[:-1]), LINE, tuple(rows[-1]))


def before_rows(found: GradientExplanation) -> list[str]:
    """What is asked, and the rule by which it is answered."""
    what = f"It multiplies {found.multiplies}" if found.multiplies != "1" else "It is a bias, added as it is"
    lines = [f"{what}, on the way to {found.leads_to}; its value is {number(found.value)}."]
    if found.equation:
        lines.append(f"The raw output is {found.equation}.")
    weighted = "" if _equal_shares(found) else "weighted "
    plain = plain_formula(found.loss)
    mean = f"The loss is the {weighted}mean of {plain or found.loss_formula} over {counted(found.rows, 'row')}"
    knobs = [f"{name} {value:g}" for name, value in found.loss.items() if isinstance(value, float) and not plain]
    lines.append(f"{mean} ({', '.join([found.loss['name'], *knobs])}): {number(found.loss_value)}.")
    if found.others:
        lines.append("The parameters are those that were asked for, not the model's own.")
    if found.left_out:
        lines.append(f"Of the rows given, {found.left_out}.")
    if found.answer != "y":
        lines.append(f"The loss takes y as {found.answer}, y being {found.target}, and z is on that scale too.")
    lines.append(f"With a raw output z it moves by {found.loss_slope}, in each row.")
    if _is_deep(found):
        many = found.path_count > 1
        lines.append(
            f"From there {counted(found.path_count, 'path')} {'lead' if many else 'leads'} back to {found.leads_to}; "
            f"along {'each' if many else 'it'}, weights and slopes of activations are multiplied"
            f"{', and all paths are added' if many else ''}: dL/dz of that unit."
        )
    by = found.multiplies if found.multiplies != "1" else "1, as a bias does"
    lines.append(
        f"The sum z there moves with the parameter by {by}. So each row adds share × dL/dz × that, its share being "
        f"{_shares(found)}:"
    )
    return lines


def _shares(found: GradientExplanation) -> str:
    return f"1 / {found.rows:,}" if _equal_shares(found) else "its weight over the sum of weights"


def _equal_shares(found: GradientExplanation) -> bool:
    return {term.share for term in found.terms} == {1 / found.rows}


def rows_head(found: GradientExplanation) -> list[str]:
    """The columns of the rows."""
    multiplied = found.multiplies if found.multiplies != "1" else "one"
    output, slope = ("output z", f"dL/dz of {found.leads_to}") if _is_deep(found) else ("z", "dL/dz")
    seen = [*([found.target] if found.answer != "y" else []), output, found.answer] if _one_output(found) else []
    cell = [found.column] if found.column else []
    share = [] if _equal_shares(found) else ["share"]
    return ["row", *seen, *share, slope, *cell, multiplied, f"adds{_row_digits(found).unit}"]


def _one_output(found: GradientExplanation) -> bool:
    return len(found.terms[0].scores) == 1


def rows_table(found: GradientExplanation) -> list[list[str]]:
    """The rows, those that are folded, and the sum."""
    blank, digits = [""] * (len(rows_head(found)) - 2), _row_digits(found)
    lines = []
    for term in found.terms:
        seen = [number(term.scores[0]), number(term.targets[0])] if _one_output(found) else []
        if seen and found.answer != "y":
            seen = [cell_words(term.truth), *seen]
        cell = [cell_words(term.cell)] if found.column else []
        share = [] if _equal_shares(found) else [number(term.share)]
        told = [*share, number(term.slope), *cell, number(term.entering), digits.text(term.term)]
        lines.append([str(term.row), *seen, *told])
    if found.other_rows:
        rest = _but_noise(found.other_terms, [term.term for term in found.terms])
        lines.append([counted(found.other_rows, "other row"), *blank, digits.text(rest)])
    return _summed(lines, ["gradient", *blank, digits.text(found.gradient)], digits)


def _row_digits(found: GradientExplanation) -> Digits:
    return _digits([*(term.term for term in found.terms), found.other_terms], found.gradient)


def _digits(shown: Sequence[float], total: float) -> Digits:
    """Seven significant digits of the largest number, and more where terms cancel, for some of the sum."""
    digits, of_total = digits_for([*shown, total]).finer(), digits_for([total]).finer()
    if digits.power or of_total.power:
        return digits
    return digits.finer(min(max(of_total.decimals - digits.decimals, 0), MOST_MORE_DIGITS))


def _summed(lines: list[list[str]], total: list[str], digits: Digits) -> list[list[str]]:
    """The lines, their sum, and before it a line "rounding" where the numbers as they are written do not make it up."""
    gap = rounding_of([line[-1] for line in lines], total[-1], digits)
    rounding = [] if gap is None else [["rounding", *[""] * (len(total) - 2), gap]]
    return [*lines, *rounding, total]


def after_rows(found: GradientExplanation) -> list[str]:
    """The sum on one line, where it is short enough."""
    if found.other_rows or len(found.terms) > MOST_SUMMED or not _equal_shares(found):
        return []
    products = " + ".join(f"{_signed(term.slope)} × {_signed(term.entering)}" for term in found.terms)
    written = sum(float(number(term.slope)) * float(number(term.entering)) for term in found.terms) / found.rows
    sign = "=" if number(written) == number(found.gradient) else "≈"
    return [f"In one line: ({products}) / {found.rows} {sign} {number(found.gradient)}"]


def chain_head(found: GradientExplanation) -> list[str]:
    """The columns of the paths."""
    what = "dL/dz of the output, weight × slope …, what the parameter multiplies"
    return ["path", what, f"product{_path_digits(found).unit}"]


def _path_digits(found: GradientExplanation) -> Digits:
    return _digits([*(path.product for path in found.paths), found.other_paths], _chain_total(found))


def _chain_total(found: GradientExplanation) -> float:
    return sum(path.product for path in found.paths) + found.other_paths


def _chain_title(found: GradientExplanation) -> str:
    return f"The chain rule of row {found.chain_row}, with its share of the mean in dL/dz"


def chain_table(found: GradientExplanation) -> list[list[str]]:
    """The paths of one row, those that are folded, and their sum."""
    named, digits = list(zip(found.path_names, found.paths)), _path_digits(found)
    told = [(name, path) for name, path in named if path.product] or named[:1]
    lines = [
        [name, " × ".join(_signed(factor) for factor in path.factors), digits.text(path.product)] for name, path in told
    ]
    folded = found.path_count - len(told)
    if folded:
        rest = _but_noise(found.other_paths, [path.product for _, path in told])
        lines.append([counted(folded, "other path"), "", digits.text(rest)])
    return _summed(lines, ["what the row adds", "", digits.text(_chain_total(found))], digits)


def ending(found: GradientExplanation) -> list[str]:
    """The finite difference, and what the gradient asks for."""
    lines = [
        f"Moved a little up and down, the parameter moves the loss by {number(found.check.slope)} for each unit: "
        + ("the same." if found.check.passed else "NOT THE SAME.")
        + (
            " It stands on a kink, where any slope between those of its two sides is right."
            if found.check.kinks
            else ""
        )
    ]
    total = found.gradient + found.penalty
    if found.penalty:
        lines.append(f"The penalty on large weights adds {number(found.penalty)}: {number(total)} in all.")
    if total == 0:
        return [*lines, "A gradient of 0: these rows leave the parameter where it is."]
    up, down = ("raises", "down") if total > 0 else ("lowers", "up")
    rate = found.learning_rate
    by = f"plain gradient descent with the learning rate {rate:g} changes it by {number(-rate * total)}"
    return [*lines, f"A larger value {up} the loss, so descent moves it {down}: {by}."]


def number(value: float) -> str:
    """Six significant digits, never 0 unless it is 0."""
    return f"{value:.6g}" if value else "0"


def _but_noise(rest: float, shown: Sequence[float]) -> float:
    """What is left beside the numbers shown; a difference of floats, so that below their last digits it is nothing."""
    return rest if abs(rest) > NOISE * sum(abs(value) for value in shown) else 0.0


def _signed(value: float) -> str:
    return number(value) if value >= 0 else f"({number(value)})"


def _is_deep(found: GradientExplanation) -> bool:
    return bool(found.paths) and len(found.paths[0].factors) > 2
