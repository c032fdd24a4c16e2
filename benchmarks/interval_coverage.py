"""How often intervals hold the true value: simulated samples, whose true scores are known from a very large one.

`python benchmarks/interval_coverage.py` prints the table, `--write docs/coverage.md` keeps it, `--repeats` sets the
samples a setting (1,000).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pellucid import metrics
from pellucid.metrics.few_rows import ENOUGH_ROWS, FEWEST_ROWS, MEASURED
from pellucid.records import Score
from timing import one_core

LARGE = 2_000_000
WANTED = 0.92
ROWS, PREVALENCES = (50, 200, 1000), (0.05, 0.3, 0.5)
FEW = ((50, 0.14), (200, 0.035), (1000, 0.007))

Draw = Callable[[np.random.Generator, int], tuple[np.ndarray, np.ndarray]]
# Hits and samples of each score.
Tally = dict[str, list[int]]


class Setting(NamedTuple):
    """What is drawn: its name, rows a sample, the sampler, and how its rows are scored."""

    name: str
    rows: int
    draw: Draw
    score: Callable[[np.ndarray, np.ndarray], tuple[Score, ...]]


def logistic(x: np.ndarray) -> np.ndarray:
    """The inverse of the logit."""
    return 1 / (1 + np.exp(-x))


def normal_scores(prevalence: float, distance: float) -> Draw:
    """Normal scores in both classes, `distance` apart, with the probabilities that are right for them."""

    def draw(rng: np.random.Generator, rows: int) -> tuple[np.ndarray, np.ndarray]:
        truth = rng.random(rows) < prevalence
        score = rng.normal(size=rows) + distance * truth
        log_odds = np.log(prevalence / (1 - prevalence))
        return truth.astype(int), logistic(distance * score - distance**2 / 2 + log_odds)

    return draw


def skewed_scores(prevalence: float) -> Draw:
    """Lognormal scores with a long tail and unequal spreads, and probabilities that are too low and badly scaled."""

    def draw(rng: np.random.Generator, rows: int) -> tuple[np.ndarray, np.ndarray]:
        truth = rng.random(rows) < prevalence
        score = np.exp(rng.normal(size=rows) * np.where(truth, 1.0, 0.7) + 0.9 * truth)
        return truth.astype(int), (1 - np.exp(-score * prevalence / 2)).clip(1e-4, 1 - 1e-4)

    return draw


def overconfident_scores(prevalence: float) -> Draw:
    """Normal scores whose log odds are stretched 2.5 times: few rows carry most of the losses."""

    def draw(rng: np.random.Generator, rows: int) -> tuple[np.ndarray, np.ndarray]:
        truth, chances = normal_scores(prevalence, 1.2)(rng, rows)
        return truth, logistic(2.5 * np.log(chances / (1 - chances))).clip(1e-4, 1 - 1e-4)

    return draw


SHAPES: dict[str, Callable[[float], Draw]] = {
    "normal": lambda prevalence: normal_scores(prevalence, 1.2),
    "strong": lambda prevalence: normal_scores(prevalence, 2.5),
    "skewed": skewed_scores,
    "overconfident": overconfident_scores,
}


def two_classes(shape: str, rows: int, prevalence: float) -> Setting:
    """Rows of two classes, decided where the odds are better than the base rate's."""

    def score(truth: np.ndarray, chances: np.ndarray) -> tuple[Score, ...]:
        return metrics.score_classes(truth, chances, predicted=(chances >= prevalence).astype(int))

    return Setting(f"{shape}, {rows:,} × {prevalence:g}", rows, SHAPES[shape](prevalence), score)


def three_classes(rows: int) -> Setting:
    """Three classes with shares 0.5, 0.3 and 0.2, normal in two dimensions."""
    shares, centers = np.array([0.5, 0.3, 0.2]), np.array([[0.0, 0.0], [1.5, 0.0], [0.7, 1.5]])

    def draw(rng: np.random.Generator, rows: int) -> tuple[np.ndarray, np.ndarray]:
        truth = rng.choice(3, size=rows, p=shares)
        points = rng.normal(size=(rows, 2)) + centers[truth]
        density = shares * np.exp(-((points[:, None] - centers) ** 2).sum(axis=2) / 2)
        return truth, density / density.sum(axis=1, keepdims=True)

    return Setting(f"three classes, {rows:,}", rows, draw, metrics.score_classes)


