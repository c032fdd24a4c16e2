"""The reference holds every public name once, in a room of its own, and every command of the command line."""

from __future__ import annotations

import importlib
import re
from collections import Counter

import docstring_lists
import pytest
import reference_pages

import pellucid
from pellucid.cli.app import app

NAMES = [name for room in reference_pages.ROOMS for name in reference_pages.names_of(room)]


def test_every_public_name_stands_on_one_page() -> None:
    assert [name for name, times in Counter(NAMES).items() if times > 1] == []
    assert {f"pellucid.{name}" for name in pellucid._HOME} <= set(NAMES)
    for room in pellucid._ROOMS:
        module = importlib.import_module(f"pellucid.{room}")
        for name in getattr(module, "__all__", ()):
            assert {f"pellucid.{room}.{name}", f"pellucid.{name}"} & set(NAMES), f"{room}.{name} is on no page"


@pytest.mark.parametrize("room", reference_pages.ROOMS, ids=lambda room: room.page)
def test_a_page_gives_each_name_a_sentence_and_a_place(room: reference_pages.Room) -> None:
    page = reference_pages.room_page(room)
    for name in reference_pages.names_of(room):
        assert re.search(rf"^::: {re.escape(name)}$", page, re.MULTILINE)
        (sentence,) = re.findall(rf"^- \[.+\]\[{re.escape(name)}\]: (.+)$", page, re.MULTILINE)
        assert len(sentence.strip("`.")) > 0


def test_what_functions_return_has_a_place_though_its_name_is_not_public() -> None:
    found = {name.split(".")[-1]: page for page, names in reference_pages.results().items() for name in names}
    assert sum(len(names) for names in reference_pages.results().values()) == len(found)
    assert {"Ledger": "explain", "History": "training", "Climb": "judging"}.items() <= found.items()
    assert not set(found) & {name.split(".")[-1] for name in NAMES}
    room = next(room for room in reference_pages.ROOMS if room.page == "explain")
    assert "## What they return\n\n" in reference_pages.room_page(room)
    assert "\n::: pellucid.explain.ledger.Ledger\n" in reference_pages.room_page(room)


def test_the_index_links_every_page_and_name() -> None:
    index = reference_pages.index_page()
    assert all(f"({room.page}.md)" in index for room in reference_pages.ROOMS)
    assert set(re.findall(r"\]\[(pellucid[^\]]+)\]", index)) == set(NAMES)


def test_the_command_line_has_every_command_with_its_options() -> None:
    page = reference_pages.command_line_page()
    for command in app.registered_commands:
        assert f"## `pellucid {command.callback.__name__}`" in page
    assert "`--target COLUMN`" in page
    assert "```sh\npellucid train titanic --target Survived\n" in page
    assert "\b" not in page


def test_docstrings_keep_their_lists_and_tables() -> None:
    text = "What.\n\nParameters\n----------\na : first,\n    and more.\nb : second.\n\nkind   means\nx      one\n\nend."
    told = docstring_lists.as_markdown(text)
    assert "**Parameters**\n\n- `a`: first,\n    and more.\n- `b`: second." in told
    assert "```text\nkind   means\nx      one\n```" in told
    assert docstring_lists.as_markdown("plain : text, a  b.") == "plain : text, a  b."
