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
                        opens=(Opens(what="Police: Missing person reports", people=("p2",)),)),),
        lapsing=(Lapsing(kind="consent", basis="c1", at=NOW + timedelta(days=2), pairs=(("police", "p1"),)),
                 Lapsing(kind="review", basis="S47", at=NOW - timedelta(days=1), over=True)),
        again=tuple(AskAgain(source="police", person=person, why="failed") for person in NAMES),
        version=Version(record="r", version=1, sealed_at=asked, read_by=(Reading(reader="j.shah", at=NOW),)),
    )  # fmt: skip


WIDE = """\
Case TEST-1 under the profile front_door, today at 11:00.
Received today at 09:00. Red: due today at 13:00, 2 h left.
Newest product: version 1, sealed today at 09:41; read by j.shah (today at 11:00).
1 question answered, 4 open, 1 not permitted.

To chase
--------
Source            About                      State                      Since                 Whom to ring
Police            Ada Example and Bea        answer owed: no answer in  asked today at 09:41  Police disclosure desk,
                  Example                    time                                             01632 960002
Police (custody)  Ada Example                2 possible matches to      asked today at 09:41  Police disclosure desk,
                                             confirm                                          01632 960002
Police (intel)    Bea Example                waits for a decision                             see below

Waits for a person's decision
-----------------------------
Police: Intelligence (about Bea Example)
  Why it waits: A named person decides for Bea Example.
  Who decides: team manager
  What would settle it: Ask them.

Ends soon
---------
What                           When                               Then
Consent c1                     ends Thursday 5 November at 11:00  closes 1 question
Review of the legal power S47  was due yesterday

Not permitted, and what would unlock it
---------------------------------------
Ask Bea Example to agree to this.
  It would open: Police: Missing person reports (about Bea Example)

`run` would ask now
-------------------
Why                       Whom
no full answer last time  police about Ada Example and Bea Example"""

NARROW = """\
To chase
--------
Police
  About: Ada Example and Bea Example
  State: answer owed: no answer in time
  Since: asked today at 09:41
  Whom to ring: Police disclosure desk, 01632 960002
Police (custody)
  About: Ada Example
  State: 2 possible matches to confirm
  Since: asked today at 09:41
  Whom to ring: Police disclosure desk, 01632 960002
Police (intel)
  About: Bea Example
  State: waits for a decision
  Whom to ring: see below"""


def test_in_a_pipe_it_reads_so(standing: Standing) -> None:
    assert "\n".join(plain(standing_tables(standing, NAMES))) == WIDE


def test_in_sixty_columns_it_reads_so(standing: Standing) -> None:
    lines = plain(standing_tables(standing, NAMES), 60)
    assert max(map(len, lines)) <= 60
    assert NARROW in "\n".join(lines)


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
    assert "`run` asks it" in shown
