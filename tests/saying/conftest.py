"""A hub with people and their keys, as `say` and `hear` see it, and what is said in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from mash_trawl.audit.ledger import Ledger
from mash_trawl.audit.signing import Signer
from mash_trawl.config.case import load_case
from mash_trawl.model.actor import Actor
from mash_trawl.model.case import Case
from mash_trawl.model.consent import GatewayUse
from mash_trawl.model.hub import Enrolled, HubFile, RootKeys
from mash_trawl.model.statement import Emergency, Reply, Suspension
from mash_trawl.saying import hear, say
from mash_trawl.store.engine import Store
from mash_trawl.vault.custody import Custody
from mash_trawl.vault.readers import ReaderKey, enrol_reader, read_key
from mash_trawl.vault.root import create_root

NOW = datetime(2026, 11, 3, 9, 20, tzinfo=UTC)
CASE: dict[str, Any] = {
    "version": 1, "id": "SYN-1", "profile": "children_in_need", "opened_at": "2026-11-03T09:00:00+00:00",
    "referral": {"source": "school", "received_at": "2026-11-03T08:00:00+00:00"},
    "people": [
        {"id": "p1", "roles": ["subject"], "names": [{"given": ["Test"], "family": "Child"}], "born": "2016-05-17"},
        {"id": "p2", "roles": ["parent"], "names": [{"given": ["Test"], "family": "Parent"}], "born": "1988-11-02"},
    ],
    "consents": [
        {"id": "c1", "given_by": "p2", "capacity": "self_and_parental_responsibility", "covers": ["p1", "p2"],
         "categories": {"housing": "all"}, "given_at": "2026-11-03T09:05:00+00:00"}
    ],
}  # fmt: skip
PEOPLE = (
    Enrolled(id="d.one", roles=("decider", "team_manager")),
    Enrolled(id="d.two", roles=("decider",)),
    Enrolled(id="a.run", roles=("analyst",)),
    Enrolled(id="w.social", roles=("practitioner",)),
    Enrolled(id="o.dpo", roles=("data_protection_officer",)),
    Enrolled(id="o.other", roles=("data_protection_officer",)),
    Enrolled(id="m.boss", roles=("mash_manager",)),
)


@dataclass
class House:
    """An open hub as `say` and `hear` see it."""

    folder: Path
    store: Store
    ledger: Ledger
    custody: Custody
    settings: HubFile
    actor: Actor
    clock: Any

    def key(self, reader: str) -> ReaderKey:
        return read_key(self.folder / "readers" / f"{reader}.key", None)

    def as_(self, person: str) -> House:
        roles = next(one.roles for one in self.settings.people if one.id == person)
        return replace(self, actor=Actor(id=person, roles=roles))

    def say(self, person: str, said: Any, case: Case | None = None, **how: Any) -> Any:
        return say(self.as_(person), said, lambda: self.key(person), case=case, **how)

    def sql(self, statement: str, **values: Any) -> list[Any]:
        """What somebody with the database's password can do, fences taken away."""
        with self.store.begin() as connection:
            for trigger in ("statement_no_update", "approved_text_no_update") if self.on_sqlite(connection) else ():
                connection.execute(text(f"DROP TRIGGER IF EXISTS {trigger}"))
            done = connection.execute(text(statement), values)
            return list(done) if done.returns_rows else []

    @staticmethod
    def on_sqlite(connection: Any) -> bool:
        return connection.dialect.name == "sqlite"

    def faults(self, case: str | None) -> list[str]:
        return [fault.why for fault in hear(self, case)[1]]

    def counts(self, case: str | None) -> list[str]:
        return [item.statement.kind for item in hear(self, case)[0]]

    def change(self, person: str, **what: Any) -> House:
        """The hub after somebody edited hub.yaml."""
        people = tuple(replace(one, **what) if one.id == person else one for one in self.settings.people)
        return replace(self, settings=replace(self.settings, people=people))


def built(store: Store, signer: Signer, folder: Path, clock: Any) -> House:
    ledger = Ledger.build(store, signer, "north/mash-trawl", clock)
    roots = [folder / "root.a", folder / "root.b"]
    if not roots[0].exists():
        create_root(roots)
    custody = Custody.build(store, ledger, signer, roots, folder / "readers", "north", clock)
    settings = HubFile(
        version=1, name="north", profiles=("children_in_need",), root_keys=RootKeys(paths=("root.a", "root.b")),
        reader_keys="readers", signing_key="sign", people=PEOPLE,
    )  # fmt: skip
    return House(folder, store, ledger, custody, settings, Actor(id="nobody"), clock)


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readers")
    for person in PEOPLE:
        enrol_reader(folder, person.id, None)
    return folder


@pytest.fixture
def placed(tmp_path: Path, readers: Path) -> Path:
    """A folder with everybody's keys."""
    (tmp_path / "readers").mkdir(mode=0o700)
    for file in readers.iterdir():
        (tmp_path / "readers" / file.name).write_bytes(file.read_bytes())
    return tmp_path


@pytest.fixture
def house(store: Store, signer: Signer, placed: Path, clock: Any) -> House:
    return built(store, signer, placed, clock)


@pytest.fixture
def any_house(any_store: Store, signer: Signer, placed: Path, clock: Any) -> House:
    return built(any_store, signer, placed, clock)


@pytest.fixture
def case() -> Case:
    return load_case(CASE)


def power(by: str = "d.one", **more: Any) -> GatewayUse:
    return GatewayUse(id="S47", decided_by=by, decided_at=NOW, grounds="Injury seen.", covers=("p1",), **more)


REPLY = Reply(person="p1", category="housing.asb", rule="restriction.staff", yes=True, reason="weighed")
URGENT = Emergency(reason="The child is on the way home.", powers=(power("a.run"),), profile="children_in_need")
STOP = Suspension(source="housing", reason="wrong answers")
