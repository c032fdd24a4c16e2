"""The history of a run as frame, CSV and JSON, there and back."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pellucid import NetworkSpec, TrainingSpec, fit_network
from pellucid.data.generate import moons
from pellucid.engines.contract import EpochRecord
from pellucid.errors import FileError
from pellucid.records import Finding
from pellucid.training.fit_network import NonFiniteError
from pellucid.training.history import COLUMNS, History

X, y = moons(60, 0.2, 0)
PLAN = TrainingSpec("bce", "adam", 0.01, 4, batch_size=16)
NETWORK = NetworkSpec(2, (4, 3))


def validated() -> History:
    return fit_network(X, y, NETWORK, PLAN, validation=(X[:20], y[:20])).history


def plain() -> History:
    return fit_network(X, y, NETWORK, PLAN).history


def broken() -> History:
    with pytest.raises(NonFiniteError) as caught:
        fit_network(X, y, NetworkSpec(2), TrainingSpec("mse", "sgd", 1e60, 50))
    return caught.value.history


def test_columns_are_arrays_with_nan_where_nothing_was_measured() -> None:
    history = validated()
    assert len(history) == 4
    np.testing.assert_array_equal(history.column("epoch"), [1, 2, 3, 4])
    np.testing.assert_array_equal(history.training_loss, [record.training_loss for record in history.epochs])
    assert history.validation_loss.dtype == np.float64
    assert np.isfinite(history.validation_loss).all()
    without = plain()
    assert np.isnan(without.validation_loss).all()
    assert (without.best_epoch, without.kept_epoch, without.engine) == (0, 4, "compiled")


def test_one_line_says_what_matters() -> None:
    history = validated()
    last = history.epochs[-1]
    expected = f"training loss {last.training_loss:.4g}, validation loss {last.validation_loss:.4g}"
    assert repr(history) == f"History(4 epochs, finished, {expected})"
    assert "validation" not in repr(plain())


@pytest.mark.parametrize("make", [validated, plain])
def test_json_there_and_back(make: object) -> None:
    history: History = make()  # type: ignore[operator]
    back = History.from_dict(json.loads(history.to_json()))
    assert back == history
    assert back.to_json() == history.to_json()
    assert isinstance(back.epochs[0], EpochRecord)
    assert history.to_json() == json.dumps(json.loads(history.to_json()), sort_keys=True)


def test_findings_come_back() -> None:
    history = fit_network(X * [1, 1e4], y, NetworkSpec(2), TrainingSpec("bce", "sgd", 1e-9, 1)).history
    assert [type(f) for f in history.findings] == [Finding]
    assert History.from_dict(json.loads(history.to_json())) == history


def test_a_run_that_broke_off_is_valid_json_too() -> None:
    history = broken()
    assert not np.isfinite(history.training_loss[-1])
    text = history.to_json()
    assert json.loads(text, parse_constant=pytest.fail)["epochs"][-1]["training_loss"] is None
    back = History.from_dict(json.loads(text))
    assert np.isnan(back.training_loss[-1])
    np.testing.assert_array_equal(back.training_loss[:-1], history.training_loss[:-1])
    assert (back.stopped, back.findings) == ("non_finite", history.findings)


def test_frame_has_a_row_an_epoch_and_a_column_a_hidden_layer() -> None:
    history = validated()
    frame = history.to_frame()
    assert frame.columns == [*COLUMNS, "dead_units_0", "dead_units_1"]
    assert frame["epoch"].to_list() == [1, 2, 3, 4]
    assert frame["validation_score"].to_list() == [record.validation_score for record in history.epochs]
    assert frame["dead_units_1"].to_list() == [record.dead_units[1] for record in history.epochs]
    assert plain().to_frame()["validation_loss"].to_list() == [None] * 4
    empty = fit_network(X, y, NETWORK, replace(PLAN, epochs=0)).history
    assert empty.to_frame().height == 0


def test_csv_gives_back_every_digit(tmp_path: Path) -> None:
    history = validated()
    path = tmp_path / "history.csv"
    text = history.to_csv(path)
    assert path.read_text("utf-8") == text == history.to_csv()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [float(row["training_loss"]) for row in rows] == history.training_loss.tolist()
    assert [int(row["epoch"]) for row in rows] == [1, 2, 3, 4]
    assert all(row["validation_loss"] == "" for row in csv.DictReader(io.StringIO(plain().to_csv())))
    empty = fit_network(X, y, NETWORK, replace(PLAN, epochs=0)).history
    assert empty.to_csv() == ",".join(COLUMNS) + "\n"


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="does not exist; make it first"):
        plain().to_csv(tmp_path / "absent" / "history.csv")
    assert list(tmp_path.iterdir()) == []
