"""The last steps of a ledger as a block: odds, probabilities, calibration, threshold, answer; or the target's units."""

from __future__ import annotations

from .answer_steps import ClassAnswer, NumberAnswer
from .blocks import LINE, Answer, Block, Number, Row, Told, grid
from .calibration_words import calibration_words
from .decision_blocks import decision_block, p_words, unsure_rows
from .shown_sums import ShownSum, digits_for, short, shown_sum, sum_rows


def answer_blocks(answer: ClassAnswer | NumberAnswer, target: str, terms: int, title: str) -> list[Block]:
    """From the raw outputs to the answer."""
    if isinstance(answer, NumberAnswer):
        return [_number_block(answer, title)]
    if answer.link == "softmax":
        decision = decision_block(answer, terms)
        return [_softmax_block(answer, terms, title), *([] if decision is None else [decision])]
    return [_sigmoid_block(answer, target, title)]


def _sigmoid_block(answer: ClassAnswer, target: str, title: str) -> Block:
    rows: list[Row] = []
    several = len(answer.logits) > 1
    for k, logit in enumerate(answer.logits.tolist()):
        label = str(answer.classes[k if several else 1])
        p = float(answer.probabilities[k if several else 1])
        rows.append(("z", f"the raw output for {label if several else f'{target} = {label}'}", number(logit)))
        rows.append(("odds", Told("e^", *_in_formula(number(logit))), answered(answer.odds[k])))
        rows.append((f"P({label})", "odds / (1 + odds)", answered(p)))
    if not several:
        rows.append((f"P({answer.classes[0]})", Told("1 - ", number(answer.probabilities[1])), _p(answer, 0)))
    rows += _calibrated(answer)
    return grid(title, (), ("", "how", "value"), [*rows, *_decided(answer, target)], (2,), main=True, prose=(1,))


def _p(answer: ClassAnswer, k: int) -> str:
    return answered(answer.probabilities[k])


def number(value: float) -> Number:
    """A number on its own, such as others may have to compute."""
    return Number(short(float(value)), float(value))


def answered(value: float) -> Answer:
    """A number on its own that is to be computed."""
    return Answer(short(float(value)), float(value))


def _in_formula(shown: Number) -> tuple[str, ...]:
    return (shown,) if shown.value >= 0 else ("(", shown, ")")


def _calibrated(answer: ClassAnswer) -> list[Row]:
    if answer.calibration is None:
        return []
    if len(answer.classes) > 2:
        return []
    told = calibration_words(answer.calibration, number(answer.probabilities[1]))
    return [
        (
            f"calibrated P({answer.classes[k]})",
            told if k else Told("1 - ", number(answer.calibrated[1])),
            answered(answer.calibrated[k]),
        )
        for k in (1, 0)
    ]


def _decided(answer: ClassAnswer, target: str) -> list[Row]:
    if answer.decision is None:
        return []
    if answer.threshold is None:
        how = "1 where P ≥ 0.5" if isinstance(answer.decision, list) else "the most probable class"
        return [LINE, (f"answer for {target}", how, str(answer.decision))]
    first, second = answer.classes
    how = f"{second} where {p_words(answer)}({second}) ≥ {short(answer.threshold)}, the threshold, else {first}"
    return [LINE, ("answer", how, Answer(f"{target} = {answer.decision}")), *unsure_rows(answer)]


def _softmax_block(answer: ClassAnswer, terms: int, title: str) -> Block:
    total = float(answer.odds.sum())
    exps = shown_odds(answer, terms)
    logits, of_p = digits_for(answer.logits.tolist()), digits_for(answer.probabilities.tolist()).finer()
    calibrated = answer.calibration is not None
    rows: list[Row] = []
    for k, text in zip(exps.places, exps.terms):
        z, odds = float(answer.logits[k]), float(answer.odds[k])
        kind = Number if odds == 1 else Answer
        row = [str(answer.classes[k]), Number(logits.text(z), z), kind(text, odds)]
        columns = (answer.probabilities, answer.calibrated)[: 1 + calibrated]
        rows.append((*row, *(Answer(of_p.text_but_0(float(p[k])), float(p[k])) for p in columns)))
    blank = ("",) if calibrated else ()
    rows += [(*row, "", *blank) for row in sum_rows(exps, blanks=1)]
    rows.append(("Σ", "", Answer(exps.total, total), "", *blank))
    header = ("class", "z", "e^(z - max)", "P", *(["calibrated P"] if calibrated else []))
    shift = Number(logits.text(answer.shift), answer.shift)
    told: list[str] = [
        Told("P = e^(z - ", *_in_formula(shift), ") / Σ; the largest z is taken off so that nothing overflows.")
    ]
    if answer.calibration is not None:
        told.append(f"Calibrated: {calibration_words(answer.calibration)}")
    if answer.decision is not None and not len(answer.expected_costs):
        rows += [LINE, ("answer, the most probable", "", "", *blank, Answer(str(answer.decision)))]
    return grid(title, told, header, rows, range(1, len(header)), main=True)


def shown_odds(answer: ClassAnswer, terms: int) -> ShownSum:
    """The sum of the odds of a softmax, folded to the `terms` most probable classes."""
    return shown_sum(answer.odds, float(answer.odds.sum()), most=terms)


def _number_block(answer: NumberAnswer, title: str) -> Block:
    rows: list[Row] = []
    for name, score, center, spread, found in zip(
        answer.names, answer.scores.tolist(), answer.center, answer.spread, answer.numbers.tolist()
    ):
        if answer.transform == "none":
            rows.append((name, "the raw output as it is", number(score)))
            continue
        added = f" × {short(spread)} {'+' if center >= 0 else '-'} {short(abs(center))}"
        scaled = Told(*_in_formula(number(score)), added)
        rows.append(("score", "the raw output, in standard deviations from the mean", number(score)))
        if answer.transform == "log1p_standardize":
            rows.append((f"ln(1 + {name})", scaled, answered(score * spread + center)))
            rows.append((name, "e^that - 1", answered(found)))
        else:
            rows.append((name, scaled, answered(found)))
    return grid(title, (), ("", "how", "value"), rows, (2,), main=True, prose=(1,))
