import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pellucid
from pellucid.errors import ColumnError, SpecError


def column(*texts):
    return pellucid.read({"a": list(texts), "x": range(len(texts))})["a"]


@pytest.mark.parametrize(
    ("texts", "values", "words"),
    [
        (["$1,200", "$35.50", "-$4"], [1200, 35.5, -4], "$ taken off"),
        (["1.200,50 €", "3,5 €", "7 €"], [1200.5, 3.5, 7], "€ taken off"),
        (["EUR 10", "EUR 2.5", "EUR 3"], [10, 2.5, 3], "EUR taken off"),
        (["12 %", "5%", "-0.5 %"], [12, 5, -0.5], "12 % is 12"),
        (["1,234,567", "12", "1,000"], [1234567, 12, 1000], "thousands marks"),
        (["1 234 567", "12", "1\u202f000"], [1234567, 12, 1000], "thousands marks"),
        (["1'234.5", "12", "3"], [1234.5, 12, 3], "thousands marks"),
        (["1,5", "2,25", "1,234"], [1.5, 2.25, 1.234], "decimal comma"),
        (["(1,200)", "50", "(3)"], [-1200, 50, -3], "in parentheses taken as negative"),
        (["−3", "4", "5"], [-3, 4, 5], "numbers"),
    ],
)
def test_numbers_as_people_write_them(texts, values, words):
    found = column(*texts)
    assert found.kind == "number"
    assert found.values.tolist() == values
    assert words in found.reason


@pytest.mark.parametrize(
    "texts",
    [
        ["$5", "€5", "$6"],
        ["5 %", "0.05", "6 %"],
        ["1,2,3", "1,2", "2"],
        ["12,34,567", "1", "2"],
        ["1.2.3", "1.2.4", "2"],
        ["10-12", "3-4", "1"],
    ],
)
def test_what_only_looks_like_numbers_stays_text(texts):
    assert column(*texts).kind == "category"


def read(tmp_path, text, **options):
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    return pellucid.read(tmp_path / "t.csv", **options)


def test_a_sure_decimal_comma_in_one_column_decides_for_the_others(tmp_path):
    table = read(tmp_path, "a;b;c\n1,234;2,5;1.000\n3,500;1,5;12.500\n")
    assert table["a"].values.tolist() == [1.234, 3.5]
    assert table["c"].values.tolist() == [1000, 12500]
    assert "thousands marks (1.234)" in table["c"].reason


def test_a_draw_goes_by_the_delimiter_and_by_points_elsewhere(tmp_path):
    assert read(tmp_path, "a;b\n1,234;2\n")["a"].values.tolist() == [1.234]
    assert read(tmp_path, "a;b\n1,234;2.5\n")["a"].values.tolist() == [1234]
    assert read(tmp_path, 'a,b\n"1,234",2\n')["a"].values.tolist() == [1234]


def test_the_decimal_mark_can_be_told(tmp_path):
    assert read(tmp_path, "a;b\n1,234;2\n", decimal=".")["a"].values.tolist() == [1234]
    assert read(tmp_path, 'a,b\n"1,234",2\n', decimal=",")["a"].values.tolist() == [1.234]
    assert read(tmp_path, "a,b\n1.234,2\n", decimal=",")["a"].values.tolist() == [1234]
    assert read(tmp_path, 'a,b\n"1,5",2\n"2,5",2\n', decimal=".")["a"].kind == "category"


@settings(deadline=None, max_examples=80)
@given(
    numbers=st.lists(st.decimals(-(10**9), 10**9, places=2), min_size=1, max_size=9),
    marks=st.sampled_from([(",", "."), (".", ","), (" ", ","), ("\u202f", ","), ("'", ".")]),
    frame=st.sampled_from(["{}", "${}", "{} €", "{} %", "CHF {}"]),
)
def test_formatted_numbers_come_back(numbers, marks, frame):
    swap = str.maketrans({",": marks[0], ".": marks[1]})
    found = column(*(frame.format(f"{x:,.2f}".translate(swap)) for x in numbers))
    assert found.kind == "number"
    np.testing.assert_allclose(found.values, [float(x) for x in numbers], rtol=1e-15)


