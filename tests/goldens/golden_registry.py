"""All computations in one mapping, by document and name."""

from __future__ import annotations

from collections import Counter

import golden_admissions_and_line
import golden_curve
import golden_eleven_networks
import golden_first_steps
import golden_linear_titanic
import golden_moons
import golden_sigmoid_and_layers
import golden_spiral
import golden_spiral_networks
import golden_titanic_scores
from golden_figures import Figures

_PARTS: tuple[Figures, ...] = (
    golden_curve.FIGURES,
    golden_linear_titanic.FIGURES,
    golden_eleven_networks.FIGURES,
    golden_titanic_scores.FIGURES,
    golden_first_steps.FIGURES,
    golden_sigmoid_and_layers.FIGURES,
    golden_admissions_and_line.FIGURES,
    golden_moons.FIGURES,
    golden_spiral.FIGURES,
    golden_spiral_networks.FIGURES,
)
COMPUTED: Figures = {key: one for part in _PARTS for key, one in part.items()}
# Figures that two files claim to compute.
TWICE = [key for key, count in Counter(key for part in _PARTS for key in part).items() if count > 1]
