"""A loss surface in three dimensions that can be turned: a figure of the library Plotly, an optional extra."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import InputError, MissingExtraError
from ..explain.loss_surface import LossSurface
from .loss_contours import with_gaps
from .surface_cuts import SurfaceCut
from .theme import LIGHT, Theme, check_theme
from .wrong_record import expect

LIFT = 0.01  # of the height: lines lie on the surface, not in it


def turned_surface(surface: LossSurface, cut: SurfaceCut | None = None, *, theme: Theme = LIGHT) -> Any:
    """A `plotly.graph_objects.Figure` of the `surface`, with the descent where it has one, and with the `cut` of
    `cut_surface` as a line on it and a mark that says which way is down.

    Raises `MissingExtraError` without Plotly, `InputError` for a cut of another surface. Lesson line 3.
    """
    surface = with_gaps(surface)
    check_theme(theme)
    if cut is not None:
        expect(cut, SurfaceCut, "plots.cut_surface")
        if (cut.name, cut.fixed) != (surface.first, surface.second):
            raise InputError(f"the cut is along {cut.name}, but the surface is over {surface.first}")
    try:
        import plotly.graph_objects as go
    except ImportError:
        raise MissingExtraError(
            "a surface that can be turned needs the package plotly; install it with: pip install 'pellucid[lessons]'"
        ) from None
    lift = LIFT * float(np.nanmax(surface.loss) - np.nanmin(surface.loss))
    scale = [[0.0, theme.page], [0.15, theme.grid], [1.0, theme.series[0]]]
    parts = [
        go.Surface(x=surface.x, y=surface.y, z=surface.loss, colorscale=scale, showscale=False, name=surface.loss_name)
    ]
    if surface.path is not None:
        heights = surface.path.loss + lift
        parts.append(_line(go, surface.path.x, surface.path.y, heights, theme.series[1], "descent", "lines+markers"))
    if cut is not None:
        held = np.full(len(cut.x), cut.fixed_at)
        parts.append(_line(go, cut.x, held, cut.loss + lift, theme.series[2], f"{cut.fixed} = {cut.fixed_at:.4g}"))
        parts.append(_mark(go, cut, lift, theme))
    figure = go.Figure(data=parts)
    axes = {"color": theme.quiet, "gridcolor": theme.grid, "backgroundcolor": theme.page}
    scene = {"xaxis": {"title": {"text": surface.first}, **axes}, "yaxis": {"title": {"text": surface.second}, **axes}}
    scene["zaxis"] = {"title": {"text": surface.loss_name}, **axes}
    figure.update_layout(
        title={"text": f"{surface.loss_name} over {surface.first} and {surface.second}"},
        scene=scene,
        paper_bgcolor=theme.page,
        font={"color": theme.ink},
        legend={"orientation": "h"},
        margin={"l": 10, "r": 10, "t": 50, "b": 10},
    )
    return figure


def _line(go: Any, x: np.ndarray, y: np.ndarray, z: np.ndarray, color: str, name: str, mode: str = "lines") -> Any:
    return go.Scatter3d(
        x=x, y=y, z=z, mode=mode, line={"color": color, "width": 6}, marker={"color": color, "size": 2.5}, name=name
    )


def _mark(go: Any, cut: SurfaceCut, lift: float, theme: Theme) -> Any:
    told = f"{cut.words[:1].upper()}{cut.words[1:]}"
    return go.Scatter3d(
        x=[cut.place],
        y=[cut.fixed_at],
        z=[cut.height + 2 * lift],
        mode="markers+text",
        marker={"color": theme.series[1], "size": 7},
        text=[told],
        textposition="top center",
        textfont={"color": theme.ink},
        name="which way is down",
    )
