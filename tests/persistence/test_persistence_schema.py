"""Files of every released schema open in later versions with the same predictions.

`schema_1.pellucid` and `schema_1.json` (rows and the probabilities that the writer gave them) were made once, by

    import json
    import numpy as np
    import pellucid

    rng = np.random.default_rng(20)
    table = {
        "code": [f"c{k:03d}" for k in range(120)],
        "size": [None if k % 13 == 4 else round(float(v), 3) for k, v in enumerate(rng.lognormal(2, 1, 120))],
        "grade": rng.integers(1, 5, 120).tolist(),
        "color": [None if k % 17 == 3 else str(c) for k, c in enumerate(rng.choice(["red", "grün", "blue"], 120))],
        "day": [str(np.datetime64("2024-01-01") + int(d)) for d in rng.integers(0, 300, 120)],
    }
    table["answer"] = [["low", "middle", "high"][int(g + (c == "red") > 2) + int(g > 3)]
                       for g, c in zip(table["grade"], table["color"])]
    card = pellucid.climb(table, "answer", hidden=(6,), epochs=10).card
    model = pellucid.MLPClassifier((6, 4), activation=("silu", "tanh"), dropout=0.1, epochs=15, random_state=1)
    inputs = pellucid.read({name: table[name] for name in ("size", "grade", "color", "day")})
    model.fit(inputs, np.array(table["answer"])).card_ = card
    pellucid.save(model, "schema_1.pellucid")
    rows = {name: table[name][:6] for name in ("size", "grade", "color", "day")}
    rows["color"][0] = "never seen"
    said = {"rows": rows, "probabilities": model.predict_proba(pellucid.read(rows)).tolist()}
    json.dump(said, open("schema_1.json", "w"), indent=1)

A file of a released schema is never made anew: a later version has to open it as it is.
"""

import json
from pathlib import Path

import numpy as np
import pytest

import pellucid

HERE = Path(__file__).parent
SCHEMAS = sorted(path.stem for path in HERE.glob("schema_*.pellucid"))


def test_there_is_a_file_of_every_schema():
    from pellucid.persistence.model_file import SCHEMA

    assert [f"schema_{number}" for number in range(1, SCHEMA + 1)] == SCHEMAS


@pytest.mark.parametrize("schema", SCHEMAS)
def test_files_of_every_schema_predict_as_their_writer_did(schema):
    said = json.loads((HERE / f"{schema}.json").read_text())
    model = pellucid.load(HERE / f"{schema}.pellucid")
    probability = model.predict_proba(pellucid.read(said["rows"]))
    # Arithmetic in float32 may be summed in another order on another processor.
    np.testing.assert_allclose(probability, said["probabilities"], rtol=1e-5, atol=1e-6)


def test_a_file_of_schema_1_knows_where_it_comes_from():
    model = pellucid.load(HERE / "schema_1.pellucid")
    assert model.classes_.tolist() == ["high", "low", "middle"]
    assert model.feature_names_in_.tolist() == ["size", "grade", "color", "day"]
    assert (model.network_.hidden, model.n_iter_) == ((6, 4), 15)
    assert (model.card_.target, model.card_.rows, model.card_.identifiers) == ("answer", 120, ("code",))
    assert model.card_.scores[0]["name"] == "accuracy"
    model.partial_fit(pellucid.read({"size": [1.0], "grade": [2], "color": ["red"], "day": ["2024-02-02"]}), ["low"])
