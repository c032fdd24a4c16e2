"""The page: what stands where, as plain texts and figures, put into the template."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

from ..data.profile_text import detected
from ..records import Finding
from ..version import __version__
from .answer_parts import answers_of
from .content import Content
from .curve_blocks import curve_blocks
from .figures import PageFigure, error_figures, history_figure, importance_figure, ladder_figure, slices_figure
from .page_parts import (
    card_rows,
    class_counts,
    class_scores_table,
    ladder_table,
    score_rows,
    sections_of,
    table_columns,
    tiles,
)
from .sentences import (
    columns_left_out_in_words,
    left_out_in_words,
    network_in_words,
    rows_in_words,
    subtitle,
    table_in_words,
    warnings_in_words,
    worth_in_words,
)

MOST_LINES = 200


def page_text(content: Content) -> str:
    """The page as HTML; the template escapes everything that comes from a table."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    room = Environment(
        loader=PackageLoader("pellucid.reporting", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style, *scripts = (_file(room, name) for name in ("style.css", "scores.js", "script.js"))
    script = "\n".join(scripts)
    text = room.get_template("page.html.j2").render(
        title=f"{content.target}: what the model is worth",
        page=page_of(content),
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
        version=__version__,
    )
    return re.sub(r"\n\s*\n+", "\n", text.strip()) + "\n"


def page_of(content: Content) -> dict[str, Any]:
    """What the template is given."""
    test, ladder, card = content.test, content.ladder, content.card
    aside = sorted(card.set_aside.items()) if card else []
    page: dict[str, Any] = {
        "kind": f"pellucid · {test.task}",
        "subtitle": subtitle(content),
        "tiles": tiles(content),
        "worth": worth_in_words(content),
        "verdict": ladder.verdict if ladder else (),
        "warnings": warnings_in_words(content.findings),
        "table_words": table_in_words(content),
        "columns": table_columns(content.columns, content.target, content.card),
        "columns_left_out": columns_left_out_in_words(content),
        "detected": cut([f"{name} was read as {how}" for name, how in detected(content.columns).items()]),
        "story": cut(list(content.story)),
        "aside": aside[:MOST_LINES],
        "ladder": ladder_table(ladder, ladder_figure(ladder)) if ladder else None,
        "network": network_in_words(content),
        "history": history_figure(content.history),
        "rows_words": rows_in_words(content),
        "scores": score_rows(content),
        "baseline_names": list(ladder.baselines) if ladder else [],
        "counts": class_counts(test.counts, bool(content.curves.classes)) if test.counts is not None else None,
        "classes": class_scores_table(test.classes),
        "answers": answers_of(content),
        "curves": _curves(content),
        "curves_left_out": _no_curves(content),
        "errors": _errors(content),
        "importance": importance_figure(content.details.importance),
        "slices": slices_figure(content.details.slices),
        "details_findings": _about_columns(content),
        "findings": content.findings,
        "card": card_rows(card) if card else None,
    }
    page["sections"] = sections_of(page)
    return page


def _curves(content: Content) -> list[dict[str, Any]]:
    chosen, counts = content.answers.threshold, content.test.counts
    return curve_blocks(content.curves, counts.labels if counts else (), chosen.costs if chosen else None)


def _about_columns(content: Content) -> tuple[Finding, ...]:
    """What importance found, such as columns that say the same; weak slices stand in words under their figure."""
    return content.details.importance.findings if content.details.importance else ()


def _errors(content: Content) -> tuple[PageFigure, ...]:
    errors = content.curves.errors
    if errors is None:
        return ()
    return error_figures(errors, content.target, content.answers.intervals, bool(content.test.date_unit))


def cut(lines: list[str]) -> list[str]:
    """At most 200 lines, and how many there are beyond."""
    more = left_out_in_words(len(lines) - MOST_LINES, "lines")
    return [*lines[:MOST_LINES], *([more] if more else [])]


def _no_curves(content: Content) -> str:
    names = content.curves.left_out
    if not names:
        return ""
    more = " and more" if len(names) > 30 else ""
    return f"Without curves, for their number or for want of rows: {', '.join(names[:30])}{more}."


def _file(room: Any, name: str) -> str:
    """A file of this folder, without what only its readers need."""
    text: str = room.loader.get_source(room, name)[0]
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _hash(text: str) -> str:
    """As a Content-Security-Policy names an inline script or style."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
