"""Every lesson in a real browser: it opens without an error, shows a picture, asks nothing from elsewhere, and each
slider moves what is said."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pellucid import lessons

FOLDER = Path(lessons.__file__).parent
NUMBERS = sorted(int(path.stem.split("_")[1]) for path in FOLDER.glob("lesson_*.py"))
SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
PATIENCE = 90_000  # milliseconds; a busy machine is no error
ERRORS = "[data-testid=marimo-error], .marimo-error"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextlib.contextmanager
def running(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """A server, ended at the end with all that it started."""
    environment = {
        **os.environ,
        "MARIMO_SKIP_UPDATE_CHECK": "1",
        "PYTHONUNBUFFERED": "1",
        "PELLUCID_DATASETS": str(SHARED),
    }
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    try:
        yield process
    finally:
        for end in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
                os.killpg(process.pid, end)
                process.wait(10)
        process.wait(10)
        process.stdout.close()


def address_of(process: subprocess.Popen[str]) -> str:
    """Where the server says that it listens, with its token where it wants one."""
    for line in process.stdout:
        if found := re.search(r"http://\S+", line):
            wait_for(found.group(0))
            return found.group(0)
    raise AssertionError(f"the server has ended with {process.wait()}")


def wait_for(address: str) -> None:
    """Until somebody listens there: the address is said a moment before."""
    place, last = urllib.parse.urlsplit(address), time.monotonic() + PATIENCE / 1000
    while time.monotonic() < last:
        with contextlib.suppress(OSError), socket.create_connection((place.hostname, place.port), timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError(f"nobody listens at {address}")


@pytest.fixture(params=NUMBERS)
def served(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a lesson as an app."""
    path = lessons.find_lesson(request.param).path
    command = lessons.lesson_command(path, host="127.0.0.1", port=free_port(), app=True, browser=False)
    with running(command) as process:
        yield address_of(process)


@dataclass
class Opened:
    """A page, the errors that its scripts raised, and what it asked for elsewhere."""

    page: Any
    failed: list[str]
    away: list[str]


@pytest.fixture
def opened(browser: Any) -> Iterator[Opened]:
    context = browser.new_context(viewport={"width": 1200, "height": 1000})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    found = Opened(page, [], [])
    page.on("pageerror", lambda error: found.failed.append(str(error)))
    page.on("request", lambda request: found.away.append(request.url) if is_away(request.url) else None)
    yield found
    context.close()


def is_away(url: str) -> bool:
    at = urllib.parse.urlsplit(url)
    return at.scheme not in ("data", "blob") and at.hostname not in ("127.0.0.1", "localhost")


def test_it_opens_and_every_slider_moves_what_is_said(opened: Opened, served: str) -> None:
    page = opened.page
    page.goto(served)
    page.locator("img, .js-plotly-plot").first.wait_for()
    page.get_by_text("Now on your table.").first.wait_for()
    wait_until_still(page)
    assert page.locator("h1").count() == 1
    assert page.locator(ERRORS).count() == 0
    said = words(page)
    assert "Traceback" not in said
    assert "raised an exception" not in said
    for place in range(page.locator("marimo-slider").count()):
        slider = page.locator("marimo-slider").nth(place).locator("[role=slider]")
        before = words(page)
        at_the_end = slider.get_attribute("aria-valuenow") == slider.get_attribute("aria-valuemax")
        slider.focus()
        slider.press("ArrowLeft" if at_the_end else "ArrowRight")
        page.wait_for_function("before => document.body.innerText !== before", arg=before)
        wait_until_still(page)
    assert page.locator(ERRORS).count() == 0
    assert opened.failed == []
    assert opened.away == []


def test_a_lesson_opens_with_its_code_to_be_changed(opened: Opened) -> None:
    program = [sys.executable, "-c", "from pellucid.cli import main; main()"]
    command = [*program, "lessons", "4", "--no-browser", "--port", str(free_port())]
    with running(command) as process:
        page = opened.page
        page.goto(address_of(process))
        page.locator(".cm-editor").first.wait_for()
        page.locator("img").first.wait_for()
        assert page.locator(ERRORS).count() == 0
        assert opened.failed == []
        assert opened.away == []


def words(page: Any) -> str:
    """What the page says outside its widgets, whose own numbers prove nothing."""
    return page.evaluate("document.body.innerText")


def wait_until_still(page: Any) -> None:
    """Until the page has said the same for half a second."""
    last, since = words(page), time.monotonic()
    while time.monotonic() - since < 0.5:
        page.wait_for_timeout(100)
        now = words(page)
        if now != last:
            last, since = now, time.monotonic()
