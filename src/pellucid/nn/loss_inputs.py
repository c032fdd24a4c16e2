"""A mistake of loops that are written by hand: probabilities where a loss asks for logits."""

from __future__ import annotations

import numpy as np

from ..records import Finding


def probabilities_as_logits(outputs: np.ndarray) -> Finding | None:
    """LOSS_INPUTS: numbers that go into a loss on logits but all lie inside (0, 1), as probabilities do.

    Networks of pellucid have no activation after their last layer, so our own loop cannot make this mistake; the check
    serves loops that are written by hand.
    """
    values = np.asarray(outputs)
    if not values.size or values.min() <= 0 or values.max() >= 1:
        return None
    return Finding(
        "LOSS_INPUTS",
        "warning",
        f"All {values.size} numbers given to a loss on logits lie in (0, 1): {values.min():.3g} to {values.max():.3g}",
        "They look like probabilities; a second sigmoid squeezes them into 0.5 to 0.73",
        "Pass the raw outputs, before sigmoid or softmax",
    )
