"""The command `pellucid`: which commands there are, and how every error ends.

Nothing heavy is imported before a command runs, so that `--help` is quick.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.exceptions import TyperException

from ..errors import PellucidError
from ..version import __version__
from .datasets import datasets
from .evaluate import evaluate
from .predict import predict
from .profile import profile
from .train import train

app = typer.Typer(
    name="pellucid",
    help="Neural networks for tables that you can see through.",
    epilog="Begin with: pellucid train titanic --target Survived",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
for command in (train, predict, evaluate, profile, datasets):
    app.command()(command)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"pellucid {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Neural networks for tables that you can see through."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code is 0, 2 after an error that is told in one line, 130 after Ctrl-C."""
    try:
        result = app(args=arguments, prog_name="pellucid", standalone_mode=False)
        sys.stdout.flush()
        return int(result or 0)
    except TyperException as error:
        return _fail(error.format_message())
    except PellucidError as error:
        return _fail(str(error))
    except (KeyboardInterrupt, typer.Abort):
        print("pellucid: stopped by Ctrl-C; nothing was written", file=sys.stderr)
        return 130
    except MemoryError:
        return _fail("not enough memory for this table; try fewer columns (--drop) or rows")
    except BrokenPipeError:
        # The reader of our output (head, less) has left; say nothing, and keep Python's exit from trying again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _fail(message: str) -> int:
    print(f"pellucid: {' '.join(message.split())}", file=sys.stderr)
    return 2
