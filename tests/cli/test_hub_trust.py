"""A hub has a place: which folders `init` refuses, which hubs are taken from the current folder, and by whose word."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mash_trawl import system
from mash_trawl.cli.main import group
from mash_trawl.cli.place import hub_folder, identity, trusted_hubs
from mash_trawl.errors import Misconfigured
from mash_trawl.hub import Hub

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX rights and owners")
NOBODY = 65534


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The account's own folder is the test's, and no hub is named by the environment."""
    monkeypatch.setattr("mash_trawl.cli.place.own_folder", lambda: tmp_path / "own")
    monkeypatch.delenv("MASH_TRAWL_HUB", raising=False)
    return tmp_path / "own"


@pytest.fixture
def command(own: Path) -> Callable[..., Result]:
    def run(*arguments: object) -> Result:
        return CliRunner().invoke(group, [str(argument) for argument in arguments])

    return run


@pytest.fixture
def make(command: Callable[..., Result], tmp_path: Path) -> Callable[..., Result]:
    def run(folder: Path, keys: Path | None = None) -> Result:
        keys = keys or folder.parent / f"{folder.name}-keys"
        return command("init", folder, "--keys", keys, "--profile", "early_help", "--no-passphrase")

    return run


def refused(done: Result, words: str) -> bool:
    return isinstance(done.exception, Misconfigured) and words in str(done.exception)


@posix
@pytest.mark.parametrize("which", ["hub", "keys"])
@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda folder: folder.chmod(0o755), "read by others"),
        (lambda folder: folder.chmod(0o770), "read by others"),
        (lambda folder: (folder / ".dropbox").touch(), "synchronised"),
        (lambda folder: folder.parent.chmod(0o777), "above it"),
    ],
)
def test_init_refuses_an_unfit_folder_before_anything_is_made(tmp_path, make, which, spoil, words):
    parts = {"hub": tmp_path / "a" / "hub", "keys": tmp_path / "b" / "keys"}
    for folder in parts.values():
        folder.mkdir(parents=True, mode=0o700)
    spoil(parts[which])
    before = sorted(tmp_path.rglob("*"))
    done = make(parts["hub"], parts["keys"])
    assert refused(done, words), done.exception
    assert sorted(tmp_path.rglob("*")) == before


