"""Figures as files and as parts of a page, with text that stays text."""

from __future__ import annotations

import io
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputError
from ..files import write_bytes
from .wrong_record import expect

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SUFFIXES = (".svg", ".png")
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


def svg_text(figure: Figure) -> str:
    """The figure as SVG, the same text for the same figure: no date, no random names, letters as text."""
    _expect_figure(figure)
    from matplotlib import rc_context

    file = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "pellucid", "path.simplify": False}):
        figure.savefig(file, format="svg", metadata=_NO_METADATA, facecolor=figure.get_facecolor())
    return file.getvalue()


def write_figure(figure: Figure, path: str | PathLike[str], *, dots_per_inch: float = 200) -> Path:
    """Write a figure as .svg or .png, whole or not at all; raises `InputError` for another suffix, `FileError` when
    the file cannot be written."""
    _expect_figure(figure)
    suffix = Path(path).suffix.lower()
    if suffix == ".svg":
        return write_bytes(path, svg_text(figure).encode("utf-8"))
    if suffix != ".png":
        raise InputError(f"figures are written as {' or '.join(SUFFIXES)}; got {str(path)!r}")
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=dots_per_inch, facecolor=figure.get_facecolor())
    return write_bytes(path, file.getvalue())


def _expect_figure(figure: object) -> None:
    from matplotlib.figure import Figure

    expect(figure, Figure, "every picture of pellucid.plots")
