"""`status` and `plan` as an analyst reads them: before the first run, after it, and in a list."""

from __future__ import annotations

import json
import re
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest
import yaml

from mash_trawl.cli.main import group
from mash_trawl.errors import Misconfigured, Refused

NAMES = ("Malik", "Samira", "Aisha", "Tansley", "Gallagher")


class Told:
    """How a command ended, without a process of its own: these tests run many."""

    def __init__(self, code, out):
        self.code, self.out = code or 0, out

    def json(self):
        return json.loads(self.out)


@pytest.fixture
def trawl(place, capsys):
    """Run the command line on the place's hub, in this process."""

    def run(*arguments):
        capsys.readouterr()
        code = group.main(["--hub", str(place.hub), *map(str, arguments)], standalone_mode=False)
        return Told(code, capsys.readouterr().out)

    return run


def received(place, name, moment):
    """Date a case's referral, so that its clock runs while the test does."""
    case = yaml.safe_load(place.case(name).read_text("utf-8"))
    case["referral"]["received_at"] = case["opened_at"] = moment.isoformat()
    place.case(name).write_text(yaml.safe_dump(case), "utf-8")
    return case["id"]


def test_before_the_first_run_it_says_what_may_be_asked_and_what_a_consent_would_unlock(place, trawl):
    ident = received(place, "children-in-need", datetime.now(UTC) - timedelta(hours=1))
    done = trawl("status", ident)
    assert done.code == 3
    for words in (
        "Red: due ", " left.", "No product was sealed yet", "To chase", "not asked yet", "a run asks it",
        "It would open", "Ask Imran Malik for their own agreement to this.", "never asked",
    ):  # fmt: skip
        assert words in done.out, words
    assert trawl("audit", "show", "--kind", "record.read", "--json").json() == []


def test_after_a_run_it_says_who_owes_what_and_whom_to_ring_and_reads_the_product_once(place, county, trawl):
    ident = received(place, "children-in-need", datetime.now(UTC) - timedelta(hours=5))
    assert trawl("run", ident).code == 3
    done = trawl("status", ident)
    assert done.code == 3
    for words in (
        "Red: version 1 sealed today at", "late by 1 h", "Newest product: version 1, sealed today at",
        "1 possible match to confirm", "Police disclosure desk, 01632 960002", "waits for a person",
    ):  # fmt: skip
        assert words in done.out, words
    (reading,) = trawl("audit", "show", "--kind", "record.read", "--json").json()
    assert reading["public"]["reader"]
    told = trawl("status", ident, "--json").json()
    assert not any(name in json.dumps(told) for name in NAMES)
    police = {pair["person"]: pair["state"] for pair in told["pairs"] if pair["source"] == "police"}
    assert police == {"p1": "answered", "p2": "to_confirm", "p3": "answered", "p4": "closed"}
    assert "police" not in {item["source"] for item in told["again"]}
    assert told["version"]["read_by"][0]["reader"] == reading["public"]["reader"]


def test_a_source_that_is_down_is_owed_with_its_contact_and_run_would_ask_it_again(place, county, trawl):
    ident = yaml.safe_load(place.case("children-in-need").read_text("utf-8"))["id"]
    (place.root / "county" / "police.url").write_text("http://127.0.0.1:9", "utf-8")
    trawl("run", ident)
    told = trawl("status", ident, "--json").json()
    owed = [pair for pair in told["pairs"] if pair["state"] == "owed"]
    police = [pair for pair in owed if pair["source"] == "police"]
    assert len(police) == 3
    assert {pair["ring"]["telephone"] for pair in police} == {"01632 960002"}
    assert ("police", "failed") in {(item["source"], item["why"]) for item in told["again"]}
    assert "answer owed" in trawl("status", ident).out


def test_without_opening_the_product_nothing_counts_as_answered(place, county, trawl):
    ident = yaml.safe_load(place.case("early-help").read_text("utf-8"))["id"]
    assert trawl("run", ident).code == 0
    told = trawl("status", ident, "--no-open", "--json").json()
    assert {pair["state"] for pair in told["pairs"]} <= {"not_looked_up", "closed"}
    assert told["again"] == []
    assert "It was not opened" in trawl("status", ident, "--no-open").out
    assert trawl("status", ident, "--no-open").code == 3
    assert trawl("audit", "show", "--kind", "record.read", "--json").json() == []
    assert trawl("status", ident).code == 0


def test_somebody_who_may_not_open_the_product_still_sees_the_clock_and_what_waits(place, county, trawl):
    ident = yaml.safe_load(place.case("early-help").read_text("utf-8"))["id"]
    trawl("run", ident)
    with place.open() as hub:
        record, actor = hub.custody.newest(ident).record, hub.actor.id
        hub.custody.revoke(record, actor, actor)
    told = trawl("status", ident, "--json").json()
    assert not told["looked_up"]
    assert "may not open" in told["shut"]
    assert {pair["state"] for pair in told["pairs"]} <= {"not_looked_up", "closed"}
    assert "It was not opened (this reader may not open this record)" in trawl("status", ident, "--plain").out


