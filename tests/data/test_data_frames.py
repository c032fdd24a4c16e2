import datetime
import decimal

import numpy as np
import polars as pl
import pytest

import pellucid
from pellucid.errors import ColumnError, DataError, ShapeError

pandas = pytest.importorskip("pandas")
pyarrow = pytest.importorskip("pyarrow")

DAYS = [datetime.datetime(2024, 1, 2, 3, 4, 5), None, datetime.datetime(2024, 5, 6)]
COLUMNS = {
    "float": [1.5, None, float("inf")],
    "int": [3, 1, None],
    "bool": [True, None, False],
    "text": ["b", "a", None],
    "digits": ["10", "9", " "],
    "date": DAYS,
}
FRAMES = {
    "dict": COLUMNS,
    "records": [dict(zip(COLUMNS, row)) for row in zip(*COLUMNS.values())],
    "pandas": pandas.DataFrame(COLUMNS),
    "pandas nullable": pandas.DataFrame(COLUMNS).convert_dtypes(),
    "polars": pl.DataFrame(COLUMNS),
    "polars lazy": pl.LazyFrame(COLUMNS),
    "pyarrow": pyarrow.table(COLUMNS),
}


@pytest.mark.parametrize("source", FRAMES.values(), ids=FRAMES)
def test_every_kind_of_frame_gives_the_same_columns(source):
    table = pellucid.read(source)
    assert table.names == tuple(COLUMNS)
    np.testing.assert_array_equal(table["float"].values, [1.5, np.nan, np.nan])
    assert "1 infinite value taken as missing" in table["float"].reason
    np.testing.assert_array_equal(table["int"].values, [3, 1, np.nan])
    assert table["bool"].levels == ("False", "True")
    assert table["bool"].values.tolist() == [1, -1, 0]
    assert table["text"].levels == ("a", "b")
    assert table["text"].values.tolist() == [1, 0, -1]
    np.testing.assert_array_equal(table["digits"].values, [10, 9, np.nan])
    assert [table["date"].cell(i) for i in range(3)] == DAYS
    for column in table:
        assert column.values.dtype == {"number": "f8", "category": "i4", "date": "M8[us]"}[column.kind]


def test_categories_of_a_frame_stay_categories_even_when_they_look_like_numbers():
    series = pandas.Series(["10", "9", None, "10"], dtype="category")
    polars = pl.Series(["10", "9", None, "10"], dtype=pl.Enum(["9", "10", "11"]))
    for source in (pandas.DataFrame({"a": series}), pl.DataFrame({"a": polars}), {"a": series}, {"a": polars}):
        column = pellucid.read(source)["a"]
        assert column.kind == "category"
        assert column.objects().tolist() == ["10", "9", None, "10"]
        assert column.levels == ("10", "9")


def test_times_with_a_zone_become_utc():
    moments = pandas.to_datetime(["2024-01-01 12:00", "2024-07-01 12:00"]).tz_localize("Europe/Paris")
    column = pellucid.read(pandas.DataFrame({"t": moments, "x": [1, 5]}))["t"]
    assert column.cell(0) == datetime.datetime(2024, 1, 1, 11)
    assert column.cell(1) == datetime.datetime(2024, 7, 1, 10)
    assert "Europe/Paris" in column.reason


def test_days_decimals_durations_and_mixtures():
    table = pellucid.read(
        {
            "day": [datetime.date(2024, 2, 29), None],
            "price": [decimal.Decimal("1.25"), None],
            "mixed": [1, "one"],
            "span": np.array([90, 60], dtype="timedelta64[s]"),
            "words": np.array(["x", "y"]),
            "range": range(2),
        }
    )
    assert table["day"].cell(0) == datetime.datetime(2024, 2, 29)
    assert table["price"].values[0] == 1.25
    assert table["mixed"].levels == ("1", "one")
    assert table["span"].values.tolist() == [90.0, 60.0]
    assert table["words"].levels == ("x", "y")
    assert table["range"].values.tolist() == [0.0, 1.0]


def test_a_matrix_has_columns_x0_x1_and_no_identifier():
    table = pellucid.read(np.column_stack([np.arange(100), np.arange(100) % 7]))
    assert table.names == ("x0", "x1")
    assert [c.role for c in table] == ["input", "input"]
    assert pellucid.read(np.ones((2, 2)) * [[1], [2]], names=["a", "b"]).names == ("a", "b")


def test_a_matrix_of_objects_keeps_its_kinds():
    table = pellucid.read(np.array([[1, "u"], [2.5, None]], dtype=object))
    assert [c.kind for c in table] == ["number", "category"]


@pytest.mark.parametrize("shape", [(3,), (2, 2, 2)])
def test_arrays_of_other_shapes_are_refused(shape):
    with pytest.raises(ShapeError, match="rows, columns"):
        pellucid.read(np.zeros(shape))


def test_wrong_number_of_names():
    with pytest.raises(ShapeError, match="1 names for an array of 2 columns"):
        pellucid.read(np.zeros((3, 2)), names=["a"])


def test_columns_of_different_length():
    with pytest.raises(DataError, match=r"'a' 2, 'b' 3"):
        pellucid.read({"a": [1, 2], "b": [1, 2, 3]})


def test_a_text_is_no_column():
    with pytest.raises(DataError, match=r"'a'.*sequence"):
        pellucid.read({"a": "xyz"})


@pytest.mark.parametrize(
    "frame",
    [
        pandas.DataFrame([[1, 2]], columns=["1", "1"]),
        pandas.DataFrame([[1, 2]], columns=["1", 1]),
        pyarrow.Table.from_arrays([[1], [2]], names=["1", "1"]),
    ],
)
def test_doubled_names_in_frames(frame):
    with pytest.raises(ColumnError, match="'1' stands 2 times"):
        pellucid.read(frame)


def test_names_that_are_numbers_become_texts():
    assert pellucid.read(pandas.DataFrame([[1, 2], [3, 5]])).names == ("0", "1")


@pytest.mark.parametrize("source", [{"a": [[1], [2]]}, pl.DataFrame({"a": [[1], [2]]})])
def test_nested_values_are_refused(source):
    with pytest.raises(ColumnError, match=r"'a'.*one value a cell"):
        pellucid.read(source)


def test_complex_numbers_are_refused():
    with pytest.raises(ColumnError, match="complex128"):
        pellucid.read({"a": np.array([1j, 2])})


def test_a_frame_and_its_file_are_one_table(shared):
    path = shared / "telco_churn.csv"
    assert pellucid.read(pandas.read_csv(path)).fingerprint() == pellucid.read(path).fingerprint()
