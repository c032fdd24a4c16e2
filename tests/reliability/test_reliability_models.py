"""Damaged and hostile model files: an error of ours each, nothing run, opened, imported or sent, no run on memory.

The whole list is in `hostile_models.py`; `benchmarks/reliability.py` tries more of the damage by chance.
"""

from __future__ import annotations

import pytest
from hostile_models import hostile_models, many_levels
from model_trial import sound_model, try_models

FILES = 800


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PELLUCID_STATE", str(tmp_path_factory.mktemp("state")))
        return sound_model()


@pytest.fixture(scope="module")
def trials(sound, tmp_path_factory):
    return try_models(sound, hostile_models(sound, FILES), tmp_path_factory.mktemp("models"))


def test_every_file_is_refused_by_an_error_of_ours_and_nothing_is_done(trials):
    assert len(trials) >= FILES
    assert [f"{trial.what}: {trial.fault}" for trial in trials if trial.fault] == []


def test_every_error_is_one_line_of_fair_length_that_names_the_file(trials):
    for trial in trials:
        assert ".pellucid" in trial.said
        assert "\n" not in trial.said, trial.what
        assert len(trial.said) < 2000, trial.what


def test_the_errors_differ_with_the_damage(trials):
    said = {trial.what: trial.said for trial in trials}
    assert "is cut short or of another kind" in said["pickle"]
    assert "is cut short or of another kind" in said["cut after 9 bytes"]
    assert "its checksum differs" in said["4 bytes more"]
    assert "upgrade pellucid" in said["schema 99"]
    assert "a name stands in it twice" in said["a key twice"]
    assert "speaks of 1000000000000 columns" in said["a thousand billion columns without names"]
    assert "letters" in said["ten thousand labels, one of them long"]


def test_the_list_itself_is_varied(sound):
    made = dict(hostile_models(sound, 0))
    assert len(made) > 500
    assert len(set(made.values())) > 0.95 * len(made)
    assert sound not in made.values()


def test_many_levels_take_memory_in_proportion(sound, tmp_path):
    """In order as it is, so it may be loaded; a square of its levels would be 3 GB, beyond the limit of the process."""
    trial = try_models(sound, [("many levels", many_levels(sound, 20_000))], tmp_path)[0]
    assert (trial.said, trial.did) == ("", ())


def test_the_watch_sees_what_it_should(sound, tmp_path, monkeypatch):
    """A loader that runs code is caught: the trial can fail."""
    import model_trial

    program = (model_trial.HERE / "load_models.py").read_text("utf-8")
    evil = program.replace("pellucid.load(file)", "__import__('os').system('true')")
    assert evil != program
    (tmp_path / "load_models.py").write_text(evil, "utf-8")
    monkeypatch.setattr(model_trial, "HERE", tmp_path)
    models = tmp_path / "models"
    models.mkdir()
    assert "did os.system" in try_models(sound, [("any", b"")], models)[0].fault
