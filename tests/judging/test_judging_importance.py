import json

import numpy as np
import pytest
from test_judging_climb import QUICK, people

import pellucid
from pellucid.data.table import Column, Table
from pellucid.errors import ColumnError, InputError, SpecError
from pellucid.judging.associations import strong_pairs
from pellucid.judging.importance import importance_on
from pellucid.judging.run_details import run_details
from pellucid.judging.truth import Truth


@pytest.fixture(scope="module")
def found(module_state):
    return pellucid.climb(people(), "y", **QUICK)


def numbers(rows=400, seed=0):
    """y = 2 a + noise; b is a copy of a with some noise, c is noise, d never changes."""
    rng = np.random.default_rng(seed)
    a = rng.normal(size=rows)
    return {
        "a": a.tolist(),
        "b": (a + 0.3 * rng.normal(size=rows)).tolist(),
        "c": rng.normal(size=rows).tolist(),
        "d": [1.0] * rows,
        "y": (2 * a + 0.1 * rng.normal(size=rows)).tolist(),
    }


def double():
    """A network known by heart: 2 a, and nothing of c."""
    model = pellucid.MLPRegressor((), target_transform="none", epochs=1)
    model.fit({"a": [-1.5, -0.5, 0.5, 1.5], "c": [0.5, -1.5, 1.5, -0.5]}, [-3.0, -1.0, 1.0, 3.0])
    scale = np.std([-1.5, -0.5, 0.5, 1.5])  # the columns are standardized
    model.parameters_["layers.0.weight"][:] = [[2 * scale, 0]]
    model.parameters_["layers.0.bias"][:] = 0
    return model


def exact_rows(rows, seed):
    rng = np.random.default_rng(seed)
    a, noise = rng.normal(size=rows), rng.normal(size=rows)
    table = Table([Column("a", "number", a), Column("c", "number", rng.normal(size=rows))])
    return table, Truth("y", "regression", 2 * a + noise, (), "")


def test_the_increase_is_what_arithmetic_says():
    """Shuffling a makes the error 2 a - 2 a' + noise: variance 4 + 4 + 1, so RMSE 1 becomes 3."""
    found = importance_on(double(), *exact_rows(4000, 0), shuffles=5)
    assert found.figure == "RMSE"
    assert found.value == pytest.approx(1, abs=0.05)
    assert found["a"].increase == pytest.approx(2, abs=0.1)
    assert found["a"].shuffled == pytest.approx(found.value + found["a"].increase)
    assert (found["c"].increase, found["c"].interval.low, found["c"].interval.high) == (0, 0, 0)
    assert [column.name for column in found.columns] == ["a", "c"]


def test_the_interval_covers_the_true_increase():
    covered = [
        (interval := importance_on(double(), *exact_rows(100, seed), seed=seed)["a"].interval).low <= 2 <= interval.high
        for seed in range(200)
    ]
    assert 0.90 <= np.mean(covered) <= 0.99


def test_sealed_rows_of_a_saved_model_are_a_look(found):
    first = pellucid.importance(found.model, people())
    assert (first.rows, first.rows_scored, first.look) == (24, "sealed rows", 1)
    assert {column.name for column in first.columns} == set(found.card.inputs)
    assert first.value == pytest.approx(found.test["log loss"].value, rel=1e-5)
    assert pellucid.importance(found.model, people()).look == 2
    assert pellucid.importance(found.model, people(60, 9)).rows_scored == "new rows"
    whole = pellucid.importance(found.model, people(), all_rows=True)
    assert (whole.rows, whole.look) == (120, None)
    assert "OPTIMISTIC" in {finding.code for finding in whole.findings}


def test_an_unfitted_model_is_judged_out_of_fold():
    plan = pellucid.MLPRegressor(hidden_layer_sizes=(), optimizer="lbfgs", epochs=30, random_state=0)
    told = pellucid.importance(plan, numbers(), target="y", folds=4, shuffles=3)
    assert (told.rows, told.rows_scored, told.shuffles) == (400, "out-of-fold rows", 3)
    assert told.columns[0].name == "a"
    assert told["a"].interval.low > 1
    assert told["c"].interval.low < 0.05
    assert not hasattr(plan, "parameters_")
    with pytest.raises(SpecError, match="pass target"):
        pellucid.importance(plan, numbers())
    with pytest.raises(SpecError, match="use MLPRegressor"):
        pellucid.importance(pellucid.MLPClassifier(), numbers(), target="y")