def hard_class(rows: int) -> Setting:
    """Three classes, of which the third has a twentieth of the rows and a recall of a tenth."""
    shares = np.array([0.5, 0.45, 0.05])
    given = np.array([[0.95, 0.04, 0.01], [0.05, 0.93, 0.02], [0.5, 0.4, 0.1]])

    def draw(rng: np.random.Generator, rows: int) -> tuple[np.ndarray, np.ndarray]:
        truth = rng.choice(3, size=rows, p=shares)
        return truth, (rng.random(rows)[:, None] > given.cumsum(axis=1)[truth]).sum(axis=1).clip(max=2)

    def score(truth: np.ndarray, guess: np.ndarray) -> tuple[Score, ...]:
        return metrics.tabulate_classes(truth, guess, labels=[0, 1, 2]).averages

    return Setting(f"three classes, one hard, {rows:,}", rows, draw, score)


def errors_like(name: str, rows: int) -> Setting:
    """Numbers whose errors have this distribution."""

    def draw(rng: np.random.Generator, rows: int) -> tuple[np.ndarray, np.ndarray]:
        predicted = rng.normal(0, 2, size=rows)
        error = rng.normal(size=rows) if name == "normal errors" else rng.laplace(size=rows)
        return predicted + error, predicted

    return Setting(f"{name}, {rows:,}", rows, draw, metrics.score_numbers)


def true_values(setting: Setting) -> dict[str, float]:
    """The scores of a sample so large that they are the population's."""
    scores = setting.score(*setting.draw(np.random.default_rng(0), LARGE))
    return {score.name: score.value for score in scores}


def measure(setting: Setting, true: dict[str, float], repeats: int, keeps: Callable[[int], bool]) -> Tally:
    """Draw samples; those whose smaller class has as many rows as `keeps` wants are scored."""
    rng, tally, done = np.random.default_rng(1), {}, 0
    while done < repeats:
        truth, predicted = setting.draw(rng, setting.rows)
        if truth.dtype.kind == "i" and not keeps(int(np.bincount(truth, minlength=2).min())):
            continue
        done += 1
        for score in setting.score(truth, predicted):
            if score.interval is not None:
                hits = tally.setdefault(score.name, [0, 0])
                hits[0] += score.interval.low <= true[score.name] <= score.interval.high
                hits[1] += 1
    return tally


