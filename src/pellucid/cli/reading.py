"""The options that say how a file is to be read, shared by every command that reads one."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from ..errors import SpecError

if TYPE_CHECKING:
    from ..data.dialect import TextOptions
    from ..data.table import Table

Command = TypeVar("Command", bound=Callable[..., None])
# What a shell makes hard to type.
NAMED_DELIMITERS = {"tab": "\t", "\\t": "\t", "space": " ", "semicolon": ";", "comma": ","}


@dataclass(frozen=True)
class Reading:
    """How files are read: the kinds of columns by name, and what `pellucid.read` would find out by itself."""

    kinds: dict[str, str] = field(default_factory=dict)
    delimiter: str | None = None
    encoding: str | None = None
    decimal: str | None = None
    header: bool | None = None
    comment: str | None = None
    quote: str | None = None

    def with_kinds_of(self, model: Any) -> Reading:
        """The same with the kinds that were named when `model` was trained, so that its table is known again."""
        card = getattr(model, "card_", None)
        return replace(self, kinds=dict(card.kinds)) if card is not None else self

    def text_options(self) -> TextOptions:
        """What was said about text files."""
        from ..data.dialect import TextOptions

        return TextOptions(self.delimiter, self.encoding, self.decimal, self.header, self.comment, self.quote)

    def table(self, source: str) -> Table:
        """The table of a file, of standard input or of a bundled name."""
        from ..data.read import read

        return read(
            source,
            kinds=self.kinds,
            delimiter=self.delimiter,
            encoding=self.encoding,
            decimal=self.decimal,
            header=self.header,
            comment=self.comment,
            quote=self.quote,
        )


def _option(kind: Any, name: str, metavar: str | None, help_text: str) -> Any:
    return Annotated[kind, typer.Option(name, metavar=metavar, help=help_text)]


KINDS = _option(
    list[str] | None,
    "--as",
    "C=KIND",
    "Take column C for a number (number:point, number:comma say the decimal mark), category, date (date:dmy, date:mdy "
    "say the order), text or identifier; may be repeated.",
)
TEXT_FILES: dict[str, Any] = {
    "delimiter": _option(str | None, "--delimiter", "CHARACTER", "What stands between the cells, such as ; or tab."),
    "encoding": _option(str | None, "--encoding", "NAME", "How the text is encoded, such as utf-8 or cp1252."),
    "decimal": _option(str | None, "--decimal", "MARK", "The decimal mark of numbers, . or a comma."),
    "no_header": _option(bool, "--no-header", None, "The first line holds values, not names."),
    "comment": _option(str | None, "--comment", "TEXT", "What the lines to be skipped begin with."),
    "quote": _option(str | None, "--quote", "MARK", "What stands around cells: \", ' or '' for nothing."),
}


def reads(command: Command) -> Command:
    """Give a command the options above; it gets them together, as its parameter `reading`."""
    return _with_options(command, {"as_kinds": KINDS, **TEXT_FILES})


def reads_text_files(command: Command) -> Command:
    """The same without --as, for commands whose model knows the kinds of its columns."""
    return _with_options(command, TEXT_FILES)


def _with_options(command: Command, options: dict[str, Any]) -> Command:
    signature = inspect.signature(command, eval_str=True)
    parameters: list[inspect.Parameter] = []
    for parameter in signature.parameters.values():
        if parameter.name != "reading":
            parameters.append(parameter)
            continue
        for name, annotation in options.items():
            default = False if name == "no_header" else None
            parameters.append(
                inspect.Parameter(name, parameter.kind, default=default, annotation=annotation),
            )

    @functools.wraps(command)
    def with_reading(**given: Any) -> None:
        told = {name: given.pop(name) for name in options}
        command(**given, reading=_reading(**told))

    with_reading.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return with_reading  # type: ignore[return-value]


def _reading(
    delimiter: str | None,
    encoding: str | None,
    decimal: str | None,
    no_header: bool,
    comment: str | None,
    quote: str | None,
    as_kinds: list[str] | None = None,
) -> Reading:
    return Reading(
        kinds=_kinds(as_kinds or []),
        delimiter=NAMED_DELIMITERS.get(delimiter or "", delimiter),
        encoding=encoding,
        decimal=decimal,
        header=False if no_header else None,
        comment=comment,
        quote=quote,
    )


def _kinds(given: list[str]) -> dict[str, str]:
    """`{"zip": "category"}` for `zip=category`; the last = counts, since a name may hold one."""
    kinds: dict[str, str] = {}
    for text in given:
        name, mark, kind = text.rpartition("=")
        if not (name and mark and kind):
            raise SpecError(f"--as takes a column and its kind such as zip=category, got {text!r}")
        if kinds.get(name, kind) != kind:
            raise SpecError(f"--as names {name!r} twice, as {kinds[name]} and as {kind}")
        kinds[name] = kind
    return kinds
