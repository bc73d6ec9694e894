"""Who acts: roles stop an act before its effect, the ledger has the refusal, and says how every actor was known."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from mash_trawl import Actor, Hub
from mash_trawl.cli.main import group
from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.vault.readers import enrol_reader

ALL = "roles: [analyst, mash_manager, decider]"
SSO = "case-tool SSO"


@pytest.fixture
def command(place, tmp_path, monkeypatch):
    """Run a command on the place's hub in this process: what it printed as JSON, or the error that it ended with."""
    monkeypatch.setattr("mash_trawl.cli.place.own_folder", lambda: tmp_path / "own")

    def run(*arguments):
        done = CliRunner().invoke(group, ["--hub", str(place.hub), *map(str, arguments)], standalone_mode=False)
        if done.exception:
            return done.exception
        return json.loads(done.stdout) if "--json" in arguments else done.return_value

    return run


def _roles(place, roles):
    """The hub's own words on roles, in place of those that a new hub has."""
    file = place.hub / "hub.yaml"
    text, found = re.subn(r"(?m)^roles:\n(?:  .*\n)+", f"roles: {roles}\n", file.read_text("utf-8"))
    assert found == 1
    file.write_text(text, "utf-8")


def _entries(place, kind):
    with Hub.open(place.hub) as hub:
        return [(row.actor, dict(row.public)) for row in hub.ledger.rows(kind)]


def test_who_may_not_trawl_asks_nobody_and_the_ledger_says_so(place, county, trawl):
    place.edit(ALL, "roles: [practitioner]")
    done = trawl("run", place.case("children-in-need"))
    assert done.code == 5
    assert "analyst, mash_manager, batch" in done.err
    assert sum(county.police.hits.values()) == 0
    _, public = _entries(place, "act.refused")[0]
    assert public == {"act": "trawl", "roles": ["practitioner"], "vouched_by": "operating system"}
    assert _entries(place, "trawl.requested") == []
    assert trawl("plan", place.case("children-in-need")).code == 0


def test_each_command_asks_for_its_own_role(place, county, command, tmp_path):
    run = command("run", place.case("children-in-need"), "--json")
    product, case = run["product"], run["case"]
    place.edit(ALL, "roles: [administrator]")
    to = tmp_path / "copy.json"
    refused = {
        "read": command("open", product),
        "grant_readers": command("readers", "grant", case, "somebody"),
        "revoke_readers": command("readers", "revoke", case, "somebody"),
        "destroy": command("destroy", case, "--reason", "test", "--yes"),
    }
    place.edit("roles: [administrator]", "roles: [decider]")
    refused["export"] = command("export", product, "--format", "json", "--to", to)
    assert {act: getattr(done, "why", done) for act, done in refused.items()} == dict.fromkeys(refused, "role_missing")
    assert not to.exists()
    assert command("open", product, "--json")["product"]
    assert [public["act"] for _, public in _entries(place, "act.refused")] == list(refused)
    assert _entries(place, "record.exported") == _entries(place, "destroy.requested") == []


def test_the_ledger_says_once_in_every_trawl_how_the_actor_was_known(place, county):
    with place.open() as hub:
        hub.run(place.case("early-help"))
    with Hub.open(place.hub, actor=Actor(id="j.shah", roles=("analyst",), vouched_by=SSO)) as hub:
        hub.run(place.case("children-in-need"))
    first, second = _entries(place, "trawl.requested")
    assert first[1]["vouched_by"] == "operating system"
    assert second[0] == "j.shah"
    assert (second[1]["vouched_by"], second[1]["roles"]) == (SSO, ["analyst"])


def test_a_vouched_actor_has_no_more_than_the_hub_lets_the_host_claim(place, county):
    place.edit("people:\n", f"vouches: [{{host: {SSO}, roles: [practitioner]}}]\npeople:\n")
    with Hub.open(place.hub, actor=Actor(id="j.shah", roles=("analyst",), vouched_by=SSO)) as hub:
        with pytest.raises(Refused) as caught:
            hub.run(place.case("early-help"))
        assert caught.value.why == "role_missing"
    with pytest.raises(Refused, match="does not let this program"):
        Hub.open(place.hub, actor=Actor(id="j.shah", roles=("analyst",), vouched_by="another"))
    assert sum(county.police.hits.values()) == 0


def test_a_product_is_sealed_only_to_people_who_may_read(place, county, command):
    command("keys", "enrol", "it.admin", "--role", "administrator", "--no-passphrase")
    command("keys", "enrol", "r.cole", "--role", "decider", "--no-passphrase")
    case = command("run", place.case("early-help"), "--json")["case"]
    readers = {row["reader"] for row in command("readers", "list", case, "--json")}
    assert "r.cole" in readers
    assert "it.admin" not in readers


@pytest.mark.parametrize(
    ("roles", "words"),
    [
        ("{may: {destroy: [analyst]}}", "cannot be given the act"),
        ("{may: {fly: []}}", "this is no act"),
        ("{names: {analyst: [decider]}}", "has its meaning already"),
        ("{names: {senior: [boss]}}", "a role"),
    ],
)
def test_a_hub_file_that_would_widen_a_role_is_refused(place, roles, words):
    _roles(place, roles)
    with pytest.raises(Misconfigured, match=words) as caught:
        place.open()
    assert "hub.yaml:" in str(caught.value)


