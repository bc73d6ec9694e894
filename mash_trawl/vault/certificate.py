"""The destruction certificate: a signed note that says what is dead, how surely, and what it cannot reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from mash_trawl.audit.canonical import canonical, parse_canonical
from mash_trawl.audit.note import open_note, sign_note
from mash_trawl.audit.signing import Verifier
from mash_trawl.errors import Refused
from mash_trawl.model.base import Private
from mash_trawl.store import custody as rows
from mash_trawl.store.ledger import hashes
from mash_trawl.vault import durable
from mash_trawl.vault.parts import Parts, stamp

MARK = "mash-trawl/destruction/v1"
ASSURANCE = {"disk": "software-file", "removable": "software-file", "dpapi": "os-protected", "tpm": "os-protected",
             "pkcs11": "hsm"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Certificate(Private):
    """The signed note, and where it was written."""

    path: Path
    note: str


def certificate_path(parts: Parts, record: str) -> Path:
    """Beside the sealed records, under the opaque record id."""
    return parts.records / f"{record}.destroyed.note"


def write_certificate(parts: Parts, stone: rows.TombstoneRow, *, wiped: bool) -> Certificate:
    """Compose, sign and write it; call under the write lock, when no replica holds the old root any more."""
    now = parts.now()
    with parts.store.read() as connection:
        leaf = hashes(connection, [stone.event_n])[stone.event_n][:32].hex()
    fields = {
        "hub": parts.hub_name,
        "facts": parse_canonical(stone.facts.encode("utf-8")),
        "event": {"index": stone.event_n, "leaf": leaf},
        "ledger": parts.ledger_now(),
        "replicas": len(parts.root_paths),
        "assurance": ASSURANCE[parts.root_kind],
        "effective_at": stamp(now),
        "pending_until": _pending(parts.root_kind, parts.images_kept, now),
        "database_wiped": wiped,
    }
    text = f"{MARK}\n{canonical(fields).decode('utf-8')}\n"
    certificate = Certificate(path=certificate_path(parts, stone.record_id), note=sign_note(text, parts.signer))
    try:
        certificate.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for leftover in certificate.path.parent.glob(f".{certificate.path.name}.*.part"):
            durable.remove(leftover)
        durable.put(certificate.path, certificate.note.encode("utf-8"))
    except OSError:
        raise Refused(
            "certificate_not_writable", "the keys are gone, but the certificate cannot be written", "Destroy again."
        ) from None
    return certificate


def read_certificate(note: str, verifiers: Sequence[Verifier]) -> dict[str, Any]:
    """A certificate's fields, if one of the pinned keys signed it. Refused("not_a_certificate") otherwise."""
    try:
        mark, line, end = open_note(note, verifiers).split("\n")
        fields = parse_canonical(line.encode("utf-8"))
    except (Refused, ValueError):
        raise Refused("not_a_certificate", "this is not a destruction certificate of this hub") from None
    if mark != MARK or end or not isinstance(fields, dict):
        raise Refused("not_a_certificate", "this is not a destruction certificate of this hub")
    return fields


def in_words(fields: dict[str, Any]) -> tuple[str, ...]:
    """A certificate's fields as sentences: what is dead, and whom to ask about what it cannot reach."""
    facts = fields["facts"]
    files = _count(len(facts["files"]), "sealed file")
    lines = [
        f"Record {facts['record']} ({files}) of case {facts['case']} was destroyed.",
        f"Its key and the root key that wrapped it are gone from {_count(fields['replicas'], 'replica')} since"
        f" {fields['effective_at']} (assurance: {fields['assurance']}).",
    ]
    if fields["pending_until"]:
        lines.append(f"Images of the disk may still hold the old root key: pending until {fields['pending_until']}.")
    if not fields["database_wiped"]:
        lines.append("The database's write-ahead file still holds dead wrapped keys until it is next emptied.")
    lines += [
        f"{item['reader']} opened version {item['version']} (last on {item['at']}): their process once held its secret."
        for item in facts["released"]
    ]
    lines += [
        f"Plain copy {item['copy']} ({item['format']}) was exported by {item['reader']} on {item['at']}: ask them to"
        " delete it; it is not destroyed."
        for item in facts["exports"]
    ]
    lines += [
        f"Of {kind} {_count(number, 'plain file')} {'was' if number == 1 else 'were'} written: no list says where they"
        " are; whoever holds one is to delete it, and it is not destroyed."
        for kind, number in facts.get("papers", {}).items()
    ]
    return tuple(lines)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _pending(kind: str, kept: timedelta | None, now: datetime) -> str | None:
    """Until when images of the root's disk may hold the old root; the hub file says how long they are kept."""
    if kind != "disk":
        return None
    return (now + kept).date().isoformat() if kept is not None else "a day that hub.yaml does not state"
