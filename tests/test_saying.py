"""Saying and hearing: what is signed counts, and nothing that somebody changed, copied or put in by hand."""

from __future__ import annotations

import hashlib
import multiprocessing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from mash_trawl.audit.entry import Entry
from mash_trawl.audit.ledger import Ledger
from mash_trawl.audit.signing import Signer
from mash_trawl.audit.statements import digest
from mash_trawl.config.approvals import approved_now
from mash_trawl.config.case import load_case
from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.model.actor import Actor
from mash_trawl.model.case import Case
from mash_trawl.model.consent import GatewayUse
from mash_trawl.model.hub import Enrolled, HubFile, Roles, RootKeys
from mash_trawl.model.statement import (
    Approval,
    Countersignature,
    Emergency,
    Reply,
    Resumption,
    Suspension,
    Withdrawal,
    person_mark,
)
from mash_trawl.saying import hear, kept_text, say
from mash_trawl.store.engine import Store
from mash_trawl.store.statements import revision
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


def test_what_was_said_is_heard_with_who_said_it_in_which_roles_and_about_whom(any_house, case):
    consent = case.consents[0]
    first = any_house.say("w.social", consent, case)
    any_house.say("d.one", power(categories={}), case)
    any_house.say("m.boss", STOP)
    heard, faults = hear(any_house, "SYN-1")
    assert faults == ()
    assert [item.statement.said for item in heard] == [consent, power(categories={})]
    assert heard[0].statement == first
    assert heard[0].statement.people == {person.id: person_mark(person) for person in case.people}
    assert (heard[0].roles, heard[1].roles) == ({"practitioner"}, {"decider", "team_manager"})
    assert any_house.counts(None) == ["suspension"]
    assert any_house.counts("SYN-2") == []


def test_every_statement_stands_in_the_ledger_without_what_it_says(house, case):
    house.say("w.social", case.consents[0], case)
    (row,) = house.ledger.rows("statement.signed")
    assert set(row.public) == {"statement", "kind", "sha256", "key", "mark"}
    assert (row.actor, row.private) == ("w.social", {"case": "SYN-1"})
    (stored,) = house.sql("SELECT n, body, signature FROM statement")
    assert (row.n, row.public["sha256"]) == (stored.n, digest(stored.body, stored.signature))


@pytest.mark.parametrize(
    ("person", "said"),
    [
        ("a.run", power("a.run")), ("w.social", power("w.social")), ("o.dpo", REPLY),
        ("a.run", Withdrawal(consent="c1", at=NOW)), ("d.one", Emergency(reason="r", powers=())),
        ("w.social", Countersignature(emergency="x", agrees=True, reason="r")),
        ("d.one", STOP), ("m.boss", Approval(file="hub.yaml", sha256="0" * 64)),
    ],
)  # fmt: skip
def test_nobody_says_what_their_role_may_not_and_no_key_is_asked_for(house, case, person, said):
    about = None if isinstance(said, Suspension | Approval) else case
    with pytest.raises(Refused, match="your roles do not let you") as refused:
        say(house.as_(person), said, lambda: pytest.fail("a passphrase was asked for"), case=about)
    assert refused.value.why == "role_missing"
    assert [row.actor for row in house.ledger.rows("act.refused")] == [person]
    assert house.sql("SELECT id FROM statement") == []


@pytest.mark.parametrize(
    ("person", "said", "why"),
    [
        ("d.two", power("d.one"), "not_your_decision"),
        ("w.social", Withdrawal(consent="c9", at=NOW), "unknown_consent"),
        ("w.social", Withdrawal(consent="c1", at=NOW + timedelta(minutes=1)), "not_yet"),
        ("d.one", Countersignature(emergency="f" * 16, agrees=True, reason="r"), "unknown_emergency"),
        ("d.one", replace(REPLY, person="p9"), "unknown_person"),
    ],
)
def test_what_cannot_be_said_is_refused_in_the_ledger_before_a_key_is_asked_for(house, case, person, said, why):
    with pytest.raises(Refused) as refused:
        say(house.as_(person), said, lambda: pytest.fail("a passphrase was asked for"), case=case)
    assert refused.value.why == why
    assert [row.public["why"] for row in house.ledger.rows("statement.refused")] == [why]
    assert house.sql("SELECT id FROM statement") == []


