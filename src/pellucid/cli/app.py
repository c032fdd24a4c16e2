"""The command `pellucid`: which commands there are, and how every run ends.

Nothing heavy is imported before a command runs, so that `--help` is quick.
"""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Sequence
from functools import cache
from typing import Annotated

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from ..data.panics import exit_on_abort
from ..errors import PellucidError
from ..version import __version__
from .commands import Command, Commands, ReaderLeft
from .compare import compare
from .datasets import datasets
from .evaluate import evaluate
from .explain import explain
from .interruption import CTRL_C, Stopped, ends_on_ctrl_c
from .lessons import lessons
from .predict import predict
from .profile import profile
from .report import report
from .train import train
from .usage import usage_message

app = typer.Typer(
    name="pellucid",
    cls=Commands,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
for command in (train, predict, evaluate, explain, compare, report, profile, datasets, lessons):
    app.command(cls=Command)(command)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"pellucid {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def options(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Neural networks for tables that you can see through.

    \b
    Examples:
      pellucid train titanic --target Survived
      pellucid predict titanic-model titanic --out predictions.csv
      pellucid evaluate titanic-model titanic
    """
    if context.invoked_subcommand is None:
        print(context.get_help())


class _Notices(logging.Handler):
    """Shows what must be known at once; what else is logged during a fit stands in the report, as a finding."""

    def emit(self, record: logging.LogRecord) -> None:
        if getattr(record, "notice", False):
            print(f"pellucid: {record.getMessage()}", file=sys.stderr, flush=True)


NOTICES = _Notices()


@cache
def _program() -> TyperGroup:
    """All commands with their options, which take a while to gather, once a process."""
    command: TyperGroup = typer.main.get_group(app)
    return command


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code is 0, 2 after an error that is told in one line, 130 after Ctrl-C."""
    logging.getLogger("pellucid").addHandler(NOTICES)
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without × or ± shows ? rather than a traceback
    exit_on_abort(2)
    try:
        with ends_on_ctrl_c():
            code = int(_program()(args=arguments, prog_name="pellucid", standalone_mode=False) or 0)
            sys.stdout.flush()
    except TyperException as error:
        return _fail(usage_message(error))
    except PellucidError as error:
        return _fail(str(error))
    except (Stopped, KeyboardInterrupt, typer.Abort) as stop:
        return _stopped(str(stop))
    except MemoryError:
        return _fail("not enough memory for this table; try fewer columns (--drop) or rows")
    except (ReaderLeft, BrokenPipeError):
        _close_output()
        return 0
    except OSError as error:
        _close_output()
        return _fail(f"cannot write the output: {error.strerror or error}")
    return _stopped() if code == CTRL_C else code


def _open_closed_streams() -> None:
    """A stream that the caller has closed (`<&-`) is empty, and takes what nobody reads."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115  (it stays open)


def _close_output() -> None:
    """The reader of our output (head, less) has left, or the disk is full: keep Python's exit from trying again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _stopped(left: str = "") -> int:
    print(f"pellucid: stopped by Ctrl-C; {left or 'nothing was written'}", file=sys.stderr)
    return CTRL_C


def _fail(message: str) -> int:
    print(f"pellucid: {' '.join(message.split())}", file=sys.stderr)
    return 2
