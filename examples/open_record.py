"""Open a sealed record without mash_trawl: `cryptography` and the standard library are enough.

    python open_record.py FILE PUBLIC_LINE     (the record secret, released by custody, in hexadecimal on stdin)

PUBLIC_LINE is the hub's public signing key, as in `hub.sign.pub`. Nothing is printed unless everything is genuine.
"""

import base64
import hashlib
import io
import json
import sys
import tarfile
from pathlib import Path
from typing import Any

from cryptography.cobblestone import Cobblestone256Decryptor
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def open_record(data: bytes, secret: bytes, public_line: str) -> Any:
    """The product; InvalidTag, InvalidSignature or ValueError if anything is not as it was sealed."""
    header = data[: data.index(b"\n") + 1]
    record = header.split()[-1]
    machine = Cobblestone256Decryptor(secret, b"mash-trawl/record/v1" + record + b"\n" + header)
    payload = machine.update(data[len(header) :]) + machine.finalize()
    with tarfile.open(fileobj=io.BytesIO(payload)) as archive:
        members = {member.name: file.read() for member in archive if (file := archive.extractfile(member))}
    text, _, signatures = members.pop("MANIFEST.note").decode().rpartition("\n\n")
    signature = base64.b64decode(signatures.split()[-1])[4:]
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_line.split("+", 2)[2])[1:])
    public.verify(signature, f"{text}\n".encode())
    manifest = json.loads(text.partition("\n")[2])
    found = [(name, hashlib.sha256(member).hexdigest()) for name, member in members.items()]
    if found != [(member["name"], member["sha256"]) for member in manifest["members"]]:
        raise ValueError("the members are not those that were signed")
    return json.loads(members["record.json"])


if __name__ == "__main__":
    product = open_record(Path(sys.argv[1]).read_bytes(), bytes.fromhex(sys.stdin.read().strip()), sys.argv[2])
    print(json.dumps(product, indent=2, ensure_ascii=False))
