"""Run the code blocks of the documentation, and write what they say into the pages.

    python docs/run_blocks.py docs/how_to/ledger.md     run a page's blocks and renew its outputs and pictures
    python docs/run_blocks.py                           all pages

The blocks of a page run in order, in one namespace and one new folder: ```python in this process, ```sh line by line,
`pellucid` in this process too. A ```text block right after a block is its output. A block whose first line says
`# not run by the tests: reason` is left out. Pictures that a page shows and its blocks write are copied beside it.
`tests/docs/test_pages.py` runs the same code and compares.
"""

from __future__ import annotations

import contextlib
import difflib
import io
import logging
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pellucid.cli import main as pellucid

DOCS = Path(__file__).parent
FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
LEFT_OUT = "# not run by the tests: "
# Ends a line that pellucid is to refuse; what it says is its output.
REFUSED = "# exit code 2"
# What a page on a screen shows without scrolling; longer lines of an output are broken as a terminal breaks them.
WIDTH = 84
AS_IT_IS: dict[str, bool] = {
    "break_long_words": False,
    "break_on_hyphens": False,
    "replace_whitespace": False,
    "drop_whitespace": True,
}
# Written and run by docs/make_gallery.py.
GALLERY = DOCS / "gallery.md"
# How long something took, and names of new folders, differ from run to run.
CHANGING = re.compile(r"\d+(\.\d+)? (s|ms|min)\b|\d+(\.\d+)? kB|/tmp/\S+")
RULING = re.compile(r"[-─]{3,}")
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?(?:e[+-]?\d+)?")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page: its language, its first line's number, its code, and the output that the page shows."""

    language: str
    line: int
    code: str
    output: str | None
    span: tuple[int, int]

    @property
    def left_out(self) -> str:
        """Why it cannot run here; empty when it runs."""
        first = self.code.split("\n", 1)[0]
        return first.removeprefix(LEFT_OUT) if first.startswith(LEFT_OUT) else ""


def pages() -> list[Path]:
    """The README and every page of the documentation whose blocks run here."""
    return [DOCS.parent / "README.md", *sorted(page for page in DOCS.rglob("*.md") if page != GALLERY)]


def blocks(text: str) -> list[Block]:
    """All fenced blocks of a page, in order."""
    return [
        Block(found[1], text[: found.start(2)].count("\n") + 1, found[2], found[3], found.span())
        for found in FENCE.finditer(text)
    ]


def run(page: Path, text: str | None = None) -> Iterator[tuple[Block, str]]:
    """Run the blocks of a page in the present folder; yields each with what it printed."""
    names: dict[str, object] = {"__name__": "__main__"}
    for block in blocks(page.read_text("utf-8") if text is None else text):
        if block.left_out:
            continue
        with contextlib.redirect_stdout(io.StringIO()) as said:
            if block.language == "python":
                exec(compile("\n" * (block.line - 1) + block.code, str(page), "exec"), names)
            elif block.language == "sh":
                for line in block.code.replace("\\\n", " ").splitlines():
                    command(line, f"{page}:{block.line}")
        yield block, said.getvalue()


def command(line: str, place: str) -> None:
    """One line of a ```sh block: `pellucid …` in this process, `make …` only named, the rest in the shell."""
    first, _, others = line.partition(" | ")
    words = shlex.split(first, comments=True)
    if not words:
        return
    if others:
        with contextlib.redirect_stdout(io.StringIO()) as said:
            command(first, place)
        print(shell(others, said.getvalue()), end="")
    elif words[0] == "pellucid":
        with contextlib.redirect_stderr(io.StringIO()) as said:
            code = pellucid(words[1:])
        if code != (2 if line.rstrip().endswith(REFUSED) else 0):
            raise AssertionError(f"{place}: {line}: exit code {code}: {said.getvalue()}")
        if code:
            print(said.getvalue(), end="")
    elif words[0] == "make":
        subprocess.run(["make", "--dry-run", *words[1:]], cwd=DOCS.parent, check=True, capture_output=True)
    else:
        print(shell(line), end="")


def shell(line: str, given: str = "") -> str:
    """What another program says."""
    return subprocess.run(line, shell=True, check=True, capture_output=True, text=True, input=given).stdout


def differences(shown: str, said: str, tolerance: float = 0.03) -> list[str]:
    """Words that only one of two outputs has, and numbers that are far apart, wherever lines break."""
    one, other = (CHANGING.sub("0", RULING.sub(" ", text)).split() for text in (shown, said))
    same = difflib.SequenceMatcher(
        None, [NUMBER.sub("#", word) for word in one], [NUMBER.sub("#", word) for word in other], False
    )
    found = []
    for kind, a, b, c, d in same.get_opcodes():
        if kind != "equal":
            found += [*one[a:b], *other[c:d]]
        else:
            found += [f"{x} / {y}" for x, y in zip(one[a:b], other[c:d]) if not near(x, y, tolerance)]
    return found


def near(one: str, other: str, tolerance: float) -> bool:
    """Whether the numbers in two words are nearly the same."""
    pairs = zip(NUMBER.findall(one), NUMBER.findall(other))
    values = [(float(a.replace(",", "")), float(b.replace(",", ""))) for a, b in pairs]
    return all(abs(a - b) <= tolerance * max(1.0, abs(a), abs(b)) for a, b in values)


def alike(shown: str, said: str) -> bool:
    """Whether a page shows what its block says, up to one word in a hundred.

    Last digits differ between processors, a long training makes them grow, and a line about rounding may go.
    """
    return len(differences(shown, said)) <= len(shown.split()) / 100


@contextlib.contextmanager
def workplace(page: Path, folder: Path) -> Iterator[None]:
    """The new folder of a page: empty, or with a table `my.csv` where the page speaks of the reader's own."""
    if "my.csv" in page.read_text("utf-8"):
        rows = (f"{i % 7},{'ab'[i % 2]},{int(i % 7 > 3)}" for i in range(50))
        (folder / "my.csv").write_text("\n".join(["size,kind,y", *rows, ""]), encoding="utf-8")
    before = Path.cwd()
    kept = {name: os.environ.get(name) for name in ("PELLUCID_STATE", "COLUMNS")}
    os.environ.update(PELLUCID_STATE=str(folder / "state"), COLUMNS=str(WIDTH))
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
        for name, value in kept.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


def renew(page: Path) -> None:
    """Run a page and write its outputs into it and its pictures beside it."""
    text = page.read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder, workplace(page, Path(folder)):
        done, parts = 0, []
        for block, said in run(page, text):
            if block.output is not None:
                start, end = block.span
                code = text[start:end].split("\n```text\n")[0]
                parts.append(f"{text[done:start]}{code}\n```text\n{tidy(said)}```\n")
                done = end
        for _, picture in PICTURE.findall(text):
            if Path(picture).is_file():
                shutil.copy(picture, page.parent / picture)
        page.write_text("".join([*parts, text[done:]]), encoding="utf-8")


def tidy(said: str) -> str:
    """An output without spaces at the ends of lines and empty lines at its ends."""
    lines = said.strip("\n").splitlines()
    return "".join(part + "\n" for line in lines for part in textwrap.wrap(line.rstrip(), WIDTH, **AS_IT_IS) or [""])


if __name__ == "__main__":
    logging.getLogger("pellucid").setLevel(logging.ERROR)
    for each in [Path(name).resolve() for name in sys.argv[1:]] or pages():
        renew(each)
        print(each)
