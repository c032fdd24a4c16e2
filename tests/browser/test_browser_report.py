"""The report in a real browser: the slider moves everything, by mouse and keys; light, dark, narrow and on paper."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import pellucid
from pellucid import metrics
from pellucid.judging.expected_cost import cost_of_counts
from pellucid.records import figure

SHARES = ("accuracy", "precision", "recall", "specificity")


def data_of(page: Any, name: str = "class0") -> dict[str, Any]:
    return json.loads(page.locator(f"#{name}-data").text_content())


def shown(page: Any, place: int = 0) -> dict[str, str]:
    """What the cells beside a slider say, by name; intervals as `recall interval`."""
    part = page.locator("[data-curves]").nth(place)
    told = {}
    for kind, suffix in (("count", ""), ("share", ""), ("number", ""), ("figure", ""), ("interval", " interval")):
        for cell in part.locator(f"[data-{kind}]").all():
            told[cell.get_attribute(f"data-{kind}") + suffix] = cell.text_content()
    return told


def percent(value: float) -> str:
    if 0 < value < 0.0005:
        return "< 0.1%"
    return "–" if np.isnan(value) else "> 99.9%" if 0.9995 <= value < 1 else f"{value:.1%}"


def rounded(value: float) -> str:
    if 0 < value < 0.0005:
        return "< 0.001"
    return "> 0.999" if 0.9995 <= value < 1 else f"{value:.3f}"


def expected(data: dict[str, Any], step: int) -> dict[str, str]:
    """The same from rows that are built from the counts, scored by this package's own functions."""
    tp, fp = data["tp"][step], data["fp"][step]
    fn, tn = data["positives"] - tp, data["negatives"] - fp
    truth = np.repeat([1, 0, 1, 0], [tp, fp, fn, tn])
    predicted = np.repeat([1, 1, 0, 0], [tp, fp, fn, tn])
    scores = {name: getattr(metrics, name)(truth, predicted) for name in ("accuracy", "recall", "specificity")}
    if tp + fp:
        scores["precision"] = metrics.precision(truth, predicted)
    told = {name: f"{count:,}" for name, count in (("tp", tp), ("fp", fp), ("fn", fn), ("tn", tn))}
    for name in SHARES:
        told[name] = percent(scores[name].value) if name in scores else "–"
        interval = metrics.wilson(*_hits(name, tp, fp, fn, tn)) if name in scores else None
        told[f"{name} interval"] = f"{percent(interval.low)} to {percent(interval.high)}" if interval else ""
    for name, told_as in (("balanced_accuracy", percent), ("f1", rounded), ("mcc", rounded)):
        score = getattr(metrics, name)(truth, predicted)
        told[name.split("_")[0]] = told_as(score.value)
        told[f"{name.split('_')[0]} interval"] = interval_of(score.interval, told_as)
    told["threshold"] = rounded(data["thresholds"][step])
    if data["costs"] is not None:
        cost = cost_of_counts(
            pellucid.Costs(**data["costs"]).matrix, metrics.confusion_counts(truth, predicted, labels=(0, 1))
        )
        told |= {"cost": figure(cost.value), "cost interval": interval_of(cost.interval, figure)}
    return told


def interval_of(interval: Any, told: Any) -> str:
    return f"{told(interval.low)} to {told(interval.high)}" if interval else ""


def _hits(name: str, tp: int, fp: int, fn: int, tn: int) -> tuple[int, int]:
    return {
        "accuracy": (tp + tn, tp + fp + fn + tn),
        "precision": (tp, tp + fp),
        "recall": (tp, tp + fn),
        "specificity": (tn, tn + fp),
    }[name]


@pytest.mark.parametrize("step", [0, 37, 90, 100, 101, 140, 200])
def test_the_slider_moves_all_figures_and_they_are_right(opened, step):
    page = opened()
    page.locator("#class0-slider").evaluate("(s, v) => { s.value = v; s.dispatchEvent(new Event('input')); }", step)
    assert shown(page) == expected(data_of(page), step)


def test_the_slider_begins_at_the_threshold_of_the_model_and_comes_back_to_it(opened, browser, reports):
    """Chosen by costs, it lies between the steps of the slider; untouched the page says what the script would."""
    page = opened("decided")
    data = data_of(page)
    slider = page.locator("#class0-slider")
    start = int(slider.input_value())
    steps = np.round(np.linspace(0, 1, 201), 6)
    assert data["thresholds"][start] not in steps
    assert len(data["thresholds"]) == len(steps) + 1
    first = shown(page)
    assert first == expected(data, start)
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert shown(page) == expected(data, start + 1) != first
    page.keyboard.press("ArrowLeft")
    assert shown(page) == first


