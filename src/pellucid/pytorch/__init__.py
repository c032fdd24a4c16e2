"""Your own PyTorch: any `nn.Module` in our loop, an eye on your own loop, and conversion both ways.

    fitted = pellucid.pytorch.fit(module, loss, optimizer, training_loader, validation_loader, epochs=20, patience=5)
    with pellucid.pytorch.watch(module, optimizer) as watcher:
        ...  # your own loop
    print(watcher)

Takes the extra `torch`. Every public name is fetched from its module at first use, PyTorch when a function runs.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

# Public name → the module that defines it.
_HOME = {
    "FittedModule": "fitted_module",
    "Watcher": "watching",
    "fit": "module_fit",
    "from_module": "module_reader",
    "load_checkpoint": "checkpoints",
    "save_checkpoint": "checkpoints",
    "to_module": "module_writer",
    "watch": "watching",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


if TYPE_CHECKING:
    from .checkpoints import load_checkpoint as load_checkpoint
    from .checkpoints import save_checkpoint as save_checkpoint
    from .fitted_module import FittedModule as FittedModule
    from .module_fit import fit as fit
    from .module_reader import from_module as from_module
    from .module_writer import to_module as to_module
    from .watching import Watcher as Watcher
    from .watching import watch as watch