def test_a_hub_may_take_an_act_away_and_call_roles_its_own_names(place, county):
    _roles(place, "{names: {worker: [analyst]}, may: {trawl: [mash_manager]}}")
    place.edit(ALL, "roles: [worker]")
    with place.open() as hub, pytest.raises(Refused, match="these do: mash_manager"):
        hub.run(place.case("early-help"))
    place.edit("may: {trawl: [mash_manager]}", "may: {trawl: [analyst]}")
    with place.open() as hub:
        assert hub.run(place.case("early-help")).path.exists()


def test_check_tells_of_roles_that_mean_nothing_and_of_acts_that_nobody_may_do(place, command):
    place.edit(ALL, "roles: [analist, analyst]")
    seen = [(row["level"], row["what"]) for row in command("check", "--json")]
    assert ("warning", "the role analist lets nobody do anything.") in seen
    assert ("warning", "nobody enrolled here may destroy a product.") in seen


def _with_ann(place, roles="analyst"):
    """Enrol ann beside the account, with a key that lies open."""
    place.edit(ALL + "}", ALL + f"}}\n  - {{id: ann, roles: [{roles}]}}")
    enrol_reader(place.root / "keys" / "readers", "ann", None)
    return Actor(id="ann", roles=(roles,), vouched_by=SSO)


def _why(act):
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.why


@pytest.mark.parametrize("how", ["revoked", "ended"])
def test_whose_reading_of_a_case_is_over_gets_nothing_of_it_by_running_it(place, county, how):
    now, ann, case = [datetime.now(UTC)], _with_ann(place), place.case("children-in-need")
    with Hub.open(place.hub, clock=lambda: now[0]) as hub:
        record = hub.run(case).sealed.record
        if how == "revoked":
            hub.custody.revoke(record, "ann", hub.actor.id)
        else:
            hub.custody.grant(record, "ann", hub.actor.id, not_after=now[0] + timedelta(hours=1))
            now[0] += timedelta(hours=2)
        hub.run(case, refresh=("housing",))
        asked, own = sum(county.police.hits.values()), hub.acting_as(ann)
        for refresh in ((), ("all",)):
            assert _why(lambda: own.start(case, refresh=refresh)) == "reading_over"  # noqa: B023 - called at once
            assert _why(lambda: own.would_ask(case, refresh=refresh)) == "reading_over"  # noqa: B023 - the same
        assert sum(county.police.hits.values()) == asked
        refused = [(row.actor, row.public["why"]) for row in hub.ledger.rows("record.read.refused")]
        assert refused == [("ann", "reading_over")] * 4
        assert own.run(place.case("early-help")).path.exists()
        hub.custody.grant(record, "ann", hub.actor.id)
        assert own.run(case).sealed.record == record


def test_who_may_not_read_runs_nothing(place, county):
    ann = _with_ann(place)
    _roles(place, "{may: {read: [decider]}}")
    with place.open() as hub:
        hub.run(place.case("early-help"))
        asked, own = sum(county.police.hits.values()), hub.acting_as(ann)
        for act in (own.start, own.run, own.would_ask):
            assert _why(lambda: act(place.case("children-in-need"))) == "role_missing"  # noqa: B023 - called at once
        assert sum(county.police.hits.values()) == asked
    assert [public["act"] for _, public in _entries(place, "act.refused")] == ["read"] * 3


def test_a_vouched_actor_opens_with_another_readers_key_only_when_its_file_is_named(place, county):
    ann = _with_ann(place)
    with place.open() as hub:
        path, me = hub.run(place.case("early-help")).path, hub.actor.id
        own = hub.acting_as(ann)
        assert own.open(path, reason="meeting") == own.open(path, reason="meeting", reader="ann")
        assert _why(lambda: own.open(path, reason="meeting", reader=me)) == "another_reader"
        key = place.root / "keys" / "readers" / f"{me}.key"
        assert own.open(path, reason="meeting", reader=me, key=key)
        assert hub.open(path, reason="meeting", reader="ann")
    (refusal,) = _entries(place, "act.refused")
    assert refusal == ("ann", {"act": "read", "roles": ["analyst"], "vouched_by": SSO, "reader": me})


def test_who_left_or_may_read_no_more_does_not_read_the_next_version(place, county):
    _with_ann(place)
    place.edit("{id: ann,", "{id: bob, roles: [analyst]}\n  - {id: ann,")
    enrol_reader(place.root / "keys" / "readers", "bob", None)
    with place.open() as hub:
        record = hub.run(place.case("early-help")).sealed.record
        assert {"ann", "bob"} < {one.reader for one in hub.custody.readers(record)}
    place.edit("\n  - {id: ann, roles: [analyst]}", "")
    place.edit("{id: bob, roles: [analyst]}", "{id: bob, roles: [administrator]}")
    with place.open() as hub:
        hub.run(place.case("early-help"), refresh=("all",))
        assert [one.reader for one in hub.custody.readers(record)] == [hub.actor.id]
