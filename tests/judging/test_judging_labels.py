"""A model from the ladder speaks the language of its target column."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import pellucid


def test_whole_number_labels_stay_numbers_in_numeric_order(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    label = generator.integers(1, 11, 300)
    table = {"x": label + generator.normal(0, 0.05, 300), "z": generator.normal(size=300), "y": label}
    found = pellucid.climb(table, "y", hidden=(16,), epochs=5)
    assert found.model.classes_.tolist() == list(range(1, 11))
    loaded = pellucid.load(pellucid.save(found.model, tmp_path / "m.pellucid"))
    predicted = loaded.predict(pellucid.read(table))
    assert predicted.dtype == np.int64
    # Order of labels and of probabilities agree: the sealed rows score as their own predictions do.
    assert found.test["accuracy"].value > 0.5
    assert (predicted == label).mean() > 0.5
