"""What climb does with tables, splits, options and trouble; small networks, few epochs."""

import json
from dataclasses import replace

import numpy as np
import pytest

import pellucid
from pellucid.data.split import Split
from pellucid.data.table import Table
from pellucid.engines.reference import ReferenceEngine
from pellucid.errors import ColumnError, FileError, InputError, SpecError
from pellucid.judging.card import sealed_mask
from pellucid.judging.seal import SealPlan
from pellucid.spec import TrainingSpec

QUICK = {"hidden": (4,), "epochs": 3, "max_seconds": 0}


def people(rows=120, seed=0):
    """A table with numbers, a category, a date, gaps, an identifier, and a target of two classes."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=rows)
    color = rng.choice(["red", "green", "blue"], rows)
    y = np.where(x + (color == "red") + rng.normal(size=rows) / 2 > 0.3, "yes", "no")
    return {
        "id": [f"p{k:05d}" for k in range(rows)],
        "x": [None if k % 11 == 5 else float(v) for k, v in enumerate(x)],
        "z": rng.normal(size=rows).tolist(),
        "color": [None if k % 17 == 3 else str(c) for k, c in enumerate(color)],
        "day": [str(np.datetime64("2024-01-01") + int(d)) for d in np.sort(rng.integers(0, 300, rows))],
        "group": [f"g{g}" for g in rng.integers(0, 12, rows)],
        "y": y.tolist(),
    }


def houses(rows=100, seed=1):
    rng = np.random.default_rng(seed)
    x, z = rng.normal(size=(2, rows))
    return {"x": x.tolist(), "z": z.tolist(), "price": (1000 * x + 100 * rng.normal(size=rows) + 5000).tolist()}


@pytest.fixture(scope="module")
def plain(module_state):
    return pellucid.climb(people(), "y", **QUICK)


def same(one, other):
    """Whether two climbs learned the same bits and found the same figures over the folds."""
    parameters = all(
        np.array_equal(one.model.parameters_[name], other.model.parameters_[name]) for name in one.model.parameters_
    )
    figures = all(
        np.array_equal(a.scores[name], b.scores[name])
        for a, b in zip(one.rungs, other.rungs, strict=True)
        for name in a.scores
    )
    return parameters and figures and one.model.preparation_ == other.model.preparation_


def test_the_same_seed_gives_the_same_bits(plain):
    again = pellucid.climb(people(), "y", **QUICK)
    assert same(plain, again)
    assert again.verdict == plain.verdict
    other = pellucid.climb(people(), "y", seed=1, **QUICK)
    assert other.card.sealed != plain.card.sealed


@pytest.mark.parametrize("task", ["classes", "numbers"])
def test_sealed_rows_have_no_influence(task):
    held_out = np.arange(0, 120, 5)
    split = Split(np.setdiff1d(np.arange(120), held_out), held_out, "every fifth row")
    table = pellucid.read(people() if task == "classes" else houses(120))
    target = "y" if task == "classes" else "price"
    changed = []
    for column in table:
        values = column.values.copy()
        if column.kind == "number":
            values[held_out] = -1e6
            values[held_out[:5]] = np.nan if column.name != target else 7e5
        elif column.kind == "date":
            values[held_out] = np.datetime64("1950-05-05")
        elif column.name == target:
            values[held_out] = 1 - values[held_out]
        else:
            values = values + 300  # as many levels that only sealed rows have come before the known ones
            values[column.missing] = -1
            values[held_out] = np.arange(len(held_out))
        levels = (*(f"!{k}" for k in range(300)), *column.levels) if column.kind == "category" else ()
        if column.name == target:
            levels = column.levels
        changed.append(replace(column, values=values, levels=levels))
    options = {"seal": split, "hidden": (4,), "epochs": 3, "max_seconds": 0}
    one = pellucid.climb(table, target, **options)
    other = pellucid.climb(Table(changed), target, **options)
    assert same(one, other)
    assert [rung.detail for rung in one.rungs] == [rung.detail for rung in other.rungs]
    assert (one.chosen, one.verdict[1:], one.story) == (other.chosen, other.verdict[1:], other.story)
    assert one.model.history_ == other.model.history_
    assert one.test.scores != other.test.scores


def test_a_fifth_of_the_rows_is_sealed_at_random_by_class(plain):
    mask = sealed_mask(plain.card)
    y = np.array(people()["y"])
    assert mask.sum() == 24 == plain.test.rows
    assert (y[mask] == "yes").sum() == round(0.2 * (y == "yes").sum())
    assert plain.card.split_rule.startswith("24 of 120 rows held out by chance")


def test_max_seconds_ends_after_two_folds_and_says_so(plain):
    assert plain.folds_rule.startswith("2 fits a rung of 15, the time was up")
    assert {len(rung.scores["accuracy"]) for rung in plain.rungs} == {2}


def test_identifiers_are_kept_apart_and_named(plain):
    assert plain.card.identifiers == ("id",)
    assert "id" not in plain.card.inputs
    assert "identifier" in plain.card.set_aside["id"]


def test_progress_is_told_before_every_fit():
    told = []
    pellucid.climb(people(), "y", on_progress=told.append, **QUICK)
    assert [(p.fold, p.done) for p in told[:-1]] == [(k // 5 + 1, k) for k in range(10)]
    assert (told[-1].fold, told[-1].done) == (0, 75)  # the network that is saved
    assert {p.total for p in told} == {75}
    assert [p.rung for p in told[:5]] == [
        "majority class",
        "best single-column rule",
        "logistic network",
        "one hidden layer",
        "boosted trees",
    ]


def test_ctrl_c_between_fits_ends_the_climb():
    def press(progress):
        if progress.done == 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pellucid.climb(people(), "y", on_progress=press, **QUICK)


@pytest.mark.parametrize("place", ["first", "last"])
def test_ctrl_c_inside_a_fit_ends_the_climb(monkeypatch, place, state):
    """A single fit keeps its best so far and goes on; the ladder must not take that for a finished fit."""
    run, calls, last = ReferenceEngine.run, [], 0

    def counted(self, *arguments):
        calls.append(1)
        if len(calls) == last:
            raise KeyboardInterrupt
        return run(self, *arguments)

    monkeypatch.setattr(ReferenceEngine, "run", counted)
    pellucid.climb(people(), "y", engine="reference", **QUICK)  # the last run is that of the final network
    before = (state / "looks.jsonl").read_text()
    last = 1 if place == "first" else len(calls)
    calls.clear()
    with pytest.raises(KeyboardInterrupt):
        pellucid.climb(people(), "y", engine="reference", **QUICK)
    assert (state / "looks.jsonl").read_text() == before


def test_a_regression():
    found = pellucid.climb(houses(), "price", hidden=(4,), epochs=60)
    assert (found.figure, found.card.task, found.card.labels) == ("RMSE", "regression", ())
    assert [rung.name for rung in found.rungs][:3] == ["mean", "best single-column rule", "linear network"]
    assert found.rung("linear network").mean("RMSE") < found.rung("mean").mean("RMSE") / 4
    assert found.chosen == "linear network"
    assert any(s.startswith("The linear network beats the best single-column rule (x ≤ ") for s in found.verdict)
    assert [score.name for score in found.test.scores] == ["RMSE", "MAE", "median absolute error", "R²"]
    json.dumps(found.to_dict(), allow_nan=False)


def test_twenty_six_classes_give_a_small_record():
    rng = np.random.default_rng(0)
    y = np.repeat(np.arange(26), 24)
    features = rng.normal(size=(len(y), 4)) + np.stack([y, y % 5, y % 2, -y], axis=1)
    table = {f"x{k}": features[:, k].tolist() for k in range(4)} | {"letter": [chr(65 + k) for k in y]}
    found = pellucid.climb(table, "letter", **QUICK)
    assert len(found.card.labels) == 26
    assert found.test.counts.counts.shape == (26, 26)
    assert found.test.counts.counts.sum() == found.test.rows == 125
    assert len(json.dumps(found.to_dict(), allow_nan=False)) < 300_000


def test_a_second_table_is_the_test():
    train, test = people(80, 0), people(40, 5)
    del test["id"]
    test["more"] = list(range(40))
    found = pellucid.climb(train, "y", seal=SealPlan(test=test), **QUICK)
    assert (found.test.rows, found.card.training_rows, found.card.sealed) == (40, 80, "")
    assert found.card.split_rule == "the 40 rows of the second table"
    assert found.card.test_fingerprint == pellucid.read(test).fingerprint()
    again = pellucid.evaluate(found.model, test)
    assert (again.scores, again.rows_scored, again.look) == (found.test.scores, "sealed rows", 2)
    assert pellucid.evaluate(found.model, train).rows_scored == "all rows"
    assert pellucid.evaluate(found.model, train, all_rows=True).findings[0].code == "OPTIMISTIC"
    with pytest.raises(InputError, match="the test table is the training table itself"):
        pellucid.climb(train, "y", seal=SealPlan(test=train), **QUICK)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda t: t.pop("x"), ColumnError, "the test rows have no column 'x'"),
        (lambda t: t.pop("y"), ColumnError, "no column 'y'"),
        (
            lambda t: t.update(y=["maybe"] * 40),
            InputError,
            r"holds 'maybe' \(row 1\), which is none of the classes; there is 'no', 'yes'",
        ),
        (lambda t: t.update(y=[None] * 20 + ["hmm"] * 20), InputError, r"holds 'hmm' \(row 21\)"),
        (lambda t: t.update(y=[None] * 40), InputError, "has no value in these 40 rows"),
    ],
)
def test_a_test_table_that_does_not_fit_is_refused_before_any_fit(change, error, message, state):
    test = people(40, 5)
    change(test)
    fits = []
    with pytest.raises(error, match=message):
        pellucid.climb(people(80), "y", seal=SealPlan(test=test), on_progress=fits.append, **QUICK)
    assert fits == []
    assert (state / "looks.jsonl").read_text() == ""


def test_a_test_table_of_numbers_with_texts_in_the_target():
    test = {**houses(20), "price": ["dear", "cheap"] * 10}
    with pytest.raises(InputError, match="the target 'price' should hold numbers, but it holds texts here"):
        pellucid.climb(houses(), "price", seal=SealPlan(test=test), **QUICK)


def test_a_split_column_says_which_rows_are_for_testing():
    table = people() | {"part": ["Train", "test", "train"] * 40}
    found = pellucid.climb(table, "y", seal=SealPlan(split_column="part"), **QUICK)
    assert np.flatnonzero(sealed_mask(found.card)).tolist() == list(range(1, 120, 3))
    assert "part" not in found.card.inputs
    assert found.card.set_aside["part"] == "it says which rows are for testing"
    numbers = people() | {"part": [0, 1, 0] * 40}
    assert pellucid.climb(numbers, "y", seal=SealPlan(split_column="part"), **QUICK).card.sealed == found.card.sealed


@pytest.mark.parametrize(
    ("part", "message"),
    [
        (["train", "test", "maybe"] * 40, r"must say train or test .* got 'maybe', 'test', 'train'"),
        (["train"] * 120, r"must say train or test"),
        (["train", "test", None] * 40, r"has no value in row 3 \(40 such rows\)"),
        ([0, 1, None] * 40, r"has no value in row 3 \(40 such rows\)"),
    ],
)
def test_a_split_column_must_say_so_in_every_row(part, message):
    with pytest.raises(ColumnError, match=message):
        pellucid.climb(people() | {"part": part}, "y", seal=SealPlan(split_column="part"), **QUICK)


def test_groups_never_straddle_and_are_no_input():
    table = people()
    seen = []
    found = pellucid.climb(table, "y", seal=SealPlan(group="group"), on_progress=seen.append, **QUICK)
    group, mask = np.array(table["group"]), sealed_mask(found.card)
    assert not set(group[mask]) & set(group[~mask])
    assert "group" not in found.card.inputs
    assert "group" not in found.model.preparation_.sources
    assert "so what it says cannot be tested" in found.card.set_aside["group"]
    assert "groups kept whole" in found.folds_rule
    dropped = pellucid.climb(table, "y", seal=SealPlan(group="group"), drop=("group",), **QUICK)
    assert dropped.card.sealed == found.card.sealed


def test_folds_keep_groups_whole_too(monkeypatch):
    """A column that names the group's class tells nothing when whole groups are held out."""
    from pellucid.judging.scoring import FoldFits

    table = people()
    seen = {}

    def spy(fits, folds):
        seen["folds"], seen["training"] = folds, fits.table
        return score(fits, folds)

    score = FoldFits.score
    monkeypatch.setattr(FoldFits, "score", spy)
    pellucid.climb(table, "y", seal=SealPlan(group="group"), **QUICK)
    groups = seen["training"]["group"].objects()
    for fold in seen["folds"]:
        assert not set(groups[fold.training]) & set(groups[fold.held_out])


