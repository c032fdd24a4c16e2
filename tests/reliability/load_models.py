"""Loads model files one after the other under watch: what is opened, run, imported or sent, and what memory it takes.

`load_models.py FOLDER RESULTS`: for each file, in order of its name, a line with the error that it gave ("" for none),
whether the error is one of ours, and what happened meanwhile that loading a file should not do.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

MOST_MEMORY = 4 * 2**30
WATCHED = ("exec", "os.", "subprocess.", "socket.", "urllib.", "shutil.", "pickle.", "marshal.", "ctypes.", "compile")
FREE = ("os.listdir", "os.scandir")


def main() -> None:
    """Load one sound file first, so that what is imported for it is there."""
    folder, results = Path(sys.argv[1]), Path(sys.argv[2])
    import pellucid
    from pellucid.errors import PellucidError

    sound, *files = sorted(folder.iterdir())
    model = pellucid.load(sound)
    assert model.card_.rows
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    seen: list[str] = []
    reading = [""]

    def watch(event: str, details: tuple[Any, ...]) -> None:
        if event == "open" and str(details[0]) not in (reading[0], str(results)):
            seen.append(f"open {details[0]}")
        elif event == "import" and details[0] not in sys.modules:
            seen.append(f"import {details[0]}")
        elif event.startswith(WATCHED) and event not in FREE:
            seen.append(event)

    sys.addaudithook(watch)
    with results.open("w", encoding="utf-8") as lines:
        for file in files:
            reading[0], ours, said = str(file), True, ""
            seen.clear()
            try:
                pellucid.load(file)
            except PellucidError as error:
                said = str(error)
            except Exception as error:  # every other one is a fault, and is counted as one
                ours, said = False, repr(error)
            lines.write(json.dumps({"file": file.name, "said": said, "ours": ours, "did": list(seen)}) + "\n")
            lines.flush()


if __name__ == "__main__":
    main()