def codes(table):
    return [finding.code for finding in table.findings]


def test_up_to_one_word_in_a_hundred_numbers_is_missing_and_said():
    values = [str(i / 4) for i in range(99)]
    table = pellucid.read({"a": [*values, "about 3"], "x": ["u", "v"] * 50})
    assert table["a"].kind == "number"
    assert np.flatnonzero(table["a"].missing).tolist() == [99]
    (finding,) = table.findings
    assert (finding.code, finding.severity) == ("WORDS_IN_NUMBERS", "warning")
    assert "1 of 100 values is no number and taken as missing, the first in row 100" in finding.seen
    below = pellucid.read({"a": [*values[1:], "about 3"], "x": range(99)})["a"]
    assert below.kind == "category"
    assert "1 cell is no number, the first in row 99" in below.reason
    assert "about 3" not in below.reason  # reasons are kept in model files


def test_missing_cells_do_not_count_among_the_hundred():
    table = pellucid.read({"a": ["1", "2", "x", *["NA"] * 200], "b": ["u"] * 203})
    assert table["a"].kind == "category"


def test_words_among_decorated_numbers():
    table = pellucid.read({"a": [f"${i},000" for i in range(1, 201)] + ["free"], "b": range(201)})
    assert table["a"].values[:3].tolist() == [1000, 2000, 3000]
    assert "the first in row 201" in table["a"].reason


@pytest.mark.parametrize("values", [[1.0, np.inf, -1e31, 2.0], ["1", "inf", "-1e31", "2"]])
def test_infinite_and_huge_numbers_are_missing_and_said(values):
    table = pellucid.read({"a": values, "b": ["u", "v", "u", "v"]})
    assert table["a"].missing.tolist() == [False, True, True, False]
    (finding,) = table.findings
    assert finding.code == "INFINITE_AS_MISSING"
    assert "1 infinite value and 1 value beyond ±1e30 taken as missing, the first in row 2" in finding.seen
    assert pellucid.read({"a": [1e30, -1e30]})["a"].missing.sum() == 0


def test_missing_marks(tmp_path):
    table = read(tmp_path, "a,b\n1,x\n?,?\nNA,na\nN/A,n/a\nNaN,nan\nnull,NULL\n-,-\n ,\n2,y\n")
    np.testing.assert_array_equal(table["a"].values, [1, *[np.nan] * 7, 2])
    assert table["b"].objects().tolist() == ["x", *[None] * 7, "y"]


@pytest.mark.parametrize(
    "texts", [["yes", "no"], ["TRUE", "FALSE"], ["Y", "N"], ["t", "f"], ["True", "False"], ["off", "on"]]
)
def test_booleans_keep_their_words(texts):
    found = column(*texts, texts[0])
    assert found.objects().tolist() == [*texts, texts[0]]
    assert "a pair of" in found.reason


def test_spellings_of_one_word_are_one_level_and_said():
    found = column("Yes", "no", "YES", "Yes", "No", "no", None)
    assert found.objects().tolist() == ["Yes", "no", "Yes", "Yes", "no", "no", None]
    assert "taken as Yes and no" in found.reason
    assert column("red", "Red", "blue").levels == ("Red", "blue", "red")


def test_zeros_and_ones_stay_numbers():
    assert column("0", "1", "0").kind == "number"


def test_findings_name_columns_set_aside_and_wide_ones():
    rows = 400
    table = pellucid.read(
        {"c": ["k"] * rows, "e": [None] * rows, "m": [f"l{i % 51}" for i in range(rows)], "x": np.arange(rows) / 7}
    )
    assert codes(table) == ["CONSTANT", "ALL_MISSING", "MANY_LEVELS"]
    assert "'m' (51)" in table.findings[2].seen
    assert codes(pellucid.read(np.random.default_rng(0).random((3, 1001)))) == ["MANY_COLUMNS"]


