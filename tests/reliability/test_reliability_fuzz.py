"""More than two thousand damaged files, the same in every run: each is read or refused, in a line, and left as it was.

`benchmarks/reliability.py` runs as many more as one likes.
"""

from __future__ import annotations

import random
from collections import Counter

import pytest
from campaign import cases
from mishaps import MISHAPS, damaged
from run_campaign import run_campaign
from sound_files import sound_files

import pellucid

FILES = 2200


def test_no_traceback_no_wrong_exit_code_no_changed_file():
    """One test, so that tests side by side do not run the campaign twice."""
    outcomes = run_campaign(0, FILES)
    assert len(outcomes) == FILES
    assert [(case.number, case.form, case.way, case.faults, case.said) for case in outcomes if case.faults] == []
    assert {case.way for case in outcomes} >= {"read", "profile", "predict", "train"}
    assert min(Counter(case.refused for case in outcomes).values()) > FILES / 20
    forms = Counter(case.form for case in outcomes)
    assert set(forms) >= {"csv", "tsv", "txt", "jsonl", "parquet", "arrow", "feather", "csv.gz", "jsonl.gz", "xlsx"}
    assert min(forms.values()) > FILES / 50


def test_the_files_are_bad_and_the_same_every_time():
    sound = sound_files()
    some = list(cases(range(200), sound))
    assert [case.content for case in some] == [case.content for case in cases(range(200), sound_files())]
    assert sum(case.content == sound[case.name] for case in some) < 10


@pytest.mark.parametrize("name", sorted(sound_files()))
def test_the_undamaged_files_are_read(tmp_path, name):
    """The material is sound: what is refused is refused for its damage."""
    if name.endswith(".xlsx"):
        pytest.importorskip("fastexcel", reason="the extra 'excel' is not installed")
    path = tmp_path / name
    path.write_bytes(sound_files()[name])
    table = pellucid.read(path)
    assert table.rows == 40
    assert len(table.names) in (7, 12)


@pytest.mark.parametrize("mishap", MISHAPS)
def test_every_mishap_changes_something(mishap):
    raw = sound_files()["titanic.csv"]
    assert any(bytes(mishap(bytearray(raw), random.Random(k))) != raw for k in range(20))
    assert damaged(b"", "t.csv", random.Random(0)) == b""
