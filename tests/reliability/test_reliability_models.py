"""Damaged and hostile model files: an error of ours each, nothing run, opened, imported or sent, no run on memory.

The whole list is in `hostile_models.py`; `benchmarks/reliability.py` tries more of the damage by chance.
"""

from __future__ import annotations

import pytest
from hostile_models import hostile_models, many_levels
from model_trial import sound_model, try_models

FILES = 800
# Some of what was done to a file, and the words that the error must have for it.
SAID = {
    "pickle": "is cut short or of another kind",
    "cut after 9 bytes": "is cut short or of another kind",
    "4 bytes more": "its checksum differs",
    "schema 99": "upgrade pellucid",
    "a key twice": "a name stands in it twice",
    "a thousand billion columns without names": "speaks of 1000000000000 columns",
    "ten thousand labels, one of them long": "letters",
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PELLUCID_STATE", str(tmp_path_factory.mktemp("state")))
        return sound_model()


def test_every_file_is_refused_by_an_error_of_ours_and_nothing_is_done(sound, tmp_path):
    """One test, so that tests side by side do not load the files twice."""
    folder = tmp_path / "models"
    folder.mkdir()
    trials = try_models(sound, hostile_models(sound, FILES), folder)
    assert len(trials) >= FILES
    assert [f"{trial.what}: {trial.fault}" for trial in trials if trial.fault] == []
    unclear = [t.what for t in trials if "\n" in t.said or ".pellucid" not in t.said or len(t.said) > 2000]
    assert unclear == []
    said = {trial.what: trial.said for trial in trials}
    for what, words in SAID.items():
        assert words in said[what]


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
