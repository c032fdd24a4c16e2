"""Every code block of the README and of the documentation runs, and says what the page shows."""

from __future__ import annotations

import re
from pathlib import Path

import nothing_loaded
import pytest
import reference_pages
import run_blocks

ROOT = Path(__file__).resolve().parents[2]
PAGES = {str(page.relative_to(ROOT)): page for page in run_blocks.pages()}
WITH_CODE = [
    name
    for name, page in PAGES.items()
    if any(block.language in ("python", "sh") for block in run_blocks.blocks(page.read_text("utf-8")))
]
MOST_BYTES = 150_000
MOST_COLUMNS = 90
# What needs a GPU or a network.
MOST_LEFT_OUT = 2


@pytest.mark.parametrize("name", WITH_CODE)
def test_the_blocks_of_a_page_run_and_say_what_it_shows(name: str, tmp_path: Path) -> None:
    page = PAGES[name]
    with run_blocks.workplace(page, tmp_path):
        for block, said in run_blocks.run(page):
            if block.output is not None:
                assert run_blocks.alike(block.output, said), (
                    f"{name}:{block.line} says something else now; renew it with python docs/run_blocks.py {name}\n"
                    + "\n".join(run_blocks.differences(block.output, said))
                )
    made = {file.name for file in tmp_path.iterdir()}
    for words, picture in run_blocks.PICTURE.findall(page.read_text("utf-8")):
        if "/" not in picture and not name.startswith("README"):
            assert picture in made, f"{name} shows {picture}, which its blocks do not draw"
            assert len(words) > 40, f"{picture} is not told in words"


@pytest.mark.parametrize("name", PAGES)
def test_every_block_is_run_or_is_an_output(name: str) -> None:
    text = PAGES[name].read_text("utf-8")
    found = run_blocks.blocks(text)
    assert {block.language for block in found} <= {"python", "sh"}, "a text block belongs right after what says it"
    assert text.count("\n```") == sum(4 if block.output is not None else 2 for block in found)
    assert all(block.output for block in found if block.output is not None), f"run python docs/run_blocks.py {name}"


@pytest.mark.parametrize("name", PAGES)
def test_links_between_pages_lead_somewhere(name: str) -> None:
    written_later = {"index", "command_line", *(room.page for room in reference_pages.ROOMS)}
    for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", PAGES[name].read_text("utf-8")):
        target = (PAGES[name].parent / link).resolve()
        if target.parent == ROOT / "docs" / reference_pages.FOLDER:
            assert target.stem in written_later, link
        elif "://" not in link:
            assert target.exists(), link


def test_a_page_that_loads_something_from_elsewhere_is_noticed() -> None:
    assert nothing_loaded.foreign('<a href="https://x.org">x</a><script src="assets/a.js"></script>') == []
    assert nothing_loaded.foreign('<link rel="x" href="//x.org/a.css"><img src="https://x.org/a.png">') == [
        "//x.org/a.css",
        "https://x.org/a.png",
    ]


@pytest.mark.parametrize("name", [name for name in PAGES if name != "README.md"])
def test_code_is_no_wider_than_a_page(name: str) -> None:
    for block in run_blocks.blocks(PAGES[name].read_text("utf-8")):
        assert [line for line in block.code.splitlines() if len(line) > MOST_COLUMNS] == []


def test_pictures_of_the_pages_are_small() -> None:
    files = [file for file in (ROOT / "docs").rglob("*") if file.suffix in (".svg", ".png")]
    assert len(files) > 20
    assert [file.name for file in files if file.stat().st_size > MOST_BYTES] == []


def test_few_blocks_are_left_out_and_each_says_why() -> None:
    every = [block for page in PAGES.values() for block in run_blocks.blocks(page.read_text("utf-8"))]
    reasons = [block.left_out for block in every if block.left_out]
    assert len(reasons) <= MOST_LEFT_OUT
    assert all(re.search(r"GPU|network", reason) for reason in reasons)


PAGE = """\
# Title

```python
x = 1
print(x)
```

```text
1
```

```sh
pellucid datasets --nonsense  # exit code 2
echo one two | tr a-z A-Z
```

```python
# not run by the tests: needs a GPU
1 / 0
```

```python
y = x
1 / 0
```
"""


def test_a_page_runs_in_one_namespace_and_a_wrong_block_fails_at_its_line() -> None:
    said = []
    with pytest.raises(ZeroDivisionError) as failure:
        said.extend(each for _, each in run_blocks.run(Path("page.md"), PAGE))
    assert failure.traceback[-1].lineno + 1 == 24
    first, second = (each for _, each in zip(range(2), run_blocks.run(Path("page.md"), PAGE)))
    assert first[1] == "1\n"
    assert first[0].output == "1\n"
    assert "--nonsense" in second[1]
    assert second[1].endswith("ONE TWO\n")


@pytest.mark.parametrize("line", ["pellucid datasets --nonsense", "pellucid datasets  # exit code 2", "make nonsense"])
def test_a_command_that_ends_otherwise_fails(line: str) -> None:
    with pytest.raises(Exception, match=r"nonsense|exit code 0"):
        run_blocks.command(line, "page.md:1")


@pytest.mark.parametrize(
    ("shown", "said", "same"),
    [
        ("accuracy 0.812\n in 3.1 s", "accuracy 0.81\nin 20 s", True),
        ("accuracy 0.812", "accuracy 0.61", False),
        ("accuracy 0.812", "precision 0.812", False),
        ("1,200 rows", "1,900 rows", False),
        ("1,200 rows", "1,201 rows", True),
        ("a  1\n────\nb  2", "a 1\n──────\nb 2", True),
        ("said", "", False),
        ("word " * 200 + "one", "word " * 200 + "two", True),
        ("word " * 100 + "one two three", "word " * 100, False),
    ],
)
def test_what_counts_as_the_same_output(shown: str, said: str, same: bool) -> None:
    assert run_blocks.alike(shown, said) is same


def test_outputs_and_pictures_are_renewed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    draw = "import pathlib\npathlib.Path('a.svg').write_text('<svg/>')"
    code = f"```python\nfor k in range(2):\n    print(k, '  ')\n{draw}\n```\n"
    page.write_text(f"before\n\n{code}\n```text\nold\n```\n\nafter ![words](a.svg)\n", "utf-8")
    run_blocks.renew(page)
    assert page.read_text("utf-8") == f"before\n\n{code}\n```text\n0\n1\n```\n\nafter ![words](a.svg)\n"
    assert (tmp_path / "a.svg").read_text() == "<svg/>"
