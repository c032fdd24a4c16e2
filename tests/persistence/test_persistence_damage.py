"""Files that are cut, altered, foreign or newer: an error of ours, never another one, and nothing is run."""

import errno
import hashlib
import json
import os
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save as save_tensors

import pellucid
from pellucid.errors import FileError, ModelFileError
from pellucid.estimators.decision import Calibration
from pellucid.nn.optimizers import Adam
from pellucid.persistence.container import NO_CHECKSUM, read_container, write_container

RNG = np.random.default_rng(0)


@pytest.fixture(scope="module")
def model(module_state):
    """A judged binary classifier on all kinds of columns."""
    rng = np.random.default_rng(3)
    table = {
        "x": [None if k == 3 else float(v) for k, v in enumerate(rng.normal(size=80))],
        "kind": rng.choice(["a", "b", "ü"], 80).tolist(),
        "day": [str(np.datetime64("2024-01-01") + k) for k in range(80)],
        "y": ["no", "yes"] * 40,
    }
    card = pellucid.climb(table, "y", hidden=(), epochs=2, max_seconds=0).card
    inputs = pellucid.read(table).drop(["y"])
    model = pellucid.MLPClassifier((3,), optimizer=Adam(schedule="cosine"), dropout=0.1, epochs=3, random_state=0)
    model.fit(inputs, np.array(table["y"])).card_ = card
    curve = Calibration("quadratic", (0.1, 0.8, 0.01), (-3.0, 4.0))
    model.decision_ = pellucid.Decision(0.4, curve, (0.3, 0.55))
    return model


@pytest.fixture(scope="module")
def file(model, tmp_path_factory):
    return pellucid.save(model, tmp_path_factory.mktemp("models") / "good.pellucid")


@pytest.fixture(scope="module")
def content(file):
    return file.read_bytes()


def refused(path, content, match=None):
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=match):
        pellucid.load(path)


def test_the_undamaged_file_opens(file, content):
    pellucid.load(file)
    assert len(content) > 2000


def test_every_flipped_byte_is_found(content, tmp_path):
    header = 8 + int.from_bytes(content[:8], "little")
    places = {*range(60), *range(header - 60, header + 20), *range(len(content) - 8, len(content))}
    places |= set(RNG.integers(0, len(content), 200).tolist())
    for place in sorted(places):
        for change in (0x01, 0x20, 0x29, 0xFF):  # 0x20 changes case, 0x29 turns a blank into a tab
            damaged = bytearray(content)
            damaged[place] ^= change
            refused(tmp_path / "m.pellucid", bytes(damaged))


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_cut_and_longer_files_are_found(content, tmp_path_factory, data):
    length = data.draw(st.integers(0, len(content) - 1))
    tail = data.draw(st.binary(max_size=20))
    path = tmp_path_factory.mktemp("cut") / "m.pellucid"
    if content[:length] + tail != content:
        refused(path, content[:length] + tail)
    if tail:
        refused(path, content + tail)


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused(tmp_path_factory, junk):
    refused(tmp_path_factory.mktemp("junk") / "m.pellucid", junk)
    header = len(junk).to_bytes(8, "little") + junk
    refused(tmp_path_factory.mktemp("junk") / "m.pellucid", header)


class Bomb:
    def __reduce__(self):
        return (open, ("exploded", "w"))


def test_a_pickle_is_refused_and_not_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    refused(tmp_path / "m.pellucid", pickle.dumps(Bomb()), "cut short or of another kind")
    assert not (tmp_path / "exploded").exists()


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "cut short or of another kind"),
        (b"\x00" * 7, "cut short"),
        (b"\xff" * 100, "cut short or of another kind"),
        ((2**40).to_bytes(8, "little") + b"{}", "cut short or of another kind"),
        ((2).to_bytes(8, "little") + b"{}", "no pellucid model"),
        ((2).to_bytes(8, "little") + b"[]", "its header cannot be read"),
        ((200_000).to_bytes(8, "little") + b"[" * 200_000, "its header cannot be read"),
        (save_tensors({"a": np.zeros(3)}), "holds arrays, but no pellucid model"),
        (save_tensors({"a": np.zeros(3)}, metadata={"format": "pt"}), "holds arrays, but no pellucid model"),
        (save_tensors({"a": np.zeros(3)}, metadata={"pellucid": "hello"}), "is damaged"),
        (save_tensors({"a": np.zeros(3)}, metadata={"pellucid": "[1]"}), "is damaged"),
        (save_tensors({"a": np.zeros(3)}, metadata={"pellucid": "{}"}), "is damaged"),
        (save_tensors({"a": np.zeros(3)}, metadata={"pellucid": '{"sha256": 5}'}), "its checksum differs"),
        (save_tensors({"a": np.zeros(3)}, metadata={"pellucid": '{"sha256": ""}'}), "its checksum differs"),
        (save_tensors({"a": np.zeros(3)}, metadata={"pellucid": "[" * 100_000}), "is damaged"),
    ],
)
def test_files_of_another_kind(content, match, tmp_path):
    refused(tmp_path / "m.pellucid", content, match)


