from pathlib import Path

import pytest

import pellucid


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder of the test's own, so that no look of a test is counted for the user."""
    folder = tmp_path / "state"
    monkeypatch.setenv("PELLUCID_STATE", str(folder))
    return folder


@pytest.fixture(scope="module")
def module_state(tmp_path_factory: pytest.TempPathFactory):
    """The same for fixtures that outlive a test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PELLUCID_STATE", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(scope="session", autouse=True)
def kernels_are_loaded():
    """Fits that are cut by the clock must not spend it on loading the compiled engine."""
    pellucid.MLPClassifier((2,), epochs=1).fit({"x": [0.0, 1.0, 2.0, 3.0]}, [0, 1, 0, 1])
