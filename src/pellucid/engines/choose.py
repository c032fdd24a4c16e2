"""Which engine runs: by name, or by a stated rule."""

from __future__ import annotations

from ..errors import SpecError, nearest
from ..spec import NetworkSpec, TrainingSpec
from .contract import Engine
from .reference import ReferenceEngine

ENGINES = {"reference": ReferenceEngine}


def choose_engine(name: str, network: NetworkSpec, training: TrainingSpec) -> Engine:
    """The engine called `name`; "auto" takes the fastest installed one that can run both specs.

    Today that is the reference engine, which can run everything. Raises `SpecError` for an unknown name.
    """
    if name == "auto":
        return ReferenceEngine()
    if name not in ENGINES:
        raise SpecError(f"no engine {name!r}{nearest(name, ['auto', *ENGINES])}")
    return ENGINES[name]()
