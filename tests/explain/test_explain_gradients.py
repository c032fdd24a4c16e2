"""A gradient in words and numbers: redone by hand, by differences, and from the record alone."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pellucid
from pellucid import MLPClassifier, MLPRegressor, NetworkSpec, TrainingSpec, explain_gradient, fit_network, nn
from pellucid.errors import ColumnError, InputError, ShapeError, SpecError
from pellucid.training.fit_network import FittedNetwork

RNG = np.random.default_rng(0)
X = RNG.normal(size=(12, 3))


def line(m: float, b: float, loss: Any = "mae") -> FittedNetwork:
    """The line m x + b, not trained."""
    start = {"layers.0.weight": np.array([[m]]), "layers.0.bias": np.array([b])}
    plan = TrainingSpec(loss, "sgd", 0.1, epochs=0)
    return fit_network([[0.0]], [[0.0]], NetworkSpec(1), plan, initial=start)


def network(loss: Any, outputs: int, hidden: tuple[int, ...] = (4, 3), activation: str = "tanh") -> FittedNetwork:
    targets: Any = np.zeros((12, outputs)) if loss != "softmax_cross_entropy" else np.zeros(12, int)
    plan = TrainingSpec(loss, "sgd", 0.1, epochs=0, seed=1)
    return fit_network(X, targets, NetworkSpec(3, hidden, outputs, activation), plan)


def truth(loss: str, outputs: int) -> np.ndarray:
    if loss == "softmax_cross_entropy":
        return RNG.integers(0, outputs, 12)
    values = RNG.normal(size=(12, outputs))
    return (values > 0).astype(float) if "sigmoid" in loss or loss == "bce" else values


@dataclass(frozen=True)
class Total(nn.Loss):
    """The sum of the outputs themselves, as a first lesson on gradients takes it: no truth in it."""

    name: ClassVar[str] = "output"
    formula: ClassVar[str] = "z"

    def forward(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        return Z.sum(axis=1)

    def backward(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        return np.ones_like(Z)


@pytest.mark.parametrize(("x", "m_slope", "b_slope"), [([1.0, 2.0, 3.0], 6.0, 3.0), ([1.0, 4.0], 5.0, 2.0)])
def test_the_two_examples_of_the_first_document(x: list[float], m_slope: float, b_slope: float) -> None:
    """There the outputs are added; a mean over rows is that sum over their number."""
    fitted, rows = line(2.0, 1.0, Total()), np.array(x)[:, None]
    m = explain_gradient(fitted, "layers.0.weight", rows, np.zeros(len(x)))
    b = explain_gradient(fitted, "layers.0.bias", rows, np.zeros(len(x)))
    assert m.gradient * len(x) == pytest.approx(m_slope, rel=1e-15)
    assert b.gradient * len(x) == pytest.approx(b_slope, rel=1e-15)
    assert m.loss_value * len(x) == 2 * sum(x) + len(x)
    assert [term.entering for term in m.terms] == x
    assert "z = 2 × x0 + 1" in str(m)


def test_the_words_of_a_line_hold_its_numbers() -> None:
    x, y = np.array([[1.0], [2.0], [4.0]]), np.array([2.0, 7.0, 8.0])
    found = explain_gradient(line(2.0, 1.0), "layers.0.weight[0, 0]", x, y)
    text = found.text(width=1000)
    assert "It multiplies x0, on the way to output y; its value is 2." in text
    assert "The raw output is z = 2 × x0 + 1." in text
    assert "The loss is the mean of |z - y| over 3 rows (mae): 1.33333." in text
    assert "it moves by sign(z - y), in each row" in text
    (summed,) = re.findall(r"In one line: (.*) = (.*)", text)
    assert eval(summed[0].replace("×", "*")) == pytest.approx(found.gradient, rel=1e-12)
    assert float(summed[1]) == pytest.approx((1 * 1 - 1 * 2 + 1 * 4) / 3, rel=1e-5)
    assert "plain gradient descent with the learning rate 0.1 changes it by -0.1." in text
    assert "A larger value raises the loss, so descent moves it down" in text
    bias = explain_gradient(line(-2.0, -1.0), "layers.0.bias[0]", x, y)
    assert "It is a bias" in bias.text(width=1000)
    assert "z = -2 × x0 - 1" in bias.text(width=1000)
    assert "A larger value lowers the loss, so descent moves it up" in bias.text(width=1000)


def test_a_gradient_of_zero_and_a_kink_are_said() -> None:
    x = np.array([[1.0], [2.0]])
    flat = explain_gradient(line(2.0, 0.0, "mse"), "layers.0.weight", x, 2 * x[:, 0])
    assert "A gradient of 0: these rows leave the parameter where it is." in flat.text(width=1000)
    assert explain_gradient(line(2.0, 0.0), "layers.0.weight", x, 2 * x[:, 0]).check.kinks == 1
    assert "It stands on a kink" in explain_gradient(line(2.0, 0.0), "layers.0.weight", x, 2 * x[:, 0]).text(width=1000)


LOSSES = [
    ("mse", 1), ("mse", 2), ("mae", 2), ("huber", 1), ("bce", 1), ("bce", 3), ("sigmoid_mae", 1), ("sigmoid_bce", 2),
    ("softmax_cross_entropy", 3),
]  # fmt: skip


@pytest.mark.parametrize(("loss", "outputs"), LOSSES)
@pytest.mark.parametrize("parameter", ["layers.0.weight[2, 1]", "layers.0.bias[3]", "layers.1.weight[2, 3]",
                                       "layers.2.weight[0, 1]", "layers.2.bias[0]"])  # fmt: skip
def test_differences_agree_and_the_record_adds_up(loss: str, outputs: int, parameter: str) -> None:
    fitted, y = network(loss, outputs), truth(loss, outputs)
    weights = RNG.uniform(0.5, 2, 12)
    found = explain_gradient(fitted, parameter, X, y, sample_weight=weights, most_rows=12, most_paths=1000)
    assert found.check.passed
    assert found.check.slope == pytest.approx(found.gradient, rel=1e-5, abs=1e-9)
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert sum(term["term"] for term in told["terms"]) == pytest.approx(told["gradient"], rel=1e-12, abs=1e-16)
    for term in told["terms"]:
        assert term["share"] * term["slope"] * term["entering"] == pytest.approx(term["term"], rel=1e-12, abs=1e-18)
        assert term["share"] == pytest.approx(weights[term["row"]] / weights.sum(), rel=1e-12)
    row = next(term for term in told["terms"] if term["row"] == told["chain_row"])
    assert abs(row["term"]) == max(abs(term["term"]) for term in told["terms"])
    assert len(told["paths"]) == told["path_count"]
    for path in told["paths"]:
        assert np.prod(path["factors"]) == pytest.approx(path["product"], rel=1e-12, abs=1e-300)
    sizes = math.fsum(abs(path["product"]) for path in told["paths"])
    assert abs(math.fsum(path["product"] for path in told["paths"]) - row["term"]) <= 1e-12 * sizes
    assert abs(told["other_paths"]) <= 1e-12 * sizes
    exact = {name: value.copy() for name, value in fitted.parameters.items()}
    array, _, place = parameter[:-1].partition("[")
    Z, tape = nn.network_forward(X, exact, fitted.network.activations)
    targets = y if loss == "softmax_cross_entropy" else y.reshape(12, outputs)
    value, cache = nn.loss_forward(nn.get_loss(loss), Z, targets, weights)
    slopes = nn.network_backward(nn.loss_backward(cache), tape)
    assert found.gradient == pytest.approx(slopes[array][eval(place)], rel=1e-12, abs=1e-16)
    assert found.loss_value == value
    for html in (found._repr_html_(), found.text(width=1000)):
        assert found.parameter in html


@settings(max_examples=30, deadline=None)
@given(
    hidden=st.lists(st.integers(1, 5), min_size=1, max_size=3),
    activation=st.sampled_from(sorted(nn.ACTIVATIONS)),
    outputs=st.integers(1, 3),
    most=st.integers(1, 9),
    row=st.integers(0, 11),
)
def test_the_largest_paths_are_the_largest(
    hidden: list[int], activation: str, outputs: int, most: int, row: int
) -> None:
    """Against every path of the network, multiplied out one by one."""
    fitted = network("mse", outputs, tuple(hidden), activation)
    y = np.zeros((12, outputs))
    found = explain_gradient(fitted, "layers.0.weight[0, 1]", X, y, chain_row=row, most_paths=most)
    Z, tape = nn.network_forward(X, fitted.parameters, fitted.network.activations)
    dZ = nn.loss_backward(nn.loss_forward(nn.MSE(), Z, y)[1])[row]
    slopes = [layer.activation.derivative(layer.Z, layer.A)[row] for layer in tape[:-1]]
    every = []
    for units in product(*(range(n) for n in (*hidden[1:], outputs))):
        value, below = X[row, 1] * slopes[0][0] * dZ[units[-1]], 0
        for layer, unit in enumerate(units, 1):
            value *= fitted.parameters[f"layers.{layer}.weight"][unit, below]
            value, below = value * (slopes[layer][unit] if layer < len(hidden) else 1), unit
        every.append(value)
    assert found.path_count == len(every)
    largest = sorted(np.abs(every), reverse=True)[:most]
    assert [abs(path.product) for path in found.paths] == pytest.approx(largest, rel=1e-9, abs=1e-18)
    assert found.other_paths + sum(path.product for path in found.paths) == pytest.approx(sum(every), abs=1e-12)


def test_folded_rows_and_paths_are_counted_and_rounding_is_shown() -> None:
    fitted = network("mse", 1)
    found = explain_gradient(fitted, "layers.0.weight[2, 1]", X, np.zeros(12), most_rows=4, most_paths=1)
    assert len(found.terms) == 4
    assert found.other_rows == 8
    sizes = [abs(term.term) for term in found.terms]
    assert sizes == sorted(sizes, reverse=True)
    assert found.other_terms + sum(term.term for term in found.terms) == pytest.approx(found.gradient, rel=1e-12)
    text = found.text(width=1000)
    assert "8 other rows" in text
    assert "2 other paths" in text
    assert_written_sums(text)


def assert_written_sums(text: str) -> None:
    """The last column of rows and of paths adds up to its sum exactly as it is written."""
    ends = {"gradient ": "row", "what the row adds": "path"}
    lines = [line.strip() for line in text.splitlines() if line.strip("─ ")]
    for end, head in ends.items():
        if not any(line.startswith(end) for line in lines):
            continue
        first = next(k for k, line in enumerate(lines) if line.startswith(f"{head} "))
        last = next(k for k, line in enumerate(lines) if line.startswith(end))
        *added, total = [Decimal(line.split()[-1]) for line in lines[first + 1 : last + 1]]
        assert sum(added, Decimal(0)) == total, text


@pytest.mark.parametrize(("loss", "outputs"), [("mse", 1), ("bce", 3), ("softmax_cross_entropy", 3)])
@pytest.mark.parametrize("scale", [1e-9, 1e-3, 1.0, 1e5])
def test_written_terms_add_up_to_the_written_sum(loss: str, outputs: int, scale: float) -> None:
    fitted, y = network(loss, outputs), truth(loss, outputs)
    seen = set()
    for unit, most in product(range(4), (3, 12)):
        rows = X * [1, scale, 1]
        found = explain_gradient(
            fitted, f"layers.0.weight[{unit}, 1]", rows, y, most_rows=most, most_paths=2, chain_row=unit
        )
        assert_written_sums(found.text(width=1000))
        seen.add("rounding" in found.text(width=1000))
        sizes = math.fsum(abs(term.term) for term in found.terms) + abs(found.other_terms)
        assert abs(math.fsum([*(t.term for t in found.terms), found.other_terms]) - found.gradient) <= 1e-12 * sizes
    assert scale != 1 or True in seen


def test_terms_that_cancel_leave_digits_of_their_sum() -> None:
    x = np.array([[1.0], [1.0]])
    found = explain_gradient(line(2.0, 0.0, "mse"), "layers.0.weight", x, np.array([1.0, 3.000123456]))
    assert_written_sums(str(found))
    (shown,) = re.findall(r"\n  gradient +(\S+)\n", str(found))
    assert float(shown) == pytest.approx(-0.000123456, rel=1e-5)


def test_a_model_of_a_table_names_its_columns() -> None:
    table = pellucid.read("titanic").take(np.arange(150))
    rows, survived = table.drop(["Survived"]), table["Survived"].values.astype(int)
    model = MLPClassifier((5,), epochs=4, weight_decay=0.01, class_weight={0: 1.0, 1: 3.0}, random_state=0)
    model.fit(rows, survived)
    found = explain_gradient(model, "layers.0.weight[2, Age]", rows, survived)
    column = list(model.preparation_.names).index("Age")
    assert found.parameter == f"layers.0.weight[2, {column}]"
    assert (found.multiplies, found.leads_to) == ("scaled Age", "unit 0.2")
    assert found.check.passed
    weight = np.where(survived == 1, 3.0, 1.0)
    for term in found.terms:
        assert term.share == pytest.approx(weight[term.row] / weight.sum(), rel=1e-12)
    assert found.penalty == pytest.approx(0.01 * found.value, rel=1e-12)
    assert "The penalty on large weights adds" in found.text(width=1000)
    assert "its weight over the sum of weights" in found.text(width=1000)
    past = explain_gradient(model, "layers.0.weight[2, Age]", rows, survived, parameters=model._snapshot.parameters)
    assert "the model's own" not in str(past)
    moved = {name: value + 0.5 for name, value in model._snapshot.parameters.items()}
    others = explain_gradient(model, "layers.0.weight[2, Age]", rows, survived, parameters=moved)
    assert "those that were asked for, not the model's own" in str(others)
    assert past.gradient == found.gradient
    with pytest.raises(InputError, match="needs the true answers, which are missing: give truth, one for each row or"):
        explain_gradient(model, "layers.0.weight[2, Age]", rows)
    assert explain_gradient(model, "layers.0.weight[2, Age]", table, "Survived").gradient == found.gradient
    with pytest.raises(ColumnError, match="no column 'Survive'; did you mean 'Survived'"):
        explain_gradient(model, "layers.0.weight[2, Age]", table, "Survive")
    with pytest.raises(InputError, match="names a column, which only a table has"):
        explain_gradient(model, "layers.0.weight[2, Age]", {"Age": [1, 2]}, "Survived")
    with pytest.raises(ShapeError, match="one answer for each row, got 1 alone"):
        explain_gradient(model, "layers.0.weight[2, Age]", table, 1)
    with pytest.raises(SpecError, match="no input 'Agee'; did you mean 'Age'"):
        explain_gradient(model, "layers.0.weight[2, Agee]", rows, survived)


def test_a_regressor_answers_in_the_units_of_its_loss() -> None:
    y = X @ [1.0, 2.0, 3.0] + 10
    model = MLPRegressor((4,), epochs=3, random_state=0).fit(X, y)
    found = explain_gradient(model, "layers.1.bias[0]", X, y, most_rows=12)
    assert found.check.passed
    for term in found.terms:
        assert model.target_.decode(np.array([term.targets]))[0] == pytest.approx(y[term.row], rel=1e-9)


@pytest.mark.parametrize(
    ("parameter", "words"),
    [
        ("layers.0.wieght[0, 0]", r"no parameter 'layers\.0\.wieght'; did you mean 'layers\.0\.weight'"),
        ("layers.7.weight[0, 0]", r"no parameter 'layers\.7\.weight'"),
        (
            "layers.0.weight",
            r"layers\.0\.weight holds 4 × 3 numbers; name one of them, such as layers\.0\.weight\[0, 0\]",
        ),
        ("layers.0.weight[9, 1]", r"no parameter layers\.0\.weight\[9, 1\]; the nearest is layers\.0\.weight\[3, 1\]"),
        ("layers.0.weight[1, -1]", r"the nearest is layers\.0\.weight\[1, 0\]"),
        ("layers.0.weight[1]", r"takes 2 whole numbers, such as layers\.0\.weight\[0, 0\], got \[1\]"),
        ("layers.1.weight[1, x0]", r"takes 2 whole numbers"),
        ("layers.0.bias[1, 2]", r"layers\.0\.bias takes 1 whole numbers?"),
        ("weights, please", r"no parameter 'weights, please'"),
    ],
)
def test_parameters_that_do_not_exist(parameter: str, words: str) -> None:
    with pytest.raises(SpecError, match=words):
        explain_gradient(network("mse", 1), parameter, X, np.zeros(12))


def test_rows_and_answers_that_do_not_fit() -> None:
    fitted = network("mse", 1)
    with pytest.raises(ShapeError, match="12 rows, but 11 answers"):
        explain_gradient(fitted, "layers.0.bias[0]", X, np.zeros(11))
    with pytest.raises(InputError, match="there is no row 12: the rows are numbered 0 to 11"):
        explain_gradient(fitted, "layers.0.bias[0]", X, np.zeros(12), chain_row=12)
    with pytest.raises(InputError, match="expected a fitted MLPClassifier"):
        explain_gradient(3, "layers.0.bias[0]", X, np.zeros(12))
    with pytest.raises(ShapeError):
        explain_gradient(fitted, "layers.0.bias[0]", X[:, :2], np.zeros(12))
    with pytest.raises(InputError, match="sample_weight"):
        explain_gradient(fitted, "layers.0.bias[0]", X, np.zeros(12), sample_weight=np.full(12, -1.0))


def test_scaled_numbers_are_not_called_cells() -> None:
    table = pellucid.read({"size": (10 + X[:, 0] * 3).tolist(), "kind": ["a", "b"] * 6})
    y = X @ [1.0, 2.0, 3.0] * 50 + 400
    model = MLPRegressor((4,), epochs=3, random_state=0).fit(table, y)
    found = explain_gradient(model, "layers.0.weight[1, size]", table, y, most_rows=3)
    assert found.multiplies == "scaled size"
    for term in found.terms:
        cells = table.row(term.row)
        assert (term.cell, term.truth) == (cells["size"], y[term.row])
        column = model.preparation_.names.index("size")
        assert term.entering == pytest.approx(model.preparation_.transform_row(cells)[column], rel=1e-12)
    head = next(line for line in found.text(width=1000).splitlines() if line.startswith("  row"))
    assert "scaled y" in head
    assert "scaled size" in head
    level = explain_gradient(model, "layers.0.weight[1, kind=a]", table, y)
    assert (level.multiplies, level.column) == ("kind=a", "")


def test_rows_without_an_answer_are_left_out_and_that_is_said() -> None:
    table = pellucid.read({"size": X[:, 0].tolist(), "kind": ["a", None, "b", "a", "b", "b"] * 2})
    known = np.flatnonzero([kind is not None for kind in table["kind"].objects()])
    model = MLPClassifier((4,), epochs=3, random_state=0)
    model.fit(table.take(known).drop(["kind"]), table["kind"].objects()[known])
    found = explain_gradient(model, "layers.0.bias[0]", table.drop(["kind"]), table["kind"], most_rows=12)
    assert found.rows == len(known)
    assert {term.row for term in found.terms} == set(known.tolist())
    assert "2 without an answer left out" in found.text(width=1000)
    with pytest.raises(InputError, match="row 1 is not among the rows used; 2 without an answer left out"):
        explain_gradient(model, "layers.0.bias[0]", table.drop(["kind"]), table["kind"], chain_row=1)
    assert "2 without an answer left out" in str(pellucid.hidden_units(model, table.drop(["kind"]), table["kind"]))


@pytest.mark.parametrize(
    "wrong", [{"most_rows": 0}, {"chain_row": "1"}, {"most_rows": -1}, {"most_paths": 0}, {"parameters": {"a": 3}}]
)
def test_options_out_of_range(wrong: dict[str, Any]) -> None:
    with pytest.raises(SpecError, match=r"most_|chain_row|no parameter 'a'"):
        explain_gradient(network("mse", 1), "layers.0.bias[0]", X, np.zeros(12), **wrong)


def test_paths_of_zero_and_noise_are_not_told() -> None:
    found = explain_gradient(network("mse", 1, activation="relu"), "layers.0.weight[0, 0]", X, np.ones(12))
    assert not re.search(r"e-(1[5-9]|2\d)", found.text(width=1000))
    assert sum(line.endswith(" 0") and "→" in line for line in found.text(width=1000).splitlines()) <= 1
