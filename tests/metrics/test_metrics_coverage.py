"""The coverage that scores with few rows tell is that of docs/coverage.md, and the page covers where it must."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from pellucid import metrics
from pellucid.metrics.few_rows import MEASURED

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "coverage.md").read_text(encoding="utf-8")


def test_what_is_told_was_measured() -> None:
    lowest = dict(re.findall(r"^\| ([^|]+) \| ([\d.]+) \|$", PAGE, flags=re.MULTILINE))
    for name, share in MEASURED.items():
        assert share == pytest.approx(float(lowest[name]) / 100, abs=0.006), name


def test_scores_of_two_classes_cover_with_ten_rows_of_each() -> None:
    first = PAGE.split("## ")[1].split("| three classes")[0]
    cells = [cell for line in first.splitlines() if line.startswith("| ") for cell in line.split("|")[2:-1]]
    figures = [float(cell.strip(" *")) for cell in cells if re.fullmatch(r" \**[\d.]+\** ", cell)]
    assert len(figures) > 300
    assert min(figures) >= 92


def test_simulated_here_for_the_hardest_setting() -> None:
    """200 rows, 5 % positive: a few hundred samples, against the scores of a large one."""

    def draw(rng: np.random.Generator, rows: int) -> tuple[np.ndarray, np.ndarray]:
        truth = rng.random(rows) < 0.05
        return truth.astype(int), 1 / (1 + np.exp(-(1.2 * (rng.normal(size=rows) + 1.2 * truth) - 3.66)))

    rng = np.random.default_rng(2)
    true = {score.name: score.value for score in metrics.score_classes(*draw(rng, 400_000))}
    hits: dict[str, list[bool]] = {}
    for seed in range(150):
        for score in metrics.score_classes(*draw(rng, 200), draws=200, seed=seed):
            if score.interval is not None:
                hits.setdefault(score.name, []).append(score.interval.low <= true[score.name] <= score.interval.high)
    shares = {name: np.mean(found) for name, found in hits.items()}
    for name in ("log loss", "log loss skill", "Brier score", "Brier skill", "ROC AUC", "average precision"):
        assert shares[name] >= 0.86, shares  # three standard errors of 150 samples below 0.92
