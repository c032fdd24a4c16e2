import pytest

import pellucid
from pellucid.data import guess_task
from pellucid.errors import ColumnError


def task(values):
    return guess_task(pellucid.read({"t": values, "u": range(len(values))})["t"])


@pytest.mark.parametrize(
    ("values", "classes"),
    [
        (["b", "a", "b", None], ("a", "b")),
        ([True, False, True], ("False", "True")),
        ([0, 1, 1], ("0", "1")),
        ([0.0, 1.0, float("nan")], ("0", "1")),
        ([0.5, 2.0, 0.5], ("0.5", "2")),
        ([10, 9, 2, 9], ("2", "9", "10")),
        ([-1, 1, 0, 1], ("-1", "0", "1")),
        (["yes", "no"], ("no", "yes")),
    ],
)
def test_classifications(values, classes):
    found = task(values)
    assert found.kind == "classification"
    assert found.classes == classes
    assert f"{len(classes)} different values" in found.reason


@pytest.mark.parametrize("values", [list(range(11)), [0.5, 1.0, 2.0], [1.25, 3.5, 1.25, 9.0]])
def test_regressions(values):
    assert task(values).kind == "regression"
    assert task(values).classes == ()


@pytest.mark.parametrize(
    ("values", "unit", "words"),
    [
        (
            ["2024-01-09", "2023-12-31", None],
            "day",
            "2 different dates from 2023-12-31 to 2024-01-09, predicted in days",
        ),
        (["2024-01-09 10:30", "2024-01-09"], "second", "from 2024-01-09 to 2024-01-09T10:30:00"),
    ],
)
def test_dates_are_predicted_in_days(values, unit, words):
    found = task(values)
    assert (found.kind, found.classes, found.date_unit) == ("regression", (), unit)
    assert words in found.reason


def test_the_profile_of_a_date_target_tells_its_range_and_no_mean():
    table = pellucid.read({"t": ["2024-01-09", "2023-12-31", None], "u": [1, 5, 3]})
    profile = pellucid.profile_table(table, "t")
    assert (profile.target.missing, profile.target.numbers) == (1, None)
    assert "Target t: regression (2 different dates from 2023-12-31 to 2024-01-09" in profile.to_text()


def test_ten_whole_values_are_classes_and_eleven_a_regression():
    assert task(list(range(10)) * 2).kind == "classification"
    assert task(list(range(11)) * 2).kind == "regression"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (["2024-01-02", "2024-01-02"], "one value only, '2024-01-02'"),
        ([1, 1, 1], "one value only, '1'"),
        (["k", "k"], "one value only, 'k'"),
        ([None, None], "no value at all"),
        (["a", "b", "c"], "3 texts that all differ"),
    ],
)
def test_targets_that_cannot_be_learned(values, words):
    with pytest.raises(ColumnError, match=words):
        task(values)
