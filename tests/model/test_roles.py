"""Who may do what: the table that comes with the program, and what a hub's file can make of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.model.actor import Actor
from mash_trawl.model.hub import Enrolled, HubFile, Roles, RootKeys
from mash_trawl.model.roles import ACTS, ROLES, SIGNS, holders, may, refusal, who_may
from mash_trawl.model.statement import KINDS

names = st.sampled_from(sorted(ROLES))
some_roles = st.lists(names, unique=True).map(tuple)
_ROW = re.compile(r"^\| `(\w+)`: (.+?) \| (.+?) \|$", re.MULTILINE)
narrowed = st.dictionaries(st.sampled_from(sorted(ACTS)), some_roles)
local = st.dictionaries(st.sampled_from(["senior", "locum"]), some_roles)


def hub(roles: Roles | None = None, **people: tuple[str, ...]) -> HubFile:
    return HubFile(
        version=1, name="north", profiles=("early_help",), root_keys=RootKeys(paths=("../a", "../b")),
        reader_keys="../readers", signing_key="../sign", roles=roles or Roles(),
        people=tuple(Enrolled(id=name.replace("_", "."), roles=held) for name, held in people.items()),
    )  # fmt: skip


def test_every_act_has_roles_that_exist_and_every_role_can_do_something():
    for act in ACTS.values():
        assert act.roles
        assert set(act.roles) <= set(ROLES)
    assert {role for act in ACTS.values() for role in act.roles} == set(ROLES)


@pytest.mark.parametrize(
    ("role", "can", "cannot"),
    [
        ("analyst", {"trawl", "read", "export"}, {"destroy", "grant_readers", "enrol", "decide", "approve", "batch"}),
        (
            "decider",
            {"decide", "countersign", "record_consent", "read", "tell_family", "print_sheet"},
            {"trawl", "export", "destroy", "enrol"},
        ),
        (
            "batch",
            {"trawl", "batch", "read"},
            {"declare", "tell_family", "print_sheet", "export", "destroy", "enrol", "decide", "grant_readers"},
        ),
        (
            "administrator",
            {"enrol", "suspend"},
            {"read", "tell_family", "print_sheet", "trawl", "export", "destroy", "decide"},
        ),
        (
            "practitioner",
            {"read", "record_consent", "tell_family", "print_sheet"},
            {"trawl", "export", "destroy", "decide", "countersign"},
        ),
        ("data_protection_officer", {"approve", "read", "print_sheet"}, {"tell_family", "export", "trawl", "decide"}),
        ("nobody_knows_this", set(), set(ACTS)),
    ],
)
def test_a_role_can_do_what_it_is_for_and_nothing_else(role, can, cannot):
    actor = Actor(id="x", roles=(role,))
    assert {act for act in can if may(actor, act, Roles())} == can
    assert not {act for act in cannot if may(actor, act, Roles())}


@given(held=some_roles, act=st.sampled_from(sorted(ACTS)), kept=narrowed)
def test_a_hub_can_only_take_acts_away(held, act, kept):
    actor = Actor(id="x", roles=held)
    assert may(actor, act, Roles()) or not may(actor, act, Roles(may=kept))
    assert set(who_may(act, Roles(may=kept))) <= set(ACTS[act].roles)


@given(held=st.lists(st.sampled_from(["senior", "locum"])).map(tuple), act=st.sampled_from(sorted(ACTS)), words=local)
def test_a_local_name_can_do_exactly_what_it_stands_for(held, act, words):
    roles = Roles(names=words)
    meant = tuple(role for name in held for role in words.get(name, ()))
    assert may(Actor(id="x", roles=held), act, roles) == may(Actor(id="x", roles=meant), act, roles)


def test_a_refusal_names_the_roles_and_the_people_who_hold_one():
    said = str(
        refusal("destroy", hub(j_shah=("analyst",), r_cole=("mash_manager",), d_po=("data_protection_officer",)))
    )
    assert "mash_manager, data_protection_officer" in said
    assert "Ask r.cole, d.po." in said
    assert "j.shah" not in said


def test_a_refusal_says_when_nobody_here_holds_a_role_or_none_may_at_all():
    assert "Nobody enrolled here" in str(refusal("destroy", hub(j_shah=("analyst",))))
    assert "takes it away from every role" in str(refusal("export", hub(Roles(may={"export": ()}))))


def test_the_holders_of_an_act_are_found_through_local_names_too():
    here = hub(Roles(names={"senior": ("mash_manager",)}), r_cole=("senior",), j_shah=("analyst",))
    assert [person.id for person in holders("enrol", here)] == ["r.cole"]


def test_the_page_about_roles_tells_this_very_table():
    page = (Path(__file__).resolve().parents[2] / "docs" / "people-and-roles.md").read_text("utf-8")
    told = {act: (words, tuple(roles.split(", "))) for act, words, roles in _ROW.findall(page)}
    assert told == {name: (act.words, act.roles) for name, act in ACTS.items()}


def test_every_kind_of_statement_has_its_act_and_stands_in_the_documentation():
    assert set(SIGNS) == set(KINDS)
    assert set(SIGNS.values()) <= set(ACTS)
    page = (Path(__file__).resolve().parents[2] / "docs" / "statements.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| .+? \| `(\w+)` \|$", page, re.MULTILINE)
    assert rows == list(SIGNS.items())


def test_whoever_has_left_holds_nothing_any_more():
    gone = hub(r_cole=("mash_manager",), j_shah=("mash_manager",))
    gone = replace(gone, people=(replace(gone.people[0], left=date(2026, 11, 3)), gone.people[1]))
    assert [person.id for person in holders("destroy", gone)] == ["j.shah"]
    assert "r.cole" not in str(refusal("destroy", gone))
