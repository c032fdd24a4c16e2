"""What scikit-learn's users look for in a trained network, read from our parameters and history."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.exceptions import NotFittedError

from .learned import read_only


class LearnedAttributes:
    """Read-only views of `parameters_`, `history_` and `training_` under scikit-learn's names.

    Before fit each raises `NotFittedError`, which is an AttributeError, so that `hasattr` says no.
    """

    @property
    def coefs_(self) -> list[np.ndarray]:
        """Weights per layer as scikit-learn lays them out, (inputs, outputs): the transpose of `parameters_`'."""
        parameters = self._learned("parameters_")
        return [read_only(parameters[name].T) for name in parameters if name.endswith("weight")]

    @property
    def intercepts_(self) -> list[np.ndarray]:
        """Biases per layer (outputs,)."""
        parameters = self._learned("parameters_")
        return [read_only(parameters[name]) for name in parameters if name.endswith("bias")]

    @property
    def loss_curve_(self) -> list[float]:
        """Training loss of every epoch."""
        losses: list[float] = self._learned("history_").training_loss.tolist()
        return losses

    @property
    def n_iter_(self) -> int:
        """Epochs that were trained; early stopping may keep an earlier one, `history_.kept_epoch`."""
        return len(self._learned("history_"))

    @property
    def out_activation_(self) -> str:
        """scikit-learn's name of the link: "identity", "logistic" or "softmax"."""
        link: str = self._learned("training_").the_loss.link
        return "logistic" if link == "sigmoid" else link

    def _learned(self, name: str) -> Any:
        if name not in self.__dict__:
            raise NotFittedError(f"this {type(self).__name__} is not fitted yet; call fit first")
        return self.__dict__[name]
