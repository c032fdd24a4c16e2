"""A real browser: Debian's Chromium, driven by playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from report_runs import class_run, decided_run, hostile_run

import pellucid

# Without these Chromium looks for servers of its maker at every start.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium; skipped where there is none, unless PELLUCID_NEED_BROWSER says that there must be."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        program = None
    if program is None:
        missing = "these tests need chromium and playwright"
        if os.environ.get("PELLUCID_NEED_BROWSER"):
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Written pages by name."""
    folder = tmp_path_factory.mktemp("reports")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PELLUCID_STATE", str(folder / "state"))
        patch.setattr("pellucid.judging.time_budget.LEAST_SECONDS", 100.0)
        found = {"hostile": hostile_run(), "classes": class_run(), "decided": decided_run()}
    return {name: pellucid.write_report(run, folder / f"{name}.html") for name, run in found.items()}


@pytest.fixture
def opened(browser: Any, reports: dict[str, Path]) -> Iterator[Any]:
    """A function that opens a page; at the end nothing was requested beyond the files and nothing was complained of."""
    contexts, said, asked = [], [], []

    def call(name: str = "hostile", **options: Any) -> Any:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(reports[name].as_uri())
        return page

    yield call
    for context in contexts:
        context.close()
    assert said == []
    assert set(asked) <= {path.as_uri() for path in reports.values()}
