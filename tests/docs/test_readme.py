"""The README is true: its Python runs in order, and the commands that it names exist."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(text: str, *languages: str) -> list[tuple[int, str]]:
    """Line number and content of each fenced block in one of the languages."""
    return [
        (text[: match.start(2)].count("\n") + 1, match.group(2))
        for match in FENCE.finditer(text)
        if match.group(1) in languages
    ]


def run(text: str, name: str) -> None:
    """Run the Python blocks of a page one after the other in one namespace; errors point at the page's own lines."""
    namespace: dict[str, object] = {"__name__": "__main__"}
    for line, block in blocks(text, "python"):
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile("\n" * (line - 1) + block, name, "exec"), namespace)


def test_python_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = README.read_text("utf-8")
    assert blocks(text, "python"), "the README shows no Python"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PELLUCID_STATE", str(tmp_path / "state"))
    run(text, str(README))


def test_make_targets_of_the_readme_exist() -> None:
    named = set(
        re.findall(
            r"\bmake ([a-z]+)\b", "".join(b for _, b in blocks(README.read_text("utf-8"), "sh", "bash", "console", ""))
        )
    )
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert {"demo", "test"} <= named <= targets


def test_files_that_the_readme_links_exist() -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)|(?:src|href)=\"([^\"#]+)\"", README.read_text("utf-8"))
    local = [link for pair in links for link in pair if link and "://" not in link]
    assert [link for link in local if not (ROOT / link).exists()] == []


def test_a_wrong_block_fails_at_its_line() -> None:
    page = "# Title\n\n```python\nx = 1\n```\n\nwords\n\n```python\ny = x\n1 / 0\n```\n"
    with pytest.raises(ZeroDivisionError) as failure:
        run(page, "page.md")
    assert failure.traceback[-1].lineno + 1 == 11
