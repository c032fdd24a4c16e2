"""A module and its optimizer as one safe file: numbers and JSON, never pickle."""

from __future__ import annotations

import json
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..engines.torch_extra import import_torch
from ..errors import FileError, ModelFileError, ShapeError, SpecError
from ..files import write_bytes
from ..training.history import History

if TYPE_CHECKING:
    from torch.nn import Module
    from torch.optim import Optimizer

SCHEMA = 1


def save_checkpoint(
    path: str | PathLike[str],
    module: Module,
    optimizer: Optimizer | None = None,
    history: History | None = None,
    *,
    overwrite: bool = False,
) -> Path:
    """Write the module's state, and where given the optimizer's and a history, to a safetensors file in one move.

    Raises `SpecError` for a state that is not made of tensors and plain values, such as that of PyTorch's LBFGS;
    `FileError` where the file cannot be written or exists already and `overwrite` is False.
    """
    import_torch("save_checkpoint")
    from safetensors.torch import save

    tensors: dict[str, Any] = {}
    for name, value in module.state_dict().items():
        tensors[f"module.{name}"] = _stored(f"the module's {name}", value)
    description: dict[str, Any] = {"schema": SCHEMA, "history": None if history is None else history.to_dict()}
    if optimizer is not None:
        state = optimizer.state_dict()
        plain: dict[str, dict[str, Any]] = {}
        for number, parts in state["state"].items():
            plain[str(number)] = {}
            for name, value in parts.items():
                if hasattr(value, "detach"):
                    tensors[f"optimizer.{number}.{name}"] = _stored(f"the optimizer's {name}", value)
                else:
                    plain[str(number)][name] = _plain(f"the optimizer's {name}", value)
        groups = [
            {k: _plain(f"the optimizer's {k}", _number(v)) for k, v in group.items()} for group in state["param_groups"]
        ]
        description["optimizer"] = {"plain": plain, "groups": groups}
        description["optimizer"] |= {"class": type(optimizer).__name__, "shapes": _shapes(optimizer)}
    text = json.dumps(description, sort_keys=True, allow_nan=False)
    return write_bytes(path, save(tensors, metadata={"pellucid_checkpoint": text}), overwrite=overwrite)


def load_checkpoint(path: str | PathLike[str], module: Module, optimizer: Optimizer | None = None) -> History | None:
    """Put a saved state back into `module` and `optimizer`; gives the history that was saved with them.

    Runs no code of the file. Nothing is changed where it does not fit. Raises `FileError` where there is no such file,
    `ModelFileError` where it is damaged or of another kind, `ShapeError` where module or optimizer are not those that
    were saved.
    """
    import_torch("load_checkpoint")
    description, tensors = _read(Path(path))
    saved = {name.removeprefix("module."): value for name, value in tensors.items() if name.startswith("module.")}
    _check_fit(saved, module.state_dict())
    if optimizer is not None:
        optimizer.load_state_dict(_optimizer_state(description.get("optimizer"), tensors, optimizer))
    module.load_state_dict(saved)
    history = description.get("history")
    return None if history is None else History.from_dict(history)


def _read(source: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    from safetensors import safe_open

    if not source.is_file():
        raise FileError(f"there is no checkpoint {source}")
    try:
        with safe_open(source, framework="pt") as file:
            text = (file.metadata() or {}).get("pellucid_checkpoint")
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        description = None if text is None else json.loads(text)
    except Exception as error:  # whatever goes wrong is the doing of the file
        raise ModelFileError(f"{source} is no whole checkpoint: {error}; take a fresh copy") from None
    if not isinstance(description, dict):
        raise ModelFileError(f"{source} holds tensors, but was not written by save_checkpoint")
    if description.get("schema") != SCHEMA:
        raise ModelFileError(f"{source} has schema {description.get('schema')}, this version reads {SCHEMA}")
    return description, tensors


def _check_fit(saved: Mapping[str, Any], own: Mapping[str, Any]) -> None:
    """Raise `ShapeError` where names or shapes differ."""
    missing, extra = sorted(set(own) - set(saved)), sorted(set(saved) - set(own))
    if missing or extra:
        raise ShapeError(
            f"the checkpoint is of another module: it lacks {', '.join(missing[:3]) or 'nothing'} "
            f"and has {', '.join(extra[:3]) or 'nothing'} besides"
        )
    for name, value in own.items():
        if saved[name].shape != value.shape:
            raise ShapeError(
                f"{name} is {tuple(value.shape)} in the module, {tuple(saved[name].shape)} in the checkpoint"
            )


def _optimizer_state(saved: Any, tensors: Mapping[str, Any], optimizer: Optimizer) -> dict[str, Any]:
    """The optimizer's state_dict; raises `ShapeError` where it is of other parameters."""
    if saved is None:
        raise ShapeError("the checkpoint was saved without an optimizer; load it without one")
    sizes = [len(group["params"]) for group in optimizer.param_groups]
    if [len(group["params"]) for group in saved["groups"]] != sizes:
        raise ShapeError(f"the checkpoint is of an optimizer of other parameters; this one has groups of {sizes}")
    _check_optimizer(saved, optimizer)
    state: dict[int, dict[str, Any]] = {int(number): dict(parts) for number, parts in saved["plain"].items()}
    for name, value in tensors.items():
        if name.startswith("optimizer."):
            _, number, part = name.split(".", 2)
            state[int(number)][part] = value
    return {"state": state, "param_groups": saved["groups"]}


def _check_optimizer(saved: Mapping[str, Any], optimizer: Optimizer) -> None:
    """Raise `ShapeError` where the state is of another class, or of parameters of other shapes."""
    own, theirs = type(optimizer).__name__, saved.get("class")
    if theirs != own:
        raise ShapeError(f"the checkpoint is of another optimizer, {theirs}; this one is {own}")
    for number, (wanted, shape) in enumerate(zip(_shapes(optimizer), saved["shapes"], strict=True)):
        if wanted != shape:
            raise ShapeError(
                f"parameter {number} of the optimizer is {tuple(wanted)}, in the checkpoint {tuple(shape)}; "
                "make the optimizer from the parameters that were saved, in their order"
            )


def _shapes(optimizer: Optimizer) -> list[list[int]]:
    """The shapes of all parameters, group after group."""
    return [list(p.shape) for group in optimizer.param_groups for p in group["params"]]


def _stored(what: str, value: Any) -> Any:
    """A copy on the processor that shares no memory, as the file wants it."""
    if not hasattr(value, "detach"):
        raise SpecError(f"{what} is no tensor but {type(value).__name__}, which a safe file cannot hold")
    return value.detach().cpu().clone().contiguous()


def _number(value: Any) -> Any:
    """A rate that is a tensor as a number, other values as they are."""
    return value.item() if hasattr(value, "detach") and value.numel() == 1 else value


def _plain(what: str, value: Any) -> Any:
    """A value that JSON can hold."""
    if isinstance(value, (list, tuple)):
        return [_plain(what, one) for one in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise SpecError(f"{what} is {type(value).__name__}, which a safe file cannot hold; save without the optimizer")