@pytest.mark.parametrize("step", [0, 60, 130, 201])
def test_what_mistakes_cost_moves_too(opened, step):
    page = opened("decided")
    page.locator("#class0-slider").evaluate("(s, v) => { s.value = v; s.dispatchEvent(new Event('input')); }", step)
    told = shown(page)
    assert told == expected(data_of(page), step)
    assert told["cost interval"]


def test_without_the_script_the_page_tells_what_the_script_would(browser, reports):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(reports["hostile"].as_uri())
    assert not page.locator("#class0-slider").is_visible()
    assert shown(page) == expected(json.loads(page.locator("#class0-data").text_content()), 100)
    context.close()


def test_arrow_keys_move_it_and_say_where_it_is(opened):
    page = opened()
    slider = page.locator("#class0-slider")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert shown(page) == expected(data_of(page), 101)
    page.keyboard.press("Home")
    assert shown(page) == expected(data_of(page), 0)
    told = slider.get_attribute("aria-valuetext")
    positives = data_of(page)["positives"]
    assert told.startswith(f"0.000: {positives} of {positives} found, ")
    assert slider.evaluate("s => getComputedStyle(s).outlineStyle") == "solid"


def test_marks_stand_on_the_curves(opened):
    """The circle on the ROC curve is where its point is drawn: between the corners of the axes, by the shares."""
    page = opened()
    data = data_of(page)
    for step in (100, 60):
        page.locator("#class0-slider").evaluate("(s, v) => { s.value = v; s.dispatchEvent(new Event('input')); }", step)
        left, bottom, right, top, x0, x1, y0, y1 = map(
            float, page.locator("[data-kind=roc]").get_attribute("data-frame").split()
        )
        circle = page.locator("[data-kind=roc] .mark circle")
        across = (float(circle.get_attribute("cx")) - left) / (right - left) * (x1 - x0) + x0
        up = (float(circle.get_attribute("cy")) - bottom) / (top - bottom) * (y1 - y0) + y0
        assert across == pytest.approx(data["fp"][step] / data["negatives"], abs=1e-3)
        assert up == pytest.approx(data["tp"][step] / data["positives"], abs=1e-3)


def test_each_class_has_a_slider_of_its_own(opened):
    page = opened("classes")
    assert page.locator("input[type=range]").count() == 6
    before = shown(page, 1)
    page.locator("#class0-slider").evaluate("s => { s.value = 10; s.dispatchEvent(new Event('input')); }")
    assert shown(page, 0) == expected(data_of(page), 10)
    assert shown(page, 1) == before == expected(data_of(page, "class1"), 100)


def colors(page: Any, selector: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The color of a text and of the page behind it."""
    return page.evaluate(
        """s => {
            const style = getComputedStyle(document.querySelector(s));
            return [[style.color, style.fill], getComputedStyle(document.body).backgroundColor];
        }""",
        selector,
    )


def channels(color: str) -> np.ndarray:
    return np.array([float(part) for part in color[color.index("(") + 1 : -1].split(",")][:3]) / 255


def contrast(one: str, other: str) -> float:
    def light(color: str) -> float:
        c = channels(color)
        return float(np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722])

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_in_light_and_dark(opened, scheme):
    page = opened(color_scheme=scheme)
    for selector in ("body", ".quiet", "figcaption", "nav a", "thead th", ".finding .code", "summary"):
        (color, _), behind = colors(page, selector)
        assert contrast(color, behind) >= 4.5, selector
    for selector in ("svg .fill-ink", "svg .fill-quiet"):
        (_, fill), behind = colors(page, selector)
        assert contrast(fill, behind) >= 4.5, selector
    assert (channels(colors(page, "body")[1]).mean() > 0.5) == (scheme == "light")


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_the_page_never_scrolls_sideways(opened, width):
    for name in ("hostile", "classes"):
        page = opened(name, viewport={"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_first_key_leads_past_the_head(opened):
    page = opened()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the summary"
    page.keyboard.press("Enter")
    assert page.url.endswith("#summary")


def test_it_prints(opened):
    page = opened(color_scheme="dark")
    paper = page.pdf(format="A4")
    assert paper.startswith(b"%PDF")
    assert 2 <= paper.count(b"/Type /Page\n") <= 12
    page.emulate_media(media="print")
    assert channels(colors(page, "body")[1]).mean() == 1
    assert not page.locator("nav").is_visible()
    assert page.locator(".matrix").first.is_visible()


def test_tags_in_names_are_only_text(opened):
    page = opened()
    dialogs = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    page.reload()
    assert dialogs == []
    assert page.locator("img").count() == 0
    assert '<script>alert("x")</script>' in page.locator("main").inner_text()
