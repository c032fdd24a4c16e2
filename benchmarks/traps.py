"""The thirty traps: each mistake made on purpose, and what pellucid says to it.

    python benchmarks/traps.py            makes every mistake and prints the table
    python benchmarks/traps.py --write docs/traps.md

Ends with exit code 1 when a trap was not caught.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import pellucid
from pellucid import NetworkSpec, TrainingSpec, fit_network, metrics, nn
from pellucid.data.generate import moons
from pellucid.data.split import ordered_split
from pellucid.errors import PellucidError
from pellucid.records import Finding, figure
from pellucid.training.diagnosis import same_start
from pellucid.training.fit_network import NonFiniteError

X, y = moons(100, 0.2, 0)
QUICK = {"hidden": (4,), "epochs": 3, "max_seconds": 1}


@dataclass(frozen=True)
class Trap:
    """A mistake: `make` makes it and gives what was said, None when nothing was; without `make` it comes `later`."""

    number: int
    code: str
    how: str
    make: Callable[[], str | None] | None = None
    later: str = ""


def told(findings: tuple[Finding, ...], code: str) -> str | None:
    """The finding of that code, as one line."""
    return next((f"{f.severity} {f.code}: {f.seen}" for f in findings if f.code == code), None)


def error_of(call: Callable[[], object]) -> str | None:
    """The message of the error that a call raises."""
    try:
        call()
    except PellucidError as error:
        return f"error: {error}"
    return None


def noise_table(rows: int = 120, seed: int = 0) -> dict[str, list[object]]:
    """Numbers that know nothing of the classes."""
    rng = np.random.default_rng(seed)
    columns = {f"x{k}": rng.normal(size=rows).tolist() for k in range(4)}
    return {**columns, "y": [str(c) for c in rng.choice(["no", "yes"], rows)]}


def non_finite() -> str | None:
    """A rate of 1000."""
    try:
        fit_network(X, y, NetworkSpec(2, (8,), activation="tanh"), TrainingSpec("mse", "sgd", 1e3, 60, batch_size=10))
    except NonFiniteError as error:
        return f"error NON_FINITE: {error.finding.seen}. {error.finding.remedy}"
    return None


def diverged() -> str | None:
    """Steps of one and a half times the way to the minimum and back."""
    plan = TrainingSpec("mse", "sgd", 1.5, 10)
    fitted = fit_network(
        [[1.0], [-1.0]], [1.0, -1.0], NetworkSpec(1, bias=False), plan, initial={"layers.0.weight": [[0.0]]}
    )
    finding = next((f for f in fitted.history.findings if f.code == "DIVERGED"), None)
    return finding and f"warning DIVERGED: {finding.seen}. {finding.remedy}"


def one_class() -> str | None:
    """Rows of which a tenth is positive, and steps too small to learn from."""
    rare = np.concatenate([np.flatnonzero(y == 0), np.flatnonzero(y == 1)[:6]])
    start = {"layers.0.weight": np.zeros((1, 2)), "layers.0.bias": np.array([-1.0])}
    fitted = fit_network(X[rare], y[rare], NetworkSpec(2), TrainingSpec("bce", "sgd", 1e-6, 3), initial=start)
    return told(fitted.history.findings, "ONE_CLASS")


def rule_wins() -> str | None:
    """One column tells all that there is to tell."""
    rng = np.random.default_rng(0)
    sex = rng.choice(["female", "male"], 200)
    survived = np.where(rng.uniform(size=200) < 0.15, sex == "male", sex == "female")
    table = {**noise_table(200), "sex": sex.tolist(), "y": np.where(survived, "yes", "no").tolist()}
    return told(pellucid.climb(table, "y", hidden=(4,), epochs=3).findings, "RULE_WINS")


def linear_stack() -> str | None:
    """Two layers with nothing between them."""
    network = NetworkSpec(2, (3,), activation="identity")
    return told(fit_network(X, y, network, TrainingSpec("bce", epochs=2)).history.findings, "LINEAR_STACK")


def dead_units() -> str | None:
    """Biases far below zero."""
    start = {"layers.0.weight": np.ones((4, 2)), "layers.0.bias": np.full(4, -100.0)}
    start |= {"layers.1.weight": np.ones((1, 4)), "layers.1.bias": np.zeros(1)}
    fitted = fit_network(X, y, NetworkSpec(2, (4,)), TrainingSpec("bce", epochs=3), initial=start)
    return told(fitted.history.findings, "DEAD_UNITS")


def worse_than_base() -> str | None:
    """A large network learns 60 rows of noise by heart."""
    table = pellucid.read(noise_table(60))
    model = pellucid.MLPClassifier((64, 64), epochs=150, learning_rate=0.01, random_state=0)
    model.fit(table.drop(["y"]), noise_table(60)["y"])
    return told(pellucid.evaluate(model, noise_table(200, 1), target="y").findings, "WORSE_THAN_BASE")


def optimistic_threshold() -> str | None:
    """Scored on the very rows that chose it."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 200)
    chances = (0.3 * truth + 0.7 * rng.random(200)).clip(0, 1)
    chosen = pellucid.choose_threshold(truth, chances, "f1")
    return told(chosen.score(truth, chances).findings, "OPTIMISTIC_THRESHOLD")


