"""The shelf: what is installed is listed, what is approved shows what it can do, and nothing else is imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

from mash_trawl.model.hub import Approved
from mash_trawl.sources.installed import installed
from mash_trawl.sources.shelf import _listed, shelf


@pytest.fixture
def bystander(tmp_path, monkeypatch):
    """An installed plugin that would leave a mark if it were imported."""
    info = tmp_path / "council_damp-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: council-damp\nVersion: 1.2\n", "utf-8")
    (info / "entry_points.txt").write_text("[mash_trawl]\ndamp = council_damp:Damp\n", "utf-8")
    mark = tmp_path / "imported"
    (tmp_path / "council_damp.py").write_text(f"open({str(mark)!r}, 'w').close()\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return mark


def named(plugin, *more):
    return next(one for one in shelf(*more) if one.plugin == plugin)


def test_what_is_installed_and_not_approved_is_listed_with_its_digest_and_not_imported(bystander):
    one = named("damp")
    assert (one.distribution, one.version, one.approved, one.capabilities) == ("council-damp", "1.2", "no", ())
    assert len(one.sha256) == 64 and not bystander.exists()


@pytest.mark.parametrize(("sha256", "said"), [(None, "without_sha256"), ("0" * 64, "another_sha256"), ("own", "yes")])
def test_the_shelf_says_how_far_the_hub_approves_what_lies_there(bystander, sha256, said):
    own = next(one.sha256 for one in installed() if one.distribution == "council-damp")
    item = Approved(distribution="council-damp", plugin="damp", sha256=own if sha256 == "own" else sha256)
    assert named("damp", (item,)).approved == said


def test_what_is_approved_and_not_there_is_listed_as_missing():
    one = named("gone", (Approved(distribution="council-gone", plugin="gone"),))
    assert (one.installed, one.approved, one.sha256) == (False, "yes", "")


def test_a_name_that_two_distributions_claim_is_said_of_both(bystander, tmp_path):
    assert named("damp").why == ""
    installed_at(tmp_path, "council_damp:Damp", entry="damp")
    said = {one.distribution: one.why for one in shelf() if one.plugin == "damp"}
    why = "another_distribution_has_a_plugin_of_this_name"
    assert said == {"council-damp": why, "evil": why} and not bystander.exists()


def test_the_digest_is_the_same_in_another_process():
    said = "from mash_trawl.sources.installed import installed; print(*(one.sha256 for one in installed()))"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) >= {one.sha256 for one in installed() if one.ours}


def installed_at(folder, value, name="evil", entry="evil", metadata=True):
    info = folder / "evil-1.dist-info"
    info.mkdir()
    if metadata:
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n", "utf-8")
    (info / "entry_points.txt").write_text(f"[mash_trawl]\n{entry} = {value}\n", "utf-8")
    return list(installed([str(folder)]))


@pytest.mark.parametrize("value", ["__main__:x", "!!!", "sys:x", "zipimport:x", "no_such.module:x", "..up:x"])
def test_a_plugin_whose_files_cannot_be_told_has_no_digest_and_holds_nobody_up(tmp_path, value):
    (one,) = installed_at(tmp_path, value)
    assert one.sha256 == ""


@pytest.mark.parametrize(("value", "metadata"), [("x\n[[[\n===", True), ("json:x", False)])
def test_a_distribution_that_cannot_be_read_offers_nothing_and_costs_nobody_else(tmp_path, value, metadata):
    assert installed_at(tmp_path, value, metadata=metadata) == []


def test_names_that_would_move_the_cursor_do_not(bystander, tmp_path):
    (tmp_path / "at").mkdir()
    (one,) = installed_at(tmp_path / "at", "json:x", name="ev\x1b[2Jil", entry="a\x1b[1A, sha256: b}")
    assert one.distribution.isprintable()
    shown = shelf_line(one)
    assert shown.plugin.isprintable() and not {"\x1b", ",", "}", ":"} & set(shown.plugin + shown.distribution)


def shelf_line(one):
    return _listed(one, (), (), {})


def test_what_lies_behind_a_link_in_the_package_is_in_its_digest(tmp_path, monkeypatch):
    package, outside = tmp_path / "council_linked", tmp_path / "outside"
    package.mkdir()
    outside.mkdir()
    (package / "__init__.py").write_text("", "utf-8")
    (outside / "more.py").write_text("A = 1\n", "utf-8")
    (package / "inner").symlink_to(outside, target_is_directory=True)
    (package / "round").symlink_to(package, target_is_directory=True)
    monkeypatch.syspath_prepend(tmp_path)
    (before,) = (one.sha256 for one in installed_at(tmp_path, "council_linked:x"))
    (outside / "more.py").write_text("A = 2\n", "utf-8")
    (after,) = (one.sha256 for one in installed([str(tmp_path)]))
    assert len(before) == 64 and before != after
