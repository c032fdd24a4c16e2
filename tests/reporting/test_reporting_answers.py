"""How the model answers, on the page: in the words of `train`, with what was promised and what came."""

from __future__ import annotations

import dataclasses
import html
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from report_runs import hostile_table

import pellucid
from pellucid.cli.evaluation_text import evaluation_text
from pellucid.cli.train_files import write_run
from pellucid.cli.train_text import train_text
from pellucid.judging.scored_curves import ClassCurves, ScoredCurves
from pellucid.records import percent, rounded
from pellucid.reporting.content import content_of_climb
from pellucid.reporting.curve_blocks import curve_blocks
from pellucid.reporting.headline import compared_score, first_score
from pellucid.reporting.page_parts import tiles


def section(page: str, name: str = "answers") -> str:
    """The text of a section, without markup."""
    found = re.search(rf'<section id="{name}".*?</section>', page, re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", found[0])).split()) if found else ""


@pytest.fixture(scope="module")
def pages(runs, tmp_path_factory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("answers")
    return {
        name: pellucid.write_report(found, folder / f"{name}.html").read_text("utf-8") for name, found in runs.items()
    }


@pytest.mark.parametrize("name", ["decided", "numbers", "classes"])
def test_the_page_says_the_words_of_train(runs, pages, tmp_path, monkeypatch, name):
    monkeypatch.setenv("COLUMNS", "100")
    found = runs[name]
    files = write_run(found, tmp_path / "run", force=False)
    text = train_text(found, tmp_path / "run", files, "data.csv")
    printed = text.split("Answers (chosen on out-of-fold rows)\n")[1].split("\n\n")[0]
    sentences = [" ".join(part.split()) for part in printed.split("  - ")[1:]]
    assert sentences
    assert all(sentence in section(pages[name]) for sentence in sentences)


def test_the_threshold_stands_with_what_it_promised_and_what_came(runs, pages):
    chosen, test = runs["decided"].decisions.threshold, runs["decided"].test
    told = section(pages["decided"])
    assert f"threshold {pellucid.records.figure(chosen.threshold)} by cost fp=1, fn=5" in told
    (tn, fp), (fn, tp) = test.counts.counts.tolist()
    cost = 1000 * (fp + 5 * fn) / (tn + fp + fn + tp)
    assert re.search(
        rf"cost of 1,000 cases [\d.,]+ [\d.,]+ to [\d.,]+ {re.escape(pellucid.records.figure(cost))}", told
    )
    recall = chosen.expected["recall"]
    assert f"recall {recall.value:.1%} {recall.interval.low:.1%} to {recall.interval.high:.1%}" in told
    assert test.unsure.in_words() in told


def test_the_slider_begins_at_the_threshold_of_the_model(runs, pages):
    found, page = runs["decided"], pages["decided"]
    threshold = found.model.decision_.threshold
    assert threshold != 0.5
    start = int(re.search(r'id="class0-slider"[^>]* value="(\d+)"', page)[1])
    data = json.loads(re.search(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.S)[1])
    assert data["thresholds"][start] == threshold
    matrix = {name: int(re.search(rf'data-count="{name}">(\d+)<', page)[1]) for name in ("tn", "fp", "fn", "tp")}
    assert list(matrix.values()) == found.test.counts.counts.ravel().tolist()


def test_numbers_come_with_bands_and_with_what_these_cover(runs, pages):
    found = runs["numbers"]
    told = section(pages["numbers"])
    assert [coverage.level for coverage in found.test.coverage] == [0.8, 0.95]
    for coverage in found.test.coverage:
        assert coverage.interval.method == "Wilson"
        assert coverage.in_words() in told
    assert "95% intervals of these shares: Wilson." in told
    figure = re.search(r'<figure id="predicted".*?</figure>', pages["numbers"], re.S)[0]
    assert len(re.findall(r'class="fill-two', figure)) >= 4  # two bands and their keys
    assert "prediction intervals of 80% and 95%" in figure


def test_a_model_with_a_table_tells_what_it_keeps(runs, tmp_path):
    model = runs["decided"].model
    page = pellucid.write_report(model, tmp_path / "m.html", data=hostile_table(400, seed=3)).read_text("utf-8")
    told = section(page)
    assert f"threshold {pellucid.records.figure(model.decision_.threshold)}" in told
    assert "of the rows are answered" in told
    assert "Out of fold" not in told
    x = np.linspace(0, 1, 40)
    plain = pellucid.MLPRegressor(hidden_layer_sizes=(2,), epochs=2, random_state=0).fit(x[:, None], x)
    page = pellucid.write_report(plain, tmp_path / "p.html", data={"x0": x, "y": x}, target="y").read_text("utf-8")
    assert section(page) == ""


def test_a_run_without_decisions_is_told_still(runs, pages, tmp_path):
    write_run(runs["decided"], tmp_path / "run", force=False)
    file = tmp_path / "run" / "evaluation.json"
    values = json.loads(file.read_text("utf-8"))
    del values["decisions"]
    file.write_text(json.dumps(values), "utf-8")
    page = pellucid.write_report(tmp_path / "run", tmp_path / "r.html").read_text("utf-8")
    assert "out of fold" not in section(page)
    assert section(page, "scores") == section(pages["decided"], "scores")


def test_a_file_is_told_without_the_estimator_and_its_libraries(runs, tmp_path):
    """They take longer to load than the page takes to write."""
    write_run(runs["decided"], tmp_path / "run", force=False)
    code = (
        "import sys, pellucid; from report_runs import hostile_table; "
        "pellucid.write_report(sys.argv[1], sys.argv[2]); "
        "pellucid.write_report(sys.argv[1], sys.argv[3], data=hostile_table(400, seed=3)); "
        "print([name for name in ('sklearn', 'scipy.stats', 'pandas', 'numba') if name in sys.modules])"
    )
    arguments = [sys.executable, "-c", code, *(str(tmp_path / name) for name in ("run", "r.html", "d.html"))]
    paths = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        arguments, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": paths}
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["decided", "numbers", "classes"])
def test_a_file_and_its_estimator_give_the_same_page(runs, tmp_path, name):
    model, rng = runs[name].model, np.random.default_rng(5)
    tables = {
        "decided": hostile_table(150, seed=4),
        "numbers": {"size": rng.normal(size=90), "price": np.exp(rng.normal(size=90))},
        "classes": {"x": rng.normal(size=90), "z": rng.normal(size=90), "kind": [f"c{k % 9}" for k in range(90)]},
    }
    pellucid.save(model, tmp_path / "m.pellucid")
    of_file = pellucid.write_report(tmp_path / "m.pellucid", tmp_path / "f.html", data=tables[name])
    of_model = pellucid.write_report(model, tmp_path / "m.html", data=tables[name])
    assert of_file.read_text("utf-8") == of_model.read_text("utf-8")


def test_a_threshold_for_costs_is_headlined_by_its_cost_and_compared_by_log_loss(runs, pages):
    """Accuracy is what such a threshold gives away; it once told users to take the rule instead."""
    found, told = runs["decided"], section(pages["decided"], "summary")
    cost = found.decisions.threshold.cost_of(found.test.counts)
    assert f"was chosen on held-out training rows by {found.decisions.threshold.rule}" in told
    assert f"a cost of 1,000 cases of {pellucid.records.figure(cost.value)}" in told
    losses = [f"reaches {pellucid.records.figure(one['log loss'].value)}" for one in found.baselines.values()]
    assert all(loss in told for loss in losses)
    high, best = found.test["log loss"].interval.high, min(one["log loss"].value for one in found.baselines.values())
    assert ("lies on the better side of both" in told) == (high < best)


@pytest.mark.parametrize(
    ("rule", "first"),
    [("recall=0.9", "recall"), ("precision=0.8", "precision"), ("f1", "F1"), ("youden", "balanced accuracy")],
)
def test_each_rule_is_headlined_by_what_it_asks_for(runs, rule, first):
    content = content_of_climb(runs["decided"])
    chosen = dataclasses.replace(content.answers.threshold, rule=rule, costs=None)
    content = dataclasses.replace(content, answers=dataclasses.replace(content.answers, threshold=chosen))
    assert first_score(content).name == first
    assert compared_score(content).name == "log loss"
    assert tiles(content)[0]["name"].lower() == first.lower()


def test_intervals_are_told_by_fifths_of_the_prediction(runs, tmp_path):
    rng = np.random.default_rng(7)
    size = rng.normal(size=150)
    data = {"size": size, "price": np.exp(11 + size)}
    model = runs["numbers"].model
    page = pellucid.write_report(model, tmp_path / "f.html", data=data).read_text("utf-8")
    told = section(page)
    for one in pellucid.evaluate(model, data).coverage:
        assert len(one.fifths) == 5
        for part in one.fifths:
            cells = f"{percent(part.covered)} {percent(part.interval.low)} to {percent(part.interval.high)} "
            assert cells + pellucid.records.figure(part.width) in told
    assert "What the 80% intervals cover, by fifths of the prediction" in told
    assert "What the 95% intervals cover, by fifths of the prediction" in told
    assert "no end is below 0, as no target of the training rows is" in told


def test_every_class_has_a_line_on_the_page_and_in_the_text(runs, pages, monkeypatch):
    test = runs["classes"].test
    told = section(pages["classes"], "scores")
    assert [one.label for one in test.classes.classes] == list(test.counts.labels)
    for one in test.classes.classes:
        value, interval = one.recall.value, one.recall.interval
        assert f"{one.label} {one.rows:,} {one.predicted:,} " in told
        assert f" {percent(value)} ({percent(interval.low)} to {percent(interval.high)}) " in told
    macro = test.classes["macro F1"]
    low, high = (pellucid.records.figure(end) for end in (macro.interval.low, macro.interval.high))
    assert f"{pellucid.records.figure(macro.value)} ({low} to {high})" in told
    assert test.classes["macro F1"] == test["macro F1"]
    value, *ends = (rounded(number) for number in (macro.value, macro.interval.low, macro.interval.high))
    for width, shown in (("100", f"  {value} [{', '.join(ends)}]"), ("60", f"  {value}")):
        monkeypatch.setenv("COLUMNS", width)
        text = evaluation_text(test)
        assert any(line.startswith("  macro avg ") and line.endswith(shown) for line in text.splitlines())
    assert runs["decided"].test.classes is None


@pytest.mark.parametrize(("positives", "words"), [(4, "have no interval: 4 rows of yes"), (7, "F1 in 95%"), (10, "")])
def test_the_threshold_panel_tells_what_intervals_of_few_rows_are_worth(positives, words):
    truth, chances = np.arange(40) < positives, np.linspace(0.9, 0.1, 40)
    steps = pellucid.metrics.threshold_curve(truth, chances, positive=True)
    calibration = pellucid.metrics.calibration_curve(truth, chances, positive=True)
    curves = ScoredCurves((ClassCurves("yes", steps, steps, 0.5, 0.5, calibration),))
    told = curve_blocks(curves, ("no", "yes"))[0]["few"]
    assert words in told
    assert bool(told) == bool(words)
