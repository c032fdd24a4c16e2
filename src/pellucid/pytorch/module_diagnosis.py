"""What a module's run should tell its owner: the findings of our own runs, as far as a module lets them be seen."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..records import Finding
from ..training.base_rate import base_loss
from ..training.diagnosis import DIVERGED_RATIO, dead_units, no_progress, one_class, oscillation
from ..training.history import History
from .loss_counterparts import Judged, counterpart
from .module_loop import Parts, TrainedEpoch

PATIENCE_WITHOUT_ROWS = Finding(
    "NO_EFFECT",
    "information",
    "patience was given without validation rows, so nothing could stop early",
    "A setting without effect is often a mistake",
    "Pass validation=, or leave patience out",
)


def diagnose_module(
    parts: Parts, history: History, last: TrainedEpoch | None, seen: Judged | None, targets: list[np.ndarray]
) -> tuple[Finding, ...]:
    """All findings of a run that ended with finite numbers.

    `seen` are outputs and targets of the validation rows after the last epoch, `targets` those of the training rows;
    where our losses have no counterpart the findings that need one are left out.
    """
    if last is None:
        return ()
    found: list[Finding | None] = [
        *parts.calls.findings(),
        diverged(history),
        oscillation(history, noisy=last.steps > 1),
        dead_units(history, last.relu_units),
    ]
    if seen is not None:
        found.append(one_class(seen.loss, seen.Z, seen.Y))
    Y, ours = _columns(targets), counterpart(parts.loss)
    if ours is not None and seen is not None and Y is not None:
        found.append(no_progress(history, lambda: base_loss(ours, Y, seen.Z.shape[1])))
    return tuple(finding for finding in found if finding is not None)


def diverged(history: History) -> Finding | None:
    """DIVERGED: the loss ends above 10 times its start."""
    losses = history.training_loss
    if not losses[-1] > DIVERGED_RATIO * losses[0] > 0:
        return None
    return Finding(
        "DIVERGED",
        "warning",
        f"The training loss went from {losses[0]:.4g} to {losses[-1]:.4g}",
        "The steps overshoot: every step lands higher on the loss surface than it began",
        "Lower the learning rate of the optimizer, or give clip_norm",
    )


def non_finite_step(epoch: int, done: TrainedEpoch, rate: float, strange: Mapping[tuple[str, int], str]) -> Finding:
    """NON_FINITE: the first loss that is not finite. `strange` are batches that were not finite themselves."""
    where = f"step {done.bad_step} of {done.steps}" if done.bad_step else "the validation rows"
    loaders = {what: names for (what, number), names in strange.items() if number == done.bad_step or not done.bad_step}
    what = "training" if done.bad_step else "validation"
    if what in loaders:
        return Finding(
            "NON_FINITE",
            "error",
            f"Training stopped at epoch {epoch}, {where}: the loss is no longer finite, and {loaders[what]} of the "
            f"{what} loader holds NaN or infinite numbers there",
            "NaN in one row makes the loss of its batch NaN, and after one step every weight",
            "Fill such numbers or leave their rows out; no learning rate helps",
        )
    return Finding(
        "NON_FINITE",
        "error",
        f"Training stopped at epoch {epoch}, {where}: the loss is no longer finite (learning rate {rate:g})",
        "NaN compares as false, so scores of such a module look like those of the majority class",
        f"Try a learning rate of {rate / 4:.3g}, or clip_norm=1.0; look at the scale of X and y",
    )


def _columns(targets: list[np.ndarray]) -> np.ndarray | None:
    """Targets of all training rows as our losses take them: (rows, outputs), or whole class codes (rows,)."""
    if len({part.shape[1:] for part in targets}) != 1:
        return None
    Y = np.concatenate(targets)
    if Y.dtype.kind in "iu":
        return Y if Y.ndim == 1 else None
    return Y.reshape(len(Y), -1).astype(np.float64)
