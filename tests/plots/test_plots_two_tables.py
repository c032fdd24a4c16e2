"""Every picture is drawn of two tables, can be read in both themes, and tells which lines of the lectures it draws."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import drawings_of_documents
import numpy as np
import pytest
from drawings_of_documents import DRAWINGS, past
from figure_texts import contrast_faults, text_faults
from tables_of_documents import NAMES, drawable

import pellucid
from pellucid import plots

THEMES = dict(zip(NAMES, (plots.LIGHT, plots.DARK)))
NO_PICTURES = {"write_figure", "svg_text"}
WITHOUT = {21}  # tensors and devices: nothing to draw


@pytest.mark.parametrize("table", NAMES)
@pytest.mark.parametrize("name", DRAWINGS)
def test_every_figure_can_be_read_on_both_tables_one_light_one_dark(name, table):
    figure, words = DRAWINGS[name](drawable(table), THEMES[table])
    assert text_faults(figure) == []
    assert contrast_faults(figure) == []
    assert all(ax.get_title(loc="left") for ax in figure.axes if ax.axison)
    assert not words[0].islower()
    assert words.endswith(".")
    assert any(letter.isdigit() for letter in words)
    assert re.search(r"\b1 (rows|epochs|units|points|parameters|bins|thresholds)\b", words) is None


@pytest.mark.parametrize("table", NAMES)
def test_the_player_turned_surface_and_graph_are_made_of_both_tables(table):
    fitted, X, y = past(drawable(table))
    grids = {
        epoch: pellucid.prediction_grid(fitted, "x0", "x1", X, size=20, parameters=fitted.recording.at(epoch))
        for epoch in (0, 6)
    }
    page = plots.epoch_player(grids, {"rows": (X, y.astype(int))}, history=fitted.history)
    assert page.count('"epoch":') == 2
    layout = plots.lay_out_network(drawable(table).model)
    assert len(pytest.importorskip("networkx").Graph(plots.to_networkx(layout))) == len(layout.nodes)
    pytest.importorskip("plotly")
    surface = pellucid.loss_surface(fitted, X, y, ["layers.0.weight[0, 0]", "layers.0.bias[0]"], size=9)
    turned = plots.turned_surface(surface, plots.cut_surface(surface))
    assert np.asarray(turned.data[0].z).tolist() == surface.loss.tolist()


def used() -> set[str]:
    """The names that the drawings and this file call."""
    texts = [Path(__file__).read_text("utf-8"), inspect.getsource(drawings_of_documents)]
    return {name for text in texts for name in re.findall(r"\bplots\.([a-z]\w+)\(", text)}


def test_no_public_picture_is_missing():
    assert {name for name in plots.__all__ if name.islower()} - NO_PICTURES == used()


def test_every_line_of_the_lectures_that_can_be_drawn_stands_in_a_docstring():
    told = [re.findall(r"Lesson lines? ([\d, ]+)", inspect.getdoc(getattr(plots, name)) or "") for name in used()]
    assert {int(line) for lines in told for some in lines for line in some.split(",")} == set(range(1, 36)) - WITHOUT


@pytest.mark.parametrize("name", NAMES)
def test_bars_stand_at_the_levels(name):
    one = drawable(name)
    (ax,) = DRAWINGS["bars"](one, plots.LIGHT)[0].axes
    assert len(ax.patches) == len(set(one.table[one.levels].values))
