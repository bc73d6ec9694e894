"""A way to reach somebody is asked with whether it is safe; only the draft has it."""

from __future__ import annotations

import pytest
import yaml
from click.testing import CliRunner

from mash_trawl.cli.main import group
from mash_trawl.errors import Misconfigured, Refused

CASE = """
version: 1
id: ONE
profile: early_help
opened_at: 2026-11-03T09:20:00+00:00
referral: {source: school, received_at: 2026-11-03T09:20:00+00:00}
people: [{id: p1, roles: [subject]}, {id: p3, roles: [parent]}]
"""


@pytest.fixture
def draft(hub):
    file = hub / "cases" / "ONE.yaml"
    file.write_text(CASE, "utf-8")
    return file


def ask(hub, person, *answers):
    return CliRunner().invoke(
        group, ["--hub", str(hub), "family", "contact", "ONE", person], input="\n".join([*answers, ""])
    )


def test_a_contact_joins_those_that_are_there(hub, draft):
    assert ask(hub, "p3", "letter", "2 Test Street, NB1 1AA", "yes", "1/11/2026", "", "save").exit_code == 0
    assert ask(hub, "p3", "telephone", "01632 960150", "no", "", "not after six", "save").exit_code == 0
    contacts = yaml.safe_load(draft.read_text("utf-8"))["people"][1]["contacts"]
    assert contacts[1].pop("confirmed_on")
    assert [{key: str(value) for key, value in one.items()} for one in contacts] == [
        {"kind": "letter", "value": "2 Test Street\nNB1 1AA", "safe": "yes", "confirmed_on": "2026-11-01"},
        {"kind": "telephone", "value": "01632 960150", "safe": "no", "note": "not after six"},
    ]


def test_a_day_that_is_no_day_is_asked_again(hub, draft):
    done = ask(hub, "p3", "letter", "2 Test Street", "unknown", "soon", "1/11/2099", "2026", "1/11/2026", "", "save")
    assert done.exit_code == 0
    assert "Type the day itself" in done.output


def test_an_abandoned_contact_and_an_unknown_person_write_nothing(hub, draft):
    before = draft.read_bytes()
    ask(hub, "p3", "letter", "2 Test Street", "yes", "", "", "abandon")
    assert isinstance(ask(hub, "p9").exception, Misconfigured)
    assert draft.read_bytes() == before


def test_only_who_may_write_to_a_family_notes_how_they_are_reached(hub, draft):
    file = hub / "hub.yaml"
    before = file.read_text("utf-8")
    file.write_text(before.replace("roles: [analyst, mash_manager, decider]", "roles: [administrator]"), "utf-8")
    try:
        done = ask(hub, "p3", "letter", "2 Test Street, NB1 1AA", "yes", "1/11/2026", "", "save")
    finally:
        file.write_text(before, "utf-8")
    assert isinstance(done.exception, Refused)
    assert "write to a family" in str(done.exception)
    assert "2 Test Street" not in draft.read_text("utf-8")
