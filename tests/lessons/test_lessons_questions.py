"""Grading: what counts as a number, how near is right, and what an empty or absurd answer hears."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.errors import SpecError
from pellucid.lessons import Choice, Number, Prediction

QUARTER = Number("a quarter?", 0.25, 0.01, "1 / 4 = 0.25.")
COLOR = Choice("which?", ["red", "blue"], "blue", "The sky is blue.")


@pytest.mark.parametrize("text", ["0.25", " .25 ", "1/4", "0,25", "25 %", "25%", "+0.25", "0.245", 0.26, "2.5e-1"])
def test_these_all_mean_a_quarter(text):
    grade = QUARTER.grade(text)
    assert grade.right is True
    assert QUARTER.working in grade.text


@pytest.mark.parametrize(
    ("text", "side"), [("0.27", "too high"), ("−0.25", "too low"), ("5", "too high"), (0, "too low")]
)
def test_a_wrong_number_hears_the_side_and_the_arithmetic(text, side):
    grade = QUARTER.grade(text)
    assert grade.right is False
    assert side in grade.text
    assert "0.2500" in grade.text
    assert QUARTER.working in grade.text


@pytest.mark.parametrize(
    "text", [None, "", "   ", "a quarter", "1/0", "1/4/1", "nan", "inf", "-inf", "9" * 400, "1e999", "<b>"]
)
def test_an_empty_or_absurd_answer_is_not_counted(text):
    grade = QUARTER.grade(text)
    assert grade.right is None
    assert QUARTER.told not in grade.text
    assert "<" not in grade.text
    assert len(grade.text) < 160


@given(st.text(max_size=60))
def test_no_text_breaks_it(text):
    assert QUARTER.grade(text).right in (True, False, None)
    assert COLOR.grade(text).right in (True, False, None)


@given(
    st.floats(-1e6, 1e6),
    st.floats(0, 10),
    st.floats(-1e7, 1e7),
)
def test_right_is_within_the_tolerance(answer, tolerance, given_number):
    right = Number("?", answer, tolerance, "…").grade(given_number).right
    distance = abs(given_number - answer)
    if not math.isclose(distance, tolerance, rel_tol=1e-6):
        assert right == (distance < tolerance)


def test_a_prediction_hears_how_far_away_it_was():
    guess = Prediction("the error?", 2.0, 0.5, "40 / 20 = 2.")
    assert guess.grade("2.4").text.startswith("**Well guessed**: you said 2.4000, it is 2.0000")
    far = guess.grade("5")
    assert (far.right, far.text.startswith("**3.0000 away**")) == (False, True)
    assert guess.working in far.text


def test_a_choice():
    assert COLOR.grade("blue").right is True
    wrong = COLOR.grade("red")
    assert wrong.right is False
    assert "The sky is blue." in wrong.text
    assert COLOR.grade(None).right is None
    assert "red; blue" in COLOR.grade("green").text


@pytest.mark.parametrize(
    "make",
    [
        lambda: Number("?", math.nan, 1, ""),
        lambda: Number("?", 1, -1, ""),
        lambda: Choice("?", ["a", "b"], "c", ""),
        lambda: Choice("?", ["a"], "a", ""),
    ],
)
def test_a_question_without_an_answer_is_refused(make):
    with pytest.raises(SpecError):
        make()
