"""A ledger as text, HTML and worksheet: it fits the page, and what is shown adds up in the digits shown."""

from __future__ import annotations

import re
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pellucid
from pellucid.explain.shown_sums import digits_for, shown_sum

RNG = np.random.default_rng(7)
X = RNG.standard_normal((60, 12))
LONG = {f"a very long name of column number {k} & <more>": X[:, k] for k in range(12)}
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?$")


@pytest.fixture(scope="module")
def ledgers() -> dict[str, Any]:
    made = {}
    labels = np.array(["a rather long label", "no", "yes"])
    for name, y in (
        ("two", labels[np.arange(60) % 2]),
        ("three", labels[np.arange(60) % 3]),
        ("number", X[:, 0] * 1e5),
    ):
        kind = pellucid.MLPRegressor if name == "number" else pellucid.MLPClassifier
        model = kind((7, 5), epochs=2, random_state=0).fit(LONG, y)
        row = {column: values[3] for column, values in LONG.items()}
        made[name] = pellucid.ledger(model, row, target=y[3], name="row 4")
    return made


def sums(text: str) -> list[tuple[list[Decimal], Decimal]]:
    """(terms, total) of every sum: the last numbers of the lines above and below a line, back to the header."""
    found = []
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if not (line.startswith("    ") and set(line.strip()) == {"─"}) or ", the sum" not in lines[number + 1]:
            continue
        terms, above = [], number - 1
        while NUMBER.search(lines[above]):
            terms.append(Decimal(NUMBER.search(lines[above]).group()))
            above -= 1
        found.append((terms, Decimal(NUMBER.search(lines[number + 1]).group())))
    return found


@pytest.mark.parametrize("name", ["two", "three", "number"])
@pytest.mark.parametrize("terms", [1, 3, 50])
def test_shown_terms_make_the_shown_sum(ledgers: dict[str, Any], name: str, terms: int) -> None:
    found = sums(ledgers[name].text(terms=terms))
    assert len(found) >= 5
    for shown, total in found:
        assert sum(shown) == total
    assert max(len(shown) for shown, _ in found) >= min(terms + 1, 12)


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("unit", [None, "0.6", "1.0", "2.0"])
def test_it_fits_the_page(ledgers: dict[str, Any], width: int, unit: str | None) -> None:
    for found in ledgers.values():
        lines = found.text(unit=unit, width=width).splitlines()
        assert max(map(len, lines)) <= width
        made = found.worksheet(unit=unit, width=width)
        assert max(map(len, made.key.splitlines())) <= width
        assert max(map(len, made.sheet.splitlines())) <= width + 8


# A busy machine draws slowly, which says nothing about what is tested.
@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.floats(-10, 10), st.integers(1, 12))
def test_any_sum_adds_up_as_shown(terms: list[float], bias: float, most: int) -> None:
    values = np.array(terms)
    found = shown_sum(values, float(values.sum() + bias), bias=bias, most=most)
    parts = [*found.terms, found.rest, found.bias, found.rounding]
    assert sum(Decimal(part) for part in parts if part is not None) == Decimal(found.total)
    assert len(found.places) + found.folded == len(terms)
    assert len(found.places) == np.count_nonzero(values) or len(found.places) == most
    assert len(found.places) <= most + 1
    sizes = [abs(terms[k]) for k in found.places]
    assert sizes == sorted(sizes, reverse=True)
    assert all(abs(x) <= min(sizes, default=0) for k, x in enumerate(terms) if k not in found.places)


@settings(deadline=None)
@given(st.floats(-1e12, 1e12).filter(lambda x: abs(x) > 1e-200))
def test_five_digits_are_shown(value: float) -> None:
    digits = digits_for([value])
    shown = Decimal(digits.text(value)).scaleb(digits.power)
    assert abs(shown - Decimal(value)) <= abs(Decimal(value)) * Decimal("0.0006")


