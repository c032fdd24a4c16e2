"""Nothing is made for the printed runs: other seeds, widths, rates and losses agree with the textbook as well."""

from __future__ import annotations

import numpy as np
import pytest
from golden_files import ABSENT
from golden_titanic import Rows, descend, four, start, twelve

from pellucid import NetworkSpec, nn

pytestmark = pytest.mark.skipif(bool(ABSENT), reason=ABSENT)


def by_hand(rows: Rows, parameters: nn.Parameters, loss: nn.Loss, rate: float, epochs: int) -> list[float]:
    """The loss before every step over all rows."""
    losses = []
    for _ in range(epochs):
        Z, tape = nn.network_forward(rows.X, parameters, [nn.relu] * (nn.layer_count(parameters) - 1))
        value, seen = nn.loss_forward(loss, Z, rows.y[:, None])
        gradients = nn.network_backward(nn.loss_backward(seen), tape)
        parameters = {name: W - rate * gradients[name] for name, W in parameters.items()}
        losses.append(value)
    return losses


@pytest.mark.parametrize(
    ("hidden", "seed", "loss", "rate"),
    [
        ((7,), 442, nn.SigmoidBCE(), 0.7),
        ((13, 3), 42, nn.BCE(pos_weight=2.0), 0.2),
        ((), 442, nn.MAE(), 0.05),
        ((4, 4, 4), 42, nn.SigmoidMAE(), 3.0),
    ],
)
def test_a_run_that_no_document_made(hidden: tuple[int, ...], seed: int, loss: nn.Loss, rate: float) -> None:
    for rows in (four(), twelve()):
        inputs = rows.X.shape[1]
        network = NetworkSpec(inputs, hidden, bias=False)
        initial = start((inputs, *hidden, 1), seed)
        fitted = descend(rows, network, initial, loss, rate, 25)
        np.testing.assert_allclose(fitted.history.training_loss, by_hand(rows, initial, loss, rate, 25), rtol=1e-9)
