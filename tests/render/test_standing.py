"""The standing of a case as it is read: golden text for a wide and for a narrow window."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mash_trawl.model.hub import Contact
from mash_trawl.model.standing import (
    AskAgain,
    Clock,
    Lapsing,
    Opens,
    PairStanding,
    Reading,
    Standing,
    Unlock,
    Version,
    Waiting,
)
from mash_trawl.render.standing import standing_tables
from mash_trawl.render.steps import Steps
from mash_trawl.render.tables import plain

NOW = datetime(2026, 11, 3, 11, 0, tzinfo=UTC)
NAMES = {"p1": "Ada Example", "p2": "Bea Example"}
DESK = Contact(name="Police disclosure desk", telephone="01632 960002")


def pair(source: str, person: str, state: str, **more: object) -> PairStanding:
    return PairStanding(
        source=source, agency="police", agency_name="Police", person=person, state=state, ring=DESK, **more
    )


@pytest.fixture
def standing() -> Standing:
    """A red case at 11:00: two answers owed, one match to confirm, one question that waits."""
    asked = NOW - timedelta(minutes=79)
    return Standing(
        case="TEST-1",
        profile="front_door",
        at=NOW,
        clock=Clock(rag="red", title="Red", state="running", received_at=NOW - timedelta(hours=2),
                    due=NOW + timedelta(hours=2), seconds=7200, words="due today at 13:00, 2 h left"),
        pairs=(
            pair("police", "p1", "owed", status="timed_out", since=asked),
            pair("police", "p2", "owed", status="timed_out", since=asked),
            pair("custody", "p1", "to_confirm", possible=2, since=asked),
            pair("intel", "p2", "to_decide"),
            pair("archive", "p1", "answered"),
            pair("archive", "p2", "closed"),
        ),
        waiting=(Waiting(reason="A named person decides for p2.", unlock="Ask them.", roles=("team_manager",),
                         pairs=(("intel", "p2"),), categories=("police.intelligence",),
                         asks=(Opens(what="Police: Intelligence", people=("p2",)),)),),
        unlocks=(Unlock(what="Ask p2 to agree to this.", pairs=(("archive", "p2"),), categories=("police.missing",),
                        opens=(Opens(what="Police: Missing person reports", people=("p2",)),),
                        commands=("case consent add",)),),
        lapsing=(Lapsing(kind="consent", basis="c1", at=NOW + timedelta(days=2), pairs=(("police", "p1"),)),
                 Lapsing(kind="review", basis="S47", at=NOW - timedelta(days=1), over=True)),
        again=tuple(AskAgain(source="police", person=person, why="failed") for person in NAMES),
        version=Version(record="r", version=1, sealed_at=asked, read_by=(Reading(reader="j.shah", at=NOW),)),
    )  # fmt: skip


WIDE = """\
Case TEST-1 under the profile front_door, today at 11:00. All times are UK time.
Received today at 09:00. Red: due today at 13:00, 2 h left.
Newest product: version 1, sealed today at 09:41; read by j.shah (today at 11:00).
1 question answered, 4 open, 1 not permitted.

To chase
--------
To say whose the possible matches are: `mash-trawl --hub north review TEST-1`.
Source: Police
  About: Ada Example and Bea Example
  State: answer owed: no answer in time
  Since: asked today at 09:41
  Whom to ring: Police disclosure desk, 01632 960002
Source: Police (custody)
  About: Ada Example
  State: 2 possible matches to confirm
  Since: asked today at 09:41
  Whom to ring: Police disclosure desk, 01632 960002
Source: Police (intel)
  About: Bea Example
  State: waits for a decision
  Whom to ring: see below

Waits for a person's decision
-----------------------------
Police: Intelligence (about Bea Example)
  Why it waits: A named person decides for Bea Example.
  Who decides: team manager
  What would settle it: Ask them.

Ends soon
---------
What: Consent c1
  When: ends Thursday 5 November at 11:00
  Then: closes 1 question
What: Review of the legal power S47
  When: was due yesterday

Not permitted, and what would unlock it
---------------------------------------
The commands for it: `mash-trawl --hub north case consent add TEST-1`.
Ask Bea Example to agree to this.
  It would open: Police: Missing person reports (about Bea Example)
  With: case consent add

