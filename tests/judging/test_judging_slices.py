import json

import numpy as np
import pytest
from test_judging_climb import QUICK, people

import pellucid
from pellucid.data.table import Column, Table
from pellucid.errors import ColumnError, InputError, SpecError
from pellucid.judging.slices import max_t, slices_of
from pellucid.judging.truth import Truth
from pellucid.metrics import wilson


def scored(rows=600, seed=0, bad=0.4):
    """Predictions that are sure and right, but wrong for a share of the rows of group b."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 3, size=rows).astype(np.int32)
    table = Table(
        [
            Column("group", "category", group, ("a", "b", "c")),
            Column("noise", "number", rng.normal(size=rows)),
            Column("same", "number", np.ones(rows)),
        ]
    )
    truth = Truth("y", "classification", rng.integers(0, 2, size=rows), ("no", "yes"), "")
    wrong = rng.uniform(size=rows) < np.where(group == 1, bad, 0.1)
    sure = np.where(wrong, 1 - truth.values, truth.values)
    second = np.where(sure == 1, 0.9, 0.1)
    return table, truth, np.stack([1 - second, second], axis=1)


def test_the_slice_that_is_worse_comes_first_and_is_told():
    table, truth, predictions = scored()
    found = slices_of(table, truth, predictions)
    assert found.worst.name == "group = b"
    assert found.worst.worse
    assert [one.name for one in found.slices if one.worse] == ["group = b"]
    inside = table["group"].values == 1
    right = predictions.argmax(axis=1) == truth.values
    assert found.worst.rows == inside.sum()
    assert found.worst.score == right[inside].mean()
    assert found.worst.interval == wilson(float(right[inside].sum()), int(inside.sum()))
    losses = -np.log(np.where(right, 0.9, 0.1))
    assert found.worst.loss == pytest.approx(losses[inside].mean())
    assert found.worst.elsewhere == pytest.approx(losses[~inside].mean())
    assert [finding.code for finding in found.findings] == ["WEAK_SLICE"]
    assert "max-T" in found.correction
    json.dumps(found.to_dict())


def test_a_constant_column_and_small_slices_are_left_out():
    found = slices_of(*scored())
    assert {one.column for one in found.slices} == {"group", "noise"}
    assert found.left_out == 1
    few = slices_of(*(part.take(np.arange(30)) if not isinstance(part, np.ndarray) else part[:30] for part in scored()))
    assert (few.slices, few.worst, few.findings) == ((), None, ())
    assert few.left_out > 0


def test_slices_cover_all_rows_of_a_column_once():
    found = slices_of(*scored())
    assert sum(one.rows for one in found.slices if one.column == "noise") == 600
    assert sum(one.rows for one in found.slices if one.column == "group") == 600


def test_looking_at_many_slices_of_an_even_model_raises_few_alarms():
    alarms = [any(one.worse for one in slices_of(*scored(200, seed, bad=0.1)).slices) for seed in range(60)]
    assert np.mean(alarms) <= 0.15


def test_max_t_of_one_slice_is_the_permutation_test():
    from scipy.stats import permutation_test

    rng = np.random.default_rng(1)
    losses = rng.exponential(size=60)
    losses[:25] += 0.3
    members = np.arange(60) < 25

    def surplus(a, b):
        return (a.mean() - b.mean()) / np.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b))

    peer = permutation_test(
        (losses[:25], losses[25:]), surplus, alternative="greater", n_resamples=5000, rng=np.random.default_rng(0)
    )
    assert max_t(members[None], losses)[0] == pytest.approx(peer.pvalue, abs=0.03)


def test_more_slices_raise_the_p_values():
    rng = np.random.default_rng(2)
    losses = rng.exponential(size=200)
    members = np.stack([rng.permutation(200) < 50 for _ in range(40)])
    alone = max_t(members[:1], losses)[0]
    assert max_t(members, losses)[0] > alone


def test_numbers_with_gaps_and_few_values():
    rng = np.random.default_rng(0)
    values = rng.normal(size=400)
    values[:50] = np.nan
    table = Table([Column("x", "number", values), Column("k", "number", rng.integers(0, 3, size=400).astype(float))])
    truth = Truth("y", "regression", rng.normal(size=400), (), "")
    found = slices_of(table, truth, np.zeros(400))
    assert {one.value for one in found.slices if one.column == "k"} == {"= 0", "= 1", "= 2"}
    assert {one.rows for one in found.slices if one.value == "missing"} == {50}
    assert sum(one.rows for one in found.slices if one.column == "x") == 400
    assert found.score_name == "RMSE"
    worst = found.worst
    assert worst.interval.low <= worst.score <= worst.interval.high


def test_predictions_that_are_no_numbers_or_of_other_rows():
    table, truth, predictions = scored()
    predictions[7] = np.nan
    with pytest.raises(InputError, match="row 8 is no finite number"):
        slices_of(table, truth, predictions)
    with pytest.raises(InputError, match="one prediction a row"):
        slices_of(table, truth, predictions[:5])


def test_a_saved_model_on_its_sealed_rows(module_state):
    model = pellucid.climb(people(), "y", **QUICK).model
    found = pellucid.slices(model, people(300, 5))
    assert (found.rows, found.rows_scored, found.look) == (300, "new rows", None)
    assert {one.column for one in found.slices} <= set(model.card_.inputs)
    assert pellucid.slices(model, people()).look == 2  # training was the first
    named = pellucid.slices(model, people(300, 5), columns=["x"])
    assert {one.column for one in named.slices} == {"x"}
    with pytest.raises(ColumnError, match="no column 'zz'"):
        pellucid.slices(model, people(300, 5), columns=["zz"])
    with pytest.raises(SpecError, match="takes a list"):
        pellucid.slices(model, people(300, 5), columns="x")


def test_a_number_that_is_mostly_its_smallest_value_is_cut_there():
    """`previous` of bank marketing: 0 in more than three quarters of the rows, and many other values."""
    _, truth, predictions = scored()
    values = np.zeros(600)
    values[:60] = np.arange(1, 61)
    found = slices_of(Table([Column("previous", "number", values)]), truth, predictions)
    assert sorted((one.name, one.rows) for one in found.slices) == [("previous = 0", 540), ("previous from 1 on", 60)]


def test_of_the_slices_that_are_worse_the_worst_comes_first():
    """A mild fault on many rows is more surprising than a grave one on few, and less grave."""
    rng = np.random.default_rng(0)
    grave, mild = np.arange(2000) < 60, (np.arange(2000) >= 60) & (np.arange(2000) < 900)
    codes = np.where(grave, 1, np.where(mild, 2, 0)).astype(np.int32)
    table = Table([Column("group", "category", codes, ("fine", "grave", "mild"))])
    wrong = rng.random(2000) < np.where(grave, 0.6, np.where(mild, 0.4, 0.02))
    second = np.where(wrong, 0.9, 0.1)
    truth = Truth("y", "classification", np.zeros(2000, dtype=int), ("no", "yes"), "")
    found = slices_of(table, truth, np.stack([1 - second, second], axis=1))
    worse = [one for one in found.slices if one.worse]
    assert [one.name for one in worse] == ["group = grave", "group = mild"]
    assert worse[0].loss - worse[0].elsewhere > worse[1].loss - worse[1].elsewhere
