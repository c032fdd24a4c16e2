"""Which engine runs: by name, or by a stated rule."""

from __future__ import annotations

from ..errors import SpecError, nearest
from ..spec import NetworkSpec, TrainingSpec
from .compiled import CompiledEngine, only_reference_runs
from .contract import Engine
from .kernel_cache import available
from .reference import ReferenceEngine

ENGINES: dict[str, type[Engine]] = {"compiled": CompiledEngine, "reference": ReferenceEngine}


def check_engine_name(name: str) -> None:
    """Raise `SpecError` for a name that no engine has."""
    known = ("auto", *ENGINES)
    if name not in known:
        raise SpecError(f"no engine {name!r}{nearest(name, known)}")


def choose_engine(name: str, network: NetworkSpec, training: TrainingSpec) -> Engine:
    """The engine called `name`; "auto" takes the compiled one, and the reference engine for what only that can run:
    L-BFGS, and losses, activations and optimizers of your own.

    Without a working Numba the reference engine takes the place of the compiled one, and a warning is logged once.
    Raises `SpecError` for an unknown name, and for an engine that cannot run the specs.
    """
    check_engine_name(name)
    unknown = only_reference_runs(network, training)
    if name == "compiled" and unknown:
        raise SpecError(f'engine "compiled" cannot run {unknown}; engine="reference" can, and "auto" chooses it')
    if name == "reference" or unknown or not available():
        return ReferenceEngine()
    return CompiledEngine()
