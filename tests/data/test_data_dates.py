import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pellucid
from pellucid.errors import ColumnError


def column(*texts):
    return pellucid.read({"d": list(texts), "x": range(len(texts))})["d"]


@pytest.mark.parametrize(
    ("texts", "form", "last"),
    [
        (["2011-01-31", "2012-12-01"], "yyyy-mm-dd", (2012, 12, 1)),
        (["2011/1/31", "2012/12/1"], "yyyy-mm-dd", (2012, 12, 1)),
        (["1/1/2011", "12/31/2012"], "m/d/yyyy", (2012, 12, 31)),
        (["1/1/2011", "31/12/2012"], "d/m/yyyy", (2012, 12, 31)),
        (["2011-01-31 10:20", "2012-12-01 01:02"], "yyyy-mm-dd with a time", (2012, 12, 1, 1, 2)),
        (["1/1/2011 00:00", "12/31/2012 23:59:58"], "m/d/yyyy with a time", (2012, 12, 31, 23, 59, 58)),
        (["31.1.2011", "1.12.2012"], "d.m.yyyy", (2012, 12, 1)),
        (["2011.01.31", "2012.12.01"], "yyyy-mm-dd", (2012, 12, 1)),
        (["31-1-2011", "1-12-2012"], "d-m-yyyy", (2012, 12, 1)),
        (["1-31-2011", "12-1-2012"], "m-d-yyyy", (2012, 12, 1)),
        (["31.12.68", "1.12.12"], "d.m.yy (years below 69 taken as 20yy", (2012, 12, 1)),
        (["1/31/11", "12/1/69"], "m/d/yy", (1969, 12, 1)),
        (["31 Jan 2011", "1 DECEMBER 2012"], "d month yyyy", (2012, 12, 1)),
        (["31-Jan-11", "1-Dec-12"], "d month yy", (2012, 12, 1)),
        (["Mon, 31 Jan 2011 10:20:30 GMT", "Sat, 1 Dec 2012 01:02:03 +0200"], "to UTC", (2012, 11, 30, 23, 2, 3)),
        (["January 31, 2011", "Dec 1st, 2012"], "month d, yyyy", (2012, 12, 1)),
        (["2011-Jan-31", "2012-Dec-01"], "yyyy-month-dd", (2012, 12, 1)),
        (["1/31/2011 1:05 AM", "12/1/2012 12:30 pm"], "m/d/yyyy with a time", (2012, 12, 1, 12, 30)),
        (["1/31/2011 1:05 AM", "12/1/2012 12:30:01 am"], "m/d/yyyy with a time", (2012, 12, 1, 0, 30, 1)),
        (["2011-01-31 10:20+01", "2012-12-01 01:30-05:30"], "brought to UTC", (2012, 12, 1, 7)),
        (["2011-01-31T10:20:30Z", "2012-12-01T01:30:00.5+02:00"], "brought to UTC", (2012, 11, 30, 23, 30, 0, 500000)),
    ],
)
def test_forms_of_dates(texts, form, last):
    found = column(*texts)
    assert found.kind == "date"
    assert form in found.reason
    assert found.cell(1) == datetime.datetime(*last)


def test_an_ambiguous_order_is_said():
    found = column("1/2/2011", "3/4/2011")
    assert found.cell(0) == datetime.datetime(2011, 1, 2)
    assert "d/m/yyyy would fit as well" in found.reason
    dashed = column("1-2-2011", "3-4-2011")
    assert dashed.cell(0) == datetime.datetime(2011, 2, 1)
    assert "m-d-yyyy would fit as well" in dashed.reason


def test_gaps_become_not_a_time():
    found = column("2011-01-31", None, "NA", "2011-02-01")
    assert found.missing.tolist() == [False, True, True, False]


@pytest.mark.parametrize(
    "texts",
    [
        ("2011-02-30", "2011-02-01"),
        ("13/1/2011", "1/13/2011"),
        ("2011-01-01", "soon"),
        ("2011-01-01T00:00Z", "2011-01-01T00:00"),
        ("2011-01-01 24:61", "2011-01-01 10:00"),
        ("2011-01-01 13:00 pm", "2011-01-01 10:00 am"),
        ("1.1.11", "1.1.2011"),
        ("31 Juno 2011", "1 Jan 2011"),
        ("1.2.3", "1.2.4"),
    ],
)
def test_all_or_none(texts):
    assert column(*texts).kind == "category"


