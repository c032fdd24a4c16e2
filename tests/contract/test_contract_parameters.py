"""The constructors: few parameters, plain defaults, in the order of the plan, each explained."""

import inspect
import re

import pytest
from sklearn.base import clone

from pellucid import EarlyStopping, MLPClassifier, MLPRegressor
from pellucid.errors import SpecError
from pellucid.nn import SGD, Adam, OneCycle

SHARED = (
    "hidden_layer_sizes activation dropout loss optimizer learning_rate weight_decay epochs batch_size early_stopping "
    "{own} preparation engine random_state"
)


@pytest.mark.parametrize(("kind", "own"), [(MLPClassifier, "class_weight"), (MLPRegressor, "target_transform")])
def test_the_parameters(kind: type, own: str) -> None:
    parameters = inspect.signature(kind).parameters
    assert list(parameters) == SHARED.format(own=own).split()
    for parameter in parameters.values():
        assert parameter.default is None or isinstance(parameter.default, (str, int, float, tuple))


def test_every_parameter_is_explained() -> None:
    for name in inspect.signature(MLPClassifier).parameters:
        assert re.search(rf"^    {name} : ", MLPClassifier.__doc__ or "", re.M), name
    assert "target_transform : " in (MLPRegressor.__doc__ or "")


@pytest.mark.parametrize("kind", [MLPClassifier, MLPRegressor])
def test_parts_are_set_by_name(kind: type) -> None:
    model = kind(optimizer=Adam(schedule=OneCycle()), early_stopping=EarlyStopping())
    model.set_params(optimizer__beta_2=0.95, optimizer__schedule__warm_fraction=0.1, early_stopping__patience=3)
    assert (model.optimizer.beta_2, model.optimizer.schedule.warm_fraction) == (0.95, 0.1)
    assert model.early_stopping.patience == 3
    assert model.get_params()["optimizer__beta_2"] == 0.95
    with pytest.raises(ValueError, match="did you mean 'beta_2'"):
        model.set_params(optimizer__beta2=0.9)


def test_a_clone_shares_no_part_with_its_original() -> None:
    model = MLPClassifier(optimizer=Adam(beta_2=0.9), early_stopping=EarlyStopping(patience=2))
    copy = clone(model)
    copy.set_params(optimizer__beta_2=0.5, early_stopping__patience=9)
    assert model.optimizer == Adam(beta_2=0.9)
    assert model.early_stopping == EarlyStopping(patience=2)


def test_training_does_not_change_the_parameters() -> None:
    model = MLPRegressor(hidden_layer_sizes=(3,), optimizer=Adam(), early_stopping=EarlyStopping(), epochs=2)
    before = repr(model.get_params())
    model.fit([[float(k), k % 3] for k in range(20)], range(20))
    assert repr(model.get_params()) == before
    assert "Adam" in repr(model)
    assert "MLPRegressor" in model._repr_html_()


def test_knobs_of_an_optimizer_that_is_a_name() -> None:
    model = MLPClassifier(early_stopping=True).set_params(optimizer__beta_2=0.9, early_stopping__patience=3)
    assert model.optimizer == Adam(beta_2=0.9)
    assert model.early_stopping == EarlyStopping(patience=3)
    model.set_params(optimizer="sgd", optimizer__momentum=0.5)
    assert model.optimizer == SGD(momentum=0.5)
    with pytest.raises(SpecError, match="Adam has no setting 'beta2'; did you mean 'beta_2'"):
        MLPClassifier().set_params(optimizer__beta2=0.9)
