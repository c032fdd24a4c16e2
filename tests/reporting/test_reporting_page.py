"""The page: complete in itself, markup in names is text, nothing rare is told, and it comes back the same."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from report_runs import HOSTILE, hostile_table

import pellucid
from pellucid.cli.train_files import write_run
from pellucid.errors import FileError, InputError
from pellucid.records import percent, rounded

VOID = {"meta", "link", "input", "br", "img"}


class Page(HTMLParser):
    """Elements with their attributes, the text of scripts and styles, and whether every tag is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.blocks: dict[str, list[str]] = {"script": [], "style": []}
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in self.blocks:
            self.blocks[self.open[-1]].append(data)
        else:
            self.words.append(data)


@pytest.fixture(scope="module")
def pages(runs, tmp_path_factory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("pages")
    return {
        name: pellucid.write_report(found, folder / f"{name}.html").read_text("utf-8") for name, found in runs.items()
    }


@pytest.mark.parametrize("name", ["hostile", "numbers", "classes"])
def test_the_page_is_well_formed_small_and_loads_nothing(pages, name):
    page = Page(pages[name])
    assert page.open == []
    assert len(pages[name].encode()) < 1_000_000
    for tag, attributes in page.elements:
        assert not {"src", "srcset", "action", "background", "poster", "style"} & attributes.keys(), (tag, attributes)
        assert not any(key.startswith("on") for key in attributes)
        for key in ("href", "xlink:href"):
            assert (attributes.get(key) or "#").startswith(("#", "data:,"))
    assert "@import" not in pages[name]
    assert "url(" not in re.sub(r"url\(#", "", pages[name])


@pytest.mark.parametrize("name", ["hostile", "numbers", "classes"])
def test_the_policy_allows_these_very_scripts_and_styles(pages, name):
    page = Page(pages[name])
    (policy,) = [a["content"] for tag, a in page.elements if tag == "meta" and a.get("http-equiv")]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    code = [text for text in page.blocks["script"] if not text.startswith("{")]
    for text in (*code, *page.blocks["style"]):
        assert base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() in policy


@pytest.mark.parametrize("name", ["hostile", "numbers", "classes"])
def test_ids_are_unique_and_what_points_to_them_finds_them(pages, name):
    page = Page(pages[name])
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(set(ids)) == len(ids)
    for _, attributes in page.elements:
        target = (attributes.get("href") or "#")[1:]
        named = [attributes.get(key) for key in ("aria-labelledby", "aria-describedby", "for", "data-curves")]
        assert {one for one in (target, *named) if one and not one.startswith("ata:")} <= set(ids)


@pytest.mark.parametrize("name", ["hostile", "numbers", "classes"])
def test_every_figure_has_words_and_a_table(pages, name):
    figures = re.findall(r"<figure.*?</figure>", pages[name], re.S)
    assert len(figures) >= 4
    for figure in figures:
        assert 'role="img" aria-labelledby=' in figure
        assert len(re.search(r"<figcaption[^>]*>(.*?)</figcaption>", figure, re.S)[1]) > 30
        assert re.search(r"<details>.*<table>.*<td", figure, re.S)


def test_names_that_are_markup_are_shown_as_text(pages):
    page = Page(pages["hostile"])
    assert HOSTILE in "".join(page.words)
    assert "<b>bold</b>" in "".join(page.words)
    assert "{{ 7 * 7 }}" in "".join(page.words)
    tags = [tag for tag, _ in page.elements]
    assert "img" not in tags
    assert "b" not in tags
    assert tags.count("script") == 2  # the counts and the code
    assert not any("alert" in text for text in page.blocks["script"])


def test_identifiers_and_rare_levels_are_not_told(pages):
    assert "Secret" not in pages["hostile"]
    assert "Rarely" not in pages["hostile"]


def test_the_counts_of_the_slider_are_those_of_the_predictions(runs, pages):
    """Counted again from the model's own probabilities of the sealed rows."""
    from pellucid.judging.card import sealed_mask

    found = runs["hostile"]
    table = pellucid.read(hostile_table()).take(sealed_mask(found.card))
    chance = found.model.predict_proba(table.drop(["y$"]))[:, list(found.card.labels).index(found.card.positive)]
    actual = table["y$"].objects() == found.card.positive
    (data,) = [json.loads(text) for text in Page(pages["hostile"]).blocks["script"] if text.startswith("{")]
    assert len(data["thresholds"]) == 201
    for threshold, tp, fp in zip(data["thresholds"], data["tp"], data["fp"]):
        called = chance >= threshold
        assert (tp, fp) == ((called & actual).sum(), (called & ~actual).sum())
    assert (data["positives"], data["negatives"]) == (actual.sum(), (~actual).sum())


def test_the_other_class_is_named_in_the_matrix_of_two(pages):
    assert '<th scope="row">no</th>' in pages["hostile"]
    assert "Predicted no</th>" in pages["hostile"]
    assert "Predicted other" not in pages["hostile"]


@pytest.mark.parametrize(
    ("value", "as_share", "as_number"),
    [
        (0.0, "0.0%", "0.000"),
        (4e-4, "< 0.1%", "< 0.001"),
        (5e-4, "0.1%", "0.001"),
        (0.9994, "99.9%", "0.999"),
        (0.9996, "> 99.9%", "> 0.999"),
        (1.0, "100.0%", "1.000"),
    ],
)
def test_what_is_not_zero_or_one_is_not_shown_so(value, as_share, as_number):
    assert (percent(value), rounded(value)) == (as_share, as_number)


def test_a_written_run_gives_the_same_page_again(runs, pages, tmp_path):
    for name, found in runs.items():
        write_run(found, tmp_path / name, force=False)
        assert (tmp_path / name / "report.html").read_text("utf-8") == pages[name]
        again = pellucid.write_report(tmp_path / name, tmp_path / f"{name}.html").read_text("utf-8")
        assert again == pages[name]


def test_a_model_alone_needs_a_table_and_then_counts_its_look(runs, tmp_path):
    model = runs["hostile"].model
    with pytest.raises(InputError, match="pass data="):
        pellucid.write_report(model, tmp_path / "a.html")
    text = pellucid.write_report(model, tmp_path / "b.html", data=hostile_table()).read_text("utf-8")
    again = pellucid.write_report(model, tmp_path / "c.html", data=hostile_table()).read_text("utf-8")
    look, later = (int(re.search(r"This is look (\d+)", page)[1]) for page in (text, again))
    assert later == look + 1
    assert ">Ladder</h2>" not in text


def test_a_model_without_a_card_is_told_of(tmp_path):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 2))
    model = pellucid.MLPRegressor(hidden_layer_sizes=(3,), epochs=3, random_state=0).fit(x, x[:, 0])
    data = {"x0": x[:, 0], "x1": x[:, 1], "y": x[:, 0]}
    text = pellucid.write_report(model, tmp_path / "m.html", data=data, target="y").read_text("utf-8")
    assert "This model has no card" in text
    assert "60 new rows" in text


def test_a_file_that_is_there_is_kept(runs, tmp_path):
    (tmp_path / "r.html").write_text("mine")
    with pytest.raises(FileError, match="exists"):
        pellucid.write_report(runs["numbers"], tmp_path / "r.html")
    assert (tmp_path / "r.html").read_text() == "mine"
    pellucid.write_report(runs["numbers"], tmp_path / "r.html", overwrite=True)
    write_run(runs["numbers"], tmp_path / "run", force=False)
    for name in ("model.pellucid", "evaluation.json"):
        with pytest.raises(FileError, match="would be lost"):
            pellucid.write_report(tmp_path / "run", tmp_path / "run" / name, overwrite=True)


@pytest.mark.parametrize("broken", ["{", "[]", "{}", '{"rungs": 3}', "null"])
def test_an_evaluation_that_tells_nothing_is_told(runs, tmp_path, broken):
    write_run(runs["numbers"], tmp_path / "run", force=False)
    (tmp_path / "run" / "evaluation.json").write_text(broken)
    with pytest.raises(FileError, match="does not tell what a report needs"):
        pellucid.write_report(tmp_path / "run", tmp_path / "r.html")