A run would ask now
-------------------
To ask: `mash-trawl --hub north run TEST-1`.
Why: no full answer last time
  Whom: police about Ada Example and Bea Example"""

STEPS = Steps(prefix="mash-trawl --hub north", case="TEST-1", reader="k.lee")


def test_in_a_pipe_it_reads_so(standing: Standing) -> None:
    assert "\n".join(plain(standing_tables(standing, NAMES, STEPS))) == WIDE


def test_a_possible_match_of_which_something_was_said_waits_for_a_run(standing: Standing) -> None:
    again = (AskAgain(source="custody", person="p1", why="identified"),)
    told = "\n".join(plain(standing_tables(replace(standing, again=again), NAMES, STEPS)))
    assert "2 possible matches to confirm; whose a record is was said: it counts from the next run on" in told


def test_in_sixty_columns_it_says_the_same(standing: Standing) -> None:
    lines = plain(standing_tables(standing, NAMES, STEPS), 60)
    assert all(len(line) <= 60 or "`" in line for line in lines)
    assert " ".join(" ".join(lines).split()).replace("-", "") == " ".join(WIDE.split()).replace("-", "")


def test_a_product_that_was_not_opened_and_no_permit_at_all_are_different_sentences(standing: Standing) -> None:
    shut = replace(standing, looked_up=False, again=())
    none = replace(standing, pairs=(pair("archive", "p2", "closed"),), again=(), version=None)
    done = replace(standing, pairs=(pair("archive", "p2", "answered"),), again=())
    shown = ["\n".join(plain(standing_tables(one, NAMES))) for one in (shut, none, done)]
    assert "It was not opened, so what came of the questions is not said here." in shown[0]
    assert "Not known: the newest product was not opened." in shown[0]
    assert "No product was sealed yet" in shown[1]
    assert shown[1].count("No question may be asked yet.") == 2
    assert "Nothing is owed: every permitted question is answered." in shown[2]


def test_what_makes_the_due_time_uncertain_stands_below_it(standing: Standing) -> None:
    note = "The profile's holidays end on 28 December 2027; later ones were not counted."
    lines = plain(standing_tables(replace(standing, clock=replace(standing.clock, notes=(note,))), NAMES))
    assert lines[2] == note


def test_a_source_without_a_contact_says_so_and_a_question_not_asked_points_to_run(standing: Standing) -> None:
    pairs = (replace(pair("police", "p1", "owed", status="unreachable"), ring=None), pair("police", "p2", "not_asked"))
    shown = "\n".join(plain(standing_tables(replace(standing, pairs=pairs), NAMES)))
    assert "no contact in hub.yaml" in shown
    assert "a run asks it, see below" in shown


def shut(standing: Standing, why: str) -> str:
    """The standing as it reads to somebody for whom the product stayed shut."""
    unknown = tuple(replace(one, state="not_looked_up") for one in standing.pairs[:3])
    shown = replace(
        standing, pairs=(*unknown, *standing.pairs[3:4], standing.pairs[5]), looked_up=False, again=(),
        shut="this reader may not open this record", shut_why=why,
    )  # fmt: skip
    return "\n".join(plain(standing_tables(shown, NAMES, STEPS), 1000))


def test_what_was_not_looked_up_is_never_counted_as_not_answered(standing: Standing) -> None:
    shown = shut(standing, "not_a_reader")
    assert "3 questions may be asked; what came was not looked up. 1 for a person's decision, 1 not permitted." in shown
    assert "answered, " not in shown


def test_a_reader_who_was_shut_out_is_told_who_can_help_and_how(standing: Standing) -> None:
    ask = "Ask a reader to run `mash-trawl --hub north status TEST-1`"
    assert f"{ask}, or for `mash-trawl --hub north readers grant TEST-1 k.lee`." in shut(standing, "not_a_reader")
    assert f"{ask}." in shut(standing, "role_missing")
    assert "Whom to ring: see above" in shut(standing, "not_a_reader")
    assert "readers grant" not in shut(standing, "role_missing")
    assert "Open it with your own key: `mash-trawl --hub north status TEST-1`" in shut(standing, "wrong_key")
    assert "--no-open" not in shut(standing, "not_a_reader")


def test_after_a_failed_ask_it_shows_that_ask_and_what_still_stands_from_before(standing: Standing) -> None:
    failed = pair("police", "p1", "owed", status="unreachable", since=NOW, earlier=NOW - timedelta(hours=1), possible=1)
    shown = "\n".join(plain(standing_tables(replace(standing, pairs=(failed,)), NAMES)))
    assert "State: answer owed: could not be reached; 1 possible match to confirm, from before" in shown
    assert "Since: asked today at 11:00; its earlier answer (today at 10:00) still stands" in shown