def best_of_many() -> str | None:
    """Eleven networks on 178 rows, and the best is quoted."""
    specs = {f"{units} units": pellucid.MLPClassifier((units,), epochs=20) for units in range(1, 12)}
    return told(pellucid.sweep(noise_table(178), "y", specs).findings, "BEST_OF_MANY")


def fit_on_held_out() -> str | None:
    """Means and scales of all rows, then a split."""
    scaled = (X - X.mean(axis=0)) / X.std(axis=0)
    plan = TrainingSpec("bce", epochs=2)
    fitted = fit_network(scaled[:70], y[:70], NetworkSpec(2), plan, validation=(scaled[70:], y[70:]))
    return told(fitted.history.findings, "FIT_ON_HELD_OUT")


def shapes_broadcast() -> str | None:
    """Outputs (n, 1), targets (n,)."""
    return error_of(lambda: nn.loss_forward(nn.MSE(), np.zeros((5, 1)), np.zeros(5)))


def loss_inputs() -> str | None:
    """Arguments swapped; probabilities outside [0, 1]; probabilities where logits belong."""
    swapped = error_of(lambda: nn.loss_forward(nn.BCE(), np.array([[1.0], [0.0]]), np.array([[0.7], [-0.2]])))
    outside = error_of(lambda: metrics.log_loss([0, 1], [0.2, 1.4]))
    twice = nn.probabilities_as_logits(np.array([0.2, 0.7, 0.9]))
    return f"{swapped}; {outside}; warning {twice.code}: {twice.seen}" if swapped and outside and twice else None


def weighted_mean() -> str | None:
    """A weight of 3 on one of two rows: the mean divides by 4, not by 2."""
    Z, Y = np.array([[0.0], [2.0]]), np.zeros((2, 1))
    value = nn.loss_forward(nn.MSE(), Z, Y, np.array([1.0, 3.0]))[0]
    return f"documented: weighted mean {value:g} = 12/4, not 12/2" if value == 3 else None


def rounded_away() -> str | None:
    """gre's coefficient 0.00277, and a smaller one."""
    shown = figure(0.00277), figure(2.77e-6)
    return f"never 0.00: {shown[0]}, {shown[1]}" if all(float(text) for text in shown) else None


def class_named() -> str | None:
    """Which class do the probabilities belong to?"""
    counts = metrics.confusion_counts(["died", "survived"], ["died", "died"], labels=("died", "survived"))
    model = pellucid.climb(noise_table(), "y", **QUICK).model
    named = model.card_.positive == "yes" and counts.labels == ("died", "survived")
    return f"named: P(y = {model.card_.positive}); counts by {', '.join(counts.labels)}" if named else None


def exploding_scale() -> str | None:
    """One column in grams, one in tons."""
    fitted = fit_network(X * [1.0, 1000.0], y, NetworkSpec(2), TrainingSpec("bce", "sgd", 1e-9, 2))
    return told(fitted.history.findings, "EXPLODING_SCALE")


def oscillation() -> str | None:
    """Absolute errors and a constant step."""
    plan = TrainingSpec("mae", "sgd", 0.7, 24)
    zero = {"layers.0.weight": [[0.0]]}
    fitted = fit_network(np.ones((2, 1)), np.ones(2), NetworkSpec(1, bias=False), plan, initial=zero)
    return told(fitted.history.findings, "OSCILLATION")


def best_pairing() -> str | None:
    """Are the returned parameters those of the epoch that is called the best?"""
    plan = TrainingSpec("bce", "adam", 0.1, 60, batch_size=10, patience=5)
    fitted = fit_network(X[:60], y[:60], NetworkSpec(2, (8,)), plan, validation=(X[60:], y[60:]))
    recorded = fitted.history.epochs[fitted.history.kept_epoch - 1].validation_loss
    own = nn.loss_forward(nn.BCE(), fitted.scores(X[60:]), y[60:, None])[0]
    good = abs(own - recorded) < 1e-9 and recorded == min(e.validation_loss for e in fitted.history.epochs)
    return f"kept epoch {fitted.history.kept_epoch}: recorded {recorded:.6f}, own {own:.6f}" if good else None


