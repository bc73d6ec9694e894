"""A record that was taken for a person of the case is somebody else's: taken back, closed, told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from mash_trawl import looking_through, taking_back
from mash_trawl.audit.verify import verify
from mash_trawl.config.case import load_case
from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.hub import Hub
from mash_trawl.looking_through import Look
from mash_trawl.model.answer import Status
from mash_trawl.model.match import match_id
from mash_trawl.model.person import Name
from mash_trawl.model.statement import Identified
from mash_trawl.saying import say
from mash_trawl.vault.readers import enrol_reader
from mash_trawl_county.serving import served

SCHEMAS = Path(__file__).resolve().parents[2] / "profiles" / "schema" / "commands"
CASE = "DEMO-2026-0002"
REASON = "The agency says that this record is of a namesake."


class Crash(RuntimeError):
    """The process ends here."""


class Wrong:
    """A record, for whom it was taken, and what nobody else's answer says."""

    def __init__(self, person, source, ref, says):
        self.person, self.source, self.ref, self.says, self.id = person, source, ref, says, ""

    def stands_in(self, *plain):
        text = json.dumps(plain)
        return self.ref in text or any(said in text for said in self.says)


def crash(*_, **__):
    raise Crash


@pytest.fixture(scope="module")
def taken(pattern, copied, tmp_path_factory):
    """A hub with two versions of a case, both with a record that turns out to be somebody else's; a second reader."""
    place = copied(pattern, tmp_path_factory.mktemp("taken") / "north")
    with served(place.root / "county"), place.open() as hub:
        enrol_reader(hub.reader_folder, "r.cole", None)
        hub.custody.grant(hub.run(place.case("children-in-need")).sealed.record, "r.cole", hub.actor.id)
        hub.run(place.case("children-in-need"), refresh=["police"])
        shown, kept = content(hub)
    wrong = next(_alone([item["answer"] for item in kept["kept"]]))
    wrong.id = match_id(wrong.source, wrong.ref, kept["secret"])
    assert wrong.id in {match["id"] for match in shown["matches"]}
    return place.root, wrong


def _alone(answers):
    for answer in answers:
        others = json.dumps([one for one in answers if one is not answer])
        for match in answer.get("matches", ()):
            ref, said = match["candidate"]["ref"], [one["headline"] for one in answer["findings"] if "headline" in one]
            alone = [text for text in said if text not in others]
            if alone and ref not in others:
                yield Wrong(answer["person"], answer["source"], ref, alone)


@pytest.fixture
def wrong(taken):
    return taken[1]


@pytest.fixture
def place(taken, copied, tmp_path):
    return copied(taken[0], tmp_path / "north")


@pytest.fixture
def hub(place):
    with place.open() as hub:
        yield hub


@pytest.fixture
def case(place):
    return load_case(place.case("children-in-need"))


def content(hub):
    """What a version shows, and what the newest one keeps for the next."""
    opened = hub.unseal(hub.custody.newest(CASE).path, reason="strategy meeting")
    return opened.body, json.loads(hub.custody.working_copy(opened) or b"{}")


def versions(hub):
    return hub.custody.sealed_versions(hub.custody.newest(CASE).record)


def states(hub):
    return [one.state for one in versions(hub)]


def rows(hub, kind):
    return list(hub.ledger.rows(kind))


def test_it_is_nowhere_in_the_next_version_and_the_old_ones_open_for_nobody(hub, case, wrong):
    first, second = versions(hub)
    assert wrong.stands_in(content(hub)[0])
    hub.custody.open(second.path, "r.cole", lambda: None, "strategy meeting", "r.cole")
    hub.custody.note_export(second.record, 2, "r.cole", "html", "r.cole")
    asks = len(rows(hub, "source.asked"))
    done = hub.take_back(case, wrong.id, reason=REASON)
    assert len(rows(hub, "source.asked")) == asks
    assert states(hub) == ["closed", "closed", "live"] and done.sealed
    assert not wrong.stands_in(*content(hub))
    for version in (first, second):
        for reader in (hub.actor.id, "r.cole"):
            with pytest.raises(Refused) as refused:
                hub.custody.open(version.path, reader, lambda: None, "strategy meeting", reader, superseded=True)
            assert refused.value.why == "closed"
    told = {(one.how, one.who, one.version, one.copy) for one in done.incident.handled}
    assert {("opened", "r.cole", 2, None), ("exported", "r.cole", 2, 1)} <= told
    assert [one.copy for one in done.incident.exports] == [1]
    assert not verify(hub.store, hub.signer.verifier).problems and hub.custody.divergence() == ()


