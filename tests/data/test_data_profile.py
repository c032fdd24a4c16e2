import json

import numpy as np
import pytest

import pellucid
from pellucid.data import repeated_rows
from pellucid.data.leaks import ToldAlone
from pellucid.errors import ColumnError


def codes(profile):
    return [f.code for f in profile.findings]


def test_titanic_in_figures():
    profile = pellucid.profile_table("titanic", "Survived")
    columns = {c.name: c for c in profile.columns}
    assert (profile.rows, len(columns)) == (891, 12)
    age = columns["Age"]
    assert (age.missing, age.distinct) == (177, 88)
    assert age.missing_share == pytest.approx(177 / 891)
    assert age.numbers.mean == pytest.approx(29.699118, abs=1e-6)
    assert age.numbers.std == pytest.approx(14.526497, abs=1e-6)
    assert (age.numbers.lower_quartile, age.numbers.median, age.numbers.upper_quartile) == (20.125, 28.0, 38.0)
    assert columns["Embarked"].levels == (("S", 644), ("C", 168), ("Q", 77))
    assert profile.target.task.kind == "classification"
    assert profile.target.counts == (("0", 549), ("1", 342))
    assert codes(profile) == ["IDENTIFIER", "DUPLICATES"]
    assert "111 of 891 rows" in profile.findings[1].seen


def test_numbers_by_hand():
    numbers = pellucid.profile_table({"a": [1, 2, 3, None, 10], "b": ["v"] * 5}).columns[0].numbers
    assert (numbers.mean, numbers.min, numbers.median, numbers.max) == (4.0, 1.0, 2.5, 10.0)
    assert numbers.std == pytest.approx(np.sqrt((9 + 4 + 1 + 36) / 3))
    assert (numbers.lower_quartile, numbers.upper_quartile) == (1.75, 4.75)


def test_a_date_has_a_first_and_a_last():
    (column,) = pellucid.profile_table({"d": ["2024-03-01", "2023-01-02 10:30", None]}).columns
    assert (column.first, column.last) == ("2023-01-02T10:30:00", "2024-03-01")


def test_regression_target(shared):
    profile = pellucid.profile_table(shared / "bike_hour.csv", "cnt")
    assert profile.target.task.kind == "regression"
    assert profile.target.numbers.max == 977.0
    assert codes(profile) == ["IDENTIFIER"]


def test_the_record_is_json():
    told = json.loads(json.dumps(pellucid.profile_table("titanic", "Survived").to_dict(), allow_nan=False))
    assert told["columns"][5]["numbers"]["max"] == 80.0


def test_an_unknown_target_is_put_right():
    with pytest.raises(ColumnError, match="did you mean 'Survived'"):
        pellucid.profile_table("titanic", "survivd")


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_text_fits_its_width_and_is_aligned(width):
    text = pellucid.profile_table("titanic", "Survived").to_text(width)
    lines = text.splitlines()
    assert max(len(line) for line in lines) <= width
    table = [line for line in lines[2 : lines.index("", 3)] if line[0] != " "]
    assert len(table) == 13
    start = table[0].index("kind")
    assert all(line[start - 2 : start] == "  " and line[start] != " " for line in table)
    for word in (
        "mean 0.3838 ± 0.4866",
        "PassengerId set aside",
        "Target Survived: classification",
        "177 (19.9%)",
        "549 rows, 61.6%",
    ):
        assert word in text


def test_the_text_says_how_cells_were_read_where_something_was_detected():
    table = pellucid.read(
        {
            "cost": ["$1,200", "$7", "$8.5"] * 40,
            "when": ["1/31/2020", "2/1/2020", "NA"] * 40,
            "slip": ["oops", *(str(k % 7) for k in range(119))],
            "plain": ["1", "2", ""] * 40,
            "level": ["yes", "no", "no"] * 40,
        }
    )
    lines = pellucid.profile_table(table).to_text().splitlines()
    assert [line for line in lines if " read as " in line] == [
        "cost read as numbers, thousands marks (1,234) taken off, $ taken off.",
        "when read as dates of the form m/d/yyyy, 'NA' taken as missing.",
    ]


