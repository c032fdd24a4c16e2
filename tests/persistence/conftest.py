from pathlib import Path

import pytest


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
