"""Which rows to train on and which to hold out: pure functions from labels, groups or moments to row numbers.

`rng` is a seed or a NumPy generator: the same seed gives the same rows, a generator moves on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import InputError, ShapeError
from ..records import Record

Seed = int | np.random.Generator


@dataclass(frozen=True, eq=False)
class Split(Record):
    """Row numbers to train on and to hold out, each sorted, int64, and the rule that made them in words."""

    training: np.ndarray
    held_out: np.ndarray
    rule: str

    def __repr__(self) -> str:
        return f"Split({len(self.training):,} training rows, {len(self.held_out):,} held out: {self.rule})"


def random_split(rows: int, fraction: float, rng: Seed) -> Split:
    """Hold out `fraction` of the rows by chance (rounded, one row at least on each side)."""
    rng = np.random.default_rng(rng)
    count = _held_out_rows(rows, fraction)
    return _split(rows, rng.permutation(rows)[:count], f"{count:,} of {rows:,} rows held out by chance")


def stratified_split(labels: Any, fraction: float, rng: Seed) -> Split:
    """Hold out `fraction` of the rows of every class by chance.

    Each class gives its share rounded down or up, so that the total is right; at least one of its rows stays for
    training. Raises InputError when a class has a single row.
    """
    rng = np.random.default_rng(rng)
    classes, members = _classes(labels)
    rows = len(members)
    count = _held_out_rows(rows, fraction)
    sizes = np.bincount(members)
    takes = _shares(sizes, count)
    takes = np.minimum(takes, sizes - 1)
    held_out = [rng.choice(np.flatnonzero(members == k), take, replace=False) for k, take in enumerate(takes) if take]
    total = int(takes.sum())
    rule = f"{total:,} of {rows:,} rows held out by chance, the same share of each of the {len(classes)} classes"
    return _split(rows, np.concatenate(held_out) if held_out else np.arange(0), rule)


def grouped_split(groups: Any, fraction: float, rng: Seed) -> Split:
    """Hold out whole groups, taken by chance, until their rows come nearest to `fraction` of all.

    No group stands on both sides. Raises InputError when there is one group only or a group is missing.
    """
    rng = np.random.default_rng(rng)
    members = _groups(groups)
    sizes = np.bincount(members)
    _held_out_rows(len(members), fraction)
    order = rng.permutation(len(sizes))
    sums = np.cumsum(sizes[order])[:-1]
    taken = order[: int(np.abs(sums - fraction * len(members)).argmin()) + 1]
    held_out = np.flatnonzero(np.isin(members, taken))
    rule = (
        f"{len(taken):,} of {len(sizes):,} groups held out whole by chance, {len(held_out):,} of {len(members):,} rows"
    )
    return _split(len(members), held_out, rule)


def time_split(moments: Any, fraction: float) -> Split:
    """Hold out the latest rows, as many as come nearest to `fraction`; rows of one moment stay on one side.

    `moments` (rows,) are dates or numbers. Raises InputError when one is missing or all are the same.
    """
    times = np.asarray(moments)
    _held_out_rows(len(times), fraction)
    _refuse_missing(times, "moment")
    distinct, places = np.unique(times, return_inverse=True)
    if len(distinct) < 2:
        raise InputError("all rows have the same moment, so none is later; split by chance instead")
    later = len(times) - np.cumsum(np.bincount(places))[:-1]
    last = int(np.abs(later - fraction * len(times)).argmin())
    held_out = np.flatnonzero(places > last)
    rule = f"the latest {len(held_out):,} of {len(times):,} rows held out, from {distinct[last + 1]} on"
    return _split(len(times), held_out, rule)


def ordered_split(rows: int, fraction: float) -> Split:
    """Hold out the last rows as they stand in the table.

    Right only when the order of the rows carries no meaning or is the order of time. A table sorted by its classes
    gives held-out rows of classes that were never trained on; nothing chooses this split unless it is called by name.
    """
    count = _held_out_rows(rows, fraction)
    return _split(rows, np.arange(rows - count, rows), f"the last {count:,} of {rows:,} rows held out, in table order")


def repeated_folds(rows: int, folds: int = 5, repeats: int = 3, *, rng: Seed) -> list[Split]:
    """Cut the rows by chance into `folds` parts, hold each out in turn, and do so `repeats` times."""
    rng = np.random.default_rng(rng)
    from sklearn.model_selection import KFold

    folds, fewer = _fold_count(folds, repeats, rows, "rows")
    cuts = (
        cut for _ in range(repeats) for cut in KFold(folds, shuffle=True, random_state=_seed(rng)).split(np.empty(rows))
    )
    return _numbered(cuts, folds, repeats, fewer)


def repeated_stratified_folds(labels: Any, folds: int = 5, repeats: int = 3, *, rng: Seed) -> list[Split]:
    """As `repeated_folds`, with every class spread evenly over the folds.

    When the smallest class has fewer rows than `folds`, there are as many folds as it has rows, and the rule says
    so. Raises InputError when a class has a single row.
    """
    rng = np.random.default_rng(rng)
    from sklearn.model_selection import StratifiedKFold

    classes, members = _classes(labels)
    sizes = np.bincount(members)
    smallest = int(sizes.argmin())
    folds, fewer = _fold_count(folds, repeats, int(sizes[smallest]), f"rows of class {classes[smallest]!s}")
    cuts = (
        cut
        for _ in range(repeats)
        for cut in StratifiedKFold(folds, shuffle=True, random_state=_seed(rng)).split(members, members)
    )
    return _numbered(cuts, folds, repeats, f", stratified by class{fewer}")


def repeated_grouped_folds(groups: Any, folds: int = 5, repeats: int = 3, *, rng: Seed) -> list[Split]:
    """As `repeated_folds`, with every group in one fold only; as many folds as groups at most."""
    rng = np.random.default_rng(rng)
    from sklearn.model_selection import GroupKFold

    members = _groups(groups)
    folds, fewer = _fold_count(folds, repeats, int(members.max()) + 1, "groups")
    cuts = (
        cut
        for _ in range(repeats)
        for cut in GroupKFold(folds, shuffle=True, random_state=_seed(rng)).split(members, groups=members)
    )
    return _numbered(cuts, folds, repeats, f", groups kept whole{fewer}")


def time_folds(moments: Any, folds: int = 5) -> list[Split]:
    """Cut the rows in order of time into `folds` + 1 blocks; each block but the first is held out in turn.

    A fold learns from all rows before those that it holds out (an expanding window), as one does in time. Rows of one
    moment stay in one block. There are fewer folds when moments are few, and when a block would have less than ten
    rows. `moments` (rows,) are dates or numbers; raises InputError when one is missing or fewer than three differ.
    """
    times = np.asarray(moments)
    _refuse_missing(times, "moment")
    distinct, places = np.unique(times, return_inverse=True)
    if len(distinct) < 3:
        raise InputError(f"expected 3 different moments or more to make folds in order of time, got {len(distinct)}")
    folds = min(folds, len(distinct) - 1, max(len(times) // 10 - 1, 2))
    block = _blocks_in_time(np.bincount(places), folds + 1)[places]
    rule = f"fold {{}} of {folds}, round 1 of 1, in order of time, each learning from all rows before it"
    return [Split(np.flatnonzero(block < k), np.flatnonzero(block == k), rule.format(k)) for k in range(1, folds + 1)]


def _blocks_in_time(counts: np.ndarray, blocks: int) -> np.ndarray:
    """The block of each moment, of so many rows each: blocks as equal as they can be, none without a moment."""
    before = np.cumsum(counts) - counts
    wanted = np.minimum(before * blocks // counts.sum(), np.arange(len(counts)))
    result = np.zeros(len(counts), dtype=np.int64)
    for place in range(1, len(counts)):
        needed = blocks - (len(counts) - place)  # so many moments are left for the blocks that are left
        result[place] = max(result[place - 1], min(result[place - 1] + 1, max(wanted[place], needed)))
    return result


def _numbered(cuts: Iterator[tuple[np.ndarray, np.ndarray]], folds: int, repeats: int, remark: str) -> list[Split]:
    return [
        Split(training, held_out, f"fold {i % folds + 1} of {folds}, round {i // folds + 1} of {repeats}{remark}")
        for i, (training, held_out) in enumerate(cuts)
    ]


def _fold_count(folds: int, repeats: int, available: int, what: str) -> tuple[int, str]:
    """The folds that are possible, and words when they are fewer than asked for."""
    if folds < 2 or repeats < 1:
        raise InputError(f"expected 2 folds or more and 1 repeat or more, got folds={folds}, repeats={repeats}")
    if available < 2:
        raise InputError(f"expected 2 {what} or more to make folds, got {available}")
    if available >= folds:
        return folds, ""
    return available, f", {available} folds instead of {folds} because there are {available} {what}"


def _split(rows: int, held_out: np.ndarray, rule: str) -> Split:
    out = np.sort(held_out).astype(np.int64)
    return Split(np.setdiff1d(np.arange(rows, dtype=np.int64), out, assume_unique=True), out, rule)


def _held_out_rows(rows: int, fraction: float) -> int:
    if not 0 < fraction < 1:
        raise InputError(f"the fraction to hold out must lie between 0 and 1, got {fraction}")
    if rows < 2:
        raise InputError(f"expected 2 rows or more to split, got {rows}")
    return min(max(round(rows * fraction), 1), rows - 1)


def _shares(sizes: np.ndarray, count: int) -> np.ndarray:
    """`count` rows shared out in proportion to `sizes`: rounded down, the rest to the largest remainders."""
    exact = sizes * (count / sizes.sum())
    shares: np.ndarray = np.floor(exact + 1e-9).astype(np.int64)
    rest = count - int(shares.sum())
    shares[np.argsort(shares - exact, kind="stable")[:rest]] += 1
    return shares


def _classes(labels: Any) -> tuple[np.ndarray, np.ndarray]:
    """The different labels and, for each row, the place of its own among them."""
    array = _labels(labels, "label")
    classes, members = np.unique(array, return_inverse=True)
    sizes = np.bincount(members)
    if not len(sizes):
        raise InputError("expected one label a row, got no rows")
    if sizes.min() < 2:
        lonely = classes[int(sizes.argmin())]
        raise InputError(
            f"class {lonely!s} has a single row, which cannot stand both in training and in held-out rows; "
            "add rows of it, join it with another class or leave it out"
        )
    return classes, members


def _groups(groups: Any) -> np.ndarray:
    distinct, members = np.unique(_labels(groups, "group"), return_inverse=True)
    if len(distinct) < 2:
        raise InputError(f"expected 2 groups or more to keep apart, got {len(distinct)}")
    return members


def _labels(values: Any, what: str) -> np.ndarray:
    array = np.asarray(values)
    if array.ndim != 1:
        raise ShapeError(f"expected one {what} a row, shape (rows,), got shape {array.shape}")
    _refuse_missing(array, what)
    return array


def _refuse_missing(array: np.ndarray, what: str) -> None:
    if array.dtype.kind == "O":
        gone = np.array([v is None or v != v for v in array], dtype=bool)
    else:
        gone = np.isnan(array) if array.dtype.kind == "f" else np.zeros(len(array), dtype=bool)
        gone = np.isnat(array) if array.dtype.kind == "M" else gone
    if gone.any():
        raise InputError(
            f"row {int(gone.argmax()) + 1:,} has no {what} ({int(gone.sum()):,} in all); leave such rows out"
        )


def _seed(rng: np.random.Generator) -> int:
    return int(rng.integers(2**32 - 1))