def altered(file, path, change, arrays_change=None):
    """A file whose checksum is right and whose content was changed by hand."""
    description, arrays = read_container(file)
    change(description)
    arrays = {name: value.copy() for name, value in arrays.items()}
    if arrays_change is not None:
        arrays_change(arrays)
    return write_container(path, description, arrays, overwrite=True)


def test_a_newer_schema_asks_for_an_upgrade(file, tmp_path):
    path = altered(file, tmp_path / "m.pellucid", lambda d: d.update(schema=2, written_by="9.0", extra=[1]))
    with pytest.raises(ModelFileError, match=r"written by pellucid 9\.0 \(schema 2\).*upgrade pellucid to read it"):
        pellucid.load(path)


def places_of(value, path=()):
    """Every place in a JSON value."""
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places_of(inner, (*path, key))
    elif isinstance(value, list):
        for k, inner in enumerate(value if path == ("preparation", "columns") else value[:1]):
            yield from places_of(inner, (*path, k))


def put(value, path, new):
    for key in path[:-1]:
        value = value[key]
    value[path[-1]] = new


WRONG = [{"a": 1}, [[1]], "a text that is nothing", -7, 2.5, None, True]


def test_values_of_wrong_types_are_found(file, model, tmp_path, monkeypatch):
    """Each place of the description in turn gets values of other types; it is refused, or makes no difference."""
    description, arrays = read_container(file)
    rows = pellucid.read({"x": [0.5, None], "kind": ["a", None], "day": ["2024-01-05", None]})
    expected = model.predict_proba(rows)
    monkeypatch.setattr(os, "fsync", lambda handle: None)  # two thousand files need not reach the disk
    found = 0
    for place in [p for p in places_of(description) if p]:
        for wrong in WRONG:
            changed = json.loads(json.dumps(description))
            old = changed
            for key in place:
                old = old[key]
            if type(old) is type(wrong) or (isinstance(old, float) and isinstance(wrong, int)):
                continue
            if place == ("decision", "calibration") and wrong is None:
                continue  # a model without calibration, which is a model
            put(changed, place, wrong)
            path = write_container(tmp_path / "m.pellucid", changed, arrays, overwrite=True)
            try:
                loaded = pellucid.load(path)
            except ModelFileError:
                found += 1
                continue
            np.testing.assert_allclose(loaded.predict_proba(rows), expected, err_msg=f"{place} = {wrong!r}")
            assert may_change(place, wrong), f"{place} may be {wrong!r}"
    assert found > 500


def may_change(place, wrong):
    """Facts that have several types, or that only say something."""
    if wrong is None or place == ("written_by",):
        return True
    if place[-1] in ("threshold", "validation_loss", "validation_score", "clip", "low", "high", "look", "clip_norm"):
        return True
    free = place[0] == "card" and place[1] in ("scores", "findings")  # kept as plain values
    settings = place[0] == "training" or place[0] == "network"  # of these the specs say what is allowed
    return free or settings