def test_repr_and_words(ledgers: dict[str, Any]) -> None:
    two = ledgers["two"]
    assert re.fullmatch(
        r"Ledger\(row 4, 12-7-5-1 network, P\(y = no\) = 0\.\d+, the answer is (no|a rather long label)\)", repr(two)
    )
    assert str(two) == two.text()
    assert "\n" not in repr(two)
    text = two.text()
    assert "-ln " in text
    assert "dL/dz = P - y" in text
    assert "float64: the last digits" in text
    assert "odds / (1 + odds)" in text
    three = ledgers["three"].text()
    assert "L       -Σ y ln P (softmax_cross_entropy)" in three
    assert "in standard deviations from the mean" in ledgers["number"].text()


def test_without_the_truth_there_is_no_way_back(ledgers: dict[str, Any]) -> None:
    model = pellucid.MLPClassifier((3,), epochs=1, random_state=0).fit(X, X[:, 0] > 0)
    found = pellucid.ledger(model, X[0])
    assert found.backward is None
    assert "Backwards" not in found.text()
    assert "dL/d" not in found.text(unit="0.1")
    assert pellucid.ledger(model, X[0], target=True, backward=False).backward is None
    assert pellucid.ledger(model, {**{f"x{k}": X[0, k] for k in range(12)}, "y": True}).backward.truth is True


def test_a_worksheet_is_the_text_with_blanks(ledgers: dict[str, Any]) -> None:
    for found in ledgers.values():
        made = found.worksheet(width=400)
        text = found.text(width=400)
        filled = made.sheet
        for number, answer in enumerate(made.answers, 1):
            assert filled.count(f"______ ({number})") == 1
            assert f"({number})" in made.key
            filled = filled.replace(f"______ ({number})", answer)
        told = [" ".join(line.replace("─", "").split()) for line in filled.splitlines()]
        whole = [" ".join(line.replace("─", "").split()) for line in text.splitlines()]
        told = [line for line in told if "Fill in the blanks" not in line]
        assert len(told) == len(whole)
        for line, shown in zip(told[1:], whole[1:]):
            parts = re.split(r"your \((\d+)\)", line)
            found = re.fullmatch(r"([-+]?[\d.e-]+)".join(map(re.escape, parts[::2])), shown)
            assert found, (line, shown)
            for number, text_of in zip(parts[1::2], found.groups()):
                answer = made.answers[int(number) - 1]
                assert float(text_of) == pytest.approx(float(answer), rel=2e-3)
        assert len(made.answers) > 20
        assert repr(made) == f"Worksheet({len(made.answers)} blanks)"
        assert " = 0." not in made.sheet.splitlines()[0]