def test_time_tests_on_the_latest_rows_and_the_moment_is_no_input():
    table = people()
    found = pellucid.climb(table, "y", seal=SealPlan(time_column="day"), **QUICK)
    days, mask = np.array(table["day"], dtype="datetime64[D]"), sealed_mask(found.card)
    assert days[~mask].max() < days[mask].min()
    assert abs(mask.sum() - 24) <= 3
    assert "day" not in found.card.inputs
    assert "later than the training rows" in found.card.set_aside["day"]
    wanted = pellucid.climb(table, "y", seal=SealPlan(time_column="day"), inputs=("x", "day"), **QUICK)
    assert wanted.card.inputs == ("x", "day")


@pytest.mark.parametrize("how", ["group", "time_column"])
def test_a_column_that_chooses_rows_must_have_values(how):
    table = people()
    table["day"][7] = table["group"][7] = None
    name = "group" if how == "group" else "day"
    with pytest.raises(ColumnError, match=f"'{name}', which chooses the test rows, has no value in row 8"):
        pellucid.climb(table, "y", seal=SealPlan(**{how: name}), **QUICK)
    table["y"][7] = None  # that row is left out anyway
    pellucid.climb(table, "y", seal=SealPlan(**{how: name}), **QUICK)


def test_text_is_no_time():
    with pytest.raises(ColumnError, match="the time column 'group' holds texts"):
        pellucid.climb(people(), "y", seal=SealPlan(time_column="group"), **QUICK)