def test_a_product_that_was_tampered_with_is_an_error_and_no_standing(place, county, trawl):
    ident = yaml.safe_load(place.case("early-help").read_text("utf-8"))["id"]
    trawl("run", ident)
    with place.open() as hub:
        path = hub.custody.newest(ident).path
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(Refused):
        trawl("status", ident)


def test_the_list_has_a_line_for_every_draft_even_a_broken_or_a_destroyed_one(place, county, trawl):
    trawl("run", place.case("early-help"))
    ident = yaml.safe_load(place.case("early-help").read_text("utf-8"))["id"]
    other = yaml.safe_load(place.case("front-door").read_text("utf-8"))["id"]
    (place.hub / "cases" / "broken.yaml").write_text("id: BROKEN-1\npeople: 7\n", "utf-8")
    listed = {item["case"]: item for item in trawl("status", "--json").json()["cases"]}
    assert listed["BROKEN-1"]["fault"] == "unreadable"
    assert listed[ident]["version"]["version"] == 1
    assert listed[ident]["open"] is None
    assert listed[other]["version"] is None
    assert trawl("destroy", ident, "--reason", "keyworker appointed", "--yes").code == 0
    out = trawl("status").out
    assert "its records were destroyed" in out
    broken = place.hub / "cases" / "broken.yaml"
    check = f"`mash-trawl --hub {place.hub} case check {broken}`"
    assert f"broken.yaml cannot be read; what is wrong with it: {check}." in " ".join(out.split())
    assert trawl("status").code == 3
    assert out.index("Case: broken.yaml") < out.index("Case: DEMO")
    with pytest.raises(Refused, match="destroyed"):
        trawl("status", ident)
    assert trawl("audit", "show", "--kind", "record.read", "--json").json() == []


@pytest.fixture
def moved(place, county, trawl):
    """A case that was trawled from a file elsewhere, with its id: no draft of it is in the hub."""
    file = place.case("early-help")
    ident = yaml.safe_load(file.read_text("utf-8"))["id"]
    file = file.rename(place.root / "elsewhere.yaml")
    assert trawl("run", file).code == 0
    return ident


def test_a_case_without_a_draft_here_is_listed_with_its_product(moved, trawl):
    (listed,) = (item for item in trawl("status", "--json").json()["cases"] if item["case"] == moved)
    assert (listed["fault"], listed["file"], listed["version"]["version"]) == ("no_draft", None, 1)
    shown = " ".join(trawl("status").out.split())
    assert f"Case: {moved} Due: no draft here, so its clock is not known Product: version 1, sealed" in shown
    assert f"{moved:24} no draft here; product v1 sealed" in trawl("case", "list").out
    assert "UK time" in next(line for line in trawl("case", "list").out.splitlines() if line.startswith(moved))


def test_the_status_of_a_case_without_a_draft_says_what_custody_knows(moved, trawl):
    done = trawl("status", moved)
    assert done.code == 3
    assert f"Case {moved}: no draft of it is in" in done.out
    assert "Newest product: version 1, sealed today at" in done.out
    assert trawl("status", moved, "--json").json()["version"]["version"] == 1
    assert trawl("audit", "show", "--kind", "record.read", "--json").json() == []


def test_a_broken_draft_with_the_id_of_a_good_one_is_told_by_its_file(place, trawl):
    ident = yaml.safe_load(place.case("early-help").read_text("utf-8"))["id"]
    (place.hub / "cases" / "copy of it.yaml").write_text(f"id: {ident}\npeople: 7\n", "utf-8")
    first, *others = trawl("status", "--json").json()["cases"]
    assert (first["case"], first["file"], first["fault"]) == (ident, "copy of it.yaml", "unreadable")
    assert ident in {item["case"] for item in others}
    told = trawl("status").out
    assert "Case: copy of it.yaml" in told
    (command,) = re.findall(r"`mash-trawl ([^`]*case check[^`]*)`", told)
    with pytest.raises(Misconfigured) as problem:
        group.main(shlex.split(command), standalone_mode=False)
    assert "people" in str(problem.value)


def test_two_good_drafts_of_one_id_are_told_apart_by_their_files(place, trawl):
    good = place.case("early-help")
    (place.hub / "cases" / "again.yaml").write_text(good.read_text("utf-8"), "utf-8")
    out = trawl("status").out
    assert "(again.yaml)" in out
    assert "(early-help.yaml)" in out


def test_the_list_and_the_case_end_alike_when_nothing_was_sealed_and_the_time_is_over(place, trawl):
    for file in (place.hub / "cases").iterdir():
        if file.name != "front-door.yaml":
            file.unlink()
    ident = received(place, "front-door", datetime.now(UTC) - timedelta(days=30))
    told = trawl("status", ident, "--json").json()
    assert told["clock"]["state"] == "overdue"
    assert {pair["state"] for pair in told["pairs"]} == {"closed"}
    assert told["owing"]
    assert trawl("status", ident).code == trawl("status").code == 3