@posix
@pytest.mark.skipif(sys.platform != "win32" and os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_account_is_refused_by_init_and_by_every_command(tmp_path, make, command):
    folder = tmp_path / "hub"
    folder.mkdir(mode=0o700)
    os.chown(folder, NOBODY, NOBODY)
    assert refused(make(folder), "belongs to another account")
    assert list(folder.iterdir()) == []
    assert make(tmp_path / "mine").exit_code == 0
    os.chown(tmp_path / "mine", NOBODY, NOBODY)
    assert refused(command("--hub", tmp_path / "mine", "check"), "belongs to another account (")


@posix
def test_a_hub_that_others_can_change_is_not_opened(tmp_path, make):
    hub = tmp_path / "hub"
    assert make(hub).exit_code == 0
    for mode in (0o770, 0o702, 0o777):
        hub.chmod(mode)
        with pytest.raises(Misconfigured, match="other accounts can change this folder"):
            Hub.open(hub)
    hub.chmod(0o755)
    (hub / "hub.yaml").chmod(0o666)
    with pytest.raises(Misconfigured, match="other accounts can change this file"):
        Hub.open(hub)
    hub.chmod(0o700)
    Hub.open(hub).close()


def test_the_hub_that_this_account_made_may_be_the_current_folder(tmp_path, make, monkeypatch):
    make(tmp_path / "hub")
    monkeypatch.chdir(tmp_path / "hub")
    assert hub_folder(None) == tmp_path / "hub"
    assert [(hub.folder, hub.name) for hub in trusted_hubs()] == [(str(tmp_path / "hub"), "hub")]


def test_another_hub_is_taken_from_the_current_folder_only_once_it_is_trusted(
    tmp_path, make, command, own, monkeypatch
):
    hub = tmp_path / "hub"
    make(hub)
    shutil.rmtree(own)
    monkeypatch.chdir(hub)
    with pytest.raises(Misconfigured, match="neither made nor trusts"):
        hub_folder(None)
    assert hub_folder(hub) == hub
    done = command("hub", "trust", hub, "--yes")
    assert done.exit_code == 0, done.output
    listed = json.loads(command("hub", "list", "--json").output)
    key = listed[0]["key"]
    assert listed == [{"folder": str(hub), "name": "hub", "key": key}]
    assert " ".join(key[at : at + 4] for at in range(0, 32, 4)) in done.output
    assert "owned by" in done.output
    assert hub_folder(None) == hub
    assert command("hub", "forget", hub).exit_code == 0
    assert isinstance(command("hub", "forget", hub).exception, Misconfigured)
    with pytest.raises(Misconfigured, match="neither made nor trusts"):
        hub_folder(None)


def test_nothing_is_trusted_without_a_yes(tmp_path, make, command, own):
    make(tmp_path / "hub")
    shutil.rmtree(own)
    assert refused(command("hub", "trust", tmp_path / "hub"), "nobody is there to confirm")
    assert refused(command("hub", "trust", tmp_path, "--yes"), "no hub.yaml")
    assert trusted_hubs() == ()


def test_another_hub_put_into_a_trusted_folder_is_not_taken(tmp_path, make, monkeypatch):
    make(tmp_path / "hub")
    shutil.move(tmp_path / "hub", tmp_path / "old")
    make(tmp_path / "b" / "hub")
    listed = trusted_hubs()
    assert len(listed) == 2
    shutil.move(tmp_path / "b" / "hub", tmp_path / "hub")
    shutil.move(tmp_path / "b" / "hub-keys", tmp_path / "c")
    (tmp_path / "b").rmdir()
    text = (tmp_path / "hub" / "hub.yaml").read_text("utf-8")
    (tmp_path / "hub" / "hub.yaml").write_text(text.replace("hub-keys", "c"), "utf-8")
    monkeypatch.chdir(tmp_path / "hub")
    with pytest.raises(Misconfigured, match="signs with another key"):
        hub_folder(None)


@posix
def test_a_hub_that_others_can_change_cannot_be_trusted(tmp_path, make, command):
    make(tmp_path / "hub")
    (tmp_path / "hub").chmod(0o770)
    assert refused(command("hub", "trust", tmp_path / "hub", "--yes"), "other accounts can change")


@pytest.mark.parametrize("text", ["", "{}", "[1, {}]", '[{"folder": 7}]', "\x00", "null"])
def test_a_list_that_was_spoilt_trusts_nothing(own, text):
    own.mkdir()
    (own / "hubs.json").write_text(text, "utf-8")
    assert trusted_hubs() == ()


def test_a_list_of_an_older_version_still_counts(own, tmp_path):
    own.mkdir()
    (own / "hubs.json").write_text(json.dumps([str(tmp_path)]), "utf-8")
    assert [hub.folder for hub in trusted_hubs()] == [str(tmp_path)]


def _as_nobody(question: Callable[[], str]) -> str:
    """What this very program answers as another account: in a copy of this process that gave up its own."""
    ours, theirs = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # newer Pythons warn of threads, which stay behind
        child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            answer = question()
        except BaseException as problem:
            answer = f"{type(problem).__name__}: {problem}"
        os.write(theirs, answer.encode()[:4000])
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        answer = pipe.read().decode()
    os.waitpid(child, 0)
    return answer


@posix
@pytest.mark.skipif(sys.platform != "win32" and os.geteuid() != 0, reason="only root can become another account")
def test_another_account_sees_whose_hub_it_is_and_cannot_work_on_it(make):
    with tempfile.TemporaryDirectory(prefix="trawl-two-accounts-") as place:
        Path(place).chmod(0o755)
        hub = Path(place) / "hub"
        make(hub)
        parent = os.getpid()
        assert _as_nobody(system.account_name) == "nobody"
        assert _as_nobody(lambda: str(system.process_alive(parent, system.process_started(parent)))) == "True"
        assert "belongs to another account (root)" in _as_nobody(lambda: " ".join(system.folder_faults(hub)))
        assert "out of this account's reach" in _as_nobody(lambda: " ".join(system.folder_faults(hub / "records")))
        assert "Misconfigured" in _as_nobody(lambda: str(hub_folder(hub)))
        hub.chmod(0o755)
        (hub / "hub.yaml").chmod(0o644)
        assert "not enrolled" in _as_nobody(lambda: str(Hub.open(hub)))
        assert "cannot be read" in _as_nobody(lambda: str(identity(hub)))