def test_an_emergency_is_countersigned_by_another(house, case):
    both = replace(
        house,
        settings=replace(house.settings, people=(Enrolled(id="d.one", roles=("decider", "analyst")), *PEOPLE[1:])),
    )
    emergency = both.say(
        "d.one",
        Emergency(reason="The child is on the way home.", powers=(power("a.run"),), profile="children_in_need"),
        case,
    )
    assert set(emergency.people) == {"p1"}
    with pytest.raises(Refused) as refused:
        both.say("d.one", Countersignature(emergency=emergency.id, agrees=True, reason="mine"), case)
    assert refused.value.why == "own_emergency"
    both.say("d.two", Countersignature(emergency=emergency.id, agrees=True, reason="right"), case)
    assert both.counts("SYN-1") == ["emergency", "countersignature"]


def test_a_signed_consent_that_the_draft_lost_can_be_withdrawn(house, case):
    house.say("w.social", case.consents[0], case)
    house.say("w.social", Withdrawal(consent="c1", at=NOW), replace(case, consents=()))
    assert house.counts("SYN-1") == ["consent", "withdrawal"]


def test_a_withdrawal_holds_a_copy_of_what_it_takes_back_as_it_was_signed_last(house, case):
    first = case.consents[0]
    house.say("w.social", first, case)
    house.say("w.social", replace(first, covers=("p1",)), case)
    renamed = replace(case, consents=(), people=tuple(replace(one, id=f"x{one.id}") for one in case.people))
    taken = house.say("w.social", Withdrawal(consent="c1", at=NOW), renamed)
    assert (taken.said.given_by, taken.said.covers, taken.said.categories) == ("p2", ("p1",), first.categories)
    assert taken.people == {person.id: person_mark(person) for person in case.people}


def test_a_withdrawal_of_a_draft_copies_the_draft(house, case):
    taken = house.say("w.social", Withdrawal(consent="c1", at=NOW), case)
    assert (taken.said.covers, set(taken.people)) == (("p1", "p2"), {"p1", "p2"})


def test_a_record_about_the_household_is_signed_about_those_who_belong_to_it(house, case):
    said = replace(case.consents[0], covers=("household_children",))
    assert set(house.say("w.social", said, case).people) == {"p1", "p2"}


def test_a_statement_rests_on_the_roles_that_its_maker_acted_in_and_still_holds(house, case):
    """A program that vouches lets d.one act as a decider only; that they are a team manager too counts elsewhere."""
    bound = replace(house, actor=Actor(id="d.one", roles=("decider",), vouched_by="portal"))
    say(bound, power(), lambda: house.key("d.one"), case=case)
    assert [one.roles for one in hear(house, "SYN-1")[0]] == [{"decider"}]
    house.say("d.one", REPLY, case)
    assert hear(house, "SYN-1")[0][1].roles == {"decider", "team_manager"}
    assert house.change("d.one", roles=("team_manager",)).faults("SYN-1") == ["role_missing", "role_missing"]


def test_a_local_name_counts_only_for_whoever_acted_in_it_by_name(house, case):
    named = house.change("d.one", roles=("head", "guardian"))
    named.settings = replace(named.settings, roles=Roles(names={"head": ("decider",), "guardian": ("decider",)}))
    bound = replace(named, actor=Actor(id="d.one", roles=("decider", "head"), vouched_by="portal"))
    say(bound, power(), lambda: house.key("d.one"), case=case)
    assert hear(named, "SYN-1")[0][0].roles == {"decider", "head"}


@pytest.mark.parametrize("profile", ["", "no_such_profile", "early_help"])
def test_an_emergency_without_the_case_s_own_readable_profile_is_not_taken(house, case, profile):
    with pytest.raises(Refused) as refused:
        house.say("m.boss", replace(URGENT, profile=profile), case)
    assert refused.value.why == "unknown_profile"


