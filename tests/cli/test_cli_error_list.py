"""The list of mistakes: one line on standard error that names the place and the way out, exit code 2, nothing written.

`fails` insists on the line, on the code, and on every file in the folder being what it was.
"""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

PROGRAM = Path(sys.executable).with_name("pellucid")
QUICK = ("--epochs", "1", "--hidden", "2", "--max-seconds", "0.001")
HEADER = "size,color,won\n"
ROWS = [f"{7 * k % 13},{'uvw'[k % 3]},{('no', 'yes')[k % 2]}\n" for k in range(40)]
GOOD = HEADER + "".join(ROWS)


def with_target(value) -> bytes:
    """The good rows with another target in row k."""
    return (HEADER + "".join(f"{7 * k % 13},{'uvw'[k % 3]},{value(k)}\n" for k in range(40))).encode()


def packed(form: str) -> bytes:
    """The good rows as Parquet or Arrow."""
    target = io.BytesIO()
    getattr(pl.read_csv(GOOD.encode()), f"write_{form}")(target)
    return target.getvalue()


def half(raw: bytes) -> bytes:
    return raw[: len(raw) // 2]


def with_line(number: int, line: str) -> bytes:
    """The good text with another line of that number, the header being line 1."""
    lines = [HEADER, *ROWS]
    lines[number - 1] = line
    return "".join(lines).encode()


# The file, its bytes, and what the one line must say.
FILES = [
    ("empty.csv", b"", ["empty.csv is empty", "expected a table"]),
    ("blank.csv", b"\n \n\n", ["blank.csv is empty", "expected a header line"]),
    ("empty.csv.gz", gzip.compress(b""), ["empty.csv.gz is empty"]),
    ("header.csv", HEADER.encode(), ["header.csv", "a header of 3 columns", "no rows below"]),
    ("few.csv", (HEADER + "".join(ROWS[:9])).encode(), ["9 rows", "too few", "10 are the least"]),
    (
        "gaps.csv",
        with_target(lambda k: "" if k > 8 else ("no", "yes")[k % 2]),
        ["9 rows with a target", "10 are the least"],
    ),
    ("short.csv", with_line(7, "1,u\n"), ["short.csv, line 7", "expected 3 cells", "got 2", "complete the row"]),
    ("long.csv", with_line(5, "1,u,no,9\n"), ["long.csv, line 5", "expected 3 cells", "got 4", "quotes"]),
    (
        "ragged.csv",
        b"".join([*with_line(9, "1\n").splitlines(True)[:30], b"1,2,3,4\n"]),
        ["ragged.csv, line 9", "line 31", "2 rows"],
    ),
    ("junk.csv", bytes(range(1, 32)) * 40, ["junk.csv", "control characters", "binary or damaged?"]),
    ("nul.csv", with_line(6, "1,u\0,no\n"), ["nul.csv, line 6", "NUL byte", "binary or damaged?"]),
    ("open.csv", with_line(4, '1,"u,no\n'), ["open.csv, line 4", "not closed", "close it"]),
    ("after.csv", with_line(4, '1,"u"v,no\n'), ["after.csv, line 4", "after a closing quote", "double a quote"]),
    (
        "bytes.csv",
        GOOD.replace("v", "é").encode() + b"1,\xe9,no\n",
        ["bytes.csv, line 42", "byte 0xe9 is not UTF-8", "damaged there?", "encoding='cp1252'"],
    ),
    ("neither.csv", with_line(8, "1,u,no\n") + b"1,\x81,no\n", ["line 42", "0x81", "save the file as UTF-8"]),
    ("wide.csv", GOOD.encode("utf-16")[:-1], ["wide.csv", "UTF-16", "cut"]),
    ("named.csv", packed("parquet"), ["named.csv", "a Parquet file", "name it .parquet"]),
    ("named.txt", gzip.compress(GOOD.encode()), ["named.txt", "a gzip file", "name it .csv.gz"]),
    ("cut.parquet", half(packed("parquet")), ["cut.parquet is not a whole Parquet file", "fetch it again"]),
    ("mark.parquet", b"PAR1" + b"\x07" * 99 + b"PAR1", ["mark.parquet is not a whole Parquet file"]),
    ("cut.arrow", half(packed("ipc")), ["cut.arrow is not a whole Arrow file"]),
    ("cut.csv.gz", half(gzip.compress(GOOD.encode())), ["cut.csv.gz is not a whole gzip file", "pack it again"]),
    ("sum.csv.gz", gzip.compress(GOOD.encode())[:-8] + bytes(8), ["sum.csv.gz is not a whole gzip file", "CRC"]),
    ("cut.csv.zst", b"\x28\xb5\x2f\xfd\x04\x58", ["cut.csv.zst is not a whole zstd file"]),
    ("cut.jsonl", b'{"size": 1, "won": "no"}\n' * 12 + b'{"size": 2,', ["cut.jsonl, line 13", "not JSON"]),
    ("lists.jsonl", b'{"size": 1, "won": "no"}\n[1, "no"]\n', ["lists.jsonl, line 2", "expected an object", "[1, "]),
    ("deep.jsonl", b"[" * 100_000 + b"\n", ["deep.jsonl, line 1", "not JSON"]),
    ("book.xlsx", b"PK\x03\x04 and no more", ["book.xlsx is not a whole .xlsx workbook"]),
    (
        "twice.csv",
        GOOD.replace("color", "size", 1).encode(),
        ["twice.csv", "'size' heads columns 1 and 2", "rename one"],
    ),
    ("twice.jsonl", b'{"size": 1, "size": 2, "won": 1}\n' * 12, ["twice.jsonl", "'size' twice", "rename one"]),
    ("other.csv", GOOD.replace("won", "win", 1).encode(), ["no column 'won' in other.csv", "did you mean 'win'?"]),
    ("far.csv", GOOD.replace("won", "x", 1).encode(), ["no column 'won'", "there is 'size', 'color', 'x'"]),
    ("none.csv", with_target(lambda k: ""), ["target 'won' has no value at all", "two different values"]),
    ("one.csv", with_target(lambda k: "no"), ["target 'won' has one value only, 'no'", "two different values"]),
    ("lone.csv", with_target(lambda k: "yes" if k == 3 else "no"), ["class yes has a single row", "add rows"]),
    ("texts.csv", with_target(lambda k: f"t{k}x"), ["target 'won' holds 40 texts that all differ", "choose another"]),
    ("day.csv", with_target(lambda k: "2024-01-31"), ["target 'won' has one value only, '2024-01-31'"]),
    (
        "useless.csv",
        ("id,same,won\n" + "".join(f"k{k},5,{'ny'[k % 2]}\n" for k in range(60))).encode(),
        ["no column is left as an input", "id:", "an identifier", "same:", "the same value 5"],
    ),
    ("alone.csv", b"won\n" + b"no\nyes\n" * 20, ["no column is left", "the target only"]),
    ("table.xyz", GOOD.encode(), ["table.xyz has the suffix '.xyz'", ".csv", ".parquet"]),
    ("table", GOOD.encode(), ["table has no suffix", ".csv"]),
]


@pytest.mark.parametrize(("name", "content", "words"), FILES, ids=[file[0] for file in FILES])
def test_tables_that_cannot_be_learned_from(fails, name, content, words):
    Path(name).write_bytes(content)
    line = fails("train", f"./{name}", "--target", "won", *QUICK)
    for word in words:
        assert word in line


def test_doubled_names_in_binary_files(fails):
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    table = arrow.Table.from_arrays([arrow.array(range(20))] * 2, names=["a", "a"])
    parquet.write_table(table, "twice.parquet")
    with arrow.ipc.new_file("twice.arrow", table.schema) as file:
        file.write_table(table)
    assert "twice.parquet: column names must differ: column with name 'a'" in fails("profile", "twice.parquet")
    assert "twice.arrow" in (line := fails("profile", "twice.arrow"))
    assert "two columns have one name" in line


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("goood.csv", ["no file goood.csv", "did you mean 'good.csv'?"]),
        ("zzz.parquet", ["no file zzz.parquet", "there is 'good.csv'"]),
        ("nowhere/good.csv", ["the folder nowhere does not exist"]),
        ("titanik", ["no bundled table 'titanik'", "did you mean 'titanic'?"]),
        ("empty", ["empty is a folder without .parquet files"]),
        ("", ["the path is empty", "expected a file"]),
        ("~no-such-user/t.csv", ["'~no-such-user/t.csv' is no path", "home directory"]),
    ],
)
@pytest.mark.parametrize("command", ["train", "profile"])
def test_paths_that_lead_nowhere(fails, command, path, words):
    Path("good.csv").write_text(GOOD)
    Path("empty").mkdir()
    line = fails(command, path, "--target", "won")
    assert len(line) < 500
    for word in words:
        assert word in line