class Cells(HTMLParser):
    """The texts of all table cells, and the tags."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.tags: list[str] = []
        self.open = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        self.open = tag in ("td", "th")
        if self.open:
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self.open:
            self.cells[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(f"/{tag}")
        self.open = False


def test_html_holds_the_same_cells_and_nothing_from_elsewhere(ledgers: dict[str, Any]) -> None:
    found = ledgers["three"]
    page = found._repr_html_()
    assert page == found.html()
    read = Cells()
    read.feed(page)
    assert {tag for tag in read.tags if not tag.startswith("/")} <= {
        "section",
        "div",
        "style",
        "h3",
        "h4",
        "p",
        "table",
        "thead",
        "tbody",
        "tr",
        "td",
        "th",
    }
    assert all(read.tags.count(tag) == read.tags.count(f"/{tag}") for tag in set(read.tags) if tag[0] != "/")
    assert any(name in read.cells for name in LONG)
    for total in sums(found.text()):
        assert str(total[1]) in read.cells
    assert not re.search(r"http|src=|href=|url\(|<script", page)


def test_units_are_found_or_the_nearest_is_named(ledgers: dict[str, Any]) -> None:
    text = ledgers["two"].text(unit="0.6")
    assert "Unit 0.6, a relu unit of layer 0" in text
    assert "What 0.6 sends to the units above" in text
    assert "Back to 0.6" in text
    assert "→ 0.6" in text
    assert "→ 0.5" not in text
    assert "Unit 2.0, output of layer 2" in ledgers["two"].text(unit="2.0")
    with pytest.raises(pellucid.errors.SpecError, match=r"no unit 0\.9; the nearest is 0\.6"):
        ledgers["two"].text(unit="0.9")


def numbers_of(text: str, title: str, name: str) -> list[float]:
    """The numbers in the line of `name` in the block whose title begins with `title`."""
    block = next(part for part in text.split("\n\n") if part.startswith(title))
    line = next(line for line in block.splitlines() if line.strip().startswith(f"{name} "))
    return [float(word) for word in line.strip().removeprefix(name).split() if NUMBER.match(word)]


def test_shown_factors_are_those_of_the_record(ledgers: dict[str, Any]) -> None:
    found = ledgers["three"]
    below, above, back = found.layers[0], found.layers[1], found.backward
    unit = int(np.flatnonzero(back.layers[0].dz)[-1])
    assert unit > 0
    text = found.text(unit=f"0.{unit}", terms=200)
    near = {"abs": 1e-4}
    for k in range(5):
        expected = [above.weight[k, unit], below.a[unit], above.weight[k, unit] * below.a[unit]]
        assert numbers_of(text, "What", f"1.{k}") == pytest.approx(expected, **near)
        if back.layers[1].dz[k]:
            dz, weight = back.layers[1].dz[k], above.weight[k, unit]
            assert numbers_of(text, "Back to", f"1.{k}") == pytest.approx([dz, weight, dz * weight], **near)
    for k, name in enumerate(LONG):
        dz, x, dw = back.layers[0].dz[unit], below.x[k], back.layers[0].dw[unit, k]
        assert numbers_of(found.text(unit=f"0.{unit}", terms=200, width=200), "Gradients", name) == pytest.approx(
            [dz, x, dw], **near
        )


@pytest.mark.parametrize("unit", [None, "0.4", "1.3", "2.1"])
def test_the_step_names_its_parameters(ledgers: dict[str, Any], unit: str | None) -> None:
    found = ledgers["three"]
    step = found.backward.step
    said = {}
    for layer in found.layers:
        for k, name in enumerate(layer.units):
            if unit is None or unit == name:
                of = f"layers.{layer.layer}"
                row = (layer.bias[k], step.gradients[f"{of}.bias"][k], step.change[f"{of}.bias"][k])
                said[f"bias of {name}"] = row
                for j, source in enumerate(layer.inputs):
                    place = f"{of}.weight"
                    row = (layer.weight[k, j], step.gradients[place][k, j], step.change[place][k, j])
                    said[f"weight {source} → {name}"] = row
    text = found.text(unit=unit, terms=500, width=200)
    if not any(row[2] for row in said.values()):
        assert text.rstrip().endswith(f"All {len(said)} changes are 0.")
        return
    for name, row in said.items():
        assert numbers_of(text, "The step", name) == pytest.approx(row, rel=1e-5)
    assert text.split("The step that")[1].count("\n  weight ") + text.split("The step that")[1].count(
        "\n  bias "
    ) == len(said)


def test_very_large_and_very_small_numbers() -> None:
    network = pellucid.NetworkSpec(2, (), 1)
    plan = pellucid.TrainingSpec(loss="bce", epochs=0)
    for size in (1e-9, 1e6, 1e12):
        start = {"layers.0.weight": np.array([[size, -size / 3]]), "layers.0.bias": np.array([0.0])}
        model = pellucid.fit_network([[1.0, 2.0]], [1.0], network, plan, initial=start)
        text = pellucid.ledger(model, [1.5, -1.0], target=0.0).text()
        (one,) = sums(text)
        assert sum(one[0]) == one[1]
        assert max(map(len, text.splitlines())) <= 100
        assert ("in units of 10^" in text.lower()) == (size in (1e-9, 1e12))
        assert ("∞" in text) == (size >= 1e6)


def test_long_formulas_wrap_and_smoothed_targets_are_shown() -> None:
    y = np.arange(60) % 3
    loss = pellucid.nn.SoftmaxCrossEntropy(class_weights=(1.0, 2.5, 0.75), label_smoothing=0.1)
    for given_loss in (loss, pellucid.nn.SoftmaxCrossEntropy(label_smoothing=0.1)):
        plan = pellucid.TrainingSpec(loss=given_loss, epochs=0)
        model = pellucid.fit_network(X, y, pellucid.NetworkSpec(12, (4,), 3), plan)
        for width in (60, 80, 100):
            text = pellucid.ledger(model, X[4], target=1).text(width=width)
            told = text.split("Backwards")[1].split("How the loss")[0]
            assert "…" not in told
            assert max(map(len, told.splitlines())) <= width
            words = [word for word in told.split() if not re.fullmatch(r"\d\.\d{4,}", word)]
            assert given_loss.formula in " ".join(words)
    slopes = text.split("How the loss moves")[1].split("Gradients")[0]
    lines = [line.split() for line in slopes.splitlines() if line.strip()[:1] in "012" and line.strip()]
    assert sum(float(line[-2]) for line in lines) == pytest.approx(1, abs=1e-5)
    for line in lines:
        _, p, _, t, slope = map(float, line[1:])
        assert slope == pytest.approx(p - t, abs=1e-4)


def test_outputs_that_are_left_out_are_told(ledgers: dict[str, Any]) -> None:
    text = ledgers["three"].text()
    assert text.count("Layer 2, output: unit 2.") == 1
    assert text.count("Output unit 2.") == 1
    assert "The 2 largest of 3 outputs are worked out" in text
    assert "outputs are worked out" not in ledgers["two"].text()


@pytest.mark.parametrize("option", [{"terms": -1}, {"terms": 0}, {"terms": 2.5}, {"terms": True}, {"width": "80"}])
def test_options_that_count_are_whole_numbers(ledgers: dict[str, Any], option: dict[str, Any]) -> None:
    found = ledgers["two"]
    (name,) = option
    for make in (found.text, found.worksheet, *([found.html] if name == "terms" else [])):
        with pytest.raises(pellucid.errors.SpecError, match=f"{name} must be a whole number of at least 1, got"):
            make(**option)
    with pytest.raises(pellucid.errors.SpecError, match=r"a unit is named by a text LAYER\.UNIT, such as '0.3'"):
        found.text(unit=0.1)


def test_small_numbers_beside_large_ones_are_not_written_as_0() -> None:
    parameters = {"layers.0.weight": np.diag([1.0, -30.0, 2.0]), "layers.0.bias": np.zeros(3)}
    plan = pellucid.TrainingSpec("softmax_cross_entropy", epochs=0)
    fitted = pellucid.fit_network(np.eye(3), np.arange(3), pellucid.NetworkSpec(3, (), 3), plan, initial=parameters)
    text = pellucid.ledger(fitted, np.ones(3), target=0).text()
    lines = [line.split() for line in text.split("How the loss moves")[1].split("Gradients")[0].splitlines()]
    (slope,) = [float(line[-1]) for line in lines if line[:1] == ["1"]]
    assert slope == pytest.approx(np.exp(-30) / (np.e + np.exp(2)), rel=0.05, abs=0)


def test_the_answer_of_26_classes_says_which_outputs_are_where() -> None:
    plan = pellucid.TrainingSpec("softmax_cross_entropy", epochs=0)
    fitted = pellucid.fit_network(np.eye(3), np.arange(3), pellucid.NetworkSpec(3, (), 26), plan)
    for terms, words in ((3, "the answer has z of the 3 largest"), (26, "the answer has z of all")):
        found = pellucid.ledger(fitted, np.ones(3))
        text = " ".join(found.text(terms=terms).split())
        other = f"any other when asked for by its name, such as 0.{np.argmin(found.answer.logits)}"
        assert f"The 2 largest of 26 outputs are worked out here, {other}; {words}." in text