def test_an_emergency_that_was_declined_or_waited_in_vain_is_not_declared_again_under_another_case_id(
    house, case, clock
):
    other = replace(case, id="SYN-2", people=tuple(replace(one, id=f"q{one.id[1:]}") for one in case.people))
    again = replace(URGENT, powers=(replace(URGENT.powers[0], covers=("q1",)),))
    first = house.say("m.boss", URGENT, case)
    house.say("m.boss", again, other)
    house.say("d.two", Countersignature(emergency=first.id, agrees=False, reason="no"), case)
    for about, said in ((other, again), (case, URGENT)):
        with pytest.raises(Refused) as refused:
            house.say("m.boss", said, about)
        assert refused.value.why == "emergency_declined"
    stranger = replace(case, id="SYN-3", people=tuple(replace(one, born=None) for one in case.people))
    house.say("m.boss", URGENT, stranger)
    clock.move(days=6)
    with pytest.raises(Refused):
        house.say("m.boss", URGENT, replace(stranger, id="SYN-4"))


def test_a_statement_edited_in_the_database_does_not_count(house, case):
    house.say("w.social", case.consents[0], case)
    house.sql("UPDATE statement SET body = replace(CAST(body AS TEXT), 'housing', 'policing')")
    assert (house.counts("SYN-1"), house.faults("SYN-1")) == ([], ["not_in_ledger"])


@pytest.mark.parametrize("column", ["id", "n", "maker", "key_id", "signature"])
def test_a_row_whose_columns_were_changed_does_not_count(house, case, column):
    house.say("w.social", case.consents[0], case)
    house.ledger.write(Entry("trawl.requested", "a.run", {}))
    value = {"n": 2, "signature": bytes(64)}.get(column, "d.one")
    house.sql(f"UPDATE statement SET {column} = :value", value=value)
    assert house.counts("SYN-1") == []
    assert "not_in_ledger" in house.faults("SYN-1")


def test_a_kind_changed_in_the_row_alone_does_not_count(house, case):
    house.say("w.social", case.consents[0], case)
    house.sql("UPDATE statement SET kind = 'gateway'")
    assert (house.counts("SYN-1"), house.faults("SYN-1")) == ([], ["unreadable"])


@pytest.mark.parametrize("other", ["SYN-2", None])
def test_a_statement_moved_to_another_case_does_not_count_there_and_is_missed_in_its_own(house, case, other):
    house.say("d.one", power(), case)
    house.sql("UPDATE statement SET case_id = :other", other=other)
    assert (house.counts(other), house.faults(other)) == ([], ["not_this_case"])
    assert (house.counts("SYN-1"), house.faults("SYN-1")) == ([], ["row_missing"])


def test_a_suspension_moved_into_a_case_is_missed_by_the_hub(house):
    house.say("m.boss", STOP)
    house.sql("UPDATE statement SET case_id = 'SYN-1'")
    assert (house.faults("SYN-1"), house.faults(None)) == (["not_this_case"], ["row_missing"])


def test_an_erased_private_part_is_no_fault_and_hides_no_missing_row(any_house, case):
    any_house.say("w.social", case.consents[0], case)
    any_house.say("m.boss", STOP)
    any_house.sql("DELETE FROM audit_private")
    assert (any_house.faults("SYN-1"), any_house.faults(None)) == ([], [])
    any_house.sql("DELETE FROM statement")
    assert (any_house.faults("SYN-1"), any_house.faults("SYN-2")) == (["row_missing"], [])
    assert any_house.faults(None) == ["row_missing"]


def test_a_private_part_put_to_an_entry_about_the_hub_hides_no_missing_row(house):
    house.say("m.boss", STOP)
    house.sql("INSERT INTO audit_private SELECT n, x'00', x'7b7d' FROM statement")
    house.sql("DELETE FROM statement")
    assert house.faults(None) == ["row_missing"]


def test_a_case_s_entries_bear_one_mark_that_is_not_its_id_s_digest(house, case):
    for about in (case, case, replace(case, id="SYN-2")):
        house.say("d.one", REPLY, about)
    marks = [row.public["mark"] for row in house.ledger.rows("statement.signed")]
    assert marks[0] == marks[1] != marks[2]
    assert not {marks[0], marks[2]} & {hashlib.sha256(name.encode()).hexdigest() for name in ("SYN-1", "SYN-2")}