def test_everybody_else_is_shown_as_before_and_the_next_run_does_not_bring_it_back(hub, case, wrong, county):
    before = content(hub)[0]["answers"]
    hub.take_back(case, wrong.id, reason=REASON)
    after = content(hub)[0]["answers"]
    same = [(one["source"], one["person"], one["status"], one.get("found", 0)) for one in before]
    for told, (source, person, status, found) in zip(after, same, strict=True):
        if (source, person) != (wrong.source, wrong.person):
            assert (told["status"], told.get("found", 0)) == (status, found)
    result = hub.run(case)
    assert [(one.source, one.person) for one in result.asked if one.why == "identified"] == [
        (wrong.source, wrong.person)
    ]
    assert result.sealed.version == 4 and not wrong.stands_in(*content(hub))
    (answer,) = (one for one in result.answers if (one.source, one.person) == (wrong.source, wrong.person))
    assert answer.status is not Status.FOUND and answer.rejected == 1


def test_cut_short_anywhere_the_same_call_finishes_it(hub, case, wrong, monkeypatch):
    places = [(taking_back, "_note"), (taking_back.trawl, "run"), (hub.custody, "close"), (taking_back, "_incident")]
    after = [["superseded", "live"]] * 2 + [["superseded", "superseded", "live"], ["closed", "closed", "live"]]
    found_out = hub.clock() - timedelta(hours=5)
    for (where, name), left in zip(places, after, strict=True):
        with monkeypatch.context() as broken, pytest.raises(Crash):
            broken.setattr(where, name, crash)
            hub.take_back(case, wrong.id, reason=REASON, discovered_at=found_out)
        assert states(hub) == left
    done = hub.take_back(case, wrong.id, reason="Said again, later.")
    assert [one.version for one in done.incident.closed] == [1, 2] and not done.sealed
    assert done.incident.discovered_at == found_out
    assert hub.take_back(case, wrong.id, reason=REASON).incident == done.incident
    assert [len(rows(hub, kind)) for kind in ("statement.signed", "incident.noted", "record.closed")] == [1, 1, 1]
    assert states(hub) == ["closed", "closed", "live"]
    assert not verify(hub.store, hub.signer.verifier).problems


def test_a_record_that_was_taken_back_for_one_person_is_taken_back_for_the_next_too(hub, case, wrong):
    other = next(person.id for person in case.people if person.id != wrong.person)
    word = Identified(person=other, source=wrong.source, ref=wrong.ref, same=False, reason=REASON,
                      discovered_at=hub.clock())  # fmt: skip
    say(hub, word, hub._own_key(lambda: None, None), case=case)
    hub.run(case)
    assert wrong.stands_in(content(hub)[0]) and states(hub) == ["superseded", "superseded", "live"]
    done = hub.take_back(case, wrong.id, reason=REASON)
    assert set(done.incident.people) == {other, wrong.person} and not wrong.stands_in(*content(hub))
    assert states(hub) == ["closed", "closed", "closed", "live"]
    assert hub.take_back(case, wrong.id, reason=REASON).incident == done.incident


def test_what_two_people_took_back_at_once_is_one_incident(hub, case, wrong):
    done = hub.take_back(case, wrong.id, reason=REASON).incident
    word = Identified(person=wrong.person, source=wrong.source, ref=wrong.ref, same=False, reason="I saw it too.",
                      discovered_at=hub.clock())  # fmt: skip
    say(hub, word, hub._own_key(lambda: None, None), case=case)
    again = hub.take_back(case, wrong.id, reason=REASON).incident
    assert again.closed == done.closed and again.handled == done.handled != ()


def test_a_yes_is_never_read_as_a_withdrawal(hub, case, wrong):
    word = Identified(person=wrong.person, source=wrong.source, ref=wrong.ref, same=True, reason=REASON,
                      discovered_at=hub.clock())  # fmt: skip
    say(hub, word, hub._own_key(lambda: None, None), case=case)
    hub.take_back(case, wrong.id, reason=REASON)
    assert states(hub) == ["closed", "closed", "live"] and not wrong.stands_in(*content(hub))


