import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pellucid
from pellucid.data.table import Column, Table
from pellucid.errors import ColumnError
from pellucid.judging.rules import best_rule, constant_rule

GOLDENS = Path(__file__).resolve().parents[2].parent / "shared" / "goldens" / "fixtures.json"


def category(name, values):
    levels = tuple(sorted({v for v in values if v is not None}))
    codes = [-1 if v is None else levels.index(v) for v in values]
    return Column(name, "category", np.array(codes, dtype=np.int32), levels)


def number(name, values):
    return Column(name, "number", np.array(values, dtype=float))


def one_hot(codes, classes=2):
    return np.eye(classes)[np.asarray(codes)]


def test_the_sex_rule_of_document_000():
    if not GOLDENS.is_file():
        pytest.skip("the goldens are not beside this checkout (../shared/goldens)")
    split = json.loads(GOLDENS.read_text())["titanic_split"]
    table = pellucid.read("titanic")
    train, valid = table.take(np.array(split["train_rows"])), table.take(np.array(split["valid_rows"]))
    names = tuple(c.name for c in table if c.role == "input" and c.name != "Survived")
    rule = best_rule(train, names, one_hot(train["Survived"].values.astype(int)))
    assert rule.column == "Sex"
    assert rule.in_words(("0", "1")) == "Sex=female → 1, Sex=male → 0"
    hits = rule.predict(valid).argmax(axis=1) == valid["Survived"].values
    assert (hits.sum(), len(hits)) == (141, 178)  # 0.7921


def test_leaves_hold_laplace_shares():
    sex = ["f"] * 6 + ["m"] * 8
    y = [1, 1, 1, 1, 1, 0] + [0] * 7 + [1]
    rule = best_rule(Table([category("sex", sex)]), ("sex",), one_hot(y))
    assert rule.groups["f"].tolist() == [2 / 8, 6 / 8]  # one row in 6 is 0; one is added to each class
    assert rule.groups["m"].tolist() == [8 / 10, 2 / 10]
    assert rule.otherwise.tolist() == [9 / 16, 7 / 16]
    assert rule.missing is None
    # 5 rows at 6/8, 1 at 2/8, 7 at 8/10, 1 at 2/10
    by_hand = -(5 * np.log(6 / 8) + np.log(2 / 8) + 7 * np.log(8 / 10) + np.log(2 / 10)) / 14
    assert rule.loss == pytest.approx(by_hand, rel=1e-12)


def test_a_constant_rule_predicts_the_shares_or_the_mean():
    rows = Table([number("x", [0, 1, 2])])
    rule = constant_rule(one_hot([0, 0, 0, 1]))
    assert rule.predict(rows).tolist() == [[4 / 6, 2 / 6]] * 3
    assert constant_rule(np.array([[1.0], [2.0], [6.0]])).predict(rows).tolist() == [[3.0]] * 3
    assert rule.in_words(("no", "yes")) == "the same for every row"


def test_missing_values_are_a_group_of_their_own():
    deck = ["A"] * 5 + ["B"] * 5 + [None] * 3
    y = [1] * 5 + [0] * 5 + [1] * 3
    rule = best_rule(Table([category("deck", deck)]), ("deck",), one_hot(y))
    assert rule.missing.tolist() == [1 / 5, 4 / 5]
    assert rule.in_words(("no", "yes")) == "deck=A → yes, deck=B → no, deck missing → yes"
    age = Table([number("age", [1.0] * 5 + [9.0] * 5 + [np.nan] * 3)])
    by_age = best_rule(age, ("age",), one_hot(y))
    assert by_age.threshold == 5
    assert by_age.in_words(("no", "yes")) == "age ≤ 5 → yes, age > 5 → no, age missing → yes"
    assert by_age.predict(age)[-1].tolist() == [1 / 5, 4 / 5]
    assert by_age.predict(Table([number("age", [5.0])])).tolist() == [by_age.groups["below"].tolist()]


def test_a_level_called_missing_is_not_the_missing_cells():
    word = ["missing"] * 6 + [None] * 6
    rule = best_rule(Table([category("word", word)]), ("word",), one_hot([1] * 6 + [0] * 6))
    assert rule.predict(Table([category("word", ["missing", None])])).argmax(axis=1).tolist() == [1, 0]


