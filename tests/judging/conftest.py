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


@pytest.fixture(scope="session", autouse=True)
def no_fit_is_cut_short():
    """`max_seconds=0` means "two folds" in these tests; what fits in half a second is the luck of the machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pellucid.judging.time_budget.LEAST_SECONDS", 100.0)
        yield