def test_a_copy_for_another_case_under_a_new_id_does_not_count(house, case):
    house.say("d.one", power(), case)
    house.sql(
        "INSERT INTO statement SELECT 'copy', 99, kind, 'SYN-2', maker, at, body, key_id, signature FROM statement"
    )
    assert (house.counts("SYN-2"), house.faults("SYN-2")) == ([], ["not_in_ledger"])
    assert house.counts("SYN-1") == ["gateway"]


def test_a_genuine_row_without_its_ledger_entry_does_not_count(house, case, signer, tmp_path, clock, sqlite_url):
    """The whole row, signature and all, as it was made in another database of the same hub."""
    (tmp_path / "other").mkdir()
    with_it = Store.open(f"sqlite:///{tmp_path / 'other' / 'hub.db'}", tmp_path)
    elsewhere = built(with_it, signer, tmp_path, clock)
    elsewhere.say("d.one", power(), case)
    (row,) = elsewhere.sql("SELECT * FROM statement")
    house.custody.enrol("d.one", "d.one")
    house.sql(
        "INSERT INTO statement VALUES (:id, :n, :kind, :case_id, :maker, :at, :body, :key_id, :signature)",
        **row._mapping,
    )
    assert (house.counts("SYN-1"), house.faults("SYN-1")) == ([], ["not_in_ledger"])
    with_it.close()


def test_an_entry_put_into_the_table_by_hand_is_no_entry_of_the_ledger(house, case):
    """An entry copied with all its hashes to the end of the table lies under no checkpoint that the hub signed."""
    house.say("d.one", power(), case)
    house.sql(
        "INSERT INTO audit_entry SELECT n + 1, kind, entry, hashes FROM audit_entry WHERE kind = 'statement.signed'"
    )
    house.sql("UPDATE statement SET n = n + 1")
    assert house.counts("SYN-1") == []
    assert "not_in_ledger" in house.faults("SYN-1")


def test_a_forged_checkpoint_is_refused_as_a_whole(house, case):
    house.say("d.one", power(), case)
    with house.store.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_checkpoint_no_UPDATE"))
        connection.execute(text("UPDATE audit_checkpoint SET note = replace(note, 'north', 'south')"))
    with pytest.raises(Refused) as refused:
        hear(house, "SYN-1")
    assert refused.value.why == "ledger_damaged"


@pytest.mark.parametrize("about", ["SYN-1", None])
def test_a_statement_taken_away_is_missed_by_its_case_alone(house, case, about):
    house.say("w.social", case.consents[0], case)
    house.say("w.social", Withdrawal(consent="c1", at=NOW), case)
    house.say("m.boss", STOP)
    condition = "case_id IS NULL" if about is None else "kind = 'withdrawal'"
    house.sql(f"DELETE FROM statement WHERE {condition}")
    assert house.faults(about) == ["row_missing"]
    assert house.faults("SYN-2") == []
    assert house.faults(None if about else "SYN-1") == []


def test_a_key_swapped_in_the_folder_signs_nothing(house, case, placed):
    house.say("d.one", power(), case)
    for file in (placed / "readers").glob("d.one.*"):
        file.unlink()
    enrol_reader(placed / "readers", "d.one", None)
    with pytest.raises(Refused) as refused:
        house.say("d.one", REPLY, case)
    assert refused.value.why == "reader_key_changed"
    assert house.counts("SYN-1") == ["gateway"]


def test_the_signature_of_another_reader_is_not_taken(house, case, placed):
    house.custody.enrol("d.one", "d.one")
    with pytest.raises(Refused) as refused:
        say(house.as_("d.one"), REPLY, lambda: house.key("d.two"), case=case)
    assert refused.value.why == "not_your_key"
    forged = enrol_reader(placed / "elsewhere", "d.one", None)
    with pytest.raises(Refused) as refused:
        say(house.as_("d.one"), REPLY, lambda: forged, case=case)
    assert refused.value.why == "not_your_key"
    assert [row.public["why"] for row in house.ledger.rows("statement.refused")] == ["not_your_key"] * 2
    assert house.counts("SYN-1") == []


def test_a_pin_changed_in_the_database_makes_what_was_signed_with_it_not_count(house, case, placed):
    house.say("d.one", power(), case)
    forged = enrol_reader(placed / "elsewhere", "d.one", None)
    house.sql("UPDATE reader_key SET signing_key = :key", key=forged.public.signing)
    assert (house.counts("SYN-1"), house.faults("SYN-1")) == ([], ["key_unknown"])