def test_rows_without_a_target_are_left_out_and_counted():
    table = people()
    gone = [3, 50, 51, 110]
    for row in gone:
        table["y"][row] = None
    found = pellucid.climb(table, "y", **QUICK)
    assert found.card.rows_without_target == 4
    assert found.card.training_rows + found.test.rows == 116
    assert not sealed_mask(found.card)[gone].any()
    assert pellucid.evaluate(found.model, table).scores == found.test.scores


def test_a_split_counts_all_rows_whether_they_have_a_target_or_not():
    table = people()
    for row in (0, 1, 119):
        table["y"][row] = None
    split = Split(np.arange(0, 90), np.arange(90, 120), "first and last")
    found = pellucid.climb(table, "y", seal=split, **QUICK)
    assert (found.card.training_rows, found.test.rows) == (88, 29)
    assert np.flatnonzero(sealed_mask(found.card)).tolist() == list(range(90, 119))


@pytest.mark.parametrize(
    ("training", "held_out", "message"),
    [
        (np.arange(0, 100), np.arange(90, 120), "names row 90 more than once"),
        (np.arange(0, 100), np.arange(100, 121), "names row 120, but rows are numbered from 0 to 119"),
        (np.arange(-1, 100), np.arange(100, 120), "names row -1"),
        (np.ones(120, dtype=bool), np.zeros(120, dtype=bool), "a split holds row numbers, got bool values"),
        (np.arange(5), np.arange(5, 120), "5 training rows and 115 test rows with a target are too few"),
        (np.arange(120), np.arange(0), "120 training rows and 0 test rows with a target are too few"),
    ],
)
def test_a_split_must_name_each_row_of_the_table_once(training, held_out, message):
    with pytest.raises(InputError, match=message):
        pellucid.climb(people(), "y", seal=Split(training, held_out, ""), **QUICK)


