"""`pellucid lessons`: the nine lessons, listed, opened, run or exported."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..errors import SpecError
from .arguments import Json
from .json_record import json_text


def lessons(
    number: Annotated[str | None, typer.Argument(metavar="[N]", help="Which lesson, 1 to 9.")] = None,
    app: Annotated[
        bool, typer.Option("--app", help="Serve the page without its code, read-only, for a class.")
    ] = False,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Who may come: 127.0.0.1 this machine, 0.0.0.0 the network.")
    ] = "127.0.0.1",
    port: Annotated[int | None, typer.Option(metavar="PORT", help="Where it listens; else a free port.")] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Serve, but open no window.")] = False,
    script: Annotated[bool, typer.Option("--script", help="Run it as a plain script and print what it says.")] = False,
    export: Annotated[
        tuple[str, Path] | None,
        typer.Option(metavar="ipynb DIR", help="Write it as a Jupyter notebook into DIR; without N all of them."),
    ] = None,
    as_json: Json = False,
) -> None:
    """List the lessons, or open one.

    They need the extra "lessons": pip install 'pellucid[lessons]'.

    \b
    Examples:
      pellucid lessons
      pellucid lessons 4
      pellucid lessons 4 --app --host 0.0.0.0 --port 8000
      pellucid lessons 1 --script
      pellucid lessons --export ipynb notebooks
    """
    _check_options(number, {"--app": app, "--script": script, "--export": export, "--port": port})
    if export is not None:
        _export(number, *export)
    elif number is None:
        _list(as_json)
    elif script:
        from ..lessons.script import run_lesson

        print(run_lesson(number)[0])
    else:
        from ..lessons.opening import open_lesson

        open_lesson(number, host=host, port=port, app=app, browser=not no_browser)


def _check_options(number: str | None, given: dict[str, object]) -> None:
    """Raises `SpecError` for options that need a lesson, and for two that exclude each other."""
    names = [name for name, value in given.items() if value not in (None, False)]
    ways = [name for name in names if name != "--port"]
    if len(ways) > 1:
        raise SpecError(f"{' and '.join(ways)} exclude each other; leave one of them out")
    if number is None and names and "--export" not in names:
        raise SpecError(f"{names[0]} needs the number of a lesson: pellucid lessons 1 {names[0]}")


def _list(as_json: bool) -> None:
    from ..lessons.catalog import LESSONS
    from .wording import page_width, wrapped

    if as_json:
        print(json_text({"lessons": [lesson.to_dict() for lesson in LESSONS]}))
        return
    for lesson in LESSONS:
        print(f"{lesson.number}  {lesson.title}")
        print(wrapped(lesson.about, page_width(), "   ", "   "))
    print("\nopen one: pellucid lessons 1")


def _export(number: str | None, form: str, folder: Path) -> None:
    from ..lessons.catalog import LESSONS
    from ..lessons.exporting import export_lesson

    if form != "ipynb":
        raise SpecError(f"--export writes ipynb, got {form!r}; type --export ipynb {folder}")
    chosen = [number] if number is not None else [lesson.number for lesson in LESSONS if lesson.path.is_file()]
    for each in chosen:
        print(f"wrote {export_lesson(each, folder)}")
