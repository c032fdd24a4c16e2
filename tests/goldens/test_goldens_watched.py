"""Trap 11 once more, in PyTorch: the loop that gives the printed loss of document 001 is told what it did."""

from __future__ import annotations

import pytest
from golden_figures import distance
from golden_files import ABSENT, goldens
from golden_first_steps import first
from golden_titanic import titanic, twelve_of_all

from pellucid.pytorch import watch

torch = pytest.importorskip("torch", reason="needs the extra torch")
pytestmark = pytest.mark.skipif(bool(ABSENT), reason=ABSENT)


@pytest.mark.parametrize(("cleared", "figure"), [(False, "loss_after_page_step"), (True, "loss_after_true_step")])
def test_three_turns_of_which_the_last_one_steps(cleared: bool, figure: str) -> None:
    X = torch.tensor(twelve_of_all(), dtype=torch.float64)
    y = torch.tensor(titanic()["Survived"].values, dtype=torch.float64)[:, None]
    module = torch.nn.Linear(12, 1, bias=False, dtype=torch.float64)
    module.load_state_dict({"weight": torch.tensor(first()["layers.0.weight"])})
    optimizer = torch.optim.SGD(module.parameters())
    with watch(module, optimizer) as watcher:
        for rate in (0.0, 0.0, 0.1):
            if cleared:
                optimizer.zero_grad()
            (module(X) - y).abs().mean().backward()
            optimizer.param_groups[0]["lr"] = rate
            optimizer.step()
    assert ["NOT_ZEROED"] * (not cleared) == [finding.code for finding in watcher.findings]
    golden = goldens()[1, figure]
    with torch.no_grad():
        assert distance(float((module(X) - y).abs().mean()), golden.expected) <= golden.values["abs_tol"]