def test_a_record_that_a_version_shows_is_not_rejected_but_taken_back(hub, case, wrong):
    with pytest.raises(Refused, match="--withdraw") as refused:
        hub.identify(case, wrong.person, wrong.source, wrong.ref, same=False, reason=REASON)
    assert refused.value.why == "already_shown" and "hub.take_back" in str(refused.value)
    assert rows(hub, "statement.signed") == [] and states(hub) == ["superseded", "live"]


def test_how_it_came_to_be_taken_opens_for_nobody_also_where_the_newest_version_does_not_show_it(hub, case, wrong):
    def keys():
        return [one["key"] for one in content(hub)[1]["traces"] if (one["source"], one["person"]) == pair]

    pair, somebody = (wrong.source, wrong.person), replace(case.people[0], names=(Name(given=("Synthetica",)),))
    other = tuple(
        replace(one, names=somebody.names, born=None, identifiers={}) if one.id == wrong.person else one
        for one in case.people
    )
    hub.run(replace(case, people=other))
    assert not [one for one in content(hub)[0]["matches"] if one["id"] == wrong.id] and any(keys())
    done = hub.take_back(replace(case, people=other), wrong.id, reason=REASON)
    assert done.sealed and states(hub) == ["closed", "closed", "superseded", "live"]
    assert keys()[0] == "" and wrong.ref not in json.dumps(content(hub)[1]["traces"])


def test_it_is_taken_back_also_for_somebody_whom_the_draft_has_lost(hub, case, wrong):
    ties = tuple(tie for tie in case.relationships if wrong.person not in (tie.from_, tie.to))
    people = tuple(one for one in case.people if one.id != wrong.person)
    without = replace(case, people=people, relationships=ties)
    hub.run(without)
    done = hub.take_back(without, wrong.id, reason=REASON)
    assert done.incident.people == (wrong.person,) and states(hub) == ["closed", "closed", "superseded", "live"]
    assert not wrong.stands_in(*content(hub))
    assert hub.take_back(without, wrong.id, reason=REASON).incident == done.incident
    again = next(one for one in hub.run(case).answers if (one.source, one.person) == (wrong.source, wrong.person))
    assert wrong.ref not in [match.ref for match in again.matches]


def test_a_clock_that_is_a_little_behind_leaves_no_version_open(place, case, wrong, monkeypatch):
    late = Hub.open(place.hub, clock=lambda: datetime.now(UTC) - timedelta(minutes=4))
    with late, monkeypatch.context() as broken, pytest.raises(Crash):
        broken.setattr(taking_back.trawl, "run", crash)
        late.take_back(case, wrong.id, reason=REASON)
    with place.open() as hub:
        hub.take_back(case, wrong.id, reason=REASON)
        assert states(hub) == ["closed", "closed", "live"]


def test_a_run_that_is_refused_says_what_was_signed_and_that_nothing_is_closed_yet(hub, case, wrong, monkeypatch):
    def busy(*_, **__):
        raise Refused("case_busy", "another run holds this case.", "Wait.")

    with monkeypatch.context() as broken, pytest.raises(Refused, match="no version is closed yet") as refused:
        broken.setattr(taking_back.trawl, "run", busy)
        hub.take_back(case, wrong.id, reason=REASON)
    assert refused.value.why == "case_busy" and states(hub) == ["superseded", "live"]
    assert [len(rows(hub, kind)) for kind in ("statement.signed", "record.closed")] == [1, 0]


def test_the_ledger_has_it_in_the_order_in_which_it_must_be_durable(hub, case, wrong):
    hub.take_back(case, wrong.id, reason=REASON)
    kinds = [row.kind for row in rows(hub, None)]
    places = [kinds.index("statement.signed"), kinds.index("incident.noted"), kinds.index("record.closed")]
    sealed = max(n for n, kind in enumerate(kinds) if kind == "record.sealed")
    assert places[0] < places[1] < sealed < places[2]
    (noted,) = rows(hub, "incident.noted")
    assert wrong.ref not in str([noted.public, noted.private]) and REASON not in str(noted.private)
    assert noted.private["match"] == wrong.id


def test_a_version_that_cannot_be_looked_through_is_closed_too(hub, case, wrong):
    versions(hub)[0].path.unlink()
    done = hub.take_back(case, wrong.id, reason=REASON)
    assert done.unseen == (1,) and states(hub) == ["closed", "closed", "live"]


