"""A hub that counts only what is signed: from the first approval to a withdrawal while agencies are being asked."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from mash_trawl import Actor, Hub, load_case
from mash_trawl.config.approvals import documents
from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.model.decision import Outcome
from mash_trawl.model.statement import Approval, Suspension, Withdrawal
from mash_trawl.product.notes import notes
from mash_trawl.sources.registry import Registry
from mash_trawl.vault.readers import enrol_reader, key_path, read_key
from mash_trawl_county.serving import served

CASE = "children-in-need"
PEOPLE = """\
vouches: [{host: test host}]
people:
  - {id: r.cole, roles: [team_manager]}
  - {id: s.ward, roles: [practitioner]}
  - {id: d.po, roles: [data_protection_officer]}
  - {id: d.po2, roles: [data_protection_officer]}
"""


@pytest.fixture(scope="module")
def unsigned_pattern(pattern, copied, tmp_path_factory):
    """A hub of signed statements with people who can sign, and a decision drafted for r.cole; nothing is signed yet."""
    made = copied(pattern, tmp_path_factory.mktemp("unsigned") / "north")
    made.edit("statements: from_file", "statements: signed")
    made.edit("people:\n", PEOPLE)
    for person in ("r.cole", "s.ward", "d.po"):
        enrol_reader(made.root / "keys" / "readers", person, None)
    file = made.case(CASE)
    file.write_text(file.read_text("utf-8").replace("demo.manager", "r.cole"), "utf-8")
    return made


@pytest.fixture(scope="module")
def signed_pattern(unsigned_pattern, copied, tmp_path_factory):
    """The same when everything is approved and signed."""
    made = copied(unsigned_pattern.root, tmp_path_factory.mktemp("signed") / "north")
    with made.open() as hub:
        approve_all(hub)
        sign_all(hub, load_case(made.case(CASE)))
    return made


@pytest.fixture
def place(signed_pattern, copied, tmp_path):
    """The installation that is served here is the signed one."""
    return copied(signed_pattern.root, tmp_path / "north")


@pytest.fixture
def signed(place):
    return place


@pytest.fixture
def unsigned(unsigned_pattern, copied, tmp_path):
    return copied(unsigned_pattern.root, tmp_path / "unsigned")


def acting(hub, person, *roles):
    return hub.acting_as(Actor(id=person, roles=roles, vouched_by="test host"))


def approve_all(hub):
    officer = acting(hub, "d.po", "data_protection_officer")
    for document in documents(hub.settings, hub.folder):
        approvers = ("d.po", "d.po2") if document.name == "hub.yaml" else ()
        officer.say(Approval(file=document.name, sha256=document.sha256, approvers=approvers))


def sign_all(hub, case):
    for consent in case.consents:
        acting(hub, "s.ward", "practitioner").say(consent, case)
    for power in case.gateways:
        acting(hub, "r.cole", "team_manager").say(power, case)


@pytest.fixture
def case(unsigned_pattern):
    """The county's case, its decision drafted for r.cole."""
    return load_case(unsigned_pattern.case(CASE))


def outcomes(hub, case):
    return {(d.source, d.person, d.category): d.outcome for d in hub.plan(case).decisions}


def rules(hub, case):
    return {item.rule for item in hub.plan(case).decisions}


def test_what_is_approved_and_signed_decides_exactly_as_the_case_file_would(unsigned, case):
    text = (unsigned.hub / "hub.yaml").read_text("utf-8")
    (unsigned.hub / "hub.yaml").write_text(text.replace("statements: signed", "statements: from_file"), "utf-8")
    with Hub.open(unsigned.hub) as believing:
        wanted = outcomes(believing, case)
    (unsigned.hub / "hub.yaml").write_text(text, "utf-8")
    with served(unsigned.root / "county"), Hub.open(unsigned.hub) as hub:
        assert rules(hub, case) == {"approval.missing"}
        approve_all(hub)
        assert Outcome.PERMIT not in outcomes(hub, case).values()
        assert "statements.unsigned_decision" in rules(hub, case)
        sign_all(hub, case)
        assert outcomes(hub, case) == wanted
        result = hub.run(case)
        assert {answer.status.value for answer in result.answers} >= {"found"}
        assert not [note for note in result.product.notes if "not signed" in note or "approv" in note]


def test_a_changed_file_counts_no_more_until_it_is_approved_again(signed, case):
    with Hub.open(signed.hub) as hub:
        assert Outcome.PERMIT in outcomes(hub, case).values()
    signed.edit("tls: {ca: system}", "tls: {ca: system} # looked at")
    with Hub.open(signed.hub) as hub:
        assert rules(hub, case) == {"approval.missing"}


def test_an_approved_hub_that_is_told_to_believe_case_files_permits_nothing(signed, case):
    signed.edit("statements: signed", "statements: from_file")
    with Hub.open(signed.hub) as hub:
        assert rules(hub, case) == {"approval.missing"}
        approve_all(hub)
        assert Outcome.PERMIT in outcomes(hub, case).values()
        backing = hub.backing(case)
        assert not [note for note in notes(hub.settings, backing=backing) if "approv" in note]
        assert [note for note in notes(hub.settings, backing=backing) if "not signed" in note]


