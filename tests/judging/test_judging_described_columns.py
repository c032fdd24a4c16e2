import json

import numpy as np
from test_judging_climb import QUICK

import pellucid


def test_of_a_wide_table_the_first_columns_are_described_and_all_are_counted(tmp_path):
    rng = np.random.default_rng(0)
    table = {f"f{k}": rng.normal(size=60).round(2) for k in range(230)}
    table["y"] = np.where(table["f0"] > 0, "yes", "no")
    found = pellucid.climb(table, "y", **QUICK)
    assert (found.column_count, [column.name for column in found.columns]) == (231, [f"f{k}" for k in range(200)])
    assert json.loads(json.dumps(found.to_dict()))["column_count"] == 231
    page = pellucid.write_report(found, tmp_path / "report.html").read_text()
    assert "60 rows and 231 columns" in page
    assert "and 31 more columns" in page