def test_a_version_from_before_it_was_taken_stays_open(hub, case, wrong, monkeypatch):
    look = Look._in
    monkeypatch.setattr(Look, "_in",
                        lambda self, opened: () if opened.manifest["version"] == 1 else look(self, opened))  # fmt: skip
    hub.take_back(case, wrong.id, reason=REASON)
    assert states(hub) == ["superseded", "closed", "live"]


def test_what_cannot_be_taken_back_is_refused_before_anything_is_signed(hub, case, wrong, monkeypatch):
    naive, later = datetime(2026, 11, 3, 9, 0), hub.clock() + timedelta(hours=1)
    for how in ({"match": "housing:00000000"}, {"reason": " "}, {"discovered_at": naive}, {"discovered_at": later}):
        with pytest.raises(Misconfigured):
            hub.take_back(case, **{"match": wrong.id, "reason": REASON} | how)
    with pytest.raises(Misconfigured, match=wrong.id):
        hub.take_back(case, "housing:00000000", reason=REASON)
    monkeypatch.setattr(looking_through, "_shown", lambda opened: ())
    with pytest.raises(Misconfigured, match="Taken were: none"):  # of a hidden service a version tells nothing
        hub.take_back(case, "housing:00000000", reason=REASON)
    hub.actor = replace(hub.actor, roles=("administrator",))
    with pytest.raises(Refused) as refused:
        hub.take_back(case, wrong.id, reason=REASON)
    assert refused.value.why == "role_missing"
    assert rows(hub, "statement.signed") == [] and states(hub) == ["superseded", "live"]


def test_the_command_tells_who_had_it_and_writes_the_sheet(hub, case, wrong, trawl_here, tmp_path):
    sheet, page = tmp_path / "incident.txt", tmp_path / "incident.html"
    found_out = (hub.clock() - timedelta(hours=1)).isoformat()
    how = ("review", CASE, "--withdraw", wrong.id, "--reason", REASON)
    refused = trawl_here(*how)
    assert refused.code == 2 and "confirm" in refused.err and states(hub) == ["superseded", "live"]
    done = trawl_here(*how, "--discovered", found_out, "--out", sheet, "--sure")
    assert done.code == 0, done.err
    assert "Closed to every reader: version 1, 2." in done.err and hub.actor.id in done.err
    told = sheet.read_text("utf-8")
    assert wrong.id in told and "72 hours end" in told and not wrong.stands_in(told, done.err)
    later = trawl_here(*how, "--discovered", hub.clock().isoformat(), "--sure")
    assert "was not noted" in later.err and "was not noted" not in done.err
    again = trawl_here(*how, "--out", page, "--sure", "--json").json()
    assert again["match"] == wrong.id and not again["sealed"] and again["sheet"] == str(page)
    schema = json.loads((SCHEMAS / "review-withdraw.v1.json").read_text("utf-8"))
    assert not list(Draft202012Validator(schema).iter_errors(again))
    assert not wrong.stands_in(again, page.read_text("utf-8"))
    assert [row.public for row in rows(hub, "record.printed")] == [
        {"what": "incident", "format": "text"}, {"what": "incident", "format": "html"}
    ]  # fmt: skip
    opened = trawl_here("open", versions(hub)[0].path)
    assert opened.code == 5 and "Read version 3" in opened.err


def test_a_sheet_that_cannot_be_written_is_refused_before_anything_is_signed(hub, wrong, trawl_here, tmp_path):
    how = ("review", CASE, "--withdraw", wrong.id, "--reason", REASON, "--sure", "--out")
    done = trawl_here(*how, tmp_path / "nowhere" / "incident.html")
    assert done.code == 2 and "Nothing was signed" in done.err
    assert states(hub) == ["superseded", "live"] and not rows(hub, "incident.noted")


@pytest.mark.parametrize(
    "more",
    [("--discovered", "2026-11-03T09:00"), ("--out", "x.txt"), ("--withdraw", "m", "--reason", " "),
     ("--withdraw", "m", "--reason", "x", "--reject"), ("--withdraw", "m", "--reason", "x", "--discovered", "soon")],
)  # fmt: skip
def test_a_withdrawal_that_is_none_is_told_how_to_be_one(trawl_here, more):
    assert trawl_here("review", CASE, *more, "--sure").code == 2