def test_a_name_that_no_system_takes(fails):
    for command in ("train", "profile"):
        line = fails(command, "x" * 5000, "--target", "won")
        assert "File name too long" in line
        assert len(line) < 200


def test_fewer_rows_or_groups_than_folds(fails):
    Path("one.csv").write_text(GOOD.replace("v,", "u,").replace("w,", "u,"))
    Path("two.csv").write_text(GOOD.replace("w,", "u,"))
    for name in ("one.csv", "two.csv"):
        assert "expected 2 groups or more" in fails("train", name, "--target", "won", "--group", "color", *QUICK)
    Path("split.csv").write_text(
        "part,x,won\n" + "".join(f"{'train' if k < 5 else 'test'},{k},1{k}\n" for k in range(30))
    )
    line = fails("train", "split.csv", "--target", "won", "--split-column", "part", *QUICK)
    assert "5 training rows" in line
    assert "8 and 1 are the least" in line


def test_what_prediction_needs(fails, model):
    names = "Pclass,Sex,Age,SibSp,Parch,Fare,Embarked"
    cells = "3,male,22,0,0,7.25,S"
    Path("renamed.csv").write_text(f"{names.replace('Sex', 'sex')}\n{cells}\n")
    line = fails("predict", model, "renamed.csv")
    assert "'Sex'" in line
    assert "'sex'" in line
    Path("without.csv").write_text(names.replace(",Fare", "") + "\n" + cells.replace(",7.25", "") + "\n")
    assert "'Fare'" in fails("predict", model, "without.csv")
    Path("with_truth.csv").write_text(
        names.replace("Fare", "Survived") + "\n" + cells.replace("7.25", "0") + "\n" + cells.replace("7.25", "1") + "\n"
    )
    assert "'Fare'" in fails("evaluate", model, "with_truth.csv")
    Path("no_truth.csv").write_text(f"{names}\n{cells}\n")
    assert "'Survived'" in fails("evaluate", model, "no_truth.csv")