def test_levels_that_were_not_seen_or_are_rare_get_the_shares_of_all_rows():
    color = ["red"] * 15 + ["blue"] * 15 + ["odd"]
    y = [1] * 15 + [0] * 15 + [1]
    rule = best_rule(Table([category("color", color)]), ("color",), one_hot(y))
    assert set(rule.groups) == {"red", "blue"}
    assert "odd" not in rule.in_words(("0", "1"))
    predicted = rule.predict(Table([category("color", ["odd", "green", None])]))
    assert predicted.tolist() == [[16 / 33, 17 / 33]] * 3


def test_columns_with_too_many_levels_make_no_rule():
    names = [f"n{k}" for k in range(20)]
    table = Table([category("name", names)])
    assert best_rule(table, ("name",), one_hot([0, 1] * 10)).column == ""


def test_levels_of_other_rows_do_not_count():
    few = category("c", ["a", "b"] * 10)
    many = Column("c", "category", few.values, (*few.levels, *(f"other {k}" for k in range(50))))
    Y = one_hot([0, 1] * 10)
    assert best_rule(Table([many]), ("c",), Y).groups.keys() == best_rule(Table([few]), ("c",), Y).groups.keys()


def test_columns_without_two_values_make_no_rule():
    table = Table([number("same", [3.0] * 6), number("empty", [np.nan] * 6)])
    assert best_rule(table, ("same", "empty"), one_hot([0, 1] * 3)).column == ""


def test_a_date_is_cut_at_a_moment():
    days = np.array(["2024-01-01", "2024-01-02", "2024-01-05", "2024-01-06", "NaT"], dtype="datetime64[us]")
    table = Table([Column("day", "date", days)])
    rule = best_rule(table, ("day",), np.array([[1.0], [1.0], [5.0], [5.0], [2.0]]))
    assert rule.in_words(()) == "day ≤ 2024-01-03T12:00:00 → 1, day > 2024-01-03T12:00:00 → 5, day missing → 2"
    assert rule.predict(table)[:, 0].tolist() == [1, 1, 5, 5, 2]


def test_a_second_table_may_hold_the_column_in_another_kind():
    rule = best_rule(Table([category("code", ["1"] * 6 + ["x"] * 6)]), ("code",), one_hot([1] * 6 + [0] * 6))
    assert rule.predict(Table([number("code", [1.0, 7.0])])).tolist() == [[1 / 8, 7 / 8], [0.5, 0.5]]
    by_number = best_rule(Table([number("age", [1.0] * 6 + [9.0] * 6)]), ("age",), one_hot([1] * 6 + [0] * 6))
    assert by_number.predict(Table([category("age", ["2", "30"])])).argmax(axis=1).tolist() == [1, 0]
    with pytest.raises(ColumnError, match=r"'age' must hold numbers, got 'old'"):
        by_number.predict(Table([category("age", ["2", "old"])]))


def test_regression_predicts_means():
    table = Table([category("kind", ["a"] * 5 + ["b"] * 5), number("noise", range(10))])
    y = np.array([[1.0]] * 4 + [[6.0]] + [[10.0]] * 5)
    rule = best_rule(table, ("kind",), y)
    assert {name: leaf.tolist() for name, leaf in rule.groups.items()} == {"a": [2.0], "b": [10.0]}
    assert rule.loss == pytest.approx((4 * 1 + 16) / 10)
    # At the threshold 4.5 the number makes the same two groups; at 3.5 it does better.
    better = best_rule(table, ("kind", "noise"), y)
    assert (better.column, better.threshold) == ("noise", 3.5)
    assert better.in_words(()) == "noise ≤ 3.5 → 1, noise > 3.5 → 9.33333"


def loss_at(threshold, x, Y):
    """The training loss of one threshold, group by group, as the definition says."""
    total = 0.0
    for group in (x <= threshold, x > threshold, np.isnan(x)):
        if not group.any():
            continue
        if Y.shape[1] == 1:
            total += ((Y[group] - Y[group].mean()) ** 2).sum()
        else:
            shares = (Y[group].sum(axis=0) + 1) / (group.sum() + Y.shape[1])
            total -= (Y[group] @ np.log(shares)).sum()
    return total / len(x)


