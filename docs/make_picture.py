"""Draw docs/train.svg: what `pellucid train titanic --target Survived` says, from the ladder to the test rows.

python docs/make_picture.py
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

COMMAND = "pellucid train titanic --target Survived"
# Dark ink on warm white, emphasis in a blue that color-blind readers tell apart; contrast above 7:1.
THEME = TerminalTheme((250, 249, 246), (32, 33, 36), [(32, 33, 36)] * 4 + [(0, 90, 156)] + [(32, 33, 36)] * 3)
HEADINGS = ("Ladder", "Verdict", "Answers", "Test rows")


def main() -> None:
    """Run the command in an empty folder and draw a part of its answer."""
    program = Path(sys.executable).with_name("pellucid")
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PELLUCID_STATE": folder, "COLUMNS": "100"}
        said = subprocess.run(
            [str(program), *COMMAND.split()[1:]],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    shown = "Ladder" + said.split("\nLadder", 1)[1].split("\n\nFindings")[0].split("\n\nWritten")[0]
    console = Console(record=True, width=102, file=io.StringIO(), color_system="truecolor")
    console.print(Text("$ " + COMMAND, style="bold blue"))
    console.print(Text("…", style="dim"))
    for line in shown.splitlines():
        bold = line.startswith(HEADINGS) or " * " in line
        console.print(Text(line, style="bold blue" if bold else ""), soft_wrap=True)
    svg = console.export_svg(title="from a table to a judged network", theme=THEME)
    # No fonts from elsewhere: the reader's own monospaced one serves.
    svg = re.sub(r"@font-face\s*{[^}]*}", "", svg).replace("Fira Code", "ui-monospace, Menlo, Consolas")
    (Path(__file__).parent / "train.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