def sorted_split() -> str | None:
    """A table sorted by its target, its last rows held out."""
    table = noise_table()
    table["y"] = sorted(float(k) for k in range(120))
    return told(pellucid.climb(table, "y", seal=ordered_split(120, 0.2), **QUICK).findings, "ORDERED_SPLIT")


def no_effect() -> str | None:
    """Equal class weights, patience without validation rows."""
    plan = TrainingSpec("bce", epochs=2, patience=2)
    fitted = fit_network(X, y, NetworkSpec(2), plan, sample_weight=np.full(100, 2.0))
    return told(fitted.history.findings, "NO_EFFECT")


def starts_alike() -> str | None:
    """Restarts that share one draw."""
    finding = same_start([{"w": np.ones(2)}, {"w": np.ones(2)}])
    refused = error_of(lambda: pellucid.sweep(noise_table(), "y", [pellucid.MLPClassifier()], seeds=[1, 1]))
    return f"warning {finding.code}: {finding.seen}; {refused}" if finding and refused else None


def ties() -> str | None:
    """Tied scores in two orders of the rows."""
    truth, scores = np.array([0, 1, 0, 1, 1, 0]), np.array([0.5, 0.5, 0.5, 0.9, 0.5, 0.1])
    orders = np.arange(6), np.arange(6)[::-1]
    both = {round(metrics.roc_auc(truth[order], scores[order]).value, 12) for order in orders}
    return f"exact by ranks in any order: AUC {7 / 9:.4f}" if both == {round(7 / 9, 12)} else None


def average_named() -> str | None:
    """An area over three classes: which average?"""
    score = metrics.roc_auc([0, 1, 2, 1], np.eye(3)[[0, 1, 2, 0]] * 0.4 + 0.2)
    return f"named: {score.detail}" if "macro" in score.detail or "mean" in score.detail else None


def too_few_rows() -> str | None:
    """Twenty test rows."""
    return told(pellucid.climb(noise_table(100), "y", **QUICK).findings, "TOO_FEW_ROWS")


def imbalance() -> str | None:
    """Nineteen of twenty rows are of one class."""
    table = {**noise_table(200), "y": ["yes"] * 10 + ["no"] * 190}
    return told(pellucid.profile_table(table, "y").findings, "IMBALANCE")


def no_progress() -> str | None:
    """Noise, and steps too small to move."""
    start = {"layers.0.weight": np.zeros((1, 2)), "layers.0.bias": np.zeros(1)}
    balanced = np.concatenate([np.flatnonzero(y == 0)[:40], np.flatnonzero(y == 1)[:40]])
    plan = TrainingSpec("bce", "sgd", 1e-6, 30)
    fitted = fit_network(X[balanced], y[balanced], NetworkSpec(2), plan, initial=start)
    return told(fitted.history.findings, "NO_PROGRESS")


def leak() -> str | None:
    """A column that names the rows, and one that holds the answer."""
    table = noise_table(200)
    table["boat"] = [float(label == "yes") for label in table["y"]]
    table["id"] = [f"p{k}" for k in range(200)]
    found = pellucid.profile_table(table, "y").findings
    both = told(found, "IDENTIFIER"), told(found, "LEAK")
    return f"{both[0]}; {both[1]}" if all(both) else None


def duplicates() -> str | None:
    """Every row twice."""
    table = {name: [*cells, *cells] for name, cells in noise_table(100).items()}
    return told(pellucid.climb(table, "y", **QUICK).findings, "DUPLICATES")


def loop_by_hand(*, clear: bool = True, evaluate: bool = False) -> str | None:
    """Four steps of a PyTorch loop under our watcher; what it says of gradients or modes."""
    if importlib.util.find_spec("torch") is None:
        return "needs the extra torch, which is not installed here"
    import torch

    inputs, targets = torch.tensor(X), torch.tensor(y, dtype=torch.float64)[:, None]
    module = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Dropout(0.5), torch.nn.Linear(8, 1)).double()
    optimizer = torch.optim.SGD(module.parameters(), lr=0.1)
    with pellucid.pytorch.watch(module, optimizer) as watcher:
        for _ in range(4):
            if clear:
                optimizer.zero_grad()
            torch.nn.functional.binary_cross_entropy_with_logits(module(inputs), targets).backward()
            optimizer.step()
            if evaluate:
                with torch.no_grad():
                    module(inputs)
    return told(watcher.findings, "TRAIN_MODE" if evaluate else "NOT_ZEROED")


def not_zeroed() -> str | None:
    """A loop that never calls zero_grad."""
    return loop_by_hand(clear=False)


def train_mode() -> str | None:
    """A loop that never calls eval."""
    return loop_by_hand(evaluate=True)


