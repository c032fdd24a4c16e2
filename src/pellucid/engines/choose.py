"""Which engine runs: by name, or by a stated rule."""

from __future__ import annotations

from ..errors import SpecError, nearest
from ..spec import NetworkSpec, TrainingSpec
from .compiled import CompiledEngine, only_reference_runs
from .contract import Engine
from .kernel_cache import available
from .reference import ReferenceEngine
from .torch import TorchEngine
from .torch_extra import find_device, import_torch

ENGINES: dict[str, type[Engine]] = {"compiled": CompiledEngine, "reference": ReferenceEngine, "torch": TorchEngine}


def check_engine_name(name: str) -> None:
    """Raise `SpecError` for a name that no engine has, `MissingExtraError` for "torch" without PyTorch.

    "torch" may be followed by a device: "torch:cpu", "torch:cuda:1", "torch:mps".
    """
    known = ("auto", *ENGINES)
    kind, _, device = str(name).partition(":")
    if kind == "torch":
        import_torch('engine "torch"')
        find_device(device)
    elif name not in known:
        raise SpecError(f"no engine {name!r}{nearest(name, known)}")


def choose_engine(name: str, network: NetworkSpec, training: TrainingSpec) -> Engine:
    """The engine called `name`; "auto" takes the compiled one, and the reference engine for what only that can run:
    L-BFGS, and losses, activations and optimizers of your own. "torch" takes a GPU where there is one, "torch:cpu",
    "torch:cuda:1" and "torch:mps" name the device.

    Without a working Numba the reference engine takes the place of the compiled one, and a warning is logged once.
    Raises `SpecError` for an unknown name, and for an engine that cannot run the specs; `MissingExtraError` for
    "torch" without PyTorch.
    """
    check_engine_name(name)
    kind, _, device = str(name).partition(":")
    unknown = only_reference_runs(network, training)
    if kind in ("compiled", "torch") and unknown:
        raise SpecError(f'engine "{kind}" cannot run {unknown}; engine="reference" can, and "auto" chooses it')
    if kind == "torch":
        return TorchEngine(device, training.dtype)
    if kind == "reference" or unknown or not available():
        return ReferenceEngine()
    return CompiledEngine()
