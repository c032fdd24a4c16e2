"""The README is true: the commands and files that it names exist. Its blocks run in test_pages.py."""

from __future__ import annotations

import re
from pathlib import Path

import run_blocks

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"


def test_make_targets_of_the_readme_exist() -> None:
    named = set(
        re.findall(r"\bmake ([a-z]+)\b", "".join(block.code for block in run_blocks.blocks(README.read_text("utf-8"))))
    )
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert {"demo", "test"} <= named <= targets


def test_files_that_the_readme_links_exist() -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)|(?:src|href)=\"([^\"#]+)\"", README.read_text("utf-8"))
    local = [link for pair in links for link in pair if link and "://" not in link]
    assert [link for link in local if not (ROOT / link).exists()] == []
