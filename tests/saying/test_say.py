"""Saying: by whom and about what; what is refused is in the ledger, and nothing half said is kept."""

from __future__ import annotations

import multiprocessing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mash_trawl.audit.signing import Signer
from mash_trawl.audit.statements import digest
from mash_trawl.config.case import load_case
from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.model.actor import Actor
from mash_trawl.model.hub import Enrolled
from mash_trawl.model.statement import Approval, Countersignature, Emergency, Suspension, Withdrawal, person_mark
from mash_trawl.saying import hear, say
from mash_trawl.store.engine import Store
from mash_trawl.vault.readers import enrol_reader, read_key
from mash_trawl.vault.root import create_root
from tests.saying.conftest import CASE, NOW, PEOPLE, REPLY, STOP, URGENT, built, power


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


def test_text_that_cannot_be_written_canonically_is_not_signed(house, case):
    with pytest.raises(Refused):
        house.say("d.one", replace(REPLY, reason="half \ud800"), case)
    with pytest.raises(Misconfigured):
        house.say("d.one", power(ends_at=datetime(2026, 12, 1)), case)
    assert list(house.ledger.rows("statement.signed")) == []


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