TRAPS = (
    Trap(1, "NON_FINITE", "learning rate 1000", non_finite),
    Trap(2, "DIVERGED", "a step of 1.5 times the curvature's limit", diverged),
    Trap(3, "ONE_CLASS", "few positive rows, steps of 1e-6", one_class),
    Trap(4, "RULE_WINS", "one column tells all, the others are noise", rule_wins),
    Trap(5, "LINEAR_STACK", "two layers without activation", linear_stack),
    Trap(6, "DEAD_UNITS", "biases of -100 before relu", dead_units),
    Trap(7, "WORSE_THAN_BASE", "60 rows of noise learned by heart", worse_than_base),
    Trap(8, "OPTIMISTIC_THRESHOLD", "threshold chosen on the scored rows", optimistic_threshold),
    Trap(9, "BEST_OF_MANY", "eleven networks on 178 rows", best_of_many),
    Trap(10, "FIT_ON_HELD_OUT", "standardized before the split", fit_on_held_out),
    Trap(11, "NOT_ZEROED", "a PyTorch loop without zero_grad, watched", not_zeroed),
    Trap(12, "SHAPES_BROADCAST", "outputs (n, 1), targets (n,)", shapes_broadcast),
    Trap(13, "LOSS_INPUTS", "arguments swapped; outside [0, 1]; probabilities as logits", loss_inputs),
    Trap(14, "WEIGHTED_MEAN", "a weight of 3 on one of two rows", weighted_mean),
    Trap(15, "ROUNDED_AWAY", "0.00277 and 0.00000277 shown", rounded_away),
    Trap(16, "CLASS_NAMED", "classes by position", class_named),
    Trap(17, "EXPLODING_SCALE", "columns whose scales differ a thousandfold", exploding_scale),
    Trap(18, "OSCILLATION", "absolute errors, constant step", oscillation),
    Trap(19, "BEST_PAIRING", "early stopping returns the best epoch", best_pairing),
    Trap(20, "ORDERED_SPLIT", "last rows of a sorted table held out", sorted_split),
    Trap(21, "TRAIN_MODE", "a PyTorch loop without eval, watched", train_mode),
    Trap(22, "NO_EFFECT", "equal weights, patience without validation rows", no_effect),
    Trap(23, "SAME_START", "two restarts from one draw", starts_alike),
    Trap(24, "TIES", "tied scores in two orders", ties),
    Trap(25, "AVERAGE_NAMED", "an area over three classes", average_named),
    Trap(26, "TOO_FEW_ROWS", "twenty test rows", too_few_rows),
    Trap(27, "IMBALANCE", "5 % positive rows", imbalance),
    Trap(28, "NO_PROGRESS", "steps of 1e-6 from the base rate", no_progress),
    Trap(29, "IDENTIFIER / LEAK", "a column of names, a copy of the target", leak),
    Trap(30, "DUPLICATES", "every row twice", duplicates),
)


def caught(trap: Trap) -> str | None:
    """Make the mistake, with a state folder of its own; what was said, None when the trap was not caught."""
    if trap.make is None:
        return trap.later
    before = os.environ.get("PELLUCID_STATE")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PELLUCID_STATE"] = folder
        try:
            return trap.make()
        finally:
            del os.environ["PELLUCID_STATE"]
            if before is not None:
                os.environ["PELLUCID_STATE"] = before


def table_of(answers: list[tuple[Trap, str | None]]) -> list[str]:
    """The table as Markdown."""
    lines = ["| # | trap | how it is provoked | how it is caught |", "|---|---|---|---|"]
    for trap, said in answers:
        words = " ".join((said or "**not caught**").split()).replace("|", "\\|")
        lines.append(f"| {trap.number} | {trap.code} | {trap.how} | {words} |")
    return lines


INTRODUCTION = """\
# Traps

Thirty mistakes that published notebooks on networks make. `python benchmarks/traps.py` makes each of them on purpose
and prints what pellucid says: a finding with its severity, an error, or the right figure where other tools give a wrong
one.
"""


def main() -> int:
    """Print the table, or write it into a page whose other sections stay."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", type=Path, metavar="PAGE")
    page = parser.parse_args().write
    answers = [(trap, caught(trap)) for trap in TRAPS]
    lines = table_of(answers)
    if page is not None:
        old = page.read_text(encoding="utf-8") if page.exists() else ""
        rest = old[old.index("\n## ") :] if "\n## " in old else ""
        page.write_text("\n".join([INTRODUCTION, *lines, ""]) + rest, encoding="utf-8")
    else:
        print("\n".join(lines))
    missed = [trap.code for trap, said in answers if said is None]
    print(f"{len(TRAPS) - len(missed)} of {len(TRAPS)} traps answered" + (f"; missed: {missed}" if missed else ""))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