def test_what_failed_the_second_time_shows_the_second_time_and_keeps_the_match_to_confirm(place, county, trawl):
    ident = yaml.safe_load(place.case("children-in-need").read_text("utf-8"))["id"]
    trawl("run", ident)
    first = next(pair for pair in trawl("status", ident, "--json").json()["pairs"] if pair["possible"])
    (place.root / "county" / "police.url").write_text("http://127.0.0.1:9", "utf-8")
    trawl("run", ident, "--refresh", "police")
    told = trawl("status", ident, "--json").json()
    later = {pair["person"]: pair for pair in told["pairs"] if pair["source"] == first["source"]}
    assert later[first["person"]]["possible"] == first["possible"] == 1
    asked = [pair for pair in later.values() if pair["state"] == "owed"]
    assert len(asked) == 3
    assert all(pair["since"] > first["since"] for pair in asked)
    out = trawl("status", ident).out
    assert "answer owed: could not be reached; 1 possible match to confirm, from before" in " ".join(out.split())
    assert "its earlier answer (today at" in out


def test_every_next_step_that_is_printed_is_a_command_that_names_the_hub(place, county, trawl):
    ident = yaml.safe_load(place.case("children-in-need").read_text("utf-8"))["id"]
    (place.hub / "cases" / "broken.yaml").write_text("id: BROKEN-1\n", "utf-8")
    told = [
        trawl(*words).out
        for words in (("plan", ident), ("status", ident), ("run", ident), ("status", ident), ("status",))
    ]
    steps = {step for out in told for step in re.findall(r"`(mash-trawl[^`]*)`", out)}
    assert len(steps) >= 4
    for step in steps:
        _, option, folder, *words = shlex.split(step)
        assert (option, folder) == ("--hub", str(place.hub))
        command = group
        with click.Context(group) as ctx:
            while isinstance(command, click.Group):
                command = command.get_command(ctx, words.pop(0))
        assert isinstance(command, click.Command), step
        assert place.hub.joinpath("cases", "broken.yaml") == Path(words[0]) or words[0] == ident


def test_a_revoked_reader_is_told_whom_to_ask_with_commands_that_name_the_hub(place, county, trawl):
    ident = yaml.safe_load(place.case("early-help").read_text("utf-8"))["id"]
    trawl("run", ident)
    with place.open() as hub:
        record, actor = hub.custody.newest(ident).record, hub.actor.id
        hub.custody.revoke(record, actor, actor)
    out = " ".join(trawl("status", ident).out.split())
    assert f"Ask a reader to run `mash-trawl --hub {place.hub} status {ident}`" in out
    assert f"or for `mash-trawl --hub {place.hub} readers grant {ident} {actor}`." in out
    assert " may be asked; what came was not looked up." in out
    assert "0 questions answered" not in out


def test_a_case_that_is_not_there_is_told_with_what_to_do(trawl):
    with pytest.raises(Misconfigured) as told:
        trawl("status", "NO-SUCH-CASE")
    assert "Name a case file or a case id" in str(told.value.problems[0])


def test_the_plan_says_every_refusal_with_what_would_unlock_it_by_person(place, trawl):
    out = trawl("plan", place.case("children-in-need")).out
    people = [line for line in out.splitlines() if line.startswith(("p1 ", "p2 ", "p3 ", "p4 "))]
    assert people == [
        "p1 Aisha Malik (subject)", "p2 Yusuf Malik (sibling)", "p3 Samira Malik (parent, household)",
        "p4 Imran Malik (parent)",
    ]  # fmt: skip
    told = trawl("plan", place.case("children-in-need"), "--json").json()
    sources = {row["source"] for row in told["refusals"] if row["person"] == "p4"}
    imran = " ".join(out.split("p4 Imran Malik")[1].split())
    shut = imran.count("may NOT be asked about")
    assert shut > len(sources) >= 3  # of health records the power could open a summary only
    assert imran.count("Ask Imran Malik for their own agreement to this.") == shut
    extended = (
        "A new decision under S47 (s.47 enquiry, by the team manager) that covers Imran Malik too; the one stated"
    )
    assert imran.count(extended) == shut - 1
    assert imran.count("with: case consent add or case power add") == shut - 1
    assert f"`mash-trawl --hub {place.hub} case power add {place.case('children-in-need')}`" in out
    assert "Nothing has been sent" in out


def test_the_plan_and_the_status_count_the_same_questions(place, trawl):
    ident = yaml.safe_load(place.case("children-in-need").read_text("utf-8"))["id"]
    counted = next(line for line in trawl("plan", ident).out.splitlines() if line.startswith("A question is"))
    told = trawl("status", ident, "--json").json()
    states = [pair["state"] for pair in told["pairs"]]
    asks, shut, waits = (states.count(state) for state in ("not_asked", "closed", "to_decide"))
    assert counted == (
        f"A question is one source about one person. {asks} questions may be asked; {shut} may not; {waits} wait for a "
        "person's decision."
    )
    assert f"0 questions answered, {asks} open, {shut} not permitted." in trawl("status", ident).out
