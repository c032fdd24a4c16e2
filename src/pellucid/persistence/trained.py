"""What a model file tells of its training, without the estimator, whose libraries are slow to load."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from typing import Any

import numpy as np

from ..spec import NetworkSpec
from ..training.history import History
from .conformity import conforming_record
from .reading import read_model
from .rebuild_learned import rebuild_learned


@dataclass(frozen=True, eq=False)
class Trained:
    """The network and how it was trained, under the names that the estimator has for them."""

    network_: NetworkSpec
    history_: History


def trained(path: str | PathLike[str]) -> Trained:
    """Of a `.pellucid` file or the folder of `pellucid train`; checks the file as `load` does, and raises so."""
    return read_model(path, _trained)


def _trained(description: dict[str, Any], arrays: dict[str, np.ndarray]) -> Trained:
    network = rebuild_learned(description, arrays).network
    return Trained(network, conforming_record(History, description["history"]))
