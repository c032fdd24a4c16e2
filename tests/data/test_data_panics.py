"""What native code writes to standard error while it reads, and what is left to say when it aborts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from pellucid.data.panics import native_code_reads


def test_what_is_written_in_peace_is_passed_on(capfd):
    with native_code_reads("t.parquet"), native_code_reads("inner"):
        os.write(2, b"a remark\n")
        assert capfd.readouterr().err == ""
    assert capfd.readouterr().err == "a remark\n"


def panic():
    os.write(2, b"thread panicked\n")
    raise ValueError("told once")


def test_the_report_of_a_panic_is_not(capfd):
    with pytest.raises(ValueError, match="told once"), native_code_reads("t.parquet"):
        panic()
    assert capfd.readouterr().err == ""
    os.write(2, b"afterwards\n")
    assert capfd.readouterr().err == "afterwards\n"


def test_the_handler_that_was_there_comes_back():
    before = signal.getsignal(signal.SIGABRT)
    with native_code_reads("t.parquet"):
        pass
    assert signal.getsignal(signal.SIGABRT) == before


ABORT = """
from pellucid.data.panics import exit_on_abort, native_code_reads
import os
{}
with native_code_reads("t.x"):
    os.abort()
"""


@pytest.mark.skipif(os.name != "posix", reason="aborts are handled where there are signals")
@pytest.mark.parametrize(("first", "code"), [("", -signal.SIGABRT), ("exit_on_abort(2)", 2)])
def test_an_abort_names_the_file_and_the_command_line_ends_with_its_own_code(first, code):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    program = [sys.executable, "-c", ABORT.format(first)]
    done = subprocess.run(program, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == code
    assert done.stderr == "pellucid: t.x: its bytes make no sense, and reading them ended the process\n"
