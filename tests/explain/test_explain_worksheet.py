"""A worksheet keeps its answers to itself: what a learner is to compute stands only in the key."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import pellucid
from pellucid import nn

ROWS = 60
RNG = np.random.default_rng(23)
TABLE: dict[str, Any] = {
    "Pclass": [1.0 + k % 3 for k in range(ROWS)],
    "Sex": [["male", "female"][k % 2] for k in range(ROWS)],
    "Age": [None if k % 9 == 0 else float(20 + k % 41) for k in range(ROWS)],
    "Fare": [float(x) for x in np.exp(RNG.normal(3, 1, ROWS))],
}
TRUTHS = {
    "two": np.array(["died", "lived"])[RNG.integers(0, 2, ROWS)],
    "three": np.array(["a", "b", "c"])[RNG.integers(0, 3, ROWS)],
    "number": np.exp(RNG.normal(10, 1, ROWS)),
}
# Of a hundred answers of three or four digits some are the digits of another number by chance.
MOST_ALIKE = 2
FORMS: dict[str, dict[str, Any]] = {
    "relu": {"hidden_layer_sizes": (6, 4)},
    "tanh": {"hidden_layer_sizes": (5,), "activation": "tanh", "optimizer": nn.SGD(momentum=0.9)},
    "none": {"hidden_layer_sizes": ()},
}


@pytest.fixture(scope="module", params=[(kind, form) for kind in TRUTHS for form in FORMS], ids="-".join)
def fitted(request: pytest.FixtureRequest) -> tuple[Any, np.ndarray]:
    kind, form = request.param
    settings: dict[str, Any] = {"epochs": 2, "random_state": 0, **FORMS[form]}
    if kind == "number":
        return pellucid.MLPRegressor(target_transform="log1p_standardize", **settings).fit(TABLE, TRUTHS[kind]), TRUTHS[
            kind
        ]
    return pellucid.MLPClassifier(**settings).fit(TABLE, TRUTHS[kind]), TRUTHS[kind]


def row(number: int) -> dict[str, Any]:
    return {name: values[number] for name, values in TABLE.items()}


def digits(text: str) -> int:
    """Significant digits, zeros at the ends left out."""
    return len(text.lstrip("-").replace(".", "").strip("0"))


def given_away(made: Any) -> list[str]:
    """The answers of three digits or more that stand in the sheet, also with more digits or another sign in front."""
    numbers = [answer for answer in made.answers if re.fullmatch(r"-?[\d.]+", answer) and digits(answer) >= 3]
    return [answer for answer in numbers if re.search(rf"(?<![\d.]){re.escape(answer)}", made.sheet)]


@pytest.mark.parametrize("backward", [False, True])
def test_no_answer_stands_in_the_sheet(fitted: tuple[Any, np.ndarray], backward: bool) -> None:
    model, truth = fitted
    for number in (0, 4, 7):
        found = pellucid.ledger(model, row(number), target=truth[number] if backward else None)
        last = len(found.layers) - 1
        for unit in (None, f"{last}.0", "0.0"):
            made = found.worksheet(unit=unit)
            found_again = given_away(made)
            assert [answer for answer in found_again if digits(answer) >= 5] == []
            assert len(found_again) <= MOST_ALIKE
            assert len(made.answers) >= (3 if unit is None else 0)


def test_later_uses_point_back() -> None:
    model = pellucid.MLPClassifier((6, 4), epochs=2, random_state=0).fit(TABLE, TRUTHS["two"])
    made = pellucid.ledger(model, row(4), target=TRUTHS["two"][4]).worksheet()
    assert re.search(r"P\(died\) +1 - your \(\d+\)", made.sheet)
    assert re.search(r"odds +e\^\(?your \(\d+\)", made.sheet)
    assert re.search(r"= -ln your \(\d+\), the probability", made.sheet)
    assert re.search(r"Of the bias: dL/db = dL/dz = your \(\d+\)", made.sheet)
    assert re.search(r"Fare +-?[\d.]+ +× +your \(\d+\) += +______", made.sheet)
    for number in re.findall(r"your \((\d+)\)", made.sheet):
        assert number == "7" or f"______ ({number})" in made.sheet


def test_what_is_times_one_is_no_blank() -> None:
    model = pellucid.MLPClassifier((6,), epochs=2, random_state=0).fit(TABLE, TRUTHS["two"])
    sheet = pellucid.ledger(model, row(4)).worksheet().sheet
    line = next(line for line in sheet.split("worked out")[1].splitlines() if line.strip().startswith("Sex="))
    assert "______" not in line


def test_the_rule_of_the_answer_and_the_loss_of_the_batch_give_nothing_away() -> None:
    table, truth = pellucid.read(TABLE), TRUTHS["two"]
    model = pellucid.MLPClassifier((6,), epochs=2, random_state=0).fit(table, truth)
    alone = (table.take(slice(4, 5)), truth[4:5])
    found = pellucid.ledger(model, row(4), target=truth[4], batch=alone)
    sheet = found.worksheet().sheet
    assert re.search(r"the\s+loss\s+your\s+\(\d+\)", sheet)
    assert "lived where P(lived) ≥ 0.5, the threshold, else died" in " ".join(sheet.split())
    assert "P(lived) <" not in sheet
    assert " 1 row and the loss " in " ".join(found.text().split())
