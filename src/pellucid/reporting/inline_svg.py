"""Figures as parts of a page: colors become classes, so that one drawing serves light and dark, and no style stands
in an attribute, which the page's own policy forbids."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..plots.svg import svg_text
from ..plots.theme import LIGHT, POINTS_AN_INCH

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_COLORS = LIGHT.tokens()
_KEPT = {
    "stroke-width",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-opacity",
    "stroke-linecap",
    "stroke-linejoin",
    "fill-opacity",
    "opacity",
    "font-size",
    "font-weight",
    "text-anchor",
}
_DEFAULTS = {("stroke-linejoin", "miter"), ("stroke-dashoffset", "0"), ("text-anchor", "start")}


def inline_svg(figure: Figure, name: str) -> str:
    """The figure as an `<svg>` element for a page, its ids beginning with `name`."""
    text = svg_text(figure)
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.S)
    text = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>\s*", "", text, flags=re.S)
    text = re.sub(r'style="([^"]*)"', lambda found: _attributes(found[1]), text)
    text = re.sub(r'\sid="([^"]+)"', lambda found: f' id="{name}-{found[1]}"' if found[1][0] in "mpC" else "", text)
    text = text.replace('xlink:href="#', f'href="#{name}-').replace("url(#", f"url(#{name}-")
    text = re.sub(r' transform="rotate\(-0 [^"]*\)"', "", text)
    text = re.sub(r"<[^>]*>", lambda tag: re.sub(r"(\d\.\d\d)\d+", r"\1", tag[0]), text)
    text = re.sub(r"\s*\n\s*", "\n", text)
    width, height = figure.get_size_inches() * POINTS_AN_INCH
    head = f'<svg viewBox="0 0 {width:.0f} {height:.0f}" class="figure" role="img" aria-labelledby="{name}-caption">'
    return head + text[text.index(">") + 1 :].rstrip()


def frame_of(figure: Figure) -> str:
    """Where the data stand in the SVG, as the script reads it: left, bottom, right, top, and the limits of x and y."""
    width, height = figure.get_size_inches() * POINTS_AN_INCH
    (ax,) = figure.axes
    box = ax.get_position()
    places = (box.x0 * width, (1 - box.y0) * height, box.x1 * width, (1 - box.y1) * height)
    return " ".join(f"{value:.6g}" for value in (*places, *ax.get_xlim(), *ax.get_ylim()))


def _attributes(style: str) -> str:
    """`fill: #0a5ea8; stroke-width: 2` as `class="fill-one" stroke-width="2"`."""
    classes, kept = [], []
    for part in style.split(";"):
        name, _, value = (piece.strip() for piece in part.partition(":"))
        if name in ("fill", "stroke"):
            classes.append(f"{name}-{_COLORS.get(value, 'none' if value == 'none' else 'ink')}")
        elif name == "font":
            size = re.search(r"([\d.]+)px", value)
            kept += [f'font-size="{size[1]}"'] if size else []
            kept += ['font-weight="600"'] if re.search(r"\b(bold|700)\b", value) else []
        elif name in _KEPT and (name, value) not in _DEFAULTS:
            kept.append(f'{name}="{value.removesuffix("px")}"')
    return " ".join([*([f'class="{" ".join(classes)}"'] if classes else []), *kept])
