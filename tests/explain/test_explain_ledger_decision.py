"""How a ledger shows the last step: costs of mistakes, the band in which a model is unsure, isotonic calibration."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import pellucid
from pellucid import Decision
from pellucid.estimators.decision import Calibration

X = np.random.default_rng(3).standard_normal((40, 3))
COSTS = ((0, 1, 5), (1, 0, 1), (1, 9, 0))


def model_of(classes: int, decision: Decision) -> Any:
    model = pellucid.MLPClassifier((3,), epochs=1, random_state=0).fit(X, np.arange(40) % classes)
    model.decision_ = decision
    return model


def test_an_answer_by_costs_can_be_redone_from_the_json_and_the_text() -> None:
    model = model_of(3, Decision(costs=COSTS))
    found = pellucid.ledger(model, X[0])
    answer = found.to_dict()["answer"]
    sums = [sum(p * row[k] for p, row in zip(answer["calibrated"], answer["costs"])) for k in range(3)]
    assert answer["expected_costs"] == pytest.approx(sums, rel=1e-12)
    assert answer["decision"] == int(np.argmin(sums)) == model.predict(X[:1])[0]
    block = str(found).split("What each answer would cost")[1]
    for k, line in enumerate(block.splitlines()[3:6]):
        name, *products, total = line.split("  ")[1:2] + line.split()[1:]
        assert int(name) == k
        assert float(total) == pytest.approx(sums[k], rel=1e-4)
        terms = " ".join(products).split(" + ")
        assert sum(float(a) * float(b) for a, b in (t.split(" × ") for t in terms)) == pytest.approx(sums[k], rel=1e-4)
    sheet = found.worksheet().sheet.split("What each answer would cost")[1]
    assert sheet.count("______") == 4
    assert "your (" in sheet


def test_many_costs_are_folded_and_still_add_up() -> None:
    model = model_of(5, Decision(costs=tuple(tuple(float(i != j) for j in range(5)) for i in range(5))))
    found = pellucid.ledger(model, X[0]).text(terms=2)
    assert "Shown are the 2 cheapest of 5 answers." in found
    assert found.count("of 2 others") == 2


@pytest.mark.parametrize(("high", "word"), [(0.99, "unsure"), (0.01, "sure")])
def test_more_classes_say_whether_the_model_is_unsure(high: float, word: str) -> None:
    found = pellucid.ledger(model_of(3, Decision(unsure=(0.0, high))), X[0])
    line = f"unsure where the highest P is below {high}, else sure"
    assert any(line in shown and shown.endswith(f"  {word}") for shown in str(found).splitlines())
    assert line in found.html()
    assert line in found.worksheet().sheet
    assert found.worksheet().answers[-1] == word
    assert found.to_dict()["answer"]["unsure_band"] == [0.0, high]


@pytest.mark.parametrize(("band", "word"), [((0.01, 0.99), "unsure"), ((0.5, 0.5), "sure")])
def test_two_classes_show_both_ends_of_the_band(band: tuple[float, float], word: str) -> None:
    found = pellucid.ledger(model_of(2, Decision(unsure=band)), X[0])
    line = f"unsure where {band[0]} ≤ P(1) < {band[1]}, the unsure band, else sure"
    assert any(line in shown and shown.endswith(f"  {word}") for shown in str(found).splitlines())
    assert found.to_dict()["answer"]["unsure_band"] == list(band)


def test_without_costs_or_band_nothing_is_said_of_them() -> None:
    for classes in (2, 3):
        shown = str(pellucid.ledger(model_of(classes, Decision()), X[0]))
        assert "sure" not in shown
        assert "cost" not in shown


def test_isotonic_calibration_shows_the_two_points_around() -> None:
    model = model_of(2, Decision())
    p = pellucid.ledger(model, X[0]).answer.probabilities[1]
    for knots, values, told in (
        ((0.0, 0.5 * p, 1.5 * p, 1.0), (0.0, 0.1, 0.6, 1.0), "0.1) to ("),
        ((2 * p, 3 * p), (0.2, 0.3), "is not above the first point"),
        ((0.1 * p, 0.5 * p), (0.2, 0.3), "is not below the last point"),
    ):
        model.decision_ = Decision(calibration=Calibration("isotonic", (), knots, values))
        found = pellucid.ledger(model, X[0])
        assert told in found.text(width=150)
        assert told in found.worksheet(width=150).sheet
        assert f"{float(np.interp(p, knots, values)):.6g}" in str(found)
