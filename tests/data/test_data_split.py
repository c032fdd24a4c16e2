import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.data import (
    grouped_split,
    ordered_split,
    random_split,
    repeated_folds,
    repeated_grouped_folds,
    repeated_stratified_folds,
    stratified_split,
    time_folds,
    time_split,
)
from pellucid.errors import InputError, ShapeError

quick = settings(deadline=None, max_examples=60)
fractions = st.floats(0.02, 0.98)
seeds = st.integers(0, 2**31)
labels = st.lists(st.sampled_from("abcd"), min_size=1, max_size=60).map(lambda x: [*x, *dict.fromkeys(x)])
groups = st.lists(st.integers(0, 9), min_size=2, max_size=60).filter(lambda g: len(set(g)) > 1)


def rng(seed=0):
    return np.random.default_rng(seed)


def complete(split, rows):
    """Disjoint, complete, sorted, both sides filled unless said otherwise."""
    for side in (split.training, split.held_out):
        assert side.dtype == np.int64
        assert (np.diff(side) > 0).all()
    assert sorted([*split.training, *split.held_out]) == list(range(rows))
    return True


@quick
@given(st.integers(2, 200), fractions, seeds)
def test_random_split(rows, fraction, seed):
    split = random_split(rows, fraction, rng(seed))
    assert complete(split, rows)
    assert 1 <= len(split.held_out) < rows
    assert abs(len(split.held_out) - fraction * rows) <= 1
    assert split.held_out.tolist() == random_split(rows, fraction, rng(seed)).held_out.tolist()


@quick
@given(labels, fractions, seeds)
def test_stratified_split_keeps_shares_within_one_row(marks, fraction, seed):
    split = stratified_split(marks, fraction, rng(seed))
    assert complete(split, len(marks))
    marks = np.array(marks)
    share = min(max(round(fraction * len(marks)), 1), len(marks) - 1) / len(marks)
    for mark in set(marks):
        size = (marks == mark).sum()
        assert abs((marks[split.held_out] == mark).sum() - share * size) <= 1
        assert (marks[split.training] == mark).any()


@quick
@given(groups, fractions, seeds)
def test_grouped_split_keeps_groups_whole(marks, fraction, seed):
    split = grouped_split(marks, fraction, rng(seed))
    assert complete(split, len(marks))
    marks = np.array(marks)
    assert not set(marks[split.training]) & set(marks[split.held_out])
    assert len(split.training)
    assert len(split.held_out)


@quick
@given(groups, fractions)
def test_time_split_holds_out_the_latest(moments, fraction):
    split = time_split(np.array(moments), fraction)
    assert complete(split, len(moments))
    moments = np.array(moments)
    assert moments[split.training].max() < moments[split.held_out].min()


def test_time_split_by_hand():
    days = np.array(["2024-01-03", "2024-01-01", "2024-01-02", "2024-01-03"], dtype="datetime64[us]")
    split = time_split(days, 0.25)
    assert split.held_out.tolist() == [0, 3]
    assert "latest 2 of 4 rows" in split.rule
    assert "2024-01-03" in split.rule


def test_ordered_split_by_hand():
    split = ordered_split(10, 0.3)
    assert split.held_out.tolist() == [7, 8, 9]
    assert "in table order" in split.rule


def test_the_seed_matters():
    assert random_split(100, 0.5, rng(1)).held_out.tolist() != random_split(100, 0.5, rng(2)).held_out.tolist()


def whole_rounds(splits, rows, folds):
    """Every round of folds holds out each row once."""
    for start in range(0, len(splits), folds):
        held = np.concatenate([s.held_out for s in splits[start : start + folds]])
        assert sorted(held) == list(range(rows))
    assert all(complete(s, rows) for s in splits)
    return True


@quick
@given(st.integers(2, 60), st.integers(2, 6), seeds)
def test_repeated_folds(rows, folds, seed):
    splits = repeated_folds(rows, folds, 2, rng=rng(seed))
    used = min(folds, rows)
    assert len(splits) == 2 * used
    assert whole_rounds(splits, rows, used)


