"""Passphrases are typed on a terminal: a real one, made by the test."""

from __future__ import annotations

import os
import pty
import select
import signal
import sys
import time

import pytest

from mash_trawl.cli.main import main

PHRASE = "correct horse battery"


def typed(home, *arguments, answers):
    """Run the command line on a terminal of its own and type each answer at its prompt; exit code and screen."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(HOME=str(home), XDG_CONFIG_HOME=str(home / "config"))
        os.execv(sys.executable, [sys.executable, "-m", "mash_trawl", *map(str, arguments)])  # noqa: S606
    screen, seen, waiting, end = "", 0, list(answers), time.monotonic() + 60
    while time.monotonic() < end:
        ready, _, _ = select.select([terminal], [], [], 0.2)
        try:
            text = os.read(terminal, 4096).decode("utf-8", "replace") if ready else ""
        except OSError:
            break
        screen += text
        if waiting and screen[seen:].rstrip().endswith(":"):
            seen = len(screen)
            os.write(terminal, (waiting.pop(0) + "\n").encode())
    else:
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), screen


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def hub(home):
    folder = home / "hub"
    code, screen = typed(
        home, "init", folder, "--profile", "early_help", answers=["too short", "too short", PHRASE, PHRASE]
    )
    assert code == 0, screen
    assert "12 characters" in screen
    assert PHRASE not in screen
    return folder


def test_init_asks_for_a_passphrase_twice_and_never_shows_it(hub, home):
    (key,) = (home / "keys" / "readers").glob("*.key")
    assert PHRASE.encode() not in key.read_bytes()
    assert key.stat().st_mode & 0o077 == 0


@pytest.fixture
def here(home, monkeypatch, capsys):
    """Run in this process what asks for nothing; exit code and screen."""
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))

    def run(*arguments):
        code = main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return code, told.out + told.err

    return run


def test_check_does_not_complain_about_a_key_that_has_a_passphrase(hub, here):
    code, screen = here("--hub", hub, "check")
    assert code == 0, screen
    assert "no passphrase" not in screen


CASE = """\
version: 1
id: TEST-2026-0001
profile: early_help
opened_at: 2026-11-03T09:20:00+00:00
referral: {source: school, received_at: 2026-11-03T09:05:00+00:00, level: 2}
people: [{id: p1, roles: [subject], born: 2014-05-17}]
"""


def test_open_asks_for_the_passphrase_and_refuses_a_wrong_one(hub, home, here):
    case = home / "case.yaml"
    case.write_text(CASE, "utf-8")
    code, screen = here("--hub", hub, "run", case)
    assert code == 4, screen
    product = next((hub / "records").glob("*.mtr"))
    right, shown = typed(home, "--hub", hub, "open", product, answers=[PHRASE])
    wrong, refused = typed(home, "--hub", hub, "open", product, answers=["not the phrase"])
    assert (right, wrong) == (0, 5), (shown, refused)
    assert "version 1 of record" in shown
    assert "version 1 of record" not in refused