def repeated(**columns):
    return repeated_rows(pellucid.read(columns)).tolist()


def test_repeated_rows_by_hand():
    assert repeated(a=[1, 1, 2, 1], b=["x", "x", "x", "y"]) == [False, True, False, False]
    assert repeated(a=[None, 1, None], b=[None, "x", None]) == [False, False, True]
    assert repeated(a=["2024-01-01", None, None], b=[1, 1, 1]) == [False, False, True]
    table = pellucid.read({"k": [1, 2, 3], "a": [5, 5, 6]})
    assert repeated_rows(table, ignoring=("k",)).tolist() == [False, True, False]


def test_repeated_rows_agree_with_sets_on_random_tables():
    rng = np.random.default_rng(3)
    columns = {name: rng.integers(0, 3, 200) for name in "abcd"}
    seen, expected = set(), []
    for row in zip(*columns.values()):
        expected.append(row in seen)
        seen.add(row)
    assert repeated(**columns) == expected


def finding(code, source, target):
    return [f for f in pellucid.profile_table(source, target).findings if f.code == code]


def test_imbalance_below_a_fifth_of_an_even_share():
    x = np.random.default_rng(0).random(1000)

    def labels(rare):
        return {"x": x, "t": np.where(np.arange(1000) < rare, "rare", "often")}

    (found,) = finding("IMBALANCE", labels(99), "t")
    assert "'rare', has 99 rows, 9.9%" in found.seen
    assert finding("IMBALANCE", labels(100), "t") == []


def test_many_even_classes_are_no_imbalance(shared):
    assert codes(pellucid.profile_table(shared / "letter.csv", "letter"))[-1:] != ["IMBALANCE"]


def leaky(rows=600):
    rng = np.random.default_rng(1)
    x = rng.standard_normal(rows)
    return rng, x, np.exp(3 * x)


def test_a_copy_of_a_skewed_target_is_a_leak_and_noise_is_none():
    rng, x, y = leaky()
    found = finding("LEAK", {"copy": x, "noise": rng.random(600), "y": y}, "y")
    assert [f.seen.split()[0] for f in found] == ["'copy'"]
    assert "--drop copy" in found[0].remedy
    assert "known only after the event cannot be seen" in found[0].why


def test_a_column_that_gives_the_class_away_is_a_leak():
    rng, x, _ = leaky()
    label = np.where(x > 0, "up", "down")
    source = {"sign": x, "word": np.where(x > 0, "p", "q"), "weak": x + 2 * rng.standard_normal(600), "t": label}
    assert [f.seen.split()[0] for f in finding("LEAK", source, "t")] == ["'sign'", "'word'"]


def test_the_score_of_one_column_by_hand():
    t = np.tile([0.0, 0.0, 0.0, 1.0], 50)
    agree = np.where(np.arange(200) % 20 < 4, 1 - t, t)
    table = pellucid.read({"same": t, "agree": agree, "half": np.tile([1.0, 2.0], 100), "t": t})

    def score(name):
        return ToldAlone(table["t"], classification=True).score(table[name])

    # 80 % of each class agree: a pair is in order with 0.8², tied with 2 · 0.8 · 0.2 and reversed with 0.2².
    assert score("same") == 1.0
    # The folds guess a little differently, which breaks some ties.
    assert score("agree") == pytest.approx(0.64 + 0.32 / 2, abs=0.03)
    # All rows of class 1 and a third of the others share a bin: (100 + 50 / 2) / 150.
    assert score("half") == pytest.approx(5 / 6, abs=0.03)


def test_a_gap_that_gives_the_class_away_is_a_leak():
    rng, x, _ = leaky()
    gaps = np.where(x > 0, np.nan, rng.random(600))
    assert len(finding("LEAK", {"gaps": gaps, "z": rng.random(600), "t": x > 0}, "t")) == 1


@pytest.mark.parametrize(
    ("name", "target"), [("bank_marketing_full", "deposit"), ("california_housing_cat", "median_house_value")]
)
def test_real_tables_have_no_leaking_column(shared, name, target):
    assert finding("LEAK", shared / f"{name}.csv", target) == []
