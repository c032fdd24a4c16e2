"""A column that the user dropped is not called an input on the page."""

from __future__ import annotations

import re

from typer.testing import CliRunner

from pellucid.cli.app import app


def test_a_dropped_column_is_left_out_on_the_page(tmp_path):
    rows = [f"{k * 5 % 13},{k * 7 % 11},{'ab'[k % 3 == 0]}" for k in range(60)]
    (tmp_path / "t.csv").write_text("one,two,kind\n" + "\n".join(rows) + "\n")
    line = ["train", str(tmp_path / "t.csv"), "--target", "kind", "--drop", "one", "--epochs", "2"]
    result = CliRunner().invoke(app, [*line, "--out", str(tmp_path / "m")])
    assert result.exit_code == 0, result.output
    page = (tmp_path / "m" / "report.html").read_text()
    roles = dict(re.findall(r'<th scope="row">(one|two|kind)</th><td>\w+</td><td>([\w ]+)</td>', page))
    assert roles == {"one": "left out", "two": "input", "kind": "target"}
