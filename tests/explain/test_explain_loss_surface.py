"""The loss over two parameters or directions: every point is the loss of a network with those parameters."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import pellucid
from pellucid.nn import loss_forward

RNG = np.random.default_rng(8)
X = RNG.normal(size=(150, 3))
Y = ((X[:, 0] * X[:, 1] > 0) ^ (X[:, 2] > 1)).astype(float)
AXES = ("layers.0.weight[3, 2]", "layers.1.bias[0]")


@pytest.fixture(scope="module")
def fitted() -> pellucid.FittedNetwork:
    plan = pellucid.TrainingSpec(loss="bce", learning_rate=0.02, epochs=12, batch_size=32)
    return pellucid.fit_network(X, Y, pellucid.NetworkSpec(3, (6,)), plan, record=True)


def loss_of(fitted: pellucid.FittedNetwork, parameters: Any) -> float:
    Z = fitted.engine.scores(fitted.network, parameters, X)
    return loss_forward(fitted.training.the_loss, Z, Y[:, None])[0]


def test_the_center_has_the_loss_of_the_network(fitted: pellucid.FittedNetwork) -> None:
    surface = pellucid.loss_surface(fitted, X, Y, AXES, size=11)
    assert surface.loss[5, 5] == pytest.approx(loss_of(fitted, fitted.parameters), abs=1e-12)
    assert surface.center_loss == pytest.approx(surface.loss[5, 5], abs=1e-12)
    own = fitted.parameters["layers.0.weight"][3, 2], fitted.parameters["layers.1.bias"][0]
    np.testing.assert_allclose(surface.center, own)
    np.testing.assert_allclose((surface.x[5], surface.y[5]), own)


def test_every_point_is_the_loss_with_these_two_parameters(fitted: pellucid.FittedNetwork) -> None:
    surface = pellucid.loss_surface(fitted, X, Y, AXES, size=(4, 3), span=((-2, 1), (0, 3)))
    assert (surface.x[0], surface.x[-1], surface.y[0], surface.y[-1]) == (-2, 1, 0, 3)
    assert surface.loss.shape == (3, 4)
    for i, y in enumerate(surface.y):
        for j, x in enumerate(surface.x):
            changed = {name: value.copy() for name, value in fitted.parameters.items()}
            changed["layers.0.weight"][3, 2], changed["layers.1.bias"][0] = x, y
            assert surface.loss[i, j] == pytest.approx(loss_of(fitted, changed), abs=1e-12)
    low = surface.lowest
    assert low[2] == surface.loss.min()
    assert low[0] in surface.x


def test_the_plane_of_the_descent_holds_its_path(fitted: pellucid.FittedNetwork) -> None:
    surface = pellucid.loss_surface(fitted, X, Y, path=fitted, size=9)
    path = surface.path
    assert path is not None
    assert len(path.x) == 13
    assert (path.x[-1], path.y[-1]) == pytest.approx((0, 0), abs=1e-9)
    assert path.loss[-1] == pytest.approx(surface.center_loss, abs=1e-12)
    assert path.loss[0] > path.loss[-1]
    assert surface.x[0] < path.x.min()
    assert path.x.max() < surface.x[-1]
    assert fitted.recording is not None
    start = fitted.recording.at(0)
    whole = np.sqrt(sum(((start[name] - fitted.parameters[name]) ** 2).sum() for name in start))
    assert np.hypot(path.x[0], path.y[0]) ** 2 + path.away[0] ** 2 == pytest.approx(whole**2)
    assert surface.shares is not None
    assert 0.5 < sum(surface.shares) <= 1 + 1e-12


def test_principal_directions_are_of_length_one_and_at_right_angles(fitted: pellucid.FittedNetwork) -> None:
    found = pellucid.descent_directions(fitted)
    first, second = (np.concatenate([v.ravel() for v in part.values()]) for part in (found.first, found.second))
    assert np.linalg.norm(first) == pytest.approx(1)
    assert np.linalg.norm(second) == pytest.approx(1)
    assert first @ second == pytest.approx(0, abs=1e-9)
    assert found.shares[0] >= found.shares[1]
    surface = pellucid.loss_surface(fitted, X, Y, found, size=3)
    assert "of the way" in surface.first


def test_a_path_over_two_parameters_shows_their_values(fitted: pellucid.FittedNetwork) -> None:
    assert fitted.recording is not None
    points = [fitted.recording.at(epoch) for epoch in (0, 5, 12)]
    path = pellucid.loss_surface(fitted, X, Y, AXES, path=points, size=2).path
    assert path is not None
    np.testing.assert_allclose(path.x, [point["layers.0.weight"][3, 2] for point in points])
    np.testing.assert_allclose(path.y, [point["layers.1.bias"][0] for point in points])
    np.testing.assert_allclose(path.loss, [loss_of(fitted, point) for point in points])
    assert path.away[0] > 0


def test_a_direction_of_your_own_and_another_epoch(fitted: pellucid.FittedNetwork) -> None:
    assert fitted.recording is not None
    before = fitted.recording.at(3)
    up = {"layers.1.weight": np.ones((1, 6))}
    surface = pellucid.loss_surface(fitted, X, Y, (up, AXES[1]), size=3, span=0.5, parameters=before)
    assert surface.loss[1, 1] == pytest.approx(loss_of(fitted, before), abs=1e-12)
    moved = {**before, "layers.1.weight": before["layers.1.weight"] + 0.5}
    assert surface.loss[1, 2] == pytest.approx(loss_of(fitted, moved), abs=1e-12)


def test_a_model_of_a_table_brings_its_answers_and_class_weights() -> None:
    table = pellucid.read({"a": X[:, 0].tolist(), "b": X[:, 1].tolist(), "c": ["u", "v", "u"] * 50})
    labels = np.where(Y > 0, "yes", "no")
    model = pellucid.MLPClassifier((5,), epochs=3, class_weight={"yes": 3.0}, random_state=0).fit(table, labels)
    surface = pellucid.loss_surface(model, table, labels, size=3)
    chance = model.predict_proba(table)[np.arange(150), (Y > 0).astype(int)]
    weights = np.where(Y > 0, 3.0, 1.0)
    assert surface.center_loss == pytest.approx(-(weights * np.log(chance)).sum() / weights.sum(), rel=1e-5)
    again = pellucid.loss_surface(model, table, labels, size=3)
    np.testing.assert_array_equal(surface.loss, again.loss)
    other = pellucid.loss_surface(model, table, labels, size=3, seed=1)
    assert not np.array_equal(surface.loss, other.loss)


def test_the_record_says_itself(fitted: pellucid.FittedNetwork) -> None:
    surface = pellucid.loss_surface(fitted, X, Y, path=fitted, size=4)
    told = json.loads(json.dumps(surface.to_dict(), allow_nan=False))
    assert np.shape(told["loss"]) == (4, 4)
    assert len(told["path"]["x"]) == 13
    assert "at the center" in str(surface)
    assert repr(surface).startswith("LossSurface(bce over")


@pytest.mark.parametrize(
    ("along", "message"),
    [
        (("layers.0.wieght[1, 2]", AXES[1]), "did you mean 'layers.0.weight'"),
        (("layers.0.weight", AXES[1]), r"holds 6 × 3 numbers.*layers.0.weight\[0, 0\]"),
        (("layers.0.weight[9, 1]", AXES[1]), r"nearest is layers.0.weight\[5, 1\]"),
        (("layers.1.bias[0, 0]", AXES[1]), r"such as layers.1.bias\[0\]"),
        ((AXES[0], "layers.0.weight[3,2]"), "name two different parameters"),
        (AXES[0], "along takes two axes"),
        ((AXES[0],), "along takes two axes"),
        ((3, AXES[1]), "an axis is the name of a parameter or a dict"),
        (({"layers.1.bais": np.ones(1)}, AXES[1]), "did you mean 'layers.1.bias'"),
        (({"layers.1.bias": np.ones(2)}, AXES[1]), "must be"),
        (({"layers.1.bias": np.zeros(1)}, AXES[1]), "leads nowhere"),
        (({"layers.1.bias": np.ones(1)}, AXES[1]), "on one line"),
        (({"layers.1.bias": np.array([np.nan])}, AXES[0]), "finite"),
    ],
)
def test_axes_that_do_not_exist_are_refused(fitted: pellucid.FittedNetwork, along: Any, message: str) -> None:
    with pytest.raises(pellucid.PellucidError, match=message):
        pellucid.loss_surface(fitted, X, Y, along, size=3)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"span": -1.0}, "above 0"),
        ({"span": ((1, 2), (3, 3))}, "lower end first"),
        ({"span": "wide"}, "one number or"),
        ({"size": 1}, "at least 2 points"),
        ({"size": (3, 10**7)}, "too many"),
        ({"path": []}, "a path is a recording"),
        ({"path": 3}, "a path is a recording"),
        ({"parameters": {"layers.0.weight": np.ones((6, 3))}}, "parameters lack"),
        ({"parameters": 3}, "dict of arrays"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    fitted: pellucid.FittedNetwork, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(pellucid.PellucidError, match=message):
        pellucid.loss_surface(fitted, X, Y, **({"size": 3, "along": AXES} | options))


def test_rows_and_answers_that_do_not_fit_are_refused(fitted: pellucid.FittedNetwork) -> None:
    with pytest.raises(pellucid.PellucidError, match="give truth, one for each row"):
        pellucid.loss_surface(fitted, X)
    with pytest.raises(pellucid.PellucidError, match="150 rows, but 9 answers"):
        pellucid.loss_surface(fitted, X, Y[:9])
    with pytest.raises(pellucid.PellucidError, match="no rows"):
        pellucid.loss_surface(fitted, X[:0], Y[:0])


def test_a_network_without_a_recording_has_no_path() -> None:
    plain = pellucid.fit_network(X, Y, pellucid.NetworkSpec(3), pellucid.TrainingSpec(loss="bce", epochs=1))
    with pytest.raises(pellucid.PellucidError, match="record=True"):
        pellucid.loss_surface(plain, X, Y, path=plain)
    with pytest.raises(pellucid.PellucidError, match="no two directions"):
        pellucid.descent_directions([plain.parameters, plain.parameters])


def test_an_axis_of_a_column_says_its_name() -> None:
    model = pellucid.MLPClassifier((2,), epochs=1).fit({"Age": X[:, 0], "Fare": X[:, 1]}, Y)
    rows = {"Age": X[:, 0], "Fare": X[:, 1]}
    surface = pellucid.loss_surface(model, rows, Y, ("layers.0.weight[1, Fare]", "layers.0.bias[0]"), size=3)
    assert (surface.first, surface.second) == ("layers.0.weight[1, 1] (Fare)", "layers.0.bias[0]")


def test_an_estimator_without_a_past_is_told_the_way_to_one() -> None:
    model = pellucid.MLPClassifier((2,), epochs=1).fit(X, Y)
    for asked in (lambda: pellucid.loss_surface(model, X, Y, path=model), lambda: pellucid.descent_directions(model)):
        with pytest.raises(pellucid.PellucidError, match=r"pellucid\.replay\(model, X, y\)"):
            asked()


def test_a_parameter_is_named_by_its_input_too_and_a_path_must_fit(fitted: pellucid.FittedNetwork) -> None:
    surface = pellucid.loss_surface(fitted, X, Y, ("layers.0.weight[3, x2]", AXES[1]), size=3)
    assert (surface.first, surface.second) == AXES
    with pytest.raises(pellucid.PellucidError, match=r"the path is not of this 3-6-1 network"):
        pellucid.loss_surface(fitted, X, Y, path=[{"layers.0.weight": np.zeros((2, 2))}] * 3)
