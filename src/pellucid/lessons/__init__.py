"""Nine executable lessons, and what they share.

Every lesson is a marimo notebook, a plain Python file `lesson_N_name.py` that imports public names only. What is here
is the frame around them: the list, the questions and their grading, the last page that takes the reader's own table,
and the three ways to use a lesson (in the browser, as a script, as a Jupyter notebook).
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

# Public name → the module that defines it.
_HOME = {
    "LESSONS": "catalog",
    "Lesson": "catalog",
    "find_lesson": "catalog",
    "Choice": "questions",
    "Grade": "questions",
    "Number": "questions",
    "Prediction": "questions",
    "Question": "questions",
    "ask": "asking",
    "ask_for_table": "asking",
    "graded": "asking",
    "Rows": "own_table",
    "real_table": "real_tables",
    "on_your_table": "own_table",
    "run_lesson": "script",
    "export_lesson": "exporting",
    "lesson_command": "opening",
    "open_lesson": "opening",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


if TYPE_CHECKING:
    from .asking import ask as ask
    from .asking import ask_for_table as ask_for_table
    from .asking import graded as graded
    from .catalog import LESSONS as LESSONS
    from .catalog import Lesson as Lesson
    from .catalog import find_lesson as find_lesson
    from .exporting import export_lesson as export_lesson
    from .opening import lesson_command as lesson_command
    from .opening import open_lesson as open_lesson
    from .own_table import Rows as Rows
    from .own_table import on_your_table as on_your_table
    from .questions import Choice as Choice
    from .questions import Grade as Grade
    from .questions import Number as Number
    from .questions import Prediction as Prediction
    from .questions import Question as Question
    from .real_tables import real_table as real_table
    from .script import run_lesson as run_lesson