@pytest.mark.parametrize("place", ["training_loss", "epoch", "learning_rate"])
def test_missing_and_unknown_fields_are_found(file, tmp_path, place):
    path = altered(file, tmp_path / "m.pellucid", lambda d: d["history"]["epochs"][0].pop(place))
    with pytest.raises(ModelFileError, match=f"does not describe a model that works: KeyError '{place}'|{place}"):
        pellucid.load(path)
    path = altered(file, tmp_path / "m.pellucid", lambda d: d["history"].update(more=1))
    with pytest.raises(ModelFileError):
        pellucid.load(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(kind="forest"),
        lambda d: d.update(labels=["yes", "no"]),
        lambda d: d.update(labels=["no", "no"]),
        lambda d: d.update(labels=["no"]),
        lambda d: d.update(labels=["a", "b", "c"]),
        lambda d: d.update(label_type="<i8"),
        lambda d: d.update(label_type="<M8[s]"),
        lambda d: d.update(label_type="V9999999999"),
        lambda d: d.update(schema=0),
        lambda d: d.update(schema="1"),
        lambda d: d.update(schema=True),
        lambda d: d.update(columns=["x", "kind"]),
        lambda d: d.update(columns=["x", "kind", "night"]),
        lambda d: d.update(columns=None),
        lambda d: d.update(column_count=4),
        lambda d: d.update(parameters=d["parameters"][::-1]),
        lambda d: d.update(parameters=d["parameters"][1:]),
        lambda d: d["network"].update(hidden=[4]),
        lambda d: d["network"].update(inputs=3),
        lambda d: d["network"].update(activation=["warp"]),
        lambda d: d["training"].update(dtype="float64"),
        lambda d: d["training"].update(loss={"name": "mse"}),
        lambda d: d["training"].update(optimizer={"name": "adam", "speed": 3}),
        lambda d: d["preparation"]["columns"].pop(),
        lambda d: d["preparation"]["columns"][0]["scaling"].update(divisor=0.0),
        lambda d: d["preparation"]["columns"][0]["scaling"].update(knots=[1.0, 2.0], scores=[1.0]),
        lambda d: d["preparation"]["columns"][1].update(fill="unheard of"),
        lambda d: d["preparation"]["columns"][2].update(origin="yesterday"),
        lambda d: d["preparation"]["columns"][2].update(kind="hour"),
        lambda d: d["decision"].update(threshold=1.5),
        lambda d: d["decision"].update(threshold=True),
        lambda d: d["decision"].update(unsure=[0.5, 0.55]),
        lambda d: d["decision"].update(unsure=[0.3]),
        lambda d: d["decision"].update(calibration=[]),
        lambda d: d["decision"].pop("calibration"),
        lambda d: d["decision"]["calibration"].update(method="exec"),
        lambda d: d["decision"]["calibration"].update(coefficients=[0.1, -0.8, 0.01]),
        lambda d: d["decision"]["calibration"].update(coefficients=[0.1, 0.8, 5.0]),
        lambda d: d["decision"]["calibration"].update(coefficients=["0.1", 0.8, 0.01]),
        lambda d: d["decision"]["calibration"].update(knots=[4.0, -3.0]),
        lambda d: d["decision"]["calibration"].update(values=[0.5]),
        lambda d: d.update(decision=None),
        lambda d: d["card"].pop("target"),
        lambda d: d["card"].update(sealed="not base 64!"),
        lambda d: d["card"].update(sealed="AAAA"),
        lambda d: d["card"].update(rows=10**15),
        lambda d: d["card"].update(labels="no"),
    ],
)
def test_descriptions_that_contradict_themselves(file, tmp_path, change):
    path = altered(file, tmp_path / "m.pellucid", change)
    with pytest.raises(ModelFileError, match="does not describe a model that works"):
        pellucid.load(path)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_are_none(file, tmp_path, number):
    """Written by hand, for no writer of ours writes them."""
    description, arrays = read_container(file)
    text = json.dumps({**description, "sha256": NO_CHECKSUM}, sort_keys=True, ensure_ascii=False)
    text = text.replace('"learning_rate": 0.001', f'"learning_rate": {number}', 1)
    assert number in text
    content = save_tensors(arrays, metadata={"pellucid": text})
    content = content.replace(NO_CHECKSUM.encode(), hashlib.sha256(content).hexdigest().encode(), 1)
    refused(tmp_path / "m.pellucid", content, "where a number should be")


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a["layers.0.weight"].__setitem__((0, 0), np.nan),
        lambda a: a["layers.0.bias"].__setitem__(0, np.inf),
        lambda a: a.update({"layers.0.weight": a["layers.0.weight"].T.copy()}),
        lambda a: a.update({"layers.0.weight": a["layers.0.weight"].astype(np.float64)}),
        lambda a: a.pop("layers.0.bias"),
        lambda a: a.update({"more": np.zeros(3, np.float32)}),
    ],
)
def test_parameters_of_wrong_shape_or_content(file, tmp_path, change):
    path = altered(file, tmp_path / "m.pellucid", lambda d: None, change)
    with pytest.raises(ModelFileError, match="does not describe a model that works"):
        pellucid.load(path)