cells = st.lists(
    st.tuples(st.one_of(st.integers(-5, 5).map(float), st.just(np.nan)), st.integers(0, 2)), min_size=4, max_size=40
)


@settings(deadline=None, max_examples=300)
@given(cells, st.booleans())
def test_the_threshold_is_the_best_of_all(rows, classes):
    x = np.array([value for value, _ in rows])
    y = np.array([code for _, code in rows])
    Y = one_hot(y, 3) if classes else y[:, None].astype(float)
    values = np.unique(x[~np.isnan(x)])
    rule = best_rule(Table([number("x", x)]), ("x",), Y)
    if len(values) < 2:
        assert rule.column == ""
        return
    losses = [loss_at(t, x, Y) for t in (values[:-1] + values[1:]) / 2]
    assert rule.loss == pytest.approx(min(losses), rel=1e-9, abs=1e-12)
    assert loss_at(rule.threshold, x, Y) == pytest.approx(min(losses), rel=1e-9, abs=1e-12)


@settings(deadline=None, max_examples=50)
@given(cells)
def test_probabilities_sum_to_one_and_are_never_zero(rows):
    x = np.array([value for value, _ in rows])
    table = Table([number("x", x), category("c", [None if np.isnan(v) else f"{v:g}" for v in x])])
    predicted = best_rule(table, ("x", "c"), one_hot([code for _, code in rows], 3)).predict(table)
    np.testing.assert_allclose(predicted.sum(axis=1), 1, rtol=1e-12)
    assert predicted.min() > 0


def test_a_rule_is_judged_by_what_it_decides():
    # "clue" has the lower cross-entropy (half the rows are surely 0), but says 0 everywhere; "word" decides.
    y = [0] * 500 + [1] * 200 + [0] * 300
    clue = ["a"] * 500 + ["b"] * 500
    word = ["y"] * 500 + ["x"] * 60 + ["y"] * 140 + ["x"] * 30 + ["y"] * 270
    table = Table([category("clue", clue), category("word", word)])
    by_clue, by_word = (best_rule(table, (name,), one_hot(y)) for name in ("clue", "word"))
    assert by_clue.loss < by_word.loss
    assert (by_clue.hits, by_word.hits) == (800, 830)  # 0 everywhere; x → 1 is right 60 times in 90
    assert best_rule(table, ("clue", "word"), one_hot(y)).column == "word"


def test_within_one_standard_error_of_the_highest_accuracy_the_lower_loss_wins():
    # 1,000 rows at 0.9: the margin is √(0.9 · 0.1 / 1000) = 0.0095, so 895 right answers count as good as 900.
    y = [0] * 500 + [1] * 500
    lucky = ["a"] * 450 + ["b"] * 50 + ["a"] * 50 + ["b"] * 450
    sharp = ["p"] * 400 + ["q"] * 60 + ["r"] * 40 + ["p"] * 5 + ["q"] * 60 + ["r"] * 435
    rule = best_rule(Table([category("lucky", lucky), category("sharp", sharp)]), ("lucky", "sharp"), one_hot(y))
    assert (rule.column, rule.hits) == ("sharp", 895)


def test_the_threshold_that_decides_best_is_tried_too():
    # Cross-entropy cuts at 100, where everything above is 1; most answers are right with a cut at 10.
    x = np.repeat([0.0, 20.0, 200.0], [400, 300, 100])
    y = [0] * 380 + [1] * 20 + [1] * 180 + [0] * 120 + [1] * 100
    rule = best_rule(Table([number("x", x)]), ("x",), one_hot(y))
    assert rule.threshold == 10
    assert rule.hits == 380 + 180 + 100


def test_a_rule_with_one_answer_says_that_it_beats_nothing():
    rule = best_rule(Table([category("c", ["a", "b"] * 50)]), ("c",), one_hot([0] * 80 + [1] * 20))
    assert not rule.separates()
    assert rule.in_words(("no", "yes")) == (
        "no rule on one column beats naming no for every row; c moves probabilities only"
    )
