"""Every lesson in a real browser: it opens without an error, shows a picture, and each slider moves what is said."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pellucid import lessons

FOLDER = Path(lessons.__file__).parent
NUMBERS = sorted(int(path.stem.split("_")[1]) for path in FOLDER.glob("lesson_*.py"))
# marimo's plotly widget asks for this, for formulas inside of figures; ours have none and come without it.
MATHJAX = "https://cdn.jsdelivr.net/npm/mathjax-full@3.2.2/es5/tex-mml-svg.min.js"
PATIENCE = 90_000  # milliseconds; a busy machine is no error


@pytest.fixture(params=NUMBERS)
def served(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a lesson as an app."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    path = lessons.find_lesson(request.param).path
    command = lessons.lesson_command(path, host="127.0.0.1", port=port, app=True, browser=False)
    environment = {**os.environ, "MARIMO_SKIP_UPDATE_CHECK": "1"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "marimo has ended"
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError("marimo does not answer")


def test_it_opens_and_every_slider_moves_what_is_said(browser: Any, served: str) -> None:
    failed, asked = [], []
    context = browser.new_context(viewport={"width": 1200, "height": 1000})
    context.route(MATHJAX, lambda route: route.abort())
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(served)
    page.locator("img, .js-plotly-plot").first.wait_for()
    page.get_by_text("Now on your table.").first.wait_for()
    wait_until_still(page)
    assert page.locator("h1").count() == 1
    assert page.locator("[data-testid=marimo-error], .marimo-error").count() == 0
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
    assert page.locator("[data-testid=marimo-error], .marimo-error").count() == 0
    assert failed == []
    away = {url for url in asked if not url.startswith((served, "data:", "blob:", served.replace("http", "ws")))}
    assert away <= {MATHJAX}
    context.close()


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
