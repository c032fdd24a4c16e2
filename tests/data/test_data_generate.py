import numpy as np
import pytest
from sklearn import datasets

from pellucid import data
from pellucid.errors import SpecError


def test_moons_and_circles_are_scikit_learns():
    for ours, theirs in (
        (data.moons(100, 0.3, 0), datasets.make_moons(100, noise=0.3, random_state=0)),
        (data.circles(60, 0.05, 7), datasets.make_circles(60, noise=0.05, random_state=7)),
        (data.moons(30, 0.0, 5), datasets.make_moons(30, random_state=5)),
    ):
        np.testing.assert_array_equal(ours[0], theirs[0])
        np.testing.assert_array_equal(ours[1], theirs[1])


@pytest.mark.parametrize(
    ("made", "inputs", "labels"),
    [
        (data.line, 1, False),
        (data.quadratic, 1, False),
        (data.moons, 2, True),
        (data.circles, 2, True),
        (data.spiral, 2, True),
        (data.xor, 2, True),
        (data.random_labels, 5, True),
    ],
)
def test_shapes_types_and_seeds(made, inputs, labels):
    options = {"inputs": 5} if made is data.random_labels else {}
    X, y = made(rows=50, seed=3, **options)
    assert X.shape == (50, inputs)
    assert y.shape == (50,)
    assert X.dtype == np.float64
    assert y.dtype == (np.int64 if labels else np.float64)
    again, other = made(rows=50, seed=3, **options), made(rows=50, seed=4, **options)
    np.testing.assert_array_equal(np.c_[X, y], np.c_[again])
    assert not np.array_equal(np.c_[X, y], np.c_[other])


def test_without_noise_the_formula_holds():
    X, y = data.line(2, 1, noise=0, rows=5)
    assert y.tolist() == [-1.0, 0.0, 1.0, 2.0, 3.0]
    X, y = data.quadratic(3, 2, 1, rows=5, multiplicative_noise=0, additive_noise=0)
    assert X[:, 0].tolist() == [-2.0, -1.0, 0.0, 1.0, 2.0]
    assert y.tolist() == [9.0, 2.0, 1.0, 6.0, 17.0]
    X, y = data.xor(rows=300)
    assert (y == (X[:, 0] * X[:, 1] < 0)).all()


def test_multiplicative_noise_grows_with_the_value_and_additive_does_not():
    def errors(a, multiplicative, additive):
        _, y = data.quadratic(0, 0, a, rows=4000, multiplicative_noise=multiplicative, additive_noise=additive, seed=1)
        return (y - a).std()

    assert errors(10, 0.1, 0) == pytest.approx(1.0, rel=0.05)
    assert errors(100, 0.1, 0) == pytest.approx(10.0, rel=0.05)
    assert errors(100, 0, 0.1) == pytest.approx(0.1, rel=0.05)


def test_the_arms_of_a_spiral_are_even_and_turn():
    X, y = data.spiral(rows=100, classes=3, noise=0, turns=0.5)
    assert sorted(np.bincount(y)) == [33, 33, 34]
    np.testing.assert_allclose(X[y == 0][0], [0, 0], atol=1e-12)
    np.testing.assert_allclose(X[y == 0][-1], [0, -1], atol=1e-12)
    np.testing.assert_allclose(np.hypot(*X[y == 1].T), np.linspace(0, 1, (y == 1).sum()))


@pytest.mark.parametrize(
    "act",
    [
        lambda: data.line(rows=0),
        lambda: data.moons(noise=-1),
        lambda: data.circles(factor=1.0),
        lambda: data.spiral(rows=2, classes=3),
        lambda: data.spiral(classes=0),
        lambda: data.random_labels(classes=0),
    ],
)
def test_senseless_options_are_refused(act):
    with pytest.raises(SpecError, match="got"):
        act()


GENERATORS = [data.line, data.quadratic, data.moons, data.circles, data.spiral, data.xor, data.random_labels]


@pytest.mark.parametrize("make", GENERATORS)
@pytest.mark.parametrize("seed", ["a", -1, 0.5, None, True])
def test_seeds_are_whole_numbers(make, seed):
    with pytest.raises(SpecError, match="seed must be a whole number of at least 0"):
        make(seed=seed)
