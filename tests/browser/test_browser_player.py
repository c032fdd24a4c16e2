"""The player in a real browser: slider, keys and play move the picture; light and dark; nothing is loaded."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from pellucid import NetworkSpec, TrainingSpec, data, fit_network, plots, prediction_grid

EPOCHS = (0, 2, 10, 30)


@pytest.fixture(scope="module")
def moons() -> dict[int, Any]:
    X, y = data.moons(60, noise=0.2)
    plan = TrainingSpec("bce", learning_rate=0.1, epochs=30)
    fitted = fit_network(X, y, NetworkSpec(2, (8,)), plan, record=True)
    return {e: prediction_grid(fitted, "x0", "x1", X, size=40, parameters=fitted.recording.at(e)) for e in EPOCHS}


@pytest.fixture
def opened(browser, moons, tmp_path):
    X, y = data.moons(60, noise=0.2)
    path = tmp_path / "player.html"
    path.write_text(plots.epoch_player(moons, {"Training rows": (X, y)}), encoding="utf-8")
    said, asked, contexts = [], [], []

    def call(**options: Any) -> Any:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        page.wait_for_selector('#picture[data-epoch="30"]')
        return page

    yield call
    for context in contexts:
        context.close()
    assert said == []
    assert all(url == path.as_uri() or url.startswith("data:") for url in asked)


def pixel(picture: Image.Image, across: float, up: float) -> np.ndarray:
    return np.array(picture.getpixel((int(across * picture.width), int((1 - up) * picture.height))))


def test_keys_move_it_through_the_epochs(opened, moons):
    page = opened()
    page.locator("#slider").focus()
    page.keyboard.press("Home")
    page.wait_for_selector('#picture[data-epoch="0"]')
    page.keyboard.press("ArrowRight")
    page.wait_for_selector('#picture[data-epoch="2"]')
    assert page.locator("#epoch").text_content() == "2"
    assert page.locator("#words").text_content() == plots.boundary_in_words(moons[2])
    assert page.locator("#slider").get_attribute("aria-valuetext") == "Epoch 2"
    assert page.locator("#picture").get_attribute("aria-label").startswith("Epoch 2. What the model answers")


def test_space_plays_from_the_start_to_the_end(opened):
    page = opened()
    page.keyboard.press(" ")
    page.wait_for_selector('#picture[data-epoch="2"]')
    assert page.locator("#play").text_content() == "Pause"
    page.wait_for_selector('#picture[data-epoch="30"]')
    page.get_by_role("button", name="Play").wait_for()


@pytest.mark.parametrize(("scheme", "theme"), [("light", plots.LIGHT), ("dark", plots.DARK)])
def test_the_picture_has_the_colors_of_the_probabilities(opened, moons, scheme, theme):
    page = opened(color_scheme=scheme, viewport={"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    picture = Image.open(io.BytesIO(page.locator("#picture").screenshot())).convert("RGB")
    grid = moons[30].values
    shades, wanted = [], []
    for row, column in ((2, 2), (2, 37), (37, 37), (37, 2)):
        p = grid[row, column]
        place = int(p[1] >= 0.5)
        page_color, own = np.array(to_rgb(theme.page)), np.array(to_rgb(theme.series[place]))
        wanted.append(255 * (page_color + 0.42 * (2 * p[place] - 1) * (own - page_color)))
        shades.append(pixel(picture, (column + 0.5) / 40, (row + 0.5) / 40))
    assert np.abs(np.array(shades) - wanted).max() < 12
