"""The twenty lines that open a record without this library."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "open_record.py"


def run(path: Path, line: str, secret: bytes) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(EXAMPLE), str(path), line]
    return subprocess.run(command, input=secret.hex(), capture_output=True, text=True, check=False)


def test_cryptography_alone_opens_a_record_and_checks_its_note(house):
    sealed = house.seal(attachments={"map.svg": b"<svg/>"})
    done = run(sealed.path, house.signer.verifier.line, house.secret(sealed))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == house.open(sealed.path)


def test_it_uses_nothing_of_ours():
    text = EXAMPLE.read_text("utf-8")
    assert "import mash_trawl" not in text
    assert "from mash_trawl" not in text


@pytest.mark.parametrize("fault", ["byte", "secret", "key"])
def test_it_prints_nothing_of_what_is_not_genuine(house, fault, tmp_path):
    from mash_trawl.audit.signing import Signer

    sealed = house.seal()
    data, secret, line = bytearray(sealed.path.read_bytes()), house.secret(sealed), house.signer.verifier.line
    if fault == "byte":
        data[-20] ^= 1
    if fault == "secret":
        secret = bytes(32)
    if fault == "key":
        line = Signer.create(tmp_path / "other.sign", house.signer.verifier.name).verifier.line
    (tmp_path / "altered.mtr").write_bytes(data)
    done = run(tmp_path / "altered.mtr", line, secret)
    assert done.returncode != 0
    assert done.stdout == ""
