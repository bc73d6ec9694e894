"""Whose word on who acts a hub believes, and with which roles."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.config.actors import acting, running_account
from mash_trawl.errors import Refused
from mash_trawl.model.actor import Actor
from mash_trawl.model.hub import Enrolled, HubFile, Roles, RootKeys, Vouching
from mash_trawl.model.roles import ROLES, expanded

SSO = "case-tool SSO"
PEOPLE = (
    Enrolled(id="j.shah", account="jshah", roles=("analyst",)),
    Enrolled(id="r.cole", account="rcole", roles=("mash_manager", "decider")),
    Enrolled(id="a.guest", roles=("practitioner",)),
)


def hub(vouches: tuple[Vouching, ...] | None = None, roles: Roles | None = None) -> HubFile:
    return HubFile(
        version=1, name="north", profiles=("early_help",), root_keys=RootKeys(paths=("../a", "../b")),
        reader_keys="../readers", signing_key="../sign", people=PEOPLE, vouches=vouches, roles=roles or Roles(),
    )  # fmt: skip


def running_as(account: str):
    return lambda written: written == account


def test_without_a_claim_the_accounts_own_person_acts():
    assert acting(hub(), None, running_as("rcole")) == Actor(id="r.cole", roles=("mash_manager", "decider"))


def test_an_account_that_nobody_has_is_refused_and_a_person_without_account_never_matches():
    for account in ("mallory", ""):
        with pytest.raises(Refused, match="not enrolled"):
            acting(hub(), None, running_as(account))
    with pytest.raises(Refused, match="not enrolled"):
        acting(hub(), None, lambda written: written is None)


def test_an_enrolled_person_may_be_vouched_for_with_their_own_roles_and_no_other():
    listed = hub((Vouching(host=SSO),))
    claimed = Actor(id="j.shah", roles=("analyst", "decider"), vouched_by=SSO)
    assert acting(listed, claimed, running_as("svc")).roles == ("analyst",)
    assert acting(listed, Actor(id="j.shah", vouched_by=SSO), running_as("svc")).roles == ("analyst",)
    for account in ("jshah", "rcole"):
        assert set(acting(hub(), claimed, running_as(account)).roles) <= {"analyst"}


def test_a_program_of_an_enrolled_account_passes_on_only_roles_of_its_own():
    claimed = Actor(id="r.cole", roles=("decider", "mash_manager"), vouched_by=SSO)
    assert acting(hub(), claimed, running_as("jshah")).roles == ()
    stranger = Actor(id="n.new", roles=("analyst", "decider"), vouched_by=SSO)
    assert acting(hub(), stranger, running_as("jshah")).roles == ("analyst",)


@pytest.mark.parametrize("person", ["n.new", "j.shah", "r.cole", "a.guest"])
def test_an_account_that_is_not_enrolled_speaks_for_nobody(person):
    for roles in (("analyst",), ()):
        with pytest.raises(Refused, match="account that this program runs as") as caught:
            acting(hub(), Actor(id=person, roles=roles, vouched_by=SSO), running_as("svc"))
        assert caught.value.why == "not_vouched"


def test_a_program_cannot_speak_for_the_operating_system():
    for account in ("jshah", "svc"):
        with pytest.raises(Refused, match="operating system"):
            acting(hub(), Actor(id="r.cole", roles=("decider",)), running_as(account))
    assert acting(hub(), Actor(id="j.shah"), running_as("jshah")).roles == ("analyst",)


def test_a_hub_that_lists_hosts_believes_those_alone_and_from_their_own_account():
    listed = hub((Vouching(host=SSO, account="svc-casetool", roles=("analyst",)),))
    stranger = Actor(id="n.new", roles=("analyst", "mash_manager"), vouched_by=SSO)
    assert acting(listed, stranger, running_as("svc-casetool")).roles == ("analyst",)
    for account, host in (("jshah", SSO), ("svc-casetool", "another tool")):
        with pytest.raises(Refused, match="does not let this program"):
            acting(listed, Actor(id="j.shah", roles=("analyst",), vouched_by=host), running_as(account))
    with pytest.raises(Refused, match="does not let this program"):
        acting(hub(()), Actor(id="j.shah", vouched_by=SSO), running_as("jshah"))


def test_a_listed_host_without_roles_gives_strangers_none():
    listed = hub((Vouching(host=SSO),))
    assert acting(listed, Actor(id="n.new", roles=("analyst",), vouched_by=SSO), running_as("svc")).roles == ()
    assert acting(listed, Actor(id="j.shah", roles=("analyst",), vouched_by=SSO), running_as("svc")).roles == (
        "analyst",
    )


def test_a_host_may_use_the_councils_own_names_for_roles():
    words = Roles(names={"social_worker": ("practitioner", "analyst")})
    listed = hub((Vouching(host=SSO, roles=("analyst", "practitioner")),), words)
    claimed = Actor(id="n.new", roles=("social_worker",), vouched_by=SSO)
    assert acting(listed, claimed, running_as("svc")).roles == ("practitioner", "analyst")
    by_name = hub((Vouching(host=SSO, roles=("social_worker",)),), words)
    assert acting(by_name, claimed, running_as("svc")).roles == ("social_worker",)
    narrow = hub((Vouching(host=SSO, roles=("practitioner",)),), words)
    assert acting(narrow, claimed, running_as("svc")).roles == ()


@pytest.mark.parametrize(
    ("person", "host"),
    [
        ("", SSO),
        ("../x", SSO),
        ("Jane Shah", SSO),
        ("x" * 65, SSO),
        ("j.shah", ""),
        ("j.shah", "a\nb"),
        ("j.shah", "é"),
    ],
)
def test_an_actor_who_is_no_opaque_id_or_has_no_clean_host_is_refused(person, host):
    with pytest.raises(Refused) as caught:
        acting(hub(), Actor(id=person, roles=("analyst",), vouched_by=host), running_as("rcole"))
    assert caught.value.why == "not_vouched"
    assert not person or person not in str(caught.value)


@given(
    claimed=st.lists(st.sampled_from(sorted(ROLES)), unique=True).map(tuple),
    person=st.sampled_from(["j.shah", "r.cole", "a.guest", "n.new"]),
    account=st.sampled_from(["jshah", "rcole", "svc"]),
    vouches=st.sampled_from([None, (), (Vouching(host=SSO, roles=("analyst", "decider")),)]),
)
def test_no_claim_ever_gives_a_role_that_was_not_claimed_or_that_the_hub_does_not_hold(
    claimed, person, account, vouches
):
    here = hub(vouches)
    try:
        roles = acting(here, Actor(id=person, roles=claimed, vouched_by=SSO), running_as(account)).roles
    except Refused:
        return
    assert not claimed or set(roles) <= set(claimed)
    own = next((set(one.roles) for one in PEOPLE if one.account == account), set())
    assert vouches or set(roles) <= own
    enrolled = next((one for one in PEOPLE if one.id == person), None)
    if enrolled:
        assert expanded(roles, here.roles) <= set(enrolled.roles)


def test_whoever_has_left_acts_no_more_by_their_account_or_by_a_programs_word():
    people = (replace(PEOPLE[0], left=date(2026, 11, 3)), Enrolled(id="n.next", account="jshah", roles=("analyst",)))
    changed = replace(hub((Vouching(host=SSO),)), people=people)
    assert acting(changed, None, running_as("jshah")).id == "n.next"
    with pytest.raises(Refused, match="not enrolled"):
        acting(replace(changed, people=people[:1]), None, running_as("jshah"))
    with pytest.raises(Refused, match="has left") as refused:
        acting(changed, Actor(id="j.shah", roles=("analyst",), vouched_by=SSO), running_as("svc"))
    assert refused.value.why == "not_vouched"


def test_a_program_runs_as_the_person_of_its_account_whoever_it_vouches_for():
    assert running_account(hub((Vouching(host=SSO),)), running_as("rcole")) == {"r.cole"}
    assert running_account(hub(), running_as("mallory")) == frozenset()