def test_classes_are_those_of_the_training_rows():
    table = people()
    table["y"][100] = "late"
    split = Split(np.arange(0, 90), np.arange(90, 120), "first and last")
    with pytest.raises(InputError, match="the class 'late' has 0 training rows and 1 test rows"):
        pellucid.climb(table, "y", seal=split, **QUICK)
    table["y"][101], table["y"][5] = "late", "late"
    with pytest.raises(InputError, match="the class 'late' has 1 training rows and 2 test rows"):
        pellucid.climb(table, "y", seal=split, **QUICK)
    unused = Split(np.arange(0, 90), np.arange(102, 120), "without the rows between")
    table["y"][5] = "no"
    assert pellucid.climb(table, "y", seal=unused, **QUICK).card.labels == ("no", "yes")


def test_a_class_with_one_row_is_named():
    table = people()
    table["y"][7] = "alone"
    with pytest.raises(InputError, match="class alone has a single row"):
        pellucid.climb(table, "y", **QUICK)


def test_training_rows_of_one_class_are_refused():
    table = {"x": list(range(40)), "y": ["a"] * 30 + ["b"] * 10}
    with pytest.raises(InputError, match="'b' has 0 training rows and 10 test rows"):
        pellucid.climb(table, "y", seal=Split(np.arange(30), np.arange(30, 40), ""), **QUICK)
    with pytest.raises(InputError, match="all training rows are of class 'a'"):
        pellucid.climb(table, "y", seal=Split(np.arange(20), np.arange(20, 30), ""), **QUICK)