@settings(deadline=None, max_examples=50)
@given(st.lists(st.datetimes(datetime.datetime(1000, 1, 1)), min_size=1, max_size=9))
def test_iso_texts_come_back_to_the_microsecond(moments):
    found = column(*(moment.isoformat(sep=" ") for moment in moments))
    assert [found.cell(i) for i in range(len(moments))] == moments


def days(count):
    return [str(datetime.date(2020, 1, 1) + datetime.timedelta(days)) for days in range(count)]


def table_of(texts, **kinds):
    return pellucid.read({"d": texts, "x": range(len(texts))}, kinds=kinds)


@pytest.mark.parametrize("slip", ["n.d.", "2020-02-30", "1.2.2020", "20-01-05", "2020-01-01 10:00Z"])
def test_one_cell_in_a_hundred_that_is_no_date_is_missing_and_told(slip):
    texts = [*days(99), slip]
    table = table_of(texts)
    (finding,) = table.findings
    assert (finding.code, finding.severity) == ("WORDS_IN_DATES", "warning")
    assert "1 of 100 values is no date" in finding.seen
    assert "the first in row 100" in finding.seen
    assert slip not in str(finding) + table["d"].reason
    assert table["d"].kind == "date"
    assert np.flatnonzero(table["d"].missing).tolist() == [99]
    assert table["d"].cell(98) == datetime.datetime(2020, 4, 8)


def test_more_cells_that_are_no_dates_leave_texts_and_are_told():
    table = table_of([*days(97), "soon", "later", "never"])
    assert table["d"].kind == "category"
    assert table.findings[0].code == "MOSTLY_DATES"
    assert "3 of 100 values are no date" in table.findings[0].seen
    assert "--as d=date" in table.findings[0].remedy
    assert "MOSTLY_DATES" not in [f.code for f in table_of([*days(50), *["soon"] * 50]).findings]


def test_dates_that_were_asked_for_leave_the_other_cells_missing():
    table = table_of(["soon", *days(3), "2020-13-01"], d="date")
    assert table["d"].missing.tolist() == [True, False, False, False, True]
    (finding,) = table.findings
    assert "2 of 5 values are no date" in finding.seen
    assert "the first in row 1" in finding.seen
    assert "soon" not in str(finding)
    with pytest.raises(ColumnError, match="cannot be read as dates"):
        table_of(["soon", "later"], d="date")


def test_the_order_of_most_cells_is_taken():
    table = table_of(["1/31/2020"] * 99 + ["31/1/2020"])
    assert table["d"].form == "m/d/yyyy"
    assert table["d"].missing.sum() == 1


@pytest.mark.parametrize(
    ("texts", "order"), [(["1/2/2011", "3/4/2011"], "dmy"), (["1-2-2011 10:30", "3-4-2011"], "mdy")]
)
def test_the_order_of_day_and_month_can_be_said(tmp_path, texts, order):
    (finding,) = table_of(texts).findings
    assert (finding.code, finding.severity) == ("AMBIGUOUS_DATES", "warning")
    assert f"--as d=date:{order}" in finding.remedy
    guessed, said = table_of(texts)["d"].cell(0), table_of(texts, d=f"date:{order}")
    assert (said["d"].cell(0).day, said["d"].cell(0).month) == (guessed.month, guessed.day)
    assert said["d"].cell(0).time() == guessed.time()
    assert said.findings == ()
    path = tmp_path / "t.csv"
    path.write_text("d,x\n" + "".join(f"{text},{i}\n" for i, text in enumerate(texts)))
    told = pellucid.read(path, kinds={"d": f"date:{order}"})
    assert (told["d"].values == said["d"].values).all()
    assert told["d"].form == said["d"].form


@pytest.mark.parametrize("mark", ["None", "none", "."])
def test_none_and_a_point_are_missing_among_dates_and_numbers_but_not_among_texts(mark):
    table = pellucid.read({"d": [*days(2), mark], "n": ["1", "$2", mark], "t": ["brick", "stone", mark]})
    assert [c.kind for c in table] == ["date", "number", "category"]
    assert [int(c.missing.sum()) for c in table] == [1, 1, 0]
    assert table.findings == ()


@pytest.mark.parametrize("mark", ["#N/A", "--", " #n/a "])
def test_more_marks_of_missing_values(mark):
    table = pellucid.read({"d": [*days(2), mark], "n": ["1", "2", mark], "t": ["brick", "stone", mark]})
    assert [int(c.missing.sum()) for c in table] == [1, 1, 1]
