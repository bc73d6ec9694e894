"""A decision in words: what stands here and there, bits that add up, guards, runner-up, a plain likelihood."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mash_trawl.identity import match
from mash_trawl.identity.explain import OUTCOMES, bits, likelihood, words
from mash_trawl.identity.trace import rebuild
from mash_trawl.model.match import Verdict

NUMBER = re.compile(r"[+-][0-9]+\.[0-9]{3}")


def only(matches):
    (item,) = matches
    return item


def test_every_field_has_one_line_with_both_values_level_bits_and_running_total(person, candidate):
    told = words(only(match(person(), [candidate(family="Kahn")])))
    assert any(
        line.startswith("given name: here aisha, there aisha: the same, +7.163, running total ") for line in told
    )
    assert any(line.startswith("NHS number: not compared (not held on both sides), +0.000") for line in told)
    fields = ("NHS number", "UPN", "given name", "family name", "date of birth", "sex", "address")
    assert [line.split(":")[0] for line in told[1:8]] == list(fields)


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(["Aisha", "Ayesha", "Zahra", "", "A"]),
    born=st.sampled_from(["2014-05-17", "2014", "2014-05-18", "1985-03-14"]),
    sex=st.sampled_from(["female", "male", "unknown"]),
)
def test_the_bars_that_are_told_add_up_to_the_total_that_is_told(name, born, sex):
    side = {"names": [{"given": ["Aisha"], "family": "Khan"}], "born": "2014-05-17", "sex": "female"}
    other = {"names": [{"given": [name] if name else [], "family": "Khan"}], "born": born, "sex": sex}
    told = words(only(match(side, [{"ref": "a"} | other])))
    bars = [Decimal(NUMBER.findall(line)[0]) for line in told[:8]]
    running = [Decimal(NUMBER.findall(line)[1]) for line in told[1:8]]
    total = Decimal(told[8].removeprefix("total: "))
    assert sum(bars) == total == running[-1]
    assert all(sum(bars[: at + 2]) == shown for at, shown in enumerate(running))


def test_guards_runner_up_and_gap_are_told(person, candidate):
    first, second = match(person(), [candidate(ref="a"), candidate(ref="b", sex="unknown")])
    assert "G6: another candidate of this source is nearly as likely" in words(first)
    assert "the next candidate of this source is 0.996 bits behind" in words(first)
    assert "another candidate of this source is ahead by 0.996 bits" in words(second)
    alone = words(only(match(person(), [candidate()])))
    assert {"no guard stands against it", "no other candidate of this source is in the running"} <= set(alone)


def test_a_likelihood_is_plain_and_never_a_percentage(person, candidate):
    found = only(match(person(), [candidate(addresses=())]))
    assert likelihood(found) == "about 1 in 360 million chance that a stranger would agree like this"
    assert not any("%" in line or "per cent" in line for line in words(found))
    stranger = only(match(person(), [candidate(given="Nell", family="Fenwick", born="1979-02-11", addresses=())]))
    assert likelihood(stranger) == "a stranger would agree like this as often as the person, or more often"


@pytest.mark.parametrize(("millibits", "text"), [(0, "+0.000"), (7748, "+7.748"), (-50, "-0.050"), (-4621, "-4.621")])
def test_bits_are_told_to_the_last_thousandth(millibits, text):
    assert bits(millibits) == text


def test_what_a_named_person_decided_is_told_with_name_time_and_reason(person, candidate):
    verdict = Verdict(statement="s1", by="r.cole", roles=("decider",), at="2026-11-03T10:00:00Z", reason="Seen both.")
    decided = replace(only(match(person(), [candidate(sex="male")])), outcome="confirmed", verdict=verdict)
    assert words(decided)[-2:] == (
        f"outcome: {OUTCOMES['confirmed']}", "decided by r.cole on 2026-11-03T10:00:00Z: Seen both.",
    )  # fmt: skip


def test_the_words_out_of_a_trace_are_the_words_of_the_decision(person, candidate):
    from mash_trawl.identity.recognise import Recognise

    matches = Recognise()(person(), [candidate(born="2014")], source="housing", truncated=False)
    assert words(only(rebuild(matches.trace))) == words(only(matches))
