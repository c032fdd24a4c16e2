"""The boundary of a model over the epochs of its training, as one page with a slider: no server, nothing loaded."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..errors import InputError
from ..explain.prediction_grid import PredictionGrid
from ..training.history import History
from ..version import __version__
from .class_colors import sureness
from .decision_boundaries import boundary_in_words, decision_fields, winners
from .shown_rows import ShownRows, axis_numbers, shown_rows
from .theme import DARK, LIGHT
from .wrong_record import expect

LEVELS = 60  # shades of a class; four classes of them fit into a byte
MOST_CLASSES = 4
FINE = 10  # places of the line in tenths of a cell


def epoch_player(
    grids: Mapping[int, PredictionGrid],
    rows: Mapping[str, Any] | None = None,
    *,
    history: History | None = None,
    title: str = "The boundary, epoch by epoch",
) -> str:
    """HTML of a page that plays the boundaries `grids`, epoch → `prediction_grid(…, parameters=recording.at(epoch))`.

    `rows` are named as for `boundaries`, the first drawn full, the others hollow; `history` tells the losses. A grid of
    60 × 60 points is plenty. The slider is moved by mouse, touch and keys, space plays; the page follows the light or
    dark of its reader. Raises `InputError` unless all grids show the same classes (at most four) on the same axes.
    """
    shown = _checked(grids)
    first = next(iter(shown.values()))
    columns = (first.first, first.second)
    some = {name: shown_rows(one, columns, first.outputs, numbers=False) for name, one in (rows or {}).items()}
    losses = {} if history is None else {one.epoch: one for one in history.epochs}
    frames = [
        {
            "epoch": epoch,
            "picture": _picture(grid),
            "lines": _lines(grid),
            "words": boundary_in_words(grid),
            "losses": _losses(losses.get(epoch)),
        }
        for epoch, grid in shown.items()
    ]
    x, y = axis_numbers(first.x), axis_numbers(first.y)
    told = {
        "frames": frames,
        "size": [len(x), len(y)],
        "levels": LEVELS,
        "fine": FINE,
        "rows": [_points(one, x, y) for one in some.values()],
    }
    return _page(title, first, list(some), told)


def _checked(grids: Mapping[int, PredictionGrid]) -> dict[int, PredictionGrid]:
    if not isinstance(grids, Mapping) or not grids:
        raise InputError("grids must be epoch → PredictionGrid, one at least")
    for grid in grids.values():
        expect(grid, PredictionGrid, "pellucid.prediction_grid")
    shown = dict(sorted(grids.items()))
    first = next(iter(shown.values()))
    if first.meaning != "probability" or not 2 <= len(first.outputs) <= MOST_CLASSES:
        raise InputError(f"the player shows 2 to {MOST_CLASSES} classes, got {first.meaning} of {first.outputs}")
    for epoch, grid in shown.items():
        same = grid.outputs == first.outputs and (grid.first, grid.second) == (first.first, first.second)
        if not same or not (np.array_equal(grid.x, first.x) and np.array_equal(grid.y, first.y)):
            raise InputError(f"the grid of epoch {epoch} has other classes or axes than the first one")
    return shown


def _picture(grid: PredictionGrid) -> str:
    """A gray PNG, base64: class · LEVELS + shade at each point, the first row on top the highest y."""
    from PIL import Image

    sure = np.nan_to_num(sureness(grid.values))
    codes = winners(grid) * LEVELS + np.rint(sure * (LEVELS - 1)).astype(int)
    file = io.BytesIO()
    Image.fromarray(codes[::-1].astype(np.uint8)).save(file, format="PNG", optimize=True)
    return base64.b64encode(file.getvalue()).decode("ascii")


def _lines(grid: PredictionGrid) -> list[list[int]]:
    """The lines where the answer changes, each x, y, x, y, … in cells · FINE from the lower left."""
    from contourpy import contour_generator

    found: list[list[int]] = []
    for field, level in decision_fields(grid):
        for line in contour_generator(z=field).lines(level):
            found.append(np.rint(np.asarray(line) * FINE).astype(int).ravel().tolist())
    return found


def _points(rows: ShownRows, x: np.ndarray, y: np.ndarray) -> list[list[float]]:
    """[share across, share up, class] of each row that lies on the grid."""
    across, up = ((cells - v[0]) / (v[-1] - v[0]) for cells, v in zip(rows.cells, (x, y)))
    inside = (across >= 0) & (across <= 1) & (up >= 0) & (up <= 1)
    places = np.column_stack([across.round(4), up.round(4), rows.answers])[inside]
    return [[a, b, int(c)] for a, b, c in places.tolist()]


def _losses(record: Any) -> str:
    if record is None:
        return ""
    valid = "" if record.validation_loss is None else f", validation loss {record.validation_loss:.4g}"
    return f"training loss {record.training_loss:.4g}{valid}"


def _page(title: str, grid: PredictionGrid, names: list[str], told: dict[str, Any]) -> str:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    room = Environment(
        loader=PackageLoader("pellucid.plots", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    loader = room.loader
    assert loader is not None
    style, script = (loader.get_source(room, f"player.{suffix}")[0] for suffix in ("css", "js"))
    colors = {name: [theme.page, theme.ink, *theme.series] for name, theme in (("light", LIGHT), ("dark", DARK))}
    data = json.dumps({**told, "colors": colors}, separators=(",", ":")).replace("<", "\\u003c")
    page: str = room.get_template("player.html.j2").render(
        title=title,
        first=grid.first,
        second=grid.second,
        ends=[_ends(grid.x), _ends(grid.y)],
        classes=grid.outputs,
        names=names,
        frames=told["frames"],
        data=data,
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
        version=__version__,
    )
    return page


def _ends(values: np.ndarray) -> list[str]:
    dates = values.dtype.kind == "M"
    return [str(v.astype("datetime64[D]")) if dates else f"{v:.3g}" for v in (values[0], values[-1])]


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
