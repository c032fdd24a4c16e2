from pathlib import Path

import pytest
from report_runs import class_run, decided_run, hostile_run, number_run


@pytest.fixture(scope="session", autouse=True)
def state(tmp_path_factory: pytest.TempPathFactory):
    """A state folder of the tests' own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PELLUCID_STATE", str(tmp_path_factory.mktemp("state")))
        patch.setattr("pellucid.judging.time_budget.LEAST_SECONDS", 100.0)
        yield


@pytest.fixture(scope="session")
def runs(state: Path) -> dict:
    """Runs by what they predict."""
    return {"hostile": hostile_run(), "numbers": number_run(), "classes": class_run(), "decided": decided_run()}