def test_only_who_stands_in_the_hub_file_with_the_role_is_heard(house, case):
    house.say("d.one", power(), case)
    gone = replace(house, settings=replace(house.settings, people=PEOPLE[1:]))
    assert gone.faults("SYN-1") == ["maker_unknown"]
    assert house.change("d.one", roles=("practitioner",)).faults("SYN-1") == ["role_missing"]
    assert replace(house, settings=replace(house.settings, name="south")).faults("SYN-1") == ["not_this_hub"]
    assert house.counts("SYN-1") == ["gateway"]


@pytest.mark.parametrize(
    ("person", "said", "about"),
    [
        ("d.one", replace(REPLY, yes=False), True),
        ("m.boss", Emergency(reason="r", powers=(), profile="children_in_need"), True), ("m.boss", STOP, False),
    ],
)  # fmt: skip
def test_what_only_takes_away_counts_whatever_becomes_of_its_maker_and_gives_nobody_a_role(
    house, case, person, said, about
):
    house.say(person, said, case if about else None)
    for changed in (house.change(person, roles=("batch",)), house.change(person, left=date(2026, 1, 1))):
        (one,) = hear(changed, "SYN-1" if about else None)[0]
        assert one.roles == frozenset()


def test_what_was_said_before_somebody_left_counts_and_from_that_day_on_it_does_not(house, case):
    house.say("d.one", power(), case)
    assert house.change("d.one", left=date(2026, 11, 4)).counts("SYN-1") == ["gateway"]
    assert house.change("d.one", left=date(2026, 11, 3)).faults("SYN-1") == ["maker_left"]


def test_the_day_of_leaving_begins_at_midnight_in_london(house, case, clock):
    clock.now = datetime(2026, 7, 1, 22, 59, tzinfo=UTC)
    house.say("d.one", power(), case)
    assert house.change("d.one", left=date(2026, 7, 2)).faults("SYN-1") == []
    clock.move(minutes=1)
    house.say("d.one", REPLY, case)
    assert house.change("d.one", left=date(2026, 7, 2)).faults("SYN-1") == ["maker_left"]


def test_whoever_has_left_cannot_backdate(house, case, clock):
    """The ledger's time counts, and a statement that gives itself another does not."""
    backdated = replace(house, clock=lambda: NOW - timedelta(days=30))
    backdated.say("d.one", power(), case)
    assert house.faults("SYN-1") == ["time_differs"]


def test_an_actor_of_a_host_program_who_is_not_enrolled_signs_nothing(house, case):
    vouched = replace(house, actor=Actor(id="n.new", roles=("decider",), vouched_by="case-tool"))
    with pytest.raises(Refused) as refused:
        say(vouched, REPLY, lambda: pytest.fail("a passphrase was asked for"), case=case)
    assert refused.value.why == "not_enrolled"


def test_a_wrong_passphrase_writes_nothing(house, case, placed):
    enrol_reader(placed / "closed", "d.one", b"three words here", work=2**10)
    path = placed / "closed" / "d.one.key"
    with pytest.raises(Refused) as refused:
        say(house.as_("d.one"), REPLY, lambda: read_key(path, b"other words here"), case=case)
    assert refused.value.why == "locked"
    assert list(house.ledger.rows()) == []
    assert house.sql("SELECT id FROM statement") == []


def test_a_database_that_cannot_be_written_has_nothing_said(house, case, tmp_path):
    house.custody.enrol("d.one", "d.one")
    house.sql("CREATE TRIGGER closed BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(FAIL, 'closed'); END")
    with pytest.raises(Refused):
        house.say("d.one", REPLY, case)
    house.sql("DROP TRIGGER closed")
    house.sql("CREATE TRIGGER closed BEFORE INSERT ON statement BEGIN SELECT RAISE(FAIL, 'closed'); END")
    with pytest.raises(Refused):
        house.say("d.one", REPLY, case)
    assert list(house.ledger.rows("statement.signed")) == []
    assert house.sql("SELECT id FROM statement") == []


