import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pellucid


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
