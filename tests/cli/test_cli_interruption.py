"""Ctrl-C and kill -9: nothing half written, and the same command goes on."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pellucid.cli.interruption import ends_on_ctrl_c, too_late_for_ctrl_c
from pellucid.files import forget_leftovers, forget_unfinished, temporary_path

ROOT = Path(__file__).resolve().parents[2]
QUICK = ("--epochs", "2", "--hidden", "4", "--max-seconds", "0.1")
TRAIN = ("train", "titanic", "--target", "Survived")

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


def test_kills_at_random_moments_leave_no_half_file_and_the_run_goes_on():
    """The script fails by itself when a file is half written, a model differs or something is left behind."""
    command = [
        sys.executable,
        ROOT / "benchmarks/kills.py",
        "--quick",
        "--kills",
        "4",
        "--interrupts",
        "2",
        "--seed",
        "1",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    counts = dict(re.findall(r"\| ([a-z0-9][^|]*?) \| (\d+) \|", done.stdout))
    assert int(counts["kills"]) >= 4
    assert int(counts["chains finished"]) >= 1
    assert (counts["half written after a kill"], counts["models that differ"]) == ("0", "0")


def test_ctrl_c_in_the_middle_says_what_is_kept_and_the_next_run_goes_on(run, monkeypatch):
    from pellucid.judging.scoring import FoldFits

    real = FoldFits._fit

    def pressed(self, plan, rows, number, seconds):
        if number == 1:
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)
        return real(self, plan, rows, number, seconds)

    monkeypatch.setattr(FoldFits, "_fit", pressed)
    said = run(*TRAIN, "--epochs", "2", "--hidden", "4")
    assert (said.code, said.out) == (130, "")
    # Folds run side by side, so how many fits are finished by then is a matter of chance; those of fold 1 may be.
    words = r"stopped by Ctrl-C; nothing was written; the same command goes on after (\d+) finished fits\n"
    kept = re.search(words, said.err)
    assert kept is not None, said.err
    assert 1 <= int(kept[1]) <= 20
    assert list(Path().iterdir()) == []
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    monkeypatch.setattr(FoldFits, "_fit", real)
    said = run(*TRAIN, "--epochs", "2", "--hidden", "4")
    assert said.code == 0
    assert re.match(r"resuming at fold [1-5] of 15\n", said.err)


def test_ctrl_c_while_the_files_are_written_is_too_late(run, monkeypatch):
    from pellucid.cli import train_files

    real = train_files._write_files

    def pressed(found, folder):
        os.kill(os.getpid(), signal.SIGINT)
        return real(found, folder)

    monkeypatch.setattr(train_files, "_write_files", pressed)
    assert run(*TRAIN, *QUICK).code == 0
    assert len(list(Path("titanic-model").iterdir())) == 4


def test_ctrl_c_while_the_report_is_printed_says_that_the_files_are_there(run, monkeypatch):
    from pellucid.cli import train_text

    monkeypatch.setattr(train_text, "train_text", lambda *_: os.kill(os.getpid(), signal.SIGINT))
    said = run(*TRAIN, *QUICK)
    assert said.code == 130
    assert said.err.endswith("pellucid: stopped by Ctrl-C; the files in titanic-model are complete\n")
    assert len(list(Path("titanic-model").iterdir())) == 4


def test_a_library_that_does_not_listen_is_ended():
    """Python hears Ctrl-C when the library comes back; the watching thread does not wait for that."""
    code = (
        "import ctypes\n"
        "from pellucid.cli.interruption import ends_on_ctrl_c\n"
        "from pellucid.files import temporary_path\n"
        "from pathlib import Path\n"
        "half = temporary_path(Path('out.csv').absolute())\n"
        "half.write_text('half')\n"
        "with ends_on_ctrl_c():\n"
        "    print('ready', flush=True)\n"
        "    libc = ctypes.CDLL(None)\n"
        "    lock = ctypes.create_string_buffer(256)\n"
        "    libc.pthread_mutex_init(lock, None)\n"
        "    libc.pthread_mutex_lock(lock)\n"
        "    libc.pthread_mutex_lock(lock)\n"  # for ever
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    told = process.communicate(timeout=50)[1]
    assert process.returncode == 130
    assert told == "pellucid: stopped by Ctrl-C; nothing was written\n"
    assert list(Path().iterdir()) == []


def test_another_handler_is_left_alone():
    heard = []
    before = signal.signal(signal.SIGINT, lambda *_: heard.append(1))
    try:
        with ends_on_ctrl_c():
            os.kill(os.getpid(), signal.SIGINT)
        with too_late_for_ctrl_c():
            os.kill(os.getpid(), signal.SIGINT)
        assert heard == [1]
        os.kill(os.getpid(), signal.SIGINT)
        assert heard == [1, 1]
    finally:
        signal.signal(signal.SIGINT, before)


def dead_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_the_next_run_removes_what_a_killed_one_left_and_nothing_else(run):
    dead = dead_process()
    ours = Path(f".titanic-model.{dead}-0123abcd.part")
    ours.mkdir()
    (ours / "model.pellucid").write_text("half")
    living = Path(f".titanic-model.{os.getpid()}-0123abcd.part")
    others = [Path(name) for name in (f".other.{dead}-0123abcd.part", f".titanic-model.{dead}-short.part", "x.part")]
    for path in (living, *others):
        path.write_text("not ours")
    assert run(*TRAIN, *QUICK).code == 0
    assert not ours.exists()
    assert all(path.read_text() == "not ours" for path in (living, *others))


def test_leftovers_inside_an_empty_folder_do_not_make_it_full(run):
    Path("mine").mkdir()
    Path("mine", f".mine.{dead_process()}-0123abcd.part").mkdir()
    assert run(*TRAIN, *QUICK, "--out", "mine").code == 0
    assert sorted(path.name for path in Path("mine").iterdir()) == [
        "evaluation.json",
        "history.csv",
        "model.pellucid",
        "report.html",
    ]


def test_what_this_process_has_not_finished_can_be_removed():
    file, folder = temporary_path(Path("a.csv")), temporary_path(Path("b"))
    file.write_text("half")
    folder.mkdir()
    (folder / "c").write_text("half")
    forget_leftovers(Path("a.csv"), Path())  # a living process
    assert file.exists()
    forget_unfinished()
    assert list(Path().iterdir()) == []
    forget_leftovers(Path("a.csv"), Path("no such folder"))