def test_an_id_is_used_once(house, case):
    house.say("d.one", power(), case, new_id=lambda: "a" * 16)
    with pytest.raises(Refused) as refused:
        house.say("d.one", REPLY, case, new_id=lambda: "a" * 16)
    assert refused.value.why == "store_conflict"
    assert len(list(house.ledger.rows("statement.signed"))) == 1


def test_rows_never_change(any_house, case):
    any_house.say("d.one", power(), case)
    with pytest.raises(Refused), any_house.store.begin() as connection:
        connection.execute(text("UPDATE statement SET kind = 'reply'"))
    assert any_house.counts("SYN-1") == ["gateway"]


def test_text_that_cannot_be_written_canonically_is_not_signed(house, case):
    with pytest.raises(Refused):
        house.say("d.one", replace(REPLY, reason="half \ud800"), case)
    with pytest.raises(Misconfigured):
        house.say("d.one", power(ends_at=datetime(2026, 12, 1)), case)
    assert list(house.ledger.rows("statement.signed")) == []


def test_a_destroyed_case_takes_its_statements_with_it_and_none_can_be_made(any_house, case, placed):
    any_house.say("w.social", case.consents[0], case)
    any_house.say("d.one", power(), replace(case, id="SYN-2"))
    any_house.custody.seal("SYN-1", {"people": []}, readers=["d.one"], facts={}, folder=placed / "out", actor="d.one")
    any_house.custody.destroy("SYN-1", "m.boss", "keyworker appointed")
    assert hear(any_house, "SYN-2")[1] == ()
    assert any_house.counts("SYN-2") == ["gateway"]
    with any_house.store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM statement WHERE case_id = 'SYN-1'")).scalar() == 0
    with pytest.raises(Refused) as refused:
        any_house.say("w.social", case.consents[0], case)
    assert refused.value.why == "case_destroyed"


def test_nothing_that_was_said_is_left_in_a_file_of_the_database_after_destroying(house, case, placed, sqlite_url):
    canary = "synthetic canary 01632 960123"
    house.say("d.one", power(necessity=canary), case)
    files = [file for file in placed.iterdir() if file.name.startswith("hub.db")]
    assert any(canary.encode() in file.read_bytes() for file in files)
    house.custody.seal("SYN-1", {"people": []}, readers=["d.one"], facts={}, folder=placed / "out", actor="d.one")
    house.custody.destroy("SYN-1", "m.boss", "keyworker appointed")
    files = [file for file in placed.iterdir() if file.name.startswith("hub.db")]
    assert not any(canary.encode() in file.read_bytes() for file in files)


def test_the_revision_grows_with_the_case_and_with_the_hub_and_with_nothing_else(any_house, case):
    def now() -> int:
        with any_house.store.read() as connection:
            return revision(connection, "SYN-1")

    seen = [now()]
    for said, about in ((power(), case), (STOP, None), (Resumption(source="housing", reason="mended"), None)):
        any_house.say("d.one" if about else "m.boss", said, about)
        seen.append(now())
    assert seen == sorted(set(seen))
    any_house.say("d.one", power(), replace(case, id="SYN-2"))
    assert now() == seen[-1]


def approval(*approvers: str, file: str = "hub.yaml", sha: str = "0") -> Approval:
    return Approval(file=file, sha256=sha * 64, approvers=approvers)


def test_the_first_approval_is_trusted_and_the_ledger_says_so(house):
    house.say("o.dpo", approval("o.dpo"))
    house.say("o.dpo", approval("o.dpo", sha="1"))
    assert [row.public.get("first", False) for row in house.ledger.rows("statement.signed")] == [True, False]
    assert approved_now(hear(house, None)[0])["hub.yaml"].sha256 == "1" * 64


def test_nobody_becomes_an_approver_by_writing_it_into_the_file(house):
    house.say("o.dpo", approval("o.dpo"))
    for file in ("hub.yaml", "package:base.yaml"):
        with pytest.raises(Refused) as refused:
            house.say("o.other", approval("o.other", file=file, sha="2"))
        assert refused.value.why == "not_an_approver"
    house.say("o.dpo", approval("o.other", sha="3"))
    house.say("o.other", approval(file="package:base.yaml", sha="4"))
    with pytest.raises(Refused):
        house.say("o.dpo", approval("o.dpo", sha="5"))
    standing = approved_now(hear(house, None)[0])
    assert {name: item.sha256[0] for name, item in standing.items()} == {"hub.yaml": "3", "package:base.yaml": "4"}


