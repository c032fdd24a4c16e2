import json

import pytest

from pellucid.errors import FileError
from pellucid.judging.looks import check_looks_can_be_counted, count_looks, record_look, state_folder


def test_looks_are_counted_per_fingerprint(state):
    assert count_looks("aa") == 0
    assert [record_look("aa", "train"), record_look("bb", "train"), record_look("aa", "evaluate")] == [1, 1, 2]
    assert (count_looks("aa"), count_looks("bb"), count_looks("cc")) == (2, 1, 0)
    lines = [json.loads(line) for line in (state / "looks.jsonl").read_text().splitlines()]
    assert [(look["fingerprint"], look["what"]) for look in lines] == [
        ("aa", "train"),
        ("bb", "train"),
        ("aa", "evaluate"),
    ]


def test_looks_are_only_ever_appended(state):
    record_look("aa", "train")
    before = (state / "looks.jsonl").read_bytes()
    record_look("aa", "train")
    check_looks_can_be_counted()
    assert (state / "looks.jsonl").read_bytes().startswith(before)
    assert count_looks("aa") == 2


@pytest.mark.parametrize(
    "damage", [b"{", b"3\n", b"null\n", b"\xff\xfe\n", b'["aa"]\n', b'{"fingerprint": "aa"', b"[" * 100_000 + b"\n"]
)
def test_a_damaged_line_is_no_look_and_takes_none_with_it(state, damage):
    record_look("aa", "train")
    with open(state / "looks.jsonl", "ab") as file:
        file.write(damage)
    assert count_looks("aa") == 1
    assert record_look("aa", "train") == 2
    assert record_look("aa", "train") == 3


def test_a_folder_that_cannot_be_written(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PELLUCID_STATE", str(tmp_path / "file" / "state"))
    for call in (lambda: record_look("aa", "train"), check_looks_can_be_counted):
        with pytest.raises(FileError, match="set PELLUCID_STATE to a folder that can be written"):
            call()


def test_a_count_that_cannot_be_read(state):
    (state / "looks.jsonl").mkdir(parents=True)
    with pytest.raises(FileError, match="cannot read the count of looks"):
        count_looks("aa")


def test_where_looks_are_kept(monkeypatch, tmp_path):
    monkeypatch.delenv("PELLUCID_STATE")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg"))
    assert state_folder() == tmp_path / "xdg" / "pellucid"
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert state_folder() == tmp_path / ".local" / "state" / "pellucid"
