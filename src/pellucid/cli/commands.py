"""How commands present themselves: a usage line that can be typed as it stands, and the nearest of a misspelt name."""

from __future__ import annotations

import sys
from typing import Any

from typer.core import TyperCommand, TyperGroup

from ..errors import SpecError, nearest
from .interruption import Stopped


class ReaderLeft(Exception):
    """Who reads our output, such as head, has all that it wanted."""


class PlainHelp:
    """A help option whose value is False where it is not given, so that Typer need not load a validator to see that."""

    def get_help_option(self, ctx: Any) -> Any:
        """As Typer makes it, with a default."""
        option: Any = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.default = False
        return option


class Command(PlainHelp, TyperCommand):
    """One command; its help names what must be typed before what may be."""

    def invoke(self, ctx: Any) -> Any:
        """As Typer does it, but for Ctrl-C and a reader that has left, of which Typer keeps an exit code alone."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except KeyboardInterrupt as stop:
            raise Stopped(str(stop)) from None
        except BrokenPipeError:
            raise ReaderLeft from None

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """`DATA --target COLUMN [OPTIONS]`."""
        return [*(as_typed(param) for param in self.get_params(ctx) if param.required), "[OPTIONS]"]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Arguments, then options."""
        params: list[Any] = self.get_params(ctx)
        arguments = [(param.metavar, param.help) for param in params if param.param_type_name == "argument"]
        options = [param.get_help_record(ctx) for param in params if param.param_type_name == "option"]
        for title, rows in (("Arguments", arguments), ("Options", options)):
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


class Commands(PlainHelp, TyperGroup):
    """All commands; a misspelt one gets the nearest."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """As Typer does it, once the name is known to be right."""
        if args[0] not in self.commands:
            raise SpecError(f"no command {args[0]!r}{nearest(args[0], self.commands)}")
        return super().resolve_command(ctx, args)


def as_typed(param: Any) -> str:
    """A parameter as it is typed: `--target COLUMN`, `DATA`."""
    name = str(param.metavar)
    return f"{param.opts[-1]} {name}" if param.param_type_name == "option" else name
