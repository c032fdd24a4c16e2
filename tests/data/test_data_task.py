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


def test_ten_whole_values_are_classes_and_eleven_a_regression():
    assert task(list(range(10)) * 2).kind == "classification"
    assert task(list(range(11)) * 2).kind == "regression"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (["2024-01-01", "2024-01-02"], "is a date"),
        ([1, 1, 1], "one value only, '1'"),
        (["k", "k"], "one value only, 'k'"),
        ([None, None], "no value at all"),
        (["a", "b", "c"], "3 texts that all differ"),
    ],
)
def test_targets_that_cannot_be_learned(values, words):
    with pytest.raises(ColumnError, match=words):
        task(values)
