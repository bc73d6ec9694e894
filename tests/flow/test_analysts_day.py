"""The analyst's day: a red referral at five past nine, typed answers, a first product, a late consent, a second."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading

import pytest
import yaml

FIRST = (
    ("kind of case", "children in need"),
    ("case reference", "MASH-2026-0777"),
    ("Who referred", "school"),
    ("the concern", "physical abuse"),
    ("level of need", "level 4"),
    ("priority", "red"),
    ("(p1)", "subject"),
    ("Given names?", "Aisha"),
    ("Family name?", "Malik"),
    ("Date of birth", "17/05/2014"),
    ("Sex", "female"),
    ("live", "own"),
    ("Address", "@line"),
    ("Postcode", "@postcode"),
    ("another person", "yes"),
    ("(p2)", "parent, household"),
    ("Given names?", "Samira"),
    ("Family name?", "Malik"),
    ("Date of birth", "2 November 1988"),
    ("Sex", "female"),
    ("live", "With p1"),
    ("What is p2", "parent"),
    ("which way", "birth"),
    ("parental responsibility for p1", "yes"),
    ("come from", "the mother"),
    ("Has anybody agreed", "yes"),
    ("Who agreed", "p2"),
    ("Did they agree", "agreed"),
    ("For whom", "p1, p2"),
    ("Which agencies", "housing"),
    ("When was this said", "now"),
    ("Save this case", "save"),
)
LATE = (
    ("Has anybody agreed", "yes"),
    ("Who agreed", "p2"),
    ("Did they agree", "agreed"),
    ("For whom", "p1, p2"),
    ("Which agencies", "police"),
    ("When was this said", "now"),
    ("Add this to the case", "save"),
)


@pytest.fixture
def trawl(trawl_here):
    """What asks nothing runs in this process; the questions are answered in one of its own."""
    return trawl_here


@pytest.fixture
def play(place, tmp_path):
    """Type answers to the program's questions, as they come; an empty line to any other. What it printed."""

    def run(answers, *arguments):
        command = [sys.executable, "-m", "mash_trawl", "--hub", str(place.hub), *arguments]
        env = dict(os.environ, HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path / "config"), PYTHONUNBUFFERED="1")
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        with subprocess.Popen(command, text=True, env=env, **pipes) as program:
            return answer(program, list(answers))

    def answer(program, waiting):
        alarm = threading.Timer(90, program.kill)
        alarm.start()
        heard, answered = "", 0
        try:
            while said := program.stderr.read(1):
                heard += said
                if heard.endswith("> "):
                    mine = bool(waiting) and waiting[0][0] in heard[answered:]
                    answered = len(heard)
                    assert heard.count("> ") < 200, heard
                    program.stdin.write((waiting.pop(0)[1] if mine else "") + "\n")
                    program.stdin.flush()
        finally:
            alarm.cancel()
        out = program.stdout.read()
        program.stdin.close()
        assert program.wait(20) == 0, heard
        assert not waiting, f"never asked: {waiting[0][0]}\n{heard}"
        return out

    return run


def statuses(done):
    return {(a["source"], a["person"]): a["status"] for a in done.json()["answers"]}


def asks(trawl, source):
    """How often the ledger says that a source was asked."""
    rows = json.loads(trawl("audit", "show", "--json").out)
    return sum(row["kind"] == "source.asked" and row["public"]["source"] == source for row in rows)


def requests(server):
    return sum(count for path, count in server.hits.items() if "token" not in path)


def at_home(place, answers):
    """The answers, with the address that the synthetic county gave this family."""
    case = yaml.load(place.case("children-in-need").read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - text scalars
    home = case["people"][0]["addresses"][0]
    words = {"@line": home["lines"][0], "@postcode": home["postcode"]}
    return [(question, words.get(answer, answer)) for question, answer in answers]


def test_from_typed_answers_to_the_second_version_after_a_late_consent(place, county, trawl, play):
    assert json.loads(play(at_home(place, FIRST), "case", "new", "--json"))["case"] == "MASH-2026-0777"
    missing = trawl("case", "check", "MASH-2026-0777")
    assert missing.code == 3 and "the school" in missing.out
    assert "police" in trawl("plan", "MASH-2026-0777").out.lower()

    first = trawl("run", "MASH-2026-0777", "--json")
    assert statuses(first)["housing", "p1"] == "found"
    assert statuses(first)["police", "p1"] == "consent_missing"
    assert requests(county.police) == 0
    status = trawl("status", "MASH-2026-0777")
    assert "due" in status.out.lower()

    play(LATE, "case", "consent", "add", "MASH-2026-0777")
    asked = {row["source"] for row in json.loads(trawl("plan", "MASH-2026-0777", "--json").out)["asks"]}
    assert "police" in asked
    housing_asks = asks(trawl, "housing")
    second = trawl("run", "MASH-2026-0777", "--json")
    assert re.search(r"-v2\.mtr$", second.json()["product"])
    assert statuses(second)["police", "p1"] == "found"
    assert statuses(second)["housing", "p1"] == "found"
    assert requests(county.police) > 0 and requests(county.health) == 0
    assert asks(trawl, "housing") == housing_asks
    product = json.loads(trawl("open", "MASH-2026-0777", "--json").out)["product"]
    carried = {(a["source"], a["person"]): a.get("carried_from") for a in product["answers"]}
    assert (carried["housing", "p1"], carried["police", "p1"]) == (1, None)

    found = trawl("case", "person", "add", "MASH-2026-0777", "--found", "--json").json()["found"]
    assert found, "the county's housing knows a new partner"
    added = trawl("case", "person", "add", "MASH-2026-0777", "--found", "1", "--role", "household", "--json")
    assert added.code == 0 and added.json()["person"] == "p3"
    assert not [row for row in trawl("plan", "MASH-2026-0777", "--json").json()["asks"] if row["person"] == "p3"]


def test_a_withdrawal_is_noted_by_answering_questions_and_nothing_is_asked_on_it_any_more(place, county, trawl, play):
    play(at_home(place, FIRST), "case", "new")
    withdrawal = (("Which agreement", "c1"), ("When was it withdrawn", ""), ("Note the withdrawal", "save"))
    play(withdrawal, "case", "consent", "withdraw", "MASH-2026-0777")
    assert not trawl("plan", "MASH-2026-0777", "--json").json()["asks"]
    assert trawl("run", "MASH-2026-0777").code == 4
