"""A hub that other accounts can change is not opened, whichever way they can: rights, owners, links, folders above."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from mash_trawl.config.place import check_place
from mash_trawl.errors import Misconfigured

if sys.platform == "win32":
    pytest.skip("POSIX rights and owners", allow_module_level=True)

NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    """A hub's folder and file for this account alone."""
    folder = tmp_path / "north" / "hub"
    folder.mkdir(parents=True, mode=0o700)
    (folder / "hub.yaml").touch(mode=0o600)
    return folder


def refused(folder: Path) -> str:
    with pytest.raises(Misconfigured) as caught:
        check_place(folder)
    return str(caught.value)


def linked(hub: Path, target: Path, mode: int) -> Path:
    """Move hub.yaml away and leave a link to it."""
    target.parent.mkdir(exist_ok=True, mode=0o700)
    (hub / "hub.yaml").rename(target)
    target.chmod(mode)
    (hub / "hub.yaml").symlink_to(target)
    return target


def test_a_hub_for_this_account_alone_is_believed_and_so_is_one_that_others_only_read(hub):
    check_place(hub)
    hub.chmod(0o755)
    (hub / "hub.yaml").chmod(0o644)
    check_place(hub)


def test_a_folder_without_a_hub_file_is_left_to_whoever_reads_it(tmp_path):
    check_place(tmp_path)
    check_place(tmp_path / "away")
    (tmp_path / "hub.yaml").symlink_to(tmp_path / "hub.yaml")
    check_place(tmp_path)


@as_root
@pytest.mark.parametrize("which", [".", "hub.yaml"])
@pytest.mark.parametrize("mode", [0o700, 0o755])
def test_what_belongs_to_another_account_is_refused_whatever_its_rights(hub, which, mode):
    hub.chmod(mode)
    os.chown(hub / which, NOBODY, NOBODY)
    assert "belongs to another account" in refused(hub)


@as_root
def test_what_an_administrator_owns_is_believed(hub, monkeypatch):
    hub.chmod(0o755)
    monkeypatch.setattr(os, "geteuid", lambda: NOBODY)
    check_place(hub)
    os.chown(hub, NOBODY, NOBODY)
    check_place(hub)
    os.chown(hub / "hub.yaml", NOBODY - 1, NOBODY)
    assert "this file belongs to another account" in refused(hub)


def test_a_hub_below_a_folder_that_every_account_may_change_is_refused(hub):
    hub.parent.chmod(0o777)
    assert "a folder above it" in refused(hub)
    hub.parent.chmod(0o1777)
    check_place(hub)


def test_a_link_counts_for_what_it_leads_to(hub):
    target = linked(hub, hub.parent / "elsewhere" / "hub.yaml", 0o600)
    check_place(hub)
    target.parent.chmod(0o755)
    check_place(hub)
    target.chmod(0o666)
    assert f"{target}: other accounts can change this file" in refused(hub)
    target.chmod(0o600)
    target.parent.chmod(0o777)
    assert f"{target.parent}: other accounts can change this folder" in refused(hub)
    target.parent.chmod(0o1777)
    assert f"{target.parent}: other accounts can change this folder" in refused(hub)


@as_root
def test_a_link_to_another_accounts_file_or_folder_is_refused(hub):
    target = linked(hub, hub.parent / "elsewhere" / "hub.yaml", 0o600)
    os.chown(target, NOBODY, NOBODY)
    assert f"{target}: this file belongs to another account" in refused(hub)
    os.chown(target, os.geteuid(), os.getegid())
    os.chown(target.parent, NOBODY, NOBODY)
    assert f"{target.parent}: this folder belongs to another account" in refused(hub)


def test_a_folder_that_is_a_link_counts_for_where_it_leads(hub, tmp_path):
    (tmp_path / "short").symlink_to(hub)
    check_place(tmp_path / "short")
    hub.chmod(0o770)
    assert "other accounts can change this folder" in refused(tmp_path / "short")
