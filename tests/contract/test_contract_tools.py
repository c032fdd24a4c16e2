"""Inside scikit-learn's tools: pipelines, searches, calibration, copies on disk."""

import io
import pickle
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor, make_column_transformer
from sklearn.datasets import load_diabetes, load_iris
from sklearn.ensemble import BaggingClassifier, VotingClassifier
from sklearn.inspection import permutation_importance
from sklearn.model_selection import GridSearchCV, cross_val_predict, cross_val_score
from sklearn.multioutput import MultiOutputClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from pellucid import EarlyStopping, MLPClassifier, MLPRegressor
from pellucid.nn import Adam

X, Y = load_iris(return_X_y=True)
SMALL: dict[str, Any] = {"hidden_layer_sizes": (8,), "learning_rate": 0.02, "epochs": 15, "random_state": 0}


def frame(rows: int = 90) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"size": rng.normal(size=rows), "color": rng.choice(["red", "green", "blue"], rows)})
    table.loc[::10, "size"] = np.nan
    return table, np.where((table["color"] == "red") ^ (table["size"] > 0), "yes", "no")


def test_pipeline_and_cross_validation() -> None:
    model = make_pipeline(StandardScaler(), MLPClassifier(**SMALL))
    assert cross_val_score(model, X, Y, cv=3).mean() > 0.85
    assert cross_val_predict(model, X, Y, cv=3, method="predict_proba").shape == (150, 3)


@pytest.mark.parametrize("output", ["pandas", "polars"])
def test_behind_a_transformer_that_gives_frames(output: str) -> None:
    table, y = frame()
    columns = make_column_transformer(
        (OneHotEncoder(sparse_output=False), ["color"]), (StandardScaler(), ["size"]), verbose_feature_names_out=False
    ).set_output(transform=output)
    model = make_pipeline(columns, MLPClassifier(**SMALL)).fit(table, y)
    assert list(model[-1].feature_names_in_) == ["color_blue", "color_green", "color_red", "size"]
    assert model[-1].n_features_in_ == 4
    assert set(model.predict(table)) <= {"yes", "no"}


def test_behind_a_column_transformer_that_passes_columns_on() -> None:
    table, y = frame()
    columns = ColumnTransformer([("numbers", StandardScaler(), ["size"])], remainder="passthrough")
    model = make_pipeline(columns, MLPClassifier(**SMALL)).fit(table, y)  # an object array of numbers and texts
    assert model.score(table, y) > 0.6


def test_grid_search_over_layers_and_a_knob_of_the_optimizer() -> None:
    grid = {"hidden_layer_sizes": [(), (8,)], "optimizer__beta_2": [0.9, 0.999], "early_stopping__patience": [1, 3]}
    start = MLPClassifier(**SMALL).set_params(optimizer=Adam(), early_stopping=EarlyStopping())
    search = GridSearchCV(start, grid, cv=2).fit(X, Y)
    assert len(search.cv_results_["params"]) == 8
    assert search.best_estimator_.optimizer.beta_2 == search.best_params_["optimizer__beta_2"]
    assert len({tuple(row) for row in zip(*(search.cv_results_[f"split{k}_test_score"] for k in (0, 1)))}) > 1
    assert start.optimizer == Adam()


def test_grid_search_over_numpy_values() -> None:
    grid = {"epochs": np.array([2, 4]), "batch_size": np.array([16]), "weight_decay": np.array([0.1], np.float32)}
    search = GridSearchCV(MLPRegressor(**SMALL), grid, cv=2, error_score="raise").fit(X, X[:, 0])
    assert search.best_estimator_.n_iter_ == search.best_params_["epochs"]


def test_calibration_keeps_the_classes_of_a_frame() -> None:
    table, y = frame()
    calibrated = CalibratedClassifierCV(MLPClassifier(**SMALL), cv=3).fit(table, y)
    probability = calibrated.predict_proba(table)
    np.testing.assert_allclose(probability.sum(axis=1), 1)
    assert calibrated.classes_.tolist() == ["no", "yes"]


def test_ensembles_and_wrappers() -> None:
    bagged = BaggingClassifier(MLPClassifier(**SMALL), n_estimators=2, random_state=0).fit(X, Y)
    assert bagged.score(X, Y) > 0.8
    votes = VotingClassifier([("a", MLPClassifier(**SMALL)), ("b", MLPClassifier(**SMALL))], voting="soft").fit(X, Y)
    assert votes.score(X, Y) > 0.8
    each = MultiOutputClassifier(MLPClassifier(**SMALL)).fit(X, np.column_stack([Y, Y > 0]))
    assert each.predict(X).shape == (150, 2)
    logs = TransformedTargetRegressor(MLPRegressor(**SMALL), func=np.log1p, inverse_func=np.expm1)
    assert logs.fit(X, np.expm1(X[:, 0])).predict(X).shape == (150,)


def test_permutation_importance_finds_the_columns_that_matter() -> None:
    table, y = frame()
    model = MLPClassifier(**{**SMALL, "epochs": 60}).fit(table.assign(noise=1.0 * (np.arange(len(y)) % 7)), y)
    found = permutation_importance(model, table.assign(noise=1.0 * (np.arange(len(y)) % 7)), y, random_state=0)
    assert found.importances_mean[:2].min() > found.importances_mean[2]


@pytest.mark.parametrize("kind", [MLPClassifier, MLPRegressor])
def test_pickle_and_joblib_give_the_same_predictions(kind: type) -> None:
    table, y = frame()
    target = y if kind is MLPClassifier else np.arange(len(y), dtype=float)
    model = kind(**{**SMALL, "optimizer": Adam(beta_2=0.95)}).fit(table, target)
    file = io.BytesIO()
    joblib.dump(model, file)
    file.seek(0)
    for copy in (pickle.loads(pickle.dumps(model)), joblib.load(file)):
        np.testing.assert_array_equal(copy.predict(table), model.predict(table))
        copy.partial_fit(table, target)  # the optimizer's state came along
        again = pickle.loads(pickle.dumps(model)).partial_fit(table, target)
        np.testing.assert_array_equal(copy.coefs_[0], again.coefs_[0])


def test_scores_of_scikit_learn() -> None:
    features, target = load_diabetes(return_X_y=True)
    model = MLPRegressor(**SMALL)
    scores = cross_val_score(model, features, target, cv=3, scoring="neg_root_mean_squared_error")
    assert (-scores < target.std()).all()