@pytest.mark.parametrize("command", ["predict", "evaluate"])
def test_model_files_that_are_none(fails, trained, command):
    content = (trained / "titanic-model" / "model.pellucid").read_bytes()
    place = len(content) - 9
    damaged = {
        "cut.pellucid": (content[:900], "not a pellucid model"),
        "short.pellucid": (content[:-4], "has changed"),
        "altered.pellucid": (content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :], "has changed"),
        "pickle.pellucid": (b"cos\nsystem\n(S'touch run'\ntR.", "not a pellucid model"),
        "table.pellucid": (GOOD.encode(), "not a pellucid model"),
        "empty.pellucid": (b"", "not a pellucid model"),
    }
    for name, (raw, words) in damaged.items():
        Path(name).write_bytes(raw)
        line = fails(command, name, "titanic")
        assert name in line
        assert words in line
    Path("folder").mkdir()
    assert "holds no model.pellucid" in fails(command, "folder", "titanic")
    assert "no model nowhere" in fails(command, "nowhere", "titanic")


def test_a_model_of_a_newer_version(fails, trained):
    from pellucid.persistence.container import read_container, write_container

    description, arrays = read_container(trained / "titanic-model" / "model.pellucid")
    write_container("new.pellucid", {**description, "schema": 99, "written_by": "9.9"}, arrays, overwrite=True)
    line = fails("predict", "new.pellucid", "titanic")
    assert "written by pellucid 9.9" in line
    assert "upgrade pellucid" in line