def test_a_hub_in_which_nobody_approved_anything_says_so(unsigned, case):
    unsigned.edit("statements: signed", "statements: from_file")
    with Hub.open(unsigned.hub) as hub:
        assert Outcome.PERMIT in outcomes(hub, case).values()
        assert [note for note in notes(hub.settings, backing=hub.backing(case)) if "was not checked" in note]


@pytest.mark.parametrize("name", ["hub.yaml", "agreements/partnership.yaml"])
def test_a_file_that_changes_while_the_hub_opens_is_never_taken_for_approved(signed, case, name, monkeypatch):
    """The second reading, which gives the digest, gets other bytes than those that were parsed."""
    file = signed.hub / name
    good = file.read_bytes()
    file.write_bytes(good + b"# looked at\n")
    build = Registry.build

    def later(*given, **more):
        file.write_bytes(good)
        return build(*given, **more)

    monkeypatch.setattr(Registry, "build", later)
    with pytest.raises(Misconfigured, match="changed while it was read"):
        Hub.open(signed.hub)
    monkeypatch.undo()
    with Hub.open(signed.hub) as hub:
        assert "approval.missing" not in rules(hub, case)


def test_nobody_becomes_an_approver_by_writing_it_into_the_file(signed, case):
    signed.edit("{id: d.po, roles: [data_protection_officer]}", "{id: s.ward2, roles: []}")
    signed.edit("{id: r.cole, roles: [team_manager]}", "{id: r.cole, roles: [team_manager, data_protection_officer]}")
    with Hub.open(signed.hub) as hub:
        for document in documents(hub.settings, hub.folder):
            said = Approval(file=document.name, sha256=document.sha256, approvers=("r.cole",))
            with pytest.raises(Refused, match="the last approved"):
                acting(hub, "r.cole", "data_protection_officer").say(said)
        assert rules(hub, case) == {"approval.missing"}


def test_a_withdrawal_keeps_counting_when_whoever_recorded_it_is_struck_from_the_hub_file(signed, case):
    with Hub.open(signed.hub) as hub:
        before = outcomes(hub, case)
        first = case.consents[0]
        acting(hub, "s.ward", "practitioner").say(Withdrawal(consent=first.id, at=hub.clock()), case)
        after = outcomes(hub, case)
        assert after != before
    signed.edit("  - {id: s.ward, roles: [practitioner]}\n", "")
    signed.edit("statements: signed", "statements: from_file")
    with Hub.open(signed.hub) as hub:
        permitted = {key for key, outcome in outcomes(hub, case).items() if outcome is Outcome.PERMIT}
        assert permitted <= {key for key, outcome in after.items() if outcome is Outcome.PERMIT}


def test_a_suspended_source_is_not_asked_whoever_agreed(signed, case, county):
    with Hub.open(signed.hub) as hub:
        hub.say(Suspension(source="police", reason="Wrong records were sent."))
        assert {item.rule for item in hub.plan(case).decisions if item.source == "police"} == {"scope.suspended"}
        result = hub.run(case)
        statuses = {(a.status.value, a.why.value) for a in result.answers if a.source == "police"}
        assert ("not_connected", "suspended") in statuses and not {"found", "none_found"} & {one for one, _ in statuses}
    assert not county.police.hits


def test_a_statement_that_was_removed_by_hand_stops_the_case(signed, case):
    with Hub.open(signed.hub) as hub:
        acting(hub, "s.ward", "practitioner").say(Withdrawal(consent=case.consents[0].id, at=hub.clock()), case)
    with sqlite3.connect(signed.hub / "hub.db") as raw:
        raw.execute("delete from statement where kind = 'withdrawal'")
    with Hub.open(signed.hub) as hub, pytest.raises(Refused, match="changed in the database"):
        hub.plan(case)


def test_a_person_of_the_draft_who_becomes_somebody_else_is_not_asked_about(signed, case):
    with Hub.open(signed.hub) as hub:
        covered = case.consents[0].covers[0]
        other = replace(case.person(covered), names=(replace(case.person(covered).names[0], given=("Somebody",)),))
        swapped = replace(case, people=tuple(other if one.id == covered else one for one in case.people))
        permitted = {key for key, outcome in outcomes(hub, swapped).items() if outcome is Outcome.PERMIT}
        assert not [key for key in permitted if key[1] == covered]


def test_the_reader_key_signs_and_nobody_elses(signed, case):
    with Hub.open(signed.hub) as hub:
        theirs = key_path(hub.reader_folder, "r.cole")
        assert read_key(theirs, None).reader == "r.cole"
        with pytest.raises(Refused):
            acting(hub, "s.ward", "practitioner").say(case.consents[0], case, key=theirs)
