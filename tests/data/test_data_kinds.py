import numpy as np
import pytest

import pellucid

RNG = np.random.default_rng(0)
TABLES = {
    "titanic_train.csv": {"PassengerId": "identifier", "Name": "text", "Ticket": "text", "Cabin": "text"},
    "titanic_test.csv": {"PassengerId": "identifier", "Name": "text", "Ticket": "text", "Cabin": "text"},
    "telco_churn.csv": {"customerID": "identifier"},
    "bike_hour.csv": {"instant": "identifier"},
    "bank_marketing_full.csv": {},
    "california_housing_cat.csv": {},
    "credit_default_uci.csv": {},
    "gpa1.csv": {},
    "letter.csv": {},
    "spiral.csv": {},
}


@pytest.mark.parametrize("name", TABLES)
def test_roles_in_real_tables(shared, name):
    table = pellucid.read(shared / name)
    assert {c.name: c.role for c in table if c.role != "input"} == TABLES[name]


def test_kinds_in_real_tables(shared):
    total = pellucid.read(shared / "telco_churn.csv")["TotalCharges"]
    assert (total.kind, int(total.missing.sum())) == ("number", 11)
    assert pellucid.read(shared / "bike_hour.csv")["dteday"].kind == "date"


def role(values, name="a", rows=None):
    values = list(values)
    return pellucid.read({name: values, "u": RNG.random(len(values)), "v": RNG.random(len(values))})[name]


def test_the_reason_of_an_identifier_gives_the_numbers():
    reason = pellucid.read("titanic")["PassengerId"].reason
    assert "891 different values in 891 rows, counting up by 1: an identifier" in reason


@pytest.mark.parametrize("name", ["PassengerId", "customerID", "customer_id", "id", "index", "UUID"])
def test_a_telling_name_and_different_whole_numbers_make_an_identifier(name):
    assert role([17, 3, 99], name).role == "identifier"
    assert role([17, 3, 3], name).role == "input"


@pytest.mark.parametrize("name", ["paid", "humidity", "width", "a"])
def test_other_names_do_not(name):
    assert role(RNG.permutation(100), name).role == "input"


def test_counting_up_needs_rows_whole_numbers_and_no_word_of_time():
    assert role(range(100)).role == "identifier"
    assert role(range(0, 1000, 10)).role == "identifier"
    assert role(range(20)).role == "input"
    assert role(np.arange(100.0)).role == "input"
    assert role(range(1900, 2000), "year").role == "input"
    assert role([*range(99), 200]).role == "input"


def test_a_counting_column_beside_a_single_other_stays_an_input():
    x = np.arange(100)
    column = pellucid.read({"x": x, "y": 2.0 * x})["x"]
    assert column.role == "input"
    assert "no other" in column.reason
    assert pellucid.read({"row_id": x, "y": 2.0 * x})["row_id"].role == "identifier"


def test_constants_and_empty_columns():
    assert role([4, 4, 4]).role == "constant"
    assert "same value 4 in all 3 rows" in role([4, 4, 4]).reason
    assert role(["k", "k"]).role == "constant"
    assert role([None, None]).role == "empty"
    assert role(["", "NA"]).role == "empty"
    assert role(["k", None, "k"]).role == "input"
    assert role([5]).role == "input"


def test_texts_that_all_differ():
    codes = [f"c{i}" for i in range(60)]
    assert role(codes).role == "identifier"
    assert role([f"Mr {c}" for c in codes]).role == "text"
    assert role(codes[:20]).role == "input"
    assert role(codes[:20], "user_id").role == "identifier"


@pytest.mark.parametrize(("levels", "each", "expected"), [(51, 4, "text"), (51, 5, "input"), (50, 4, "input")])
def test_many_levels_with_few_rows_each_are_text(levels, each, expected):
    assert role([f"l {i}" for i in range(levels)] * each).role == expected


def test_sentences_in_a_small_table_are_text():
    said = ["I liked it a lot today", "this was not good at all", "never again will I come here"]
    assert role(said).role == "text"
    assert role(["red", "blue", "green"]).role == "input"
