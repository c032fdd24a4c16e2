"""Every error that pellucid raises on purpose.

    PellucidError
    ├── InputError (ValueError)       something that was passed in is not usable
    │   ├── DataError                 a file or frame that cannot become a table
    │   ├── ColumnError               a column that is missing, doubled or of the wrong kind
    │   ├── ShapeError                arrays whose shapes do not fit together
    │   └── SpecError                 an option, a network or a training plan that makes no sense
    ├── FileError (OSError)           a path that is absent, taken or not writable
    ├── ModelFileError (ValueError)   a model file that is cut, altered or from a newer version
    ├── TrainingError (RuntimeError)  training that could not go on
    └── MissingExtraError (ImportError)  a package of an optional extra is not installed

A message says what was expected, what came, where, and what to do. Rows of a table or file are counted from 1, rows of
an array from 0, as it is indexed. `nearest` finds the right name for a misspelt one.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any


class PellucidError(Exception):
    """Root of all errors below; the command line prints it as one line and exits with code 2."""


class InputError(PellucidError, ValueError):
    """Something that was passed in cannot be used."""


class DataError(InputError):
    """A file, frame or array that cannot become a table."""


class ColumnError(InputError):
    """A column that is missing, doubled or of the wrong kind."""


class ShapeError(InputError):
    """Arrays whose shapes do not fit together."""


class SpecError(InputError):
    """An option, a network or a training plan that makes no sense."""


class FileError(PellucidError, OSError):
    """A path that is absent, already taken or not writable."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class ModelFileError(PellucidError, ValueError):
    """A model file that is cut, altered, not ours or written by a newer version."""


class TrainingError(PellucidError, RuntimeError):
    """Training that could not go on."""


class MissingExtraError(PellucidError, ImportError):
    """A package of an optional extra is not installed; the message names the extra."""


def close_to(name: str, known: Iterable[Any]) -> Any | None:
    """The known name or label that is closest to `name`, whatever their case; None when none is close."""
    lowered = {str(k).lower(): k for k in known}
    close = difflib.get_close_matches(str(name).lower(), list(lowered), n=1, cutoff=0.6)
    return lowered[close[0]] if close else None


def nearest(name: str, known: Iterable[Any]) -> str:
    """The words `; did you mean 'Age'?` when a known name or label is close to `name`, else the list of known ones."""
    options = list(known)
    close = close_to(name, options)
    if close is not None:
        return f"; did you mean {close!r}?"
    if not options:
        return ""
    shown = ", ".join(repr(k) for k in options[:12]) + (f" and {len(options) - 12} more" if len(options) > 12 else "")
    return f"; there is {shown}"
