"""The inside of a sealed record: record.json, attachments, and a signed manifest that vouches for them.

The signature is inside the encryption, so that a reader, who knows the secret, still cannot forge a record.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mash_trawl.audit.canonical import canonical, parse_canonical
from mash_trawl.audit.note import open_note, sign_note
from mash_trawl.errors import Refused
from mash_trawl.model.base import Private
from mash_trawl.vault import archive, record_file

if TYPE_CHECKING:
    from mash_trawl.audit.signing import Signer, Verifier

RECORD = "record.json"
MANIFEST = "MANIFEST.note"
_FIELDS = frozenset(("case", "record", "version", "supersedes", "sealed_at", "members", "ledger"))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Contents(Private):
    """A record that was read and proved: `manifest` as signed, `body` of record.json, attachments by name."""

    header: record_file.Header
    manifest: dict[str, Any]
    body: dict[str, Any]
    attachments: Mapping[str, bytes]


def pack_record(
    body: Mapping[str, Any], attachments: Mapping[str, bytes], about: Mapping[str, Any], signer: Signer
) -> bytes:
    """The payload of a record: members, then the manifest made of `about` and the members' hashes.

    Refused("not_canonical") when the body holds what canonical JSON refuses (floats, lone surrogates); ValueError for
    an attachment's name that is not allowed.
    """
    members = {RECORD: canonical(dict(body))}
    members |= {f"attachments/{name}": attachments[name] for name in sorted(attachments)}
    manifest = dict(about) | {"members": [_member(name, data) for name, data in members.items()]}
    if not manifest.keys() >= _FIELDS:
        raise ValueError("a manifest needs more fields")
    text = f"{record_file.MARK}\n{canonical(manifest).decode('utf-8')}\n"
    return archive.pack(members | {MANIFEST: sign_note(text, signer).encode("utf-8")})


def read_record(data: bytes, secret: bytes, verifiers: Sequence[Verifier]) -> Contents:
    """Open a whole file and prove everything before handing out anything. Refused("damaged") says no more than that."""
    header, payload = record_file.decrypt(data, secret)
    members = archive.unpack(payload)
    names = list(members)
    if len(names) < 2 or names[0] != RECORD or names[-1] != MANIFEST or names[1:-1] != sorted(names[1:-1]):
        raise Refused("damaged")
    manifest = _read_manifest(members.pop(MANIFEST), verifiers)
    _check_members(manifest, members)
    if manifest["record"] != header.record:
        raise Refused("damaged")
    body = _parse(members.pop(RECORD))
    attachments = {name.removeprefix("attachments/"): content for name, content in members.items()}
    return Contents(header=header, manifest=manifest, body=body, attachments=attachments)


def _member(name: str, data: bytes) -> dict[str, Any]:
    return {"name": name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}


def _read_manifest(note: bytes, verifiers: Sequence[Verifier]) -> dict[str, Any]:
    """The manifest's fields, if one of the pinned keys signed them."""
    try:
        text = open_note(note.decode("utf-8"), verifiers)
    except (Refused, ValueError):
        raise Refused("damaged") from None
    mark, _, line = text.partition("\n")
    if mark != record_file.MARK or not line.endswith("\n"):
        raise Refused("damaged")
    manifest = _parse(line[:-1].encode("utf-8"))
    if not manifest.keys() >= _FIELDS:
        raise Refused("damaged")
    return manifest


def _check_members(manifest: Mapping[str, Any], members: Mapping[str, bytes]) -> None:
    """Every member is in the manifest with its hash, size and place, and the manifest has no other."""
    found = canonical([_member(name, data) for name, data in members.items()])
    if not hmac.compare_digest(found, canonical(manifest["members"])):
        raise Refused("damaged")


def _parse(data: bytes) -> dict[str, Any]:
    """Canonical JSON whose top is an object."""
    try:
        value = parse_canonical(data)
    except (Refused, ValueError):
        raise Refused("damaged") from None
    if not isinstance(value, dict):
        raise Refused("damaged")
    return value
