"""Damaged files: whatever happens to the bytes, a table comes out or an error of ours, and the file stays as it was."""

import gzip
import io
import os
import random

import numpy as np
import polars as pl
import pytest
from workbook_bytes import workbook

import pellucid
from pellucid.errors import PellucidError

# More in a long run: PELLUCID_FUZZ=2000.
EXAMPLES = int(os.environ.get("PELLUCID_FUZZ", "300"))
FILES = ("titanic_train.csv", "telco_churn.csv", "bike_hour.csv", "bank_marketing_full.csv", "spiral.csv")
JUNK = (b'"', b"\n", b",", b";", b"\t", b"\0", b"\xe9", b"\xff\xfe", b"\r", b"#", b"'", b"inf", b"1e99", b"\x1a", b"-")


def seeds(shared):
    """The first lines of real tables in every format, name → bytes."""
    made = {}
    for name in FILES:
        head = b"".join((shared / name).read_bytes().splitlines(keepends=True)[:60])
        stem = name.removesuffix(".csv")
        frame = pl.read_csv(head)
        made[name] = head
        made[f"{stem}_semicolon.csv"] = head.replace(b";", b" ").replace(b",", b";").replace(b".", b",")
        made[f"{stem}_wide.csv"] = head.decode().encode("utf-16")
        made[f"{stem}.csv.gz"] = gzip.compress(head)
        for suffix, write in (("parquet", "parquet"), ("jsonl", "ndjson"), ("arrow", "ipc")):
            packed = io.BytesIO()
            getattr(frame, f"write_{write}")(packed)
            made[f"{stem}.{suffix}"] = packed.getvalue()
    made["book.xlsx"] = workbook({"one": [["a", "b"], [1, "x"], [2.5, "y"], [None, "z"]]})
    return made


def damaged(raw, chance):
    """The bytes after one to four mishaps."""
    raw = bytearray(raw)
    for _ in range(chance.randint(1, 4)):
        if not raw:
            break
        place = chance.randrange(len(raw))
        lines = bytes(raw).splitlines(keepends=True)
        line = chance.randrange(len(lines))
        match chance.randrange(7):
            case 0:
                raw[place] = chance.randrange(256)
            case 1:
                del raw[place:]
            case 2:
                lines.insert(chance.randrange(len(lines)), lines[line])
                raw = bytearray(b"".join(lines))
            case 3:
                raw[place:place] = chance.choice(JUNK)
            case 4:
                del lines[line]
                raw = bytearray(b"".join(lines))
            case 5:
                del raw[place : place + chance.randrange(1, 50)]
            case 6:
                raw[place : place + 8] = chance.randbytes(8)
    return bytes(raw)


@pytest.mark.parametrize("part", range(4))
def test_damaged_files_give_a_table_or_an_error_of_ours(shared, tmp_path, part):
    files = seeds(shared)
    outcomes = {"table": 0, "error": 0}
    for number in range(part, EXAMPLES, 4):
        chance = random.Random(number)
        name = chance.choice(sorted(files))
        raw = damaged(files[name], chance)
        path = tmp_path / name
        path.write_bytes(raw)
        said = ""
        try:
            table = pellucid.read(path)
        except PellucidError as error:
            said = str(error)
        except (Exception, pl.exceptions.PanicException) as error:
            raise AssertionError(f"example {number}, {name}: {error!r}") from error
        assert path.read_bytes() == raw
        if said:
            outcomes["error"] += 1
            assert "\n" not in said, (number, name, said)
        else:
            outcomes["table"] += 1
            assert table.rows > 0
            assert not any(np.isinf(c.values).any() for c in table if c.kind == "number")
    assert min(outcomes.values()) > 0


@pytest.mark.parametrize("suffix", ["csv", "tsv", "csv.gz", "csv.zst", "parquet", "arrow", "jsonl"])
@pytest.mark.parametrize("size", [300, 5000])
def test_noise_is_no_table(tmp_path, suffix, size):
    path = tmp_path / f"noise.{suffix}"
    path.write_bytes(random.Random(1).randbytes(size))
    with pytest.raises(PellucidError, match="noise"):
        pellucid.read(path)
