"""Every figure: its numbers are those of the record, its texts are whole and apart, and nothing global changes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import matplotlib
import numpy as np
import pytest
from figure_texts import text_faults
from matplotlib.figure import Figure

from pellucid import metrics, plots
from pellucid.engines.contract import EpochRecord
from pellucid.errors import FileError, InputError
from pellucid.judging.comparison import compare_predictions
from pellucid.judging.importance import ColumnImportance, Importance
from pellucid.judging.scoring import Rung
from pellucid.judging.slices import Slice, Slices
from pellucid.judging.truth import Truth
from pellucid.records import Interval
from pellucid.training.history import History

THEMES = [plots.LIGHT, plots.DARK]


def some_history(epochs: int = 30, validated: bool = True) -> History:
    losses = 0.7 * 0.9 ** np.arange(epochs)
    records = [
        EpochRecord(k + 1, float(loss), float(loss) + 0.1 if validated else None, None, 0.1, 0.1, (), 0.01)
        for k, loss in enumerate(losses)
    ]
    return History(tuple(records), "finished", 0, epochs, "compiled")


def rung(name: str, kind: str, center: float) -> Rung:
    values = center + np.linspace(-0.02, 0.02, 5)
    return Rung(
        name,
        kind,
        (),
        {"log loss": values},
        {"log loss": Interval(center - 0.03, center + 0.03, 0.95, "t")},
        None,
        None,
        7,
    )


RUNGS = (
    rung("majority class", "constant", 0.66),
    rung("best single-column rule", "rule", 0.51),
    rung("logistic network", "network", 0.45),
    rung("boosted trees", "trees", 0.5),
)
RNG = np.random.default_rng(3)
TRUTH = RNG.random(300) < 0.4
CHANCE = np.clip(0.5 * TRUTH + 0.6 * RNG.random(300), 0, 1)
PRICES = np.exp(RNG.normal(12, 0.5, 400))
GUESSES = PRICES * RNG.normal(1, 0.1, 400)
INTERVAL = Interval(0.1, 0.3, 0.95, "t")
IMPORTANCE = Importance(
    "y",
    "log loss",
    0.5,
    200,
    "sealed rows",
    10,
    (
        ColumnImportance("a column with a name that is far too long to be shown", ("a",), 0.2, INTERVAL, 0.7),
        ColumnImportance("b", ("b",), -0.01, Interval(-0.02, 0.0, 0.95, "t"), 0.49),
        ColumnImportance("c", ("c",), 0.0, None, 0.5),
    ),
)
SLICES = Slices(
    "y",
    "log loss",
    "accuracy",
    0.8,
    200,
    "sealed rows",
    tuple(Slice("Age", f"= {k}", 20 + k, 0.5 + k / 40, INTERVAL, 0.9, 0.4, 0.01 * k, k < 2) for k in range(15)),
    "max-T",
    0,
)
COUNTS = metrics.confusion_counts(TRUTH, CHANCE >= 0.5)
LETTERS = metrics.confusion_counts(*(RNG.choice(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), 4000) for _ in range(2)))


@dataclass(frozen=True)
class Kind:
    """A figure and the same in words."""

    draw: Callable[..., Figure]
    words: Callable[..., str]
    record: Any
    more: tuple[Any, ...] = ()


COMPARED = compare_predictions(
    Truth("y", "classification", TRUTH.astype(int), ("no", "yes"), ""),
    *(np.stack([1 - chance, chance], axis=1) for chance in (CHANCE, RNG.random(300))),
)
KINDS = {
    "importance": Kind(plots.importance, plots.importance_in_words, IMPORTANCE),
    "slices": Kind(plots.slices, plots.slices_in_words, SLICES),
    "comparison": Kind(plots.comparison, plots.comparison_in_words, COMPARED),
    "history": Kind(plots.loss_curves, plots.loss_curves_in_words, some_history()),
    "history of one epoch": Kind(plots.loss_curves, plots.loss_curves_in_words, some_history(1, False)),
    "ladder": Kind(plots.ladder_steps, plots.ladder_steps_in_words, RUNGS, ("log loss",)),
    "roc": Kind(plots.roc, plots.roc_in_words, metrics.roc_curve(TRUTH, CHANCE, positive=True)),
    "precision": Kind(
        plots.precision_recall,
        plots.precision_recall_in_words,
        metrics.precision_recall_curve(TRUTH, CHANCE, positive=True),
    ),
    "thresholds": Kind(
        plots.threshold_scores, plots.threshold_scores_in_words, metrics.threshold_curve(TRUTH, CHANCE, positive=True)
    ),
    "calibration": Kind(
        plots.calibration, plots.calibration_in_words, metrics.calibration_curve(TRUTH, CHANCE, positive=True)
    ),
    "gains": Kind(plots.gains, plots.gains_in_words, metrics.cumulative_gains(TRUTH, CHANCE, positive=True)),
    "confusion": Kind(plots.confusion_matrix, plots.confusion_matrix_in_words, COUNTS),
    "confusion of 26": Kind(plots.confusion_matrix, plots.confusion_matrix_in_words, LETTERS),
    "predicted": Kind(
        plots.predicted_against_true, plots.predicted_against_true_in_words, metrics.bin_errors(PRICES, GUESSES)
    ),
    "residuals": Kind(plots.residuals, plots.residuals_in_words, metrics.bin_errors(PRICES, GUESSES)),
}


@pytest.mark.parametrize("theme", THEMES, ids=["light", "dark"])
@pytest.mark.parametrize("name", KINDS)
def test_no_text_is_cut_off_and_no_two_overlap(name, theme):
    kind = KINDS[name]
    figure = kind.draw(kind.record, *kind.more, theme=theme)
    assert isinstance(figure, Figure)
    assert text_faults(figure) == []
    (ax,) = figure.axes
    assert ax.get_title(loc="left")
    assert ax.get_xlabel()


@pytest.mark.parametrize("name", KINDS)
def test_words_are_sentences_and_give_figures(name):
    kind = KINDS[name]
    words = kind.words(kind.record, *kind.more)
    assert words[0].isupper()
    assert words.endswith(".")
    assert any(letter.isdigit() for letter in words)


def test_faults_of_texts_are_found():
    """The check itself: one text over the border, two on top of each other."""
    figure = Figure(figsize=(3, 2))
    figure.text(0.9, 0.5, "beyond the border")
    figure.text(0.1, 0.2, "one")
    figure.text(0.11, 0.21, "two")
    assert len(text_faults(figure)) == 2


def luminance(color: str) -> float:
    channels = np.array(matplotlib.colors.to_rgb(color))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("theme", THEMES, ids=["light", "dark"])
def test_text_and_lines_stand_out_from_the_page(theme):
    page = luminance(theme.page)
    for color in (theme.ink, theme.quiet, *theme.series):
        high, low = sorted((page, luminance(color)), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5, color


# Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color vision deficiency" (2009).
DEFICIENCIES = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}


@pytest.mark.parametrize("theme", THEMES, ids=["light", "dark"])
@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_the_two_first_colors_differ_for_every_eye(theme, deficiency):
    """More than two lines on the same axes differ in their dashes as well."""
    one, two = (np.array(matplotlib.colors.to_rgb(color)) for color in theme.series[:2])
    seen = np.array(DEFICIENCIES[deficiency])
    assert np.abs(seen @ one - seen @ two).max() > 0.2


def test_numbers_can_be_read_back():
    curve = KINDS["roc"].record
    line = plots.roc(curve).axes[0].lines[-1]
    assert (line.get_xdata() == curve.fpr).all()
    assert (line.get_ydata() == curve.recall).all()
    history = some_history()
    training, validation, _ = plots.loss_curves(history).axes[0].lines
    assert (training.get_ydata() == history.training_loss).all()
    assert (validation.get_ydata() == history.validation_loss).all()
    lines = [line for line in plots.importance(IMPORTANCE).axes[0].lines if line.get_marker() == "o"]
    assert [x for line in lines for x in line.get_xdata()] == [0.2, -0.01, 0.0]
    assert [line.get_label() for line in lines[3:]] == ["needed beyond chance", "no evidence"]
    told = [text.get_text() for text in plots.confusion_matrix(COUNTS).axes[0].texts]
    assert told == [str(count) for count in COUNTS.counts.ravel()]
    errors = KINDS["residuals"].record
    heights = [bar.get_height() for bar in plots.residuals(errors).axes[0].patches]
    assert heights == errors.error_rows.tolist()


def test_given_axes_are_drawn_on_and_settings_stay():
    before = dict(matplotlib.rcParams)
    figure = Figure(figsize=(9, 4))
    left, right = figure.subplots(1, 2)
    place = right.get_position().bounds
    assert plots.roc(KINDS["roc"].record, ax=right) is figure
    assert right.get_position().bounds == place
    assert right.lines
    assert not left.lines
    plots.svg_text(figure)
    assert dict(matplotlib.rcParams) == before


def test_no_figure_needs_pyplot():
    code = (
        "import sys; from pellucid import metrics, plots; "
        "plots.svg_text(plots.roc(metrics.roc_curve([0, 1], [0.2, 0.7]))); print('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_name_with_signs_is_text_not_a_formula():
    counts = metrics.confusion_counts(["$a$", "b<c", "$a$"], ["$a$", "b<c", "b<c"])
    text = plots.svg_text(plots.confusion_matrix(counts))
    assert ">$a$</text>" in text
    assert ">b&lt;c</text>" in text


def test_a_figure_is_written_as_svg_with_text_and_as_png(tmp_path):
    figure = plots.gains(KINDS["gains"].record)
    text = plots.write_figure(figure, tmp_path / "gains.svg").read_text("utf-8")
    assert ">Cumulative gains</text>" in text
    assert text == plots.svg_text(plots.gains(KINDS["gains"].record))
    assert plots.write_figure(figure, tmp_path / "gains.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(InputError, match=r"\.svg or \.png"):
        plots.write_figure(figure, tmp_path / "gains.gif")
    with pytest.raises(FileError):
        plots.write_figure(figure, tmp_path / "no" / "gains.svg")