def test_a_small_class_makes_fewer_folds():
    table = people()
    for row in range(0, 40, 8):
        table["y"][row] = "rare"
    found = pellucid.climb(table, "y", hidden=(4,), epochs=2)
    assert "4 folds instead of 5 because there are 4 rows of class rare" in found.folds_rule
    assert len(found.rungs[0].scores["log loss"]) == 12


def test_a_class_that_some_groups_lack():
    """Its log loss stays finite in folds without it, for networks and trees as for rules."""
    table = people()
    table["y"] = ["odd" if g == "g3" and k % 2 else y for k, (g, y) in enumerate(zip(table["group"], table["y"]))]
    split_seed = next(seed for seed in range(20) if "g3" not in held_out_groups(table, seed))
    found = pellucid.climb(table, "y", seal=SealPlan(group="group"), hidden=(), epochs=2, seed=split_seed)
    assert found.card.labels == ("no", "odd", "yes")
    assert max(rung.scores["log loss"].max() for rung in found.rungs) < 15


def held_out_groups(table, seed):
    from pellucid.judging.seal import seal_rows

    try:
        sealed = seal_rows(pellucid.read(table), "y", SealPlan(group="group"), (), seed)
    except InputError:
        return {"g3"}
    return set(sealed.held_out["group"].objects())


def test_columns_that_are_constant_or_empty_in_a_fold():
    table = people()
    table["nearly constant"] = [1.0] * 119 + [2.0]
    table["nearly empty"] = [None] * 119 + [2.0]
    table["odd level"] = ["same"] * 119 + ["other"]
    found = pellucid.climb(table, "y", hidden=(4,), epochs=2)
    assert len(found.rungs[-1].scores["log loss"]) == 15


def test_large_tables_with_a_rare_class_have_trees_too():
    """Above 10,000 rows the trees hold rows out by class, which a class of one row in a fold does not allow."""
    rng = np.random.default_rng(0)
    y = np.array(["a", "b"] * 12_600)
    y[:2] = "rare"
    split = Split(np.arange(25_000), np.arange(25_000, 25_200), "the last 200")
    table = {"x": rng.normal(size=len(y)).round(1), "y": y.tolist()}
    found = pellucid.climb(table, "y", seal=split, hidden=(), epochs=1, max_seconds=0)
    assert (found.rungs[-1].name, len(found.rungs[-1].scores["log loss"])) == ("boosted trees", 2)


def test_too_few_rows():
    with pytest.raises(InputError, match="9 rows with a target are too few"):
        pellucid.climb(houses(9), "price", **QUICK)
    assert pellucid.climb(houses(10), "price", **QUICK).test.rows == 2