def test_the_files_of_a_run_are_those_that_are_protected(trained):
    from pellucid.cli.train_files import FILES

    assert sorted(path.name for path in (trained / "titanic-model").iterdir()) == sorted(FILES)


def test_outputs_that_exist_are_kept(fails, model):
    Path("good.csv").write_text(GOOD)
    Path("mine.csv").write_text("mine")
    Path("folder.csv").mkdir()
    assert "mine.csv exists already" in (line := fails("predict", model, "titanic", "--out", "mine.csv"))
    assert "--force" in line
    assert "would be lost" in fails("predict", model, "good.csv", "--out", "good.csv", "--force")
    assert "it is a folder" in fails("predict", model, "titanic", "--out", "folder.csv", "--force")
    assert "nowhere does not exist" in fails("predict", model, "titanic", "--out", "nowhere/p.csv")
    assert ".csv or .parquet file" in fails("predict", model, "titanic", "--out", "p.xlsx")
    Path("good-model").mkdir()
    Path("good-model", "notes").write_text("mine")
    assert "not empty" in (line := fails("train", "good.csv", "--target", "won"))
    assert "--force" in line
    assert "it is a file" in fails("train", "good.csv", "--target", "won", "--out", "mine.csv")
    assert "make it first" in fails("train", "good.csv", "--target", "won", "--out", "no/where")


@pytest.mark.parametrize("option", [[], ["--test"]])
def test_train_does_not_replace_what_it_reads(fails, option):
    Path("run").mkdir()
    Path("run", "history.csv").write_text(GOOD)
    Path("good.csv").write_text(GOOD)
    sources = ["good.csv", *option, "run/history.csv"] if option else ["run/history.csv"]
    line = fails("train", *sources, "--target", "won", "--out", "run", "--force", *QUICK)
    assert "run/history.csv is read by this command and would be lost" in line


@pytest.fixture
def tiny_disk(tmp_path_factory):
    """A disk of 4 kB."""
    place = tmp_path_factory.mktemp("disk")
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    mount = ["mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk(fails, model, tiny_disk):
    for arguments in (
        ("predict", model, "titanic", "--out", tiny_disk / "p.csv"),
        ("predict", model, "titanic", "--out", tiny_disk / "p.parquet"),
        ("train", "titanic", "--target", "Survived", *QUICK, "--quiet", "--out", tiny_disk / "m"),
    ):
        assert "No space left on device" in fails(*arguments)
        assert list(tiny_disk.iterdir()) == []


def as_command(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own."""
    command = [str(PROGRAM), *map(str, arguments)]
    return subprocess.run(command, capture_output="stdout" not in options, text=True, check=False, **options)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_behind_standard_output(model):
    with open("/dev/full", "w") as full:
        done = as_command("predict", model, "titanic", stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert done.stderr == "pellucid: cannot write the output: No space left on device\n"


def test_a_limit_on_the_size_of_files(model, tmp_path):
    resource = pytest.importorskip("resource", reason="this system sets no limits to processes")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    Path("p.csv").write_text("the old one")
    done = as_command("predict", model, "titanic", "--out", "p.csv", "--force", preexec_fn=limit)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "pellucid: cannot write p.csv: File too large; nothing was changed\n"
    assert [path.name for path in tmp_path.iterdir()] == ["p.csv"]
    assert Path("p.csv").read_text() == "the old one"


@pytest.mark.parametrize("name", ["empty.csv", "ragged.csv", "mark.parquet", "cut.csv.gz", "lone.csv", "twice.csv"])
def test_the_installed_program_says_the_same(tmp_path, fails, name):
    content = next(file[1] for file in FILES if file[0] == name)
    Path(name).write_bytes(content)
    arguments = ("train", name, "--target", "won", *QUICK)
    done = as_command(*arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", fails(*arguments))
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_standard_input_is_named(tmp_path):
    done = as_command("train", "-", "--target", "won", *QUICK, input=with_line(7, "1,u\n").decode())
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("pellucid: standard input, line 7: expected 3 cells")
    assert list(tmp_path.iterdir()) == []