def table(tallies: dict[str, Tally], mark_below: float = 0.0) -> list[str]:
    """A line a setting, a column a score, in percent; bold where below the mark."""
    names = list(dict.fromkeys(name for tally in tallies.values() for name in tally))
    lines = ["| | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    for setting, tally in tallies.items():
        cells = []
        for name in names:
            hits, samples = tally.get(name, (0, 0))
            shown = f"{100 * hits / samples:.1f}" if samples else ""
            cells.append(f"**{shown}**" if samples and hits / samples < mark_below else shown)
        lines.append(f"| {setting} | " + " | ".join(cells) + " |")
    return lines


def lowest(tallies: Iterable[Tally]) -> dict[str, float]:
    """The smallest coverage of each score over the settings."""
    shares: dict[str, list[float]] = {}
    for tally in tallies:
        for name, (hits, samples) in tally.items():
            shares.setdefault(name, []).append(hits / samples)
    return {name: min(found) for name, found in shares.items()}


def run(settings: Iterable[Setting], repeats: int, keeps: Callable[[int], bool]) -> dict[str, Tally]:
    """Measure all settings; one line each on the way."""
    tallies = {}
    for setting in settings:
        began = time.perf_counter()
        tallies[setting.name] = measure(setting, true_values(setting), repeats, keeps)
        worst = min(tallies[setting.name].items(), key=lambda item: item[1][0] / item[1][1])
        spent = time.perf_counter() - began
        print(f"{setting.name:32} lowest {worst[1][0] / worst[1][1]:.3f} ({worst[0]}), {spent:.0f} s", flush=True)
    return tallies


def document(enough: dict[str, Tally], few: dict[str, Tally], others: dict[str, Tally], repeats: int) -> str:
    """The page that is kept."""
    low, low_few = lowest([*enough.values(), *others.values()]), lowest(few.values())
    below = sorted(name for name, share in low.items() if share < WANTED)
    verdict = f"below 92 %: {', '.join(below)}" if below else "every interval covers in at least 92 %"
    error = 100 * (0.95 * 0.05 / repeats) ** 0.5
    head = [
        "# How often the intervals hold the true value",
        "",
        "Written by `python benchmarks/interval_coverage.py --write docs/coverage.md`.",
        f"{repeats:,} samples a setting, 95 % intervals, in percent; one standard error is about {error:.1f}.",
        f"The true value is the score of {LARGE:,} rows.",
        "",
        "Scores: normal (1.2 standard deviations apart, calibrated), strong (2.5 apart), skewed (lognormal, unequal",
        "spreads, not calibrated), overconfident (log odds stretched 2.5 times). A setting is a number of rows × the",
        "share of the positive class; classes are drawn by chance, and labels are decided at that share.",
        "",
        "What is not here: 50 rows × 0.05, where few samples have rows enough for any; precision with few rows",
        "*predicted* positive, whose number no setting holds fixed; weights; other levels than 95 %; more than two",
        "classes with fewer than 10 rows of one. Of the last two, `detail` says that coverage was not measured. Losses",
        "of probabilities near 0 and 1 that are wrong at times (0.001 and 0.999) rest on the few rows that are: 79 %",
        "of their intervals held the true value, and `detail` says on how many rows they rest.",
    ]
    first = [
        f"## The smaller class has {ENOUGH_ROWS} rows or more on average",
        "",
        f"Samples with fewer than {FEWEST_ROWS} rows of a class, for which most intervals are not shown, are left out.",
        f"Lowest: {', '.join(f'{name} {100 * share:.1f}' for name, share in low.items())}; {verdict}.",
    ]
    second = [
        f"## The smaller class has {FEWEST_ROWS} to {ENOUGH_ROWS - 1} rows",
        "",
        "The lowest of each column is printed with such intervals (`pellucid.metrics.few_rows.MEASURED`).",
        "Wilson's intervals are shown however few the rows are.",
    ]
    three, numbers = ({k: v for k, v in others.items() if k.startswith("three") is kind} for kind in (True, False))
    lines = ["| score | lowest |", "|---|---|", *(f"| {name} | {100 * share:.1f} |" for name, share in low_few.items())]
    parts = [
        head,
        first,
        table(enough, WANTED),
        table(three, WANTED),
        table(numbers, WANTED),
        second,
        table(few),
        lines,
    ]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=1000)
    parser.add_argument("--write", type=Path, metavar="FILE")
    options = parser.parse_args()
    grid = [
        two_classes(shape, rows, prevalence)
        for shape in SHAPES
        for rows in ROWS
        for prevalence in PREVALENCES
        if rows * min(prevalence, 1 - prevalence) >= ENOUGH_ROWS
    ]
    rare = [two_classes(shape, rows, prevalence) for shape in SHAPES for rows, prevalence in FEW]
    rest = [*(three_classes(rows) for rows in (200, 1000)), *(hard_class(rows) for rows in (300, 1000))]
    rest += [errors_like(name, rows) for name in ("normal errors", "Laplace errors") for rows in ROWS]
    with one_core():
        enough = run(grid, options.repeats, lambda rows: rows >= FEWEST_ROWS)
        others = run(rest, options.repeats, lambda rows: rows >= ENOUGH_ROWS)
        few = run(rare, options.repeats, lambda rows: FEWEST_ROWS <= rows < ENOUGH_ROWS)
    page = document(enough, few, others, options.repeats)
    print(page)
    found = lowest(few.values())
    stale = {name: share for name, share in found.items() if name in MEASURED and abs(MEASURED[name] - share) > 0.02}
    if stale:
        print(f"few_rows.MEASURED differs from what was measured: {stale}")
    if options.write:
        options.write.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
