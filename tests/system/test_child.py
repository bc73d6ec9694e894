"""A process that the engine starts: what it may see, how it is talked to, and that nothing of it stays behind."""

from __future__ import annotations

import ctypes
import os
import struct
import subprocess
import sys
import threading
import time

import pytest

from mash_trawl.system import job_limits, process_alive, shell_word
from mash_trawl.system.child import Child, Ended

PATIENCE = 20.0
posix = pytest.mark.skipif(sys.platform == "win32", reason="process groups and limits of POSIX")


def _line(child: Child) -> str:
    """What the child writes, up to the end of a line."""
    said = b""
    while not said.endswith(b"\n"):
        said += child.read(1)
    return said.decode().strip()


def _gone(pid: int) -> bool:
    """Within the patience."""
    until = time.monotonic() + PATIENCE
    while process_alive(pid, ""):
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


@pytest.fixture
def start():
    """Start a program text as a child; all are killed at the end."""
    children: list[Child] = []

    def _start(text: str, environment: dict[str, str] | None = None) -> Child:
        children.append(Child(["-I", "-c", text], environment or {}))
        return children[-1]

    yield _start
    for child in children:
        child.kill()


def test_a_child_hears_and_answers(start):
    child = start("print(input()[::-1], flush=True); input()")
    assert child.write(memoryview(b"abc\n")) == 4
    assert _line(child) == "cba"


def test_a_child_gets_nothing_of_the_environment_but_the_listed_names(start):
    child = start(
        "import os; print(sorted(os.environ), flush=True); input()",
        {"TZ": "Europe/London", "ODBCINI": "/etc/odbc.ini", "HOUSING_PASSWORD": "x", "HOME": "/root"},
    )
    told = _line(child)
    assert "'ODBCINI'" in told and "'TZ'" in told
    assert "PASSWORD" not in told and "HOME" not in told


def test_a_child_that_ended_gives_nothing_more_and_takes_nothing(start):
    child = start("pass")
    with pytest.raises(Ended):
        child.read(1)
    with pytest.raises(Ended):
        while True:
            child.write(memoryview(b"x" * 4096))


def test_a_kill_ends_a_reading_that_waits(start):
    child = start("import time; time.sleep(600)")
    threading.Timer(0.3, child.kill).start()
    with pytest.raises(Ended):
        child.read(1)
    assert _gone(child.pid)
    child.kill()
    with pytest.raises(Ended):
        child.write(memoryview(b"x"))


@posix
def test_a_kill_reaches_what_the_child_started_and_a_pipe_that_it_left_open_holds_nobody(start):
    child = start(
        "import subprocess, sys\n"
        "one = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print(one.pid, flush=True); input()"
    )
    grandchild = int(_line(child))
    assert process_alive(grandchild, "")
    child.kill()
    assert _gone(child.pid) and _gone(grandchild)


@posix
def test_a_child_ends_itself_with_all_that_it_started(start):
    child = start(
        "import subprocess, sys\n"
        "from mash_trawl.system.child import end_with_all\n"
        "one = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print(one.pid, flush=True); input(); end_with_all()"
    )
    grandchild = int(_line(child))
    child.write(memoryview(b"\n"))
    assert _gone(grandchild)
    with pytest.raises(Ended):
        child.read(1)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits memory and has the lifeline")
def test_a_confined_child_writes_no_dump_holds_a_gigabyte_and_dies_with_who_started_it(tmp_path):
    confined = (
        "import os, resource, sys\n"
        "from mash_trawl.system.child import confine\n"
        "confine(sys.argv[1:])\n"
        "which = resource.RLIMIT_CORE, resource.RLIMIT_DATA, resource.RLIMIT_AS\n"
        "print(os.getpid(), os.umask(0), *(resource.getrlimit(one)[0] for one in which), flush=True)\n"
        "while True: pass"
    )
    starter = (
        "from mash_trawl.system.child import Child\n"
        f"child = Child(['-I', '-c', {confined!r}], {{}})\n"
        "said = b''\n"
        "while not said.endswith(b'\\n'): said += child.read(1)\n"
        "print(said.decode(), end='', flush=True)\n"
        "while True: pass"
    )
    with subprocess.Popen([sys.executable, "-c", starter], stdout=subprocess.PIPE, text=True) as running:
        pid, mask, *limits = map(int, running.stdout.readline().split())
        assert mask == 0o077
        assert limits == [0, 1024**3, 4 * 1024**3]
        assert process_alive(pid, "")
        running.kill()
    assert _gone(pid), "the kernel ended it, though it never looked at its pipes"


@posix
def test_a_forked_copy_of_the_starter_kills_nothing(start):
    child = start("input(); print('here', flush=True); input()")
    copy = os.fork()
    if copy == 0:
        child.kill()
        os._exit(0)
    assert os.waitpid(copy, 0)[1] == 0
    child.write(memoryview(b"\n"))
    assert _line(child) == "here"


@pytest.mark.skipif(struct.calcsize("P") != 8, reason="the figures are those of 64-bit Windows")
def test_the_limits_of_a_windows_job_lie_where_microsofts_header_puts_them():
    """Sizes and places as the C compiler gives them for winnt.h on x64."""
    assert ctypes.sizeof(job_limits.Basic) == 64
    assert ctypes.sizeof(job_limits.Extended) == 144
    assert job_limits.Basic.LimitFlags.offset == 16
    assert job_limits.Extended.ProcessMemoryLimit.offset == 112
    told = bytes(job_limits.limits(1024**3, 4 * 1024**3))
    assert struct.unpack_from("<I", told, 16) == (0x2700,)
    assert struct.unpack_from("<QQ", told, 112) == (1024**3, 4 * 1024**3)


@posix
def test_a_word_for_the_shell_is_one_word_whatever_is_in_it():
    for text in ("plain", "two words", "it's", "a; rm -rf /", "$HOME", ""):
        command = ["/bin/sh", "-c", f"printf %s {shell_word(text)}"]
        told = subprocess.run(command, capture_output=True, text=True, check=True)
        assert told.stdout == text
