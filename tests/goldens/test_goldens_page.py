"""docs/goldens.md says what the tests find, and names every figure that does not come out."""

from __future__ import annotations

import pytest
from golden_files import ABSENT, goldens
from golden_page import ANSWERS, PAGE, page, shown

pytestmark = pytest.mark.skipif(bool(ABSENT), reason=ABSENT)


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python tests/goldens/golden_page.py"


def test_every_figure_that_does_not_come_out_has_its_reason_and_the_right_figure() -> None:
    text = PAGE.read_text(encoding="utf-8")
    missing = [one for one in goldens().values() if not one.reproduced]
    assert missing
    for one in missing:
        assert f"| `{one.name}` | " in text
        assert one.values["reason"].rstrip(".") in text


@pytest.mark.parametrize("name", ["over_per_class", "over_overall_weighted"])
def test_scores_with_dropout_left_on_are_not_called_right(name: str) -> None:
    (line,) = (line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(f"| `{name}` |"))
    _, _, printed, right, _ = line.split("|")
    assert "TRAIN_MODE" in right
    assert shown(goldens()[4, name], goldens()[4, name].values["got_torch_2_13"]) not in right
    assert printed.strip() == shown(goldens()[4, name], goldens()[4, name].expected)


def test_every_trap_has_its_answer() -> None:
    assert {one.trap for one in goldens().values()} - {None} == set(ANSWERS)