def test_a_run_tells_importance_out_of_fold(found, monkeypatch):
    told = found.details.importance
    assert (told.rows, told.drawn_from, told.rows_scored) == (39, 39, "out-of-fold rows")  # two folds
    assert found.details.slices.rows_scored == "sealed rows"
    words = pellucid.plots.importance_in_words(told)
    assert words.startswith("On 39 training rows, each before a network that had not learned from it, the log loss is")
    # Networks that are not at hand, as after a crash, are trained again and answer the same.
    monkeypatch.setattr("pellucid.judging.scoring.FOLDS", 0)
    assert pellucid.climb(people(), "y", **QUICK).details.importance == told


def test_rows_that_were_drawn_say_of_how_many(monkeypatch):
    all_rows = importance_on(double(), *exact_rows(100, 0))
    assert all_rows.which == "100 new rows"
    monkeypatch.setattr("pellucid.judging.importance.MOST_ROWS", 100)
    assert importance_on(double(), *exact_rows(100, 0)).which == "100 new rows"
    some = importance_on(double(), *exact_rows(101, 0))
    assert some.which == "100 new rows, drawn from 101"
    assert pellucid.plots.importance_in_words(some).startswith("On 100 new rows, drawn from 101, the RMSE is")


def test_columns_that_say_the_same_are_named_and_can_be_shuffled_together():
    plan = pellucid.MLPRegressor(hidden_layer_sizes=(), optimizer="lbfgs", epochs=30, random_state=0)
    alone = pellucid.importance(plan, numbers(), target="y")
    assert [pair[:2] for pair in alone.associated] == [("a", "b")]
    assert [finding.code for finding in alone.findings] == ["ASSOCIATED_COLUMNS"]
    together = pellucid.importance(plan, numbers(), target="y", groups={"both": ["a", "b"]})
    assert together["both"].columns == ("a", "b")
    assert together.findings == ()
    assert {column.name for column in together.columns} == {"both", "c"}


def test_the_same_seed_gives_the_same_figures(found):
    assert pellucid.importance(found.model, people(60, 9), seed=3) == pellucid.importance(
        found.model, people(60, 9), seed=3
    )


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"groups": {"g": ["agee"]}}, ColumnError, "no input column 'agee'"),
        ({"groups": {"g": ["x"], "h": ["x"]}}, SpecError, "stands in two groups"),
        ({"groups": {"g": []}}, SpecError, "must be a list of columns"),
        ({"groups": ["x"]}, SpecError, "must map names"),
        ({"shuffles": 0}, SpecError, "shuffles must be a whole number"),
        ({"folds": True}, SpecError, "folds must be a whole number"),
        ({"target": "zz"}, ColumnError, "no column 'zz'"),
    ],
)
def test_what_cannot_be_done(found, options, error, message):
    with pytest.raises(error, match=message):
        pellucid.importance(found.model, people(60, 9), **options)


def test_models_and_rows_that_cannot_be_judged(found):
    with pytest.raises(InputError, match="fitted MLPClassifier or MLPRegressor, got str"):
        pellucid.importance("model", people())
    with pytest.raises(InputError, match="5 rows are too few"):
        pellucid.importance(found.model, pellucid.read(people(60, 9)).take(np.arange(5)))


def test_details_of_a_run_count_no_look_and_are_json(found, state):
    table = pellucid.read(people(60, 9))
    truth = Truth("y", "classification", np.arange(60) % 2, found.card.labels, "")
    told = run_details(found.model, table, truth)
    assert told.importance.rows_scored == told.slices.rows_scored == "sealed rows"
    assert not (state / "looks.jsonl").exists()
    assert json.loads(json.dumps(told.to_dict()))["importance"]["figure"] == "log loss"
    assert run_details(found.model, table.take(np.arange(5)), truth.take(np.arange(5))).importance is None


def test_strengths_of_association_are_the_textbook_ones():
    from scipy.stats import spearmanr

    rng = np.random.default_rng(0)
    x = rng.normal(size=500)
    y = np.exp(x + 0.5 * rng.normal(size=500))
    group = (x > 0).astype(np.int32)
    table = Table(
        [
            Column("x", "number", x),
            Column("y", "number", y),
            Column("g", "category", group, ("low", "high")),
            Column("h", "category", 1 - group, ("one", "two")),
            Column("one", "number", np.ones(500)),
            Column("gone", "number", np.full(500, np.nan)),
        ]
    )
    found = {pair[:2]: pair[2] for pair in strong_pairs(table, 0.5)}
    assert found["x", "y"] == pytest.approx(abs(spearmanr(x, y).statistic), abs=0.002)
    assert found["g", "h"] == pytest.approx(1)
    assert found["x", "g"] == pytest.approx(np.sqrt(3) / 2, abs=0.01)  # ranks against their half
    assert not {"one", "gone"} & {name for pair in found for name in pair}
