"""An exported ledger is checked by a script that knows nothing of this program."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.audit.entry import Entry
from mash_trawl.audit.export import export
from mash_trawl.audit.ledger import Ledger
from mash_trawl.audit.signing import Signer
from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.store.engine import Store

SCRIPT = Path(__file__).parents[2] / "examples" / "verify_ledger.py"


@pytest.fixture
def exported(ledger: Ledger, store: Store, signer: Signer, tmp_path: Path, clock: Any) -> Path:
    """Eleven entries, and a checkpoint taken after four."""
    ledger.write(*[Entry("trawl.started", "a", {"turn": turn}, {"case": "Synthetic Khan"}) for turn in range(4)])
    (tmp_path / "older").write_text(ledger.checkpoint(), encoding="utf-8")
    clock.move(seconds=1)
    ledger.write(*[Entry("trawl.finished", "a", {})] * 7)
    assert export(store, tmp_path / "out", signer.verifier) == 11
    return tmp_path / "out"


def checked(folder: Path, key: str, *older: Path) -> int:
    words = [sys.executable, "-I", str(SCRIPT), str(folder), key, *map(str, older)]
    return subprocess.run(words, capture_output=True, check=False).returncode


def test_the_script_imports_nothing_of_ours() -> None:
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name).split(".")[0]
        for node in ast.walk(ast.parse(SCRIPT.read_text("utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert imported <= sys.stdlib_module_names | {"cryptography"}


def test_a_genuine_export_passes_and_holds_nobodys_name(exported: Path, signer: Signer) -> None:
    assert checked(exported, signer.verifier.line) == 0
    assert checked(exported, signer.verifier.line, exported.parent / "older") == 0
    assert not any(b"Khan" in path.read_bytes() for path in exported.iterdir())


def test_any_change_to_an_export_is_found(exported: Path, signer: Signer, tmp_path: Path) -> None:
    entries, checkpoint = (exported / "entries.jsonl").read_bytes(), (exported / "checkpoint").read_bytes()
    lines = entries.splitlines(keepends=True)
    spoilt = {
        "edited": entries.replace(b'"turn":2', b'"turn":3'),
        "cut": b"".join(lines[:-1]),
        "reordered": b"".join([lines[1], lines[0], *lines[2:]]),
        "added": entries + lines[-1],
    }
    for content in spoilt.values():
        (exported / "entries.jsonl").write_bytes(content)
        assert checked(exported, signer.verifier.line) != 0
    (exported / "entries.jsonl").write_bytes(entries)
    (exported / "checkpoint").write_bytes(checkpoint.replace(b"\n11\n", b"\n10\n"))
    assert checked(exported, signer.verifier.line) != 0
    (exported / "checkpoint").write_bytes(checkpoint)
    assert checked(exported, Signer.create(tmp_path / "stranger", signer.verifier.name).verifier.line) != 0
    assert checked(exported, signer.verifier.line) == 0


def test_an_older_export_is_shown_up_by_a_newer_checkpoint(
    exported: Path, ledger: Ledger, signer: Signer, tmp_path: Path
) -> None:
    ledger.write(Entry("trawl.started", "a", {}))
    (tmp_path / "newer").write_text(ledger.checkpoint(), encoding="utf-8")
    assert checked(exported, signer.verifier.line) == 0
    assert checked(exported, signer.verifier.line, tmp_path / "newer") != 0


def test_an_export_never_writes_over_another(exported: Path, store: Store, signer: Signer) -> None:
    before = (exported / "entries.jsonl").read_bytes()
    with pytest.raises(Misconfigured):
        export(store, exported, signer.verifier)
    assert (exported / "entries.jsonl").read_bytes() == before


def test_an_empty_ledger_has_nothing_to_export(store: Store, signer: Signer, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no entry"):
        export(store, tmp_path / "out", signer.verifier)
    assert not (tmp_path / "out").exists()
