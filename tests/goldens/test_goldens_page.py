"""docs/goldens.md says what the tests find, and names every figure that does not come out."""

from __future__ import annotations

import pytest
from golden_files import ABSENT, goldens
from golden_page import ANSWERS, PAGE, page

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


def test_every_trap_has_its_answer() -> None:
    assert {one.trap for one in goldens().values()} - {None} == set(ANSWERS)
