"""What is installed: a plugin is its files, and nothing runs that is not in its digest."""

from __future__ import annotations

import os
import py_compile
import subprocess
import sys
from dataclasses import replace

import pytest

from mash_trawl.sources.registry import Registry
from tests.sources.registry.conftest import PLUGIN, hub


def spoilt(plugins, how):
    """Change an installed plugin after somebody approved it."""
    site = plugins.folder / "site"
    code = site / "plugin_council_damp_site.py"
    if how == "another byte":
        code.write_text(code.read_text("utf-8") + "\n", "utf-8")
    elif how == "another entry point":
        info = site / "council_damp-1.2.dist-info"
        (info / "entry_points.txt").write_text("[mash_trawl]\ndamp = plugin_council_damp_site:NotOne\n", "utf-8")
    elif how == "a folder before it on the path":
        (plugins.folder / "other").mkdir()
        (plugins.folder / "other" / code.name).write_text(code.read_text("utf-8") + "# another\n", "utf-8")
    else:
        code.unlink()


@pytest.mark.parametrize(
    "how", ["another byte", "another entry point", "a folder before it on the path", "its file is gone"]
)
def test_a_plugin_that_is_not_what_was_approved_is_not_imported(plugins, tmp_path, monkeypatch, how):
    marker = plugins.install("council-damp", "damp")
    named = hub("council-damp:damp", sources=["damp"])
    spoilt(plugins, how)
    monkeypatch.syspath_prepend(tmp_path / "other")
    registry = Registry.build(named, tmp_path)
    assert not marker.exists()
    assert (registry.source("damp").connector, registry.source("damp").why) == (None, "not_approved")
    (warning,) = registry.warnings()
    assert "another sha256" in warning


def test_a_plugin_that_is_not_ours_needs_its_digest_and_is_told_which(plugins, tmp_path):
    marker = plugins.install("council-damp", "damp")
    named = hub("council-damp:damp", sources=["damp"])
    (digest,) = (one.sha256 for one in named.approve)
    registry = Registry.build(replace(named, approve=(replace(named.approve[0], sha256=None),)), tmp_path)
    assert not marker.exists() and registry.source("damp").why == "not_approved"
    assert digest in registry.warnings()[0]


def test_a_package_is_its_every_file_and_bytecode_beside_it_is_never_run(plugins, tmp_path, monkeypatch):
    """What lies in `__pycache__` is in no digest, so a worker compiles what was approved and reads nothing else."""
    site = tmp_path / "site"
    package, info = site / "council_deep", site / "council_deep-1.0.dist-info"
    for folder in (package / "inner", info):
        folder.mkdir(parents=True)
    (package / "__init__.py").write_text("", "utf-8")
    (package / "inner" / "__init__.py").write_text(PLUGIN.format(
        marker=str(tmp_path / "good"), connector="deep", agency="housing", offers={"housing.asb"},
        keys=(("family", "born"),), api=1), "utf-8")  # fmt: skip
    (package / "codes.yaml").write_text("a: b\n", "utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: council-deep\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text("[mash_trawl]\ndeep = council_deep.inner:Made\n", "utf-8")
    named = hub("council-deep:deep", sources=["deep"])
    compile_bad(package / "inner" / "__init__.py", tmp_path / "bad")
    registry = Registry.build(named, tmp_path)
    assert registry.source("deep").connector and (tmp_path / "good").exists() and not (tmp_path / "bad").exists()
    registry.close()
    (package / "codes.yaml").write_text("a: c\n", "utf-8")
    assert Registry.build(named, tmp_path).source("deep").why == "not_approved"


def test_bytecode_of_a_part_that_is_imported_only_later_is_not_run_either(tmp_path):
    """A connector may import more of its package at its first ask, long after it was loaded."""
    package = tmp_path / "council_late"
    package.mkdir()
    (package / "__init__.py").write_text("def ask():\n    import council_late.more\n", "utf-8")
    (package / "more.py").write_text(f"from pathlib import Path; Path({str(tmp_path / 'good')!r}).touch()" + " " * 60)
    compile_bad(package / "more.py", tmp_path / "bad")
    say = (
        "from mash_trawl.sources.from_source import only_from_source as only; import sys; sys.path.append(sys.argv[1]);"
    )
    say += "only(frozenset({'council_late'})); import council_late; council_late.ask()"
    subprocess.run([sys.executable, "-I", "-c", say, str(tmp_path)], check=True)
    assert (tmp_path / "good").exists() and not (tmp_path / "bad").exists()


def compile_bad(source, marker):
    """Bytecode that Python would take for that of `source`, and that does something else."""
    kept, stamp = source.read_bytes(), source.stat()
    evil = f"from pathlib import Path; Path({str(marker)!r}).touch(); raise SystemExit"
    source.write_bytes(evil.encode().ljust(len(kept), b"#"))
    os.utime(source, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    py_compile.compile(str(source))
    source.write_bytes(kept)
    os.utime(source, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