@quick
@given(labels, st.integers(2, 6), seeds)
def test_repeated_stratified_folds(marks, folds, seed):
    marks = np.array(marks)
    smallest = min((marks == m).sum() for m in marks)
    used = min(folds, smallest)
    splits = repeated_stratified_folds(marks, folds, 2, rng=rng(seed))
    assert len(splits) == 2 * used
    assert whole_rounds(splits, len(marks), used)
    for split in splits:
        assert (f"{used} folds instead of {folds}" in split.rule) == (used < folds)
        for mark in set(marks):
            expected = (marks == mark).sum() / used
            assert abs((marks[split.held_out] == mark).sum() - expected) < 1


@quick
@given(groups, st.integers(2, 6), seeds)
def test_repeated_grouped_folds(marks, folds, seed):
    used = min(folds, len(set(marks)))
    splits = repeated_grouped_folds(marks, folds, 2, rng=rng(seed))
    assert len(splits) == 2 * used
    assert whole_rounds(splits, len(marks), used)
    marks = np.array(marks)
    for split in splits:
        assert not set(marks[split.training]) & set(marks[split.held_out])


def test_rounds_differ_and_are_numbered():
    splits = repeated_folds(50, rng=rng())
    assert len(splits) == 15
    assert splits[0].held_out.tolist() != splits[5].held_out.tolist()
    assert splits[6].rule == "fold 2 of 5, round 2 of 3"


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda: random_split(10, 1.0, rng()), "between 0 and 1, got 1.0"),
        (lambda: random_split(1, 0.5, rng()), "2 rows or more to split, got 1"),
        (lambda: stratified_split(["a", "a", "b"], 0.5, rng()), "class b has a single row"),
        (lambda: repeated_stratified_folds(["a", "a", "b"], rng=rng()), "class b has a single row"),
        (lambda: stratified_split(["a", "a", None], 0.5, rng()), "row 3 has no label"),
        (lambda: grouped_split([1, 1], 0.5, rng()), "2 groups or more"),
        (lambda: grouped_split([1.0, np.nan, 2.0], 0.5, rng()), "row 2 has no group"),
        (lambda: time_split([1, 1, 1], 0.5), "same moment"),
        (lambda: time_split(np.array(["2024-01-01", "NaT"], dtype="M8[D]"), 0.5), "row 2 has no moment"),
        (lambda: repeated_folds(10, 1, rng=rng()), "2 folds or more"),
    ],
)
def test_what_cannot_be_split_says_why(act, words):
    with pytest.raises(InputError, match=words):
        act()


def test_labels_must_be_flat():
    with pytest.raises(ShapeError, match=r"\(2, 2\)"):
        stratified_split(np.zeros((2, 2)), 0.5, rng())


@pytest.mark.parametrize(
    "cut",
    [
        lambda rng: random_split(20, 0.3, rng),
        lambda rng: stratified_split(["a", "b"] * 10, 0.3, rng),
        lambda rng: grouped_split([1, 2, 3, 4] * 5, 0.3, rng),
        lambda rng: repeated_folds(20, rng=rng)[4],
        lambda rng: repeated_stratified_folds(["a", "b"] * 10, rng=rng)[4],
        lambda rng: repeated_grouped_folds([1, 2, 3, 4, 5] * 4, rng=rng)[7],
    ],
)
def test_a_seed_is_as_good_as_its_generator(cut):
    assert cut(3).held_out.tolist() == cut(rng(3)).held_out.tolist()
    generator = rng(3)
    assert [cut(generator).held_out.tolist() for _ in range(9)] != [cut(3).held_out.tolist()] * 9


@quick
@given(st.lists(st.integers(0, 30), min_size=3, max_size=120).filter(lambda m: len(set(m)) >= 3))
def test_folds_in_time_learn_from_all_rows_before_those_that_they_hold_out(moments):
    times = np.array(moments)
    folds = time_folds(times)
    held = np.concatenate([fold.held_out for fold in folds])
    assert len(np.unique(held)) == len(held)
    assert len(folds) >= 2
    for fold in folds:
        assert times[fold.training].max() < times[fold.held_out].min()
        assert sorted(fold.training) == np.flatnonzero(times <= times[fold.training].max()).tolist()
    assert set(held) | set(folds[0].training) == set(range(len(times)))


def test_blocks_in_time_are_of_nearly_equal_size():
    folds = time_folds(np.arange(600)[::-1])
    assert {len(fold.held_out) for fold in folds} == {100}
    with pytest.raises(InputError, match="3 different moments"):
        time_folds([1, 1, 2])
    with pytest.raises(InputError, match="row 2 has no moment"):
        time_folds([1.0, np.nan, 2.0])
