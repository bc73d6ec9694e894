"""A decision about a match is made again from the ledger, by whoever may read the case and nobody else."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from mash_trawl.config.read import read_value
from mash_trawl.errors import Refused
from mash_trawl.identity.trace import rerun
from mash_trawl.identity.verdicts import Verdicts
from mash_trawl.model.base import to_plain
from mash_trawl.sources.again import Memory
from mash_trawl.traces import retold

CASE = "DEMO-2026-0002"


@pytest.fixture
def hub(place, county):
    with place.open() as opened:
        yield opened


def memory_of(hub):
    """What the newest version's working copy holds."""
    opened = hub.custody.open(hub.custody.newest(CASE).path, hub.actor.id, lambda: None, "test", hub.actor.id)
    return read_value(Memory, json.loads(hub.custody.working_copy(opened)), "working copy")


def test_every_match_is_told_again_as_it_was_decided_and_decided_again_the_same(hub, place):
    result = hub.run(place.case("children-in-need"))
    told = {(one.source, one.matches.person): one.matches for one in hub.retold(place.case("children-in-need"))}
    searched = {(one.source, one.person): one for one in result.answers if one.refs is not None}
    assert told.keys() == searched.keys()
    assert any(one.matches for one in searched.values()) and any(one.waiting for one in searched.values())
    for pair, answer in searched.items():
        assert (told[pair].accepted, told[pair].review) == (answer.matches, answer.waiting)
        assert [item.lines for item in rerun(told[pair].trace)] == [item.lines for item in told[pair]]


def test_a_later_version_keeps_the_keys_of_the_trawls_before_it(hub, place):
    hub.run(place.case("children-in-need"))
    first = len(hub.retold(place.case("children-in-need")))
    hub.run(place.case("children-in-need"), refresh=["police"])
    assert len({one.trawl for one in memory_of(hub).traces}) == 2
    assert len({one.key for one in memory_of(hub).traces}) == len(memory_of(hub).traces) > 2
    assert len(hub.retold(place.case("children-in-need"))) > first


def test_without_the_key_a_trace_says_nothing_and_one_that_was_moved_does_not_open(hub, place):
    hub.run(place.case("children-in-need"))
    rows = list(hub.ledger.rows("match.decided"))
    text = json.dumps([row.private for row in rows])
    names = [name.family for person in memory_of(hub).kept[0].answer.matches for name in person.candidate.names]
    assert rows and names and not any(name and name in text for name in names)
    held = memory_of(hub)
    swapped = replace(held, traces=tuple(replace(one, key="00" * 32) for one in held.traces))
    with pytest.raises(Refused, match="custody"):
        list(retold(hub.ledger, CASE, swapped, Verdicts(), {(one.source, one.person) for one in held.traces}))


def test_what_is_somebody_elses_by_now_is_not_told_again_and_nobody_whom_the_version_does_not_name(hub, place):
    draft = place.case("children-in-need")
    hub.run(draft)
    (one,), before = hub.possible(draft), hub.retold(draft)
    hub.identify(draft, one.person, one.source, one.ref, same=False, reason="Another Samira.")
    after = hub.retold(draft)
    assert [(told.n, told.without) for told in after if told.without] == [
        (told.n, 1) for told in before if (told.source, told.matches.person) == (one.source, one.person)
    ]
    (told,) = (told for told in after if told.without)
    assert one.ref not in json.dumps(to_plain(told.matches)) and not told.matches.trace
    assert list(retold(hub.ledger, CASE, memory_of(hub), Verdicts(), ())) == []


def test_the_key_of_a_rejected_record_is_forgotten_and_no_later_trace_holds_what_it_says(hub, place):
    draft = place.case("children-in-need")
    hub.run(draft)
    (one,), first = hub.possible(draft), memory_of(hub)
    (waited,) = (match for kept in first.kept for match in kept.answer.waiting if match.ref == one.ref)
    signed = hub.identify(draft, one.person, one.source, one.ref, same=False, reason="Another Samira.")
    hub.run(draft)
    now, pair = memory_of(hub), (one.source, one.person)
    assert [bool(key.key) for key in now.traces if (key.source, key.person) == pair] == [False, True]
    assert all(key.key for key in now.traces if (key.source, key.person) != pair)
    (old,) = (key for key in first.traces if (key.source, key.person) == pair)
    assert one.ref in old.held and old.key not in json.dumps(to_plain(now))
    closed, again = (told for told in hub.retold(draft) if (told.source, told.matches.person) == pair)
    assert closed.closed and not closed.matches.items and not again.closed
    assert again.matches.trace["rejected"] == [signed.id] and again.without == 0
    says = [one.ref, *(name.family for name in waited.candidate.names), *waited.candidate.identifiers.values()]
    own = json.dumps(to_plain(again.matches.trace["matches"]))
    assert not any(word and word in own for word in says)
    assert rerun(again.matches.trace).items == again.matches.items


def test_what_was_taken_back_is_retold_to_nobody_and_the_next_trawl_tells_it_without(hub, place):
    draft = place.case("children-in-need")
    product = hub.run(draft).product
    taken = next(match for match in product.matches if match.source == "housing")
    pair, old = (taken.source, taken.person), memory_of(hub)
    hub.take_back(draft, taken.id, reason="A namesake.")
    held = memory_of(hub)
    assert [(one.key, one.held) for one in held.traces if (one.source, one.person) == pair] == [("", {})]
    assert [told.closed for told in hub.retold(draft) if (told.source, told.matches.person) == pair] == [True]
    hub.run(draft)
    (_, again) = (told for told in hub.retold(draft) if (told.source, told.matches.person) == pair)
    assert len(again.matches.trace["rejected"]) == 1 and taken.ref not in json.dumps(again.matches.trace)
    keys = {one.key for one in old.traces if (one.source, one.person) == pair}
    assert keys and not keys & {one.key for one in memory_of(hub).traces}