def test_dropped_columns_are_nowhere():
    found = pellucid.climb(people(), "y", drop=("x", "day"), **QUICK)
    assert set(found.model.preparation_.sources) <= {"z", "color", "group"}
    with pytest.raises(ColumnError, match=r"no column 'colour'.*did you mean 'color'"):
        pellucid.climb(people(), "y", drop=("colour",), **QUICK)


def test_named_inputs_are_used_whatever_was_thought_of_them():
    table = houses(60) | {"id": list(range(60))}
    assert "id" not in pellucid.climb(table, "price", **QUICK).card.inputs
    found = pellucid.climb(table, "price", inputs=("x", "id"), **QUICK)
    assert found.model.preparation_.sources == ("x", "id")
    assert "id" not in found.card.set_aside


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"target": "yy"}, ColumnError, "no column 'yy'; did you mean 'y'"),
        ({"drop": ("y",)}, SpecError, "'y' is the target, so it cannot be dropped too"),
        ({"drop": "x"}, SpecError, r"drop takes a list of columns, got the text 'x'; write \['x'\]"),
        ({"inputs": "x"}, SpecError, "inputs takes a list"),
        ({"inputs": ("x", "y")}, SpecError, "the target 'y' cannot be one of the inputs"),
        ({"inputs": ("xx",)}, ColumnError, "no column 'xx'"),
        ({"inputs": ()}, ColumnError, "no column is left as an input"),
        ({"drop": ("x", "z", "color", "day", "group")}, ColumnError, "no column is left as an input; id: .*identifier"),
        (
            {"seal": SealPlan(group="y")},
            SpecError,
            "'y' is the target, so it cannot be the column that groups the rows too",
        ),
        ({"seal": SealPlan(time_column="dya")}, ColumnError, "did you mean 'day'"),
        ({"seal": {"group": "g"}}, SpecError, "seal must be a SealPlan or a Split, got dict"),
        ({"epochs": 0}, SpecError, "epochs must be a whole number of at least 1"),
        ({"seed": -1}, SpecError, "seed must be a whole number of at least 0"),
        ({"hidden": "64"}, SpecError, "hidden must be whole numbers"),
        ({"engine": "steam"}, SpecError, "steam"),
    ],
)
def test_options_that_make_no_sense(options, error, message):
    target = options.pop("target", "y") if "target" in options else "y"
    with pytest.raises(error, match=message):
        pellucid.climb(people(), target, **{**QUICK, **options})


def test_test_rows_are_chosen_in_one_way_only():
    with pytest.raises(SpecError, match="in one way only, got group and time_column"):
        SealPlan(group="g", time_column="t")


def test_a_state_folder_that_cannot_be_written_ends_it_before_any_fit(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PELLUCID_STATE", str(tmp_path / "file"))
    fits = []
    with pytest.raises(FileError, match="cannot count looks"):
        pellucid.climb(people(), "y", on_progress=fits.append, **QUICK)
    assert fits == []


def test_rare_levels_and_identifiers_are_not_in_the_record():
    table = people()
    table["color"][4] = "ultraviolet"
    text = json.dumps(pellucid.climb(table, "y", **QUICK).to_dict())
    assert "ultraviolet" not in text
    assert "p00004" not in text


def test_the_final_network_trains_as_long_as_the_folds_found(plain):
    chosen = plain.rung(plain.chosen)
    assert isinstance(plain.model.training_, TrainingSpec)
    assert plain.model.training_.epochs == max(chosen.epochs, 1)
    assert plain.model.training_.patience is None
    with pytest.raises(SpecError, match=r"no rung 'deep'"):
        plain.rung("deep")


def test_threads_change_no_figure(plain):
    options = {name: value for name, value in QUICK.items() if name != "max_seconds"}
    one, two = (pellucid.climb(people(), "y", threads=threads, **options) for threads in (1, 2))
    assert same(one, two)
    assert one.verdict == two.verdict


def test_true_and_false_of_another_case_are_the_same_classes():
    test = people(40, 5)
    test["y"] = [text.upper() for text in test["y"]]
    found = pellucid.climb(people(80), "y", seal=SealPlan(test=test), **QUICK)
    same = pellucid.climb(people(80), "y", seal=SealPlan(test=people(40, 5)), **QUICK)
    assert found.test.scores == same.test.scores