def test_an_approval_outside_the_chain_does_not_count_even_if_it_was_signed(house):
    """Two first approvals, as two people would make them at once: only the first counts."""
    house.say("o.dpo", approval("o.dpo"))
    (first,) = hear(house, None)[0]
    stray = replace(first, statement=replace(first.statement, by="o.other", said=approval("o.other", sha="9")))
    assert approved_now((first, stray))["hub.yaml"].sha256 == "0" * 64
    assert approved_now((stray, first))["hub.yaml"].sha256 == "9" * 64


def test_an_older_approval_put_in_again_does_not_count(house):
    """Replaying the row of an older approval under a new id or number is no entry of the ledger."""
    house.say("o.dpo", approval("o.dpo"))
    house.say("o.dpo", approval("o.dpo", sha="1"))
    columns = "kind, case_id, maker, at, body, key_id, signature"
    first = "WHERE n = (SELECT min(n) FROM statement)"
    house.sql(f"INSERT INTO statement (id, n, {columns}) SELECT 'again', 99, {columns} FROM statement {first}")
    assert approved_now(hear(house, None)[0])["hub.yaml"].sha256 == "1" * 64
    assert house.faults(None) == ["not_in_ledger"]


def test_what_is_kept_of_an_approved_file_holds_no_password(house):
    said = approval("o.dpo")
    house.say("o.dpo", said, content=b"database: postgresql://hub:very-secret@db.example/hub\n")
    (kept,) = house.sql("SELECT content FROM approved_text")
    assert bytes(kept.content) == b'database: "postgresql://hub:***@db.example/hub"\n'
    assert kept_text(house, approved_now(hear(house, None)[0])["hub.yaml"]) == kept.content


@pytest.mark.parametrize("change", ["UPDATE approved_text SET content = :other", "DELETE FROM approved_text"])
def test_another_text_put_in_place_of_what_was_approved_is_shown_to_nobody(house, change):
    house.say("o.dpo", approval("o.dpo"), content=b"name: north\n")
    said = approved_now(hear(house, None)[0])["hub.yaml"]
    house.sql(change, **({"other": b"name: south\n"} if "other" in change else {}))
    if "DELETE" in change:
        assert kept_text(house, said) is None
        house.sql("INSERT INTO approved_text VALUES (:sha, :other)", sha=said.kept, other=b"name: south\n")
    with pytest.raises(Refused) as refused:
        kept_text(house, said)
    assert refused.value.why == "kept_text_altered"


def test_the_first_approval_of_the_hub_file_voids_what_others_approved_before(house):
    house.say("o.other", approval(file="package:base.yaml", sha="1"))
    house.say("o.dpo", approval(file="sources/asb.yaml", sha="2"))
    house.say("o.dpo", approval("o.dpo", sha="3"))
    assert set(approved_now(hear(house, None)[0])) == {"sources/asb.yaml", "hub.yaml"}


def _sign_many(url: str, folder: str, seed: bytes, person: str, count: int) -> None:
    store = Store.open(url, Path(folder))
    house = built(store, Signer("test-borough/mash-trawl", seed), Path(folder), lambda: NOW)
    case = load_case(CASE)
    for _ in range(count):
        house.say(person, replace(REPLY, reason=f"{person} says"), case)
    store.close()


def test_two_processes_that_sign_at_once_lose_nothing(placed, tmp_path):
    url, seed = f"sqlite:///{tmp_path / 'shared.db'}", bytes(range(32))
    start = multiprocessing.get_context("fork")
    workers = [start.Process(target=_sign_many, args=(url, str(placed), seed, who, 5)) for who in ("d.one", "d.two")]
    Store.open(url, tmp_path).close()
    create_root([placed / "root.a", placed / "root.b"])
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0]
    store = Store.open(url, tmp_path)
    heard, faults = hear(built(store, Signer("test-borough/mash-trawl", seed), placed, lambda: NOW), "SYN-1")
    assert (len(heard), faults) == (10, ())
    assert {item.statement.by for item in heard} == {"d.one", "d.two"}
    store.close()
