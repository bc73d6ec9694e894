"""A small hub with custody, three readers and keys outside it; everybody in it is synthetic."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from mash_trawl.audit.ledger import Ledger
from mash_trawl.audit.signing import Signer
from mash_trawl.errors import Refused
from mash_trawl.store import custody as rows
from mash_trawl.store.engine import Store
from mash_trawl.vault import opening
from mash_trawl.vault.custody import Custody, Sealed
from mash_trawl.vault.readers import enrol_reader, read_key
from mash_trawl.vault.root import create_root

CANARY = "Aisha Khan (synthetic) 01632 960123"
PASSPHRASE = b"correct horse battery"


def body(extra: str = "") -> dict[str, Any]:
    """A product with one canary in it."""
    return {"people": [{"id": "p1", "name": CANARY}], "notes": extra}


@dataclass
class House:
    """A hub's custody, and short words for what tests do with it."""

    folder: Path
    store: Store
    ledger: Ledger
    signer: Signer
    clock: Any
    custody: Custody

    @property
    def roots(self) -> list[Path]:
        return [self.folder / "keys" / "root.a", self.folder / "media" / "root.b"]

    @property
    def readers(self) -> Path:
        return self.folder / "keys" / "readers"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def seal(
        self, case: str = "MASH-1", readers: tuple[str, ...] = ("ann", "bob"), extra: str = "", **how: Any
    ) -> Sealed:
        given = {"facts": {"audience": "full"}, "folder": self.out, "actor": "ann"} | how
        return self.custody.seal(case, body(extra), readers=readers, **given)

    def open(self, path: Path, reader: str = "ann", **how: Any) -> dict[str, Any]:
        return self.custody.open(path, reader, lambda: None, "strategy meeting", reader, **how).body

    def why_not(self, path: Path, reader: str = "ann", **how: Any) -> str:
        """The code of the refusal; the test fails if it opens."""
        with pytest.raises(Refused) as refused:
            self.open(path, reader, **how)
        assert CANARY not in str(refused.value)
        return refused.value.why

    def secret(self, sealed: Sealed, reader: str = "ann") -> bytes:
        """A released record secret, as a reader's own process holds it."""
        key = read_key(self.readers / f"{reader}.key", None)
        parts = self.custody._parts
        ask = opening.Ask(reader=reader, key_id=key.public.key_id, actor=reader, reason="test", superseded=True)
        return opening.release(parts, lambda c: rows.records(c, sealed.record)[sealed.version - 1], ask).secret(key)

    def sql(self, statement: str, **values: Any) -> list[Any]:
        """What somebody with the database's password can do."""
        with self.store.begin() as connection:
            done = connection.execute(text(statement), values)
            return list(done) if done.returns_rows else []

    def kinds(self) -> list[str]:
        return [row.kind for row in self.ledger.rows()]

    def bytes_everywhere(self) -> Iterator[tuple[Path, bytes]]:
        for path in sorted(self.folder.rglob("*")):
            if path.is_file():
                yield path, path.read_bytes()


def build(folder: Path, store: Store, ledger: Ledger, signer: Signer, clock: Any) -> House:
    """Wire a house over keys that are there."""
    house = House(folder=folder, store=store, ledger=ledger, signer=signer, clock=clock, custody=None)  # type: ignore[arg-type]
    house.custody = Custody.build(
        store, ledger, signer, house.roots, house.readers, "test-borough", clock, records=house.out
    )
    return house


def make_keys(folder: Path) -> None:
    """Two root replicas, and three readers whose keys lie open."""
    create_root([folder / "keys" / "root.a", folder / "media" / "root.b"])
    for reader in ("ann", "bob", "cat"):
        enrol_reader(folder / "keys" / "readers", reader, None)


@pytest.fixture
def house(tmp_path: Path, store: Store, ledger: Ledger, signer: Signer, clock: Any) -> House:
    """A house on SQLite."""
    make_keys(tmp_path)
    return build(tmp_path, store, ledger, signer, clock)


@pytest.fixture
def any_house(tmp_path: Path, any_store: Store, any_ledger: Ledger, signer: Signer, clock: Any) -> House:
    """A house, once on each database."""
    make_keys(tmp_path)
    return build(tmp_path, any_store, any_ledger, signer, clock)


@pytest.fixture
def rebuilt() -> Callable[..., House]:
    """Wire a house anew, for example over a copied database."""
    return build


@pytest.fixture
def canary() -> str:
    """Personal data that must be found nowhere."""
    return CANARY


@pytest.fixture
def spellings() -> list[bytes]:
    """The canary in the encodings that a leak could have."""
    raw = CANARY.encode()
    return [raw, CANARY.encode("utf-16-le"), base64.b64encode(raw)[:40], raw.hex().encode(), raw[::-1]]
