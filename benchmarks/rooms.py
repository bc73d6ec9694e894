"""Single rooms: dates, the ledger, sealing and opening."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benchmarks.measure import Cost, Figure, here, in_turns
from mash_trawl.audit.entry import Entry
from mash_trawl.audit.ledger import Ledger
from mash_trawl.audit.signing import Signer
from mash_trawl.model.dates import PartialDate
from mash_trawl.store.engine import Store
from mash_trawl.vault.custody import Custody, Sealed
from mash_trawl.vault.readers import enrol_reader
from mash_trawl.vault.root import create_root

TEXTS = ("2014-05-17", "17/05/2014", "17 May 2014", "May 2014", "2014", "about 2014", "2014-05", "spring 2014",
         "before 2014", "17.5.14", "2014-05~", "1/2/1999")  # fmt: skip
ROWS = 100
BODY = 1_000_000


def dates(_folder: Path, rounds: int) -> list[Figure]:
    """Partial dates read in a second, against the standard library's ISO dates."""
    texts = [text for text in TEXTS if _reads(text)] * 200
    iso = ["2014-05-17"] * len(texts)
    ours, bare = in_turns(
        [
            partial(here, lambda: [PartialDate.parse(text) for text in texts]),
            partial(here, lambda: [date.fromisoformat(text) for text in iso]),
        ],
        rounds,
    )
    return [
        Figure(what="partial dates read in a second of CPU", ours=len(texts) / ours.cpu, unit="a second"),
        Figure(what="one partial date, against date.fromisoformat", ours=ours.cpu / len(texts) * 1e6,
               floor=bare.cpu / len(texts) * 1e6, unit="us"),
    ]  # fmt: skip


def _reads(text: str) -> bool:
    try:
        PartialDate.parse(text)
    except ValueError:
        return False
    return True


def _now() -> datetime:
    return datetime.now(UTC)


def _ledger(folder: Path) -> tuple[Store, Signer, Ledger]:
    store = Store.open("sqlite:///hub.db", folder)
    signer = Signer.create(folder / "hub.sign", "bench/mash-trawl")
    return store, signer, Ledger.build(store, signer, "bench/mash-trawl", _now)


def ledger(folder: Path, rounds: int) -> list[Figure]:
    """Durable rows in a second, one by one and in groups of 100, against bare SQLite commits of the same durability."""
    store, _, book = _ledger(folder)
    bare = sqlite3.connect(folder / "bare.db", isolation_level=None)
    bare.executescript("pragma journal_mode=wal; pragma synchronous=full; create table row(at text, body text)")
    entries = [Entry(kind="trawl.started", actor="bench", public={}, private={"case": f"B-{n}"}) for n in range(ROWS)]

    def alone() -> None:
        for entry in entries:
            book.write(entry)

    def plain() -> None:
        for n in range(ROWS):
            bare.execute("insert into row values (?, ?)", (str(n), "x" * 300))

    one, group, floor = in_turns(
        [partial(here, work) for work in (alone, partial(book.write, *entries), plain)], rounds
    )
    store.close()
    bare.close()
    return [
        Figure(what="ledger rows in a second, each alone", ours=ROWS / one.wall, unit="a second"),
        Figure(what=f"ledger rows in a second, {ROWS} together", ours=ROWS / group.wall, unit="a second"),
        Figure(what="one ledger row alone, against a bare durable insert: wall", ours=one.wall / ROWS * 1000,
               floor=floor.wall / ROWS * 1000, unit="ms"),
    ]  # fmt: skip


def sealing(folder: Path, rounds: int) -> list[Figure]:
    """Seal and open a body of 1 MB, against AES-GCM, one write and one fsync."""
    store, signer, book = _ledger(folder)
    roots = [folder / "keys" / "root.a", folder / "keys" / "root.b"]
    create_root(roots)
    enrol_reader(folder / "readers", "ann", None)
    custody = Custody.build(store, book, signer, roots, folder / "readers", "bench", _now, records=folder / "records")
    chance = random.Random(1)
    body = {"notes": "".join(chance.choices("abcdefghij ", k=BODY))}
    sealed: list[Sealed] = []

    def seal() -> None:
        sealed.append(custody.seal("B-1", body, readers=("ann",), facts={}, folder=folder / "records", actor="ann"))

    def unseal() -> None:
        custody.open(sealed[-1].path, "ann", lambda: None, "bench", "ann")

    costs = in_turns(
        [partial(here, work) for work in (seal, unseal, partial(_bare_seal, folder, body["notes"]))], rounds
    )
    store.close()
    return _sealing_lines(costs)


def _sealing_lines(costs: Sequence[Cost]) -> list[Figure]:
    floor = costs[2]
    return [
        Figure(what=f"{verb} 1 MB: {name}", ours=mine * 1000, floor=bare * 1000, unit="ms")
        for verb, cost in zip(("seal", "open"), costs, strict=False)
        for name, mine, bare in (("wall", cost.wall, floor.wall), ("CPU", cost.cpu, floor.cpu))
    ]


def _bare_seal(folder: Path, text: str) -> None:
    data = AESGCM(os.urandom(32)).encrypt(os.urandom(12), text.encode(), b"")
    with (folder / "bare.bin").open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