def test_tables_made_of_a_table_keep_its_findings():
    table = pellucid.read({"c": [1, 1], "x": [1, 2], "y": [2, 1]})
    assert codes(table) == ["CONSTANT"]
    for made in (table.take([0]), table.select(["x"]), table.drop(["x"]), table.with_column(table["x"])):
        assert made.findings == table.findings
    assert pellucid.Table([]).findings == ()


def test_the_profile_begins_with_the_findings_of_the_table():
    profile = pellucid.profile_table(
        {"c": [1] * 9, "x": [*range(8), 7], "y": [*"klmnopqr", "r"], "z": [*range(2, 18, 2), 16]}
    )
    assert [f.code for f in profile.findings] == ["CONSTANT", "DUPLICATES"]


def test_kinds_can_be_told(tmp_path):
    text = "zip,size,day,note,code\n" + "".join(f"0{i},{i}.5,{i}.1.2024,n{i},7\n" for i in range(1, 9)) + "9,x,,,8\n"
    told = {"zip": "category", "size": "number", "day": "category", "note": "text", "code": "identifier"}
    table = read(tmp_path, text, kinds=told)
    assert table["zip"].levels[0] == "01"
    assert (table["size"].kind, int(table["size"].missing.sum())) == ("number", 1)
    assert table["day"].levels[0] == "1.1.2024"
    assert [c.role for c in table] == ["input", "input", "input", "text", "identifier"]
    assert all("because it was asked for" in c.reason for c in table)
    assert codes(table) == ["WORDS_IN_NUMBERS"]


def test_kinds_of_frames_and_of_identifiers_kept_as_inputs():
    table = pellucid.read({"id": range(100), "d": ["2024-01-02"] * 50 + ["2024-01-03"] * 50}, kinds={"id": "number"})
    assert (table["id"].kind, table["id"].role) == ("number", "input")
    assert pellucid.read({"n": [1.0, 2.5, None]}, kinds={"n": "category"})["n"].levels == ("1", "2.5")
    assert pellucid.read({"n": ["x", "y"]}, kinds={"n": "identifier"})["n"].role == "identifier"


@pytest.mark.parametrize(
    ("kinds", "error", "words"),
    [
        ({"b": "number"}, ColumnError, "no column 'b' to read as number"),
        ({"a": "numbr"}, SpecError, "did you mean 'number'"),
        ({"a": "number"}, ColumnError, "cannot be read as numbers: its values are like 'u'"),
        ({"a": "date"}, ColumnError, "cannot be read as dates: its values are like 'u'"),
    ],
)
def test_kinds_that_do_not_fit(kinds, error, words):
    with pytest.raises(error, match=words):
        pellucid.read({"a": ["u", "v"], "d": ["2024-01-01", "soon"]}, kinds=kinds)


def test_numbers_with_too_many_words_become_texts_and_are_told():
    numbers = [str(i / 4) for i in range(95)]
    table = pellucid.read({"n": [*numbers, *["secret"] * 5], "x": range(100)})
    assert table["n"].kind == "category"
    (finding,) = table.findings
    assert (finding.code, finding.severity) == ("MOSTLY_NUMBERS", "warning")
    assert "5 of 100 values are no number, the first in row 96" in finding.seen
    assert "secret" not in str(finding)
    assert "--as n=number" in finding.remedy
    for kind in ("category", "text"):
        assert "MOSTLY_NUMBERS" not in codes(
            pellucid.read({"n": [*numbers, *["secret"] * 5], "x": range(100)}, kinds={"n": kind})
        )
    assert "MOSTLY_NUMBERS" not in codes(pellucid.read({"n": [*numbers, *["secret"] * 95], "x": range(190)}))
