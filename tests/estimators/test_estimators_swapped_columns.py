import numpy as np
import pytest

import pellucid
from pellucid.data.table import Table
from pellucid.estimators.swapped_columns import SwappedColumns


def rows(count=40, seed=0):
    rng = np.random.default_rng(seed)
    number = rng.normal(size=count)
    number[::7] = np.nan
    return {
        "number": number.tolist(),
        "word": rng.choice(["red", "green", "blue"], count).tolist(),
        "other": rng.normal(size=count).tolist(),
    }


@pytest.mark.parametrize("hidden", [(), (5,), (6, 4)])
@pytest.mark.parametrize("classes", [2, 3, None])
def test_lent_cells_answer_as_a_table_of_them_does(hidden, classes):
    rng = np.random.default_rng(1)
    table = pellucid.read(rows())
    if classes is None:
        model = pellucid.MLPRegressor(hidden, epochs=3, random_state=0).fit(table, rng.normal(size=40))
        answer = model.predict
    else:
        model = pellucid.MLPClassifier(hidden, epochs=3, random_state=0).fit(table, np.arange(40) % classes)
        answer = model.predict_proba
    swapped = SwappedColumns(model, table)
    assert np.allclose(swapped.answers(), answer(table), atol=1e-6)
    lenders = np.stack([rng.permutation(40) for _ in range(2)])
    for columns in (["word"], ["number", "other"]):
        found = swapped.answers(columns, lenders)
        for times, order in enumerate(lenders):
            mixed = Table([table[name].take(order) if name in columns else table[name] for name in table.names])
            assert np.allclose(found[times * 40 : times * 40 + 40], answer(mixed), atol=1e-5)