@pytest.mark.parametrize(
    "change",
    [
        {"reach": [2.0, 1.0]},
        {"reach": [-1.0, 1.0]},
        {"reach": [1.0]},
        {"levels": [0.8, 1.0]},
        {"levels": [0.95, 0.8]},
        {"levels": "wide"},
        {"logarithmic": True},
        {"logarithmic": 0},
        {"rows": 2.5},
        {"knots": [0.0]},
        {"knots": [3.0, 1.0]},
        {"scales": [1.0, 0.0]},
        {"scales": [1.0, None]},
        {"lowest": "0"},
    ],
)
def test_intervals_that_cannot_be(tmp_path, change):
    model = pellucid.MLPRegressor((2,), epochs=1, random_state=0).fit(np.eye(20), np.arange(20.0))
    model.intervals_ = pellucid.prediction_intervals(np.arange(120.0) % 40, np.arange(120.0))
    assert len(model.intervals_.knots) == 2
    path = pellucid.save(model, tmp_path / "n.pellucid")
    assert pellucid.load(path).intervals_ == model.intervals_
    with pytest.raises(ModelFileError, match="does not describe a model that works"):
        pellucid.load(altered(path, path, lambda d: d["intervals"].update(change)))


def test_intervals_of_earlier_versions_are_as_wide_everywhere(tmp_path):
    model = pellucid.MLPRegressor((2,), epochs=1, random_state=0).fit(np.eye(20), np.arange(20.0))
    model.intervals_ = pellucid.prediction_intervals(np.arange(40.0), np.zeros(40))
    path = pellucid.save(model, tmp_path / "n.pellucid")

    def older(description):
        for name in ("knots", "scales", "lowest"):
            del description["intervals"][name]

    low, high = pellucid.load(altered(path, path, older)).predict_interval(np.eye(20))
    assert high - low == pytest.approx(np.full(20, 2 * 38.0))


def test_a_card_is_not_needed(file, model, tmp_path):
    path = altered(file, tmp_path / "m.pellucid", lambda d: d.update(card=None))
    assert not hasattr(pellucid.load(path), "card_")


def test_a_card_may_know_more_or_less_than_this_version(file, model, tmp_path):
    """Newer versions add facts to the card within one schema; older files lack them."""
    path = altered(file, tmp_path / "m.pellucid", lambda d: d["card"].pop("test_fingerprint"))
    assert pellucid.load(path).card_ == model.card_


@pytest.mark.parametrize("name", ["missing.pellucid", "folder", "folder/missing/m.pellucid"])
def test_no_such_file(tmp_path, name):
    (tmp_path / "folder").mkdir()
    with pytest.raises(FileError, match="cannot read the model file"):
        pellucid.load(tmp_path / name)


def test_a_file_that_exists_is_kept_unless_replaced(model, tmp_path):
    path = tmp_path / "m.pellucid"
    path.write_text("mine")
    for overwrite in (None, False):
        with pytest.raises(FileError, match="exists already"):
            pellucid.save(model, path, overwrite=overwrite)
    assert path.read_text() == "mine"
    assert pellucid.load(pellucid.save(model, path, overwrite=True)).card_ == model.card_
    assert pellucid.load(pellucid.save(model, path)).card_ == model.card_  # a model gives way to a model
    with pytest.raises(FileError, match="exists already"):
        pellucid.save(model, path, overwrite=False)


@pytest.mark.parametrize("name", ["nowhere/m.pellucid", "folder"])
def test_places_that_cannot_be_written(model, tmp_path, name):
    (tmp_path / "folder").mkdir()
    with pytest.raises(FileError, match="cannot write"):
        pellucid.save(model, tmp_path / name)


@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
def test_the_old_file_is_whole_when_writing_fails(model, tmp_path, monkeypatch, step):
    path = pellucid.save(model, tmp_path / "m.pellucid")
    before = path.read_bytes()

    def full(*arguments, **options):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if step == "write":
        if not os.path.exists("/dev/full"):
            pytest.skip("this system has no /dev/full")
        opened = os.open
        monkeypatch.setattr(os, "open", lambda name, flags, mode=0o777: opened("/dev/full", os.O_WRONLY))
    else:
        monkeypatch.setattr(os, step, full)
    with pytest.raises(FileError, match="No space left on device; nothing was changed"):
        pellucid.save(model, path)
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["m.pellucid"]


def test_own_parts_in_a_file_are_not_looked_up(file, tmp_path):
    path = altered(file, tmp_path / "m.pellucid", lambda d: d["training"].update(loss={"name": "os.system"}))
    with pytest.raises(ModelFileError, match=r"no loss 'os\.system'"):
        pellucid.load(path)
