"""Axes that hold days since 1970-01-01 and show dates."""

from __future__ import annotations

from typing import Any


def few_dates(axis: Any) -> None:
    """At most five dates on an axis of matplotlib, the short way."""
    from matplotlib import dates

    axis.axis_date()
    made: Any = dates  # its classes are not typed
    places = made.AutoDateLocator(minticks=2, maxticks=5)
    axis.set_major_locator(places)
    axis.set_major_formatter(made.ConciseDateFormatter(places))
