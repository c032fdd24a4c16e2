"""What was typed wrongly, said in plain words."""

from __future__ import annotations

from typing import Any

import typer
from typer.exceptions import TyperException

from ..errors import nearest
from .commands import as_typed


def usage_message(error: TyperException) -> str:
    """Typer's complaint as one plain sentence, with the nearest option or the way to the help.

    Typer's kinds of errors are private, so they are told apart by what they carry.
    """
    context: Any = getattr(error, "ctx", None)
    param: Any = getattr(error, "param", None)
    if context is None:
        return _plain(error.format_message())
    name, path = context.info_name, context.command_path
    if hasattr(error, "possibilities"):
        params = [each for each in context.command.get_params(context) if each.param_type_name == "option"]
        wrong = str(getattr(error, "option_name", ""))
        return f"{name} has no option {wrong}{nearest(wrong, [option for each in params for option in each.opts])}"
    if hasattr(error, "param_type") and param is not None:
        return f"{name} needs {as_typed(param)}; {path} --help shows examples"
    if isinstance(error, typer.BadParameter) and param is not None:
        return f"{param.opts[-1]} {error.message}"
    return f"{name} {_plain(error.message)}; {path} --help shows examples"


def _plain(message: str) -> str:
    return (message[:1].lower() + message[1:].rstrip(".")).replace("argument(s)", "argument")
