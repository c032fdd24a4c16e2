"""The tables of the documents that are not bundled: used where they can be had, and the lesson says which it uses."""

from __future__ import annotations

from ..data.datasets import fetch_admissions, fetch_spiral
from ..data.table import Table
from ..errors import PellucidError, SpecError, nearest

FETCHED = {"admissions": fetch_admissions, "spiral": fetch_spiral}
PATIENCE = 3.0  # seconds that a reader waits for a host that does not answer


def real_table(name: str) -> tuple[Table | None, str]:
    """The table "admissions" or "spiral", or None where it cannot be had, and a sentence (markdown) that says which.

    A copy that is there is used; else it is fetched once, checked by its checksum, and kept. Raises `SpecError` for
    another name.
    """
    if name not in FETCHED:
        raise SpecError(f"there is no table {name[:40]!r} to fetch{nearest(name, list(FETCHED))}")
    try:
        table = FETCHED[name](timeout=PATIENCE)
    except (PellucidError, OSError) as problem:
        reason = str(problem).split(";")[0].split(" (")[0]
        return None, (
            f"The document's own table, *{name}*, is not here: {reason}. A folder that holds its file, named in "
            "`PELLUCID_DATASETS`, is enough. What this page shows elsewhere needs no table."
        )
    return table, f"This is the document's own table, *{table.source}*, with {len(table):,} rows, as its checksum says."
