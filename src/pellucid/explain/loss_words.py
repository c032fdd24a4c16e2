"""Each loss in words: what it takes the mean of, and how that moves with a raw output z. P is the link of z."""

from __future__ import annotations

from typing import Any

from ..nn.losses import Loss

# Name → slope of a row's loss at one of its raw outputs; a mean over several outputs divides it by their count.
SLOPES = {
    "mae": "sign(z - y)",
    "mse": "2 (z - y)",
    "huber": "z - y, held within ±delta",
    "bce": "P - y, with P = 1 / (1 + e^-z)",
    "sigmoid_mae": "sign(P - y) × P (1 - P)",
    "sigmoid_bce": "(P - y) / (P (1 - P)) × P (1 - P)",
    "softmax_cross_entropy": "P - y, with P = e^z / Σ e^z and y = 1 for the true class, else 0",
}


def plain_formula(loss: dict[str, Any]) -> str:
    """The formula of a cross-entropy (a loss's `to_dict`) without settings that change nothing; "" for any other."""
    if loss["name"] == "softmax_cross_entropy" and loss["class_weights"] is None and not loss["label_smoothing"]:
        return "-Σ y ln P"
    return "y ln(1 + e^-z) + (1 - y) ln(1 + e^z)" if loss["name"] == "bce" and loss["pos_weight"] == 1 else ""


def slope_words(loss: Loss, outputs: int) -> str:
    """How the loss of one row moves with one raw output."""
    words = SLOPES.get(loss.name, f"the slope of {loss.name}")
    if loss.name == "bce" and getattr(loss, "pos_weight", 1.0) != 1.0:
        words = "(1 - y) P - pos_weight × y (1 - P), with P = 1 / (1 + e^-z)"
    if getattr(loss, "label_smoothing", 0.0) or getattr(loss, "class_weights", None) is not None:
        words = "P - y, with y smoothed and the row weighed by its class as the loss says"
    shared = outputs > 1 and loss.name != "softmax_cross_entropy"
    return f"({words}) / {outputs}, the mean over outputs" if shared else words
