"""marimo's server, with what the lessons import and compile fetched while the browser still loads the page.

`python -m pellucid.lessons.serving run FILE …` is `python -m marimo run FILE …` with a first picture that comes sooner.
"""

from __future__ import annotations

import importlib
import sys
import threading

# What takes long to import, in the order in which the lessons do. Not plotly: marimo shows its figures only when a
# notebook is what imports it first.
HEAVY = ("numpy", "matplotlib.figure", "matplotlib.backends.backend_agg", "pellucid.plots")


def main() -> None:
    """Serve until stopped; the arguments are marimo's."""
    threading.Thread(target=warm_up, daemon=True).start()
    from marimo._cli.cli import main as marimo

    sys.argv[0] = "marimo"
    marimo(prog_name="marimo")


def warm_up() -> None:
    """Import what the lessons need and train a network of one weight, so that the engine is read from its cache."""
    for name in HEAVY:
        importlib.import_module(name)
    from ..spec import NetworkSpec, TrainingSpec
    from ..training.fit_network import fit_network

    fit_network([[0.0], [1.0]], [0, 1], NetworkSpec(1), TrainingSpec("bce", epochs=1))
    importlib.import_module("pellucid.explain.gradients")


if __name__ == "__main__":
    main()
