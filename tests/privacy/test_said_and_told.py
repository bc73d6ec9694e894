"""What is signed, told to a family, explained and laid before officers: no name, place or id of a case gets out of it.

Names stand on the screen of whoever signs or decides and in letters and sheets, which are listed copies. Nowhere else.
"""

from __future__ import annotations

import json

import pytest
import yaml

from mash_trawl.hub import Hub

FAMILY = 'family: {team: the family desk, telephone: "01632 960123", complaints: the complaints officer}\n'
ROLES = "roles: [analyst, mash_manager, decider, team_manager, practitioner, data_protection_officer]"
CONSENT, CONTACT, NOTE, REASON = "told-to-Zorblattine", "9 Safehavenstrasse", "Nightbellington", "Reasonistica"
OWN = (CONSENT, "Safehavenstrasse", NOTE, REASON, "DEMO-2026")
"""What the case file alone says; the ids may mean something."""
RESTRICTED = ("exual", "efuge")
WRONG = "Qvarnströmska"
"""The family's name, typed where something else belongs."""


@pytest.fixture
def case(stage):
    """The planted case with an id, a contact and a note of its own, a hidden address, and an open question."""
    hub = stage.root / "hub" / "hub.yaml"
    said = hub.read_text("utf-8").replace("roles: [analyst, mash_manager, decider]", ROLES)
    hub.write_text(f"{said}\n{FAMILY}", "utf-8")
    draft = yaml.safe_load(stage.case.read_text("utf-8"))
    draft["consents"][0]["id"] = CONSENT
    mother, father = draft["people"][2:]
    mother["contacts"] = [
        {"kind": "letter", "value": CONTACT, "safe": "yes", "confirmed_on": "2026-11-01", "note": NOTE}
    ]
    mother["restrictions"], father["restrictions"] = ["hidden_address"], ["gender_history"]
    power = draft["gateways"][0]
    del power["why_not"]
    power["covers"].append(father["id"])
    stage.case.write_text(yaml.safe_dump(draft, sort_keys=False, allow_unicode=True), "utf-8")
    return stage.case


def test_what_is_signed_told_and_shown_gets_nowhere_but_to_whom_it_is_for(stage, scanner, case, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    answer = ["--person", "p4", "--category", "police.arrest", "--yes", "--reason", REASON, "--sure"]
    with stage.listen() as heard:
        for command in (
            ["decide", case], ["decide", case, *answer], ["consent", "add", case, CONSENT, "--yes"], ["run", case],
            ["family", "notice", case, "--person", "p3", "--to", out], ["plan", case, "--html", out / "p.html"],
            ["family", "sheet", case, "--person", "p3", "--to", out],
            ["dossier", "--out", out / "d"],
        ):  # fmt: skip
            assert stage.say(*command) in (0, 3), command
    on_screen = heard.out + heard.err
    heard.out = heard.err = ""
    assert all(" name" in hit for hit in scanner.found(on_screen))
    assert scanner.found(heard.heap()) == [] and not [one for one in OWN if one in heard.heap()]
    assert stage.left_behind(scanner) == []
    _letters(out, scanner)
    _open_ledger(stage, scanner)


def _letters(out, scanner):
    """What lies in the folder that the copies went to: the dossier names no family, and no copy a hidden place."""
    seen = {file: file.read_text("utf-8") for file in out.rglob("*") if file.is_file()}
    assert len(seen) == 7
    for file, body in seen.items():
        assert scanner.found(file.name) == [] and not [one for one in OWN if one in file.name]
        assert all(" name" in hit for hit in scanner.found(body))
        assert NOTE not in body and REASON not in body
        if file.parent != out:
            assert scanner.found(body) == [] and not [one for one in OWN if one in body]
        elif len(file.stem) == 16:
            assert not [one for one in (*RESTRICTED, CONSENT, "DEMO-2026") if one in body] and CONTACT in body


def _open_ledger(stage, scanner):
    with Hub.open(stage.root / "hub") as hub:
        rows = list(hub.ledger.rows())
    public = json.dumps([row.public for row in rows], default=str)
    kinds = {"statement.signed", "notice.made", "record.printed", "dossier.printed", "consent.checked", "record.sealed"}
    assert {row.kind for row in rows} >= kinds
    assert scanner.found(public) == [] and not [one for one in OWN if one in public]


def test_what_is_printed_for_other_programs_holds_ids_and_no_names(stage, scanner, case, tmp_path):
    answer = ["--person", "p4", "--category", "police.arrest", "--no", "--reason", REASON, "--sure"]
    with stage.listen() as heard:
        for command in (
            ["decide", case], ["decide", case, *answer], ["consent", "add", case, CONSENT, "--yes"],
            ["consent", "withdraw", case, CONSENT, "--yes"], ["status", case],
            ["explain", case, "p1", "health"], ["family", "notice", case, "--to", tmp_path / "out"], ["family", "held"],
        ):  # fmt: skip
            assert stage.say(*command, "--json") in (0, 3), command
    assert len(heard.out) > 3000
    assert scanner.found(heard.out) == []
    assert not [one for one in ("Safehavenstrasse", NOTE) if one in heard.out]


def test_what_is_typed_in_the_wrong_place_is_not_said_again(stage, scanner, case, tmp_path):
    good = case.read_text("utf-8")
    slips = [("gender_history", WRONG), ("id: S47", f"id: {WRONG}"), ("safe: 'yes'", f"safe: {WRONG}"),
             ("given_by: p3", f"given_by: {WRONG}"), ("'2026-11-01'", WRONG)]  # fmt: skip
    answer = ["--yes", "--reason", WRONG]
    with stage.listen() as heard:
        for command in (
            ["decide", case, "--person", WRONG, "--category", WRONG, *answer],
            ["decide", case, "--person", "p4", "--category", "police.arrest", *answer, "--until", WRONG],
            ["decide", case, "--countersign", "--emergency", WRONG, "--reason", WRONG],
            ["explain", case, WRONG, "health"], ["explain", case, "p1", "health", "--category", WRONG],
            ["consent", "add", case, WRONG, "--yes"], ["gateway", "add", case, WRONG, "--yes"],
            ["consent", "withdraw", case, CONSENT, "--at", WRONG, "--yes"],
            ["family", "notice", case, "--person", WRONG, "--to", tmp_path / "x"],
            ["family", "notice", case, "--language", WRONG, "--to", tmp_path / "x"],
            ["family", "sheet", WRONG, "--person", "p3", "--to", tmp_path / "x"],
            ["sources", "suspend", WRONG, "--reason", WRONG, "--yes"],
        ):  # fmt: skip
            assert stage.say(*command) in (2, 5), command
        for old, new in slips:
            assert old in good
            case.write_text(good.replace(old, new), "utf-8")
            assert stage.say("family", "notice", case, "--to", tmp_path / "x") == 2, old
    assert len(heard.errors) >= 16
    assert scanner.found(heard.heap()) == []
