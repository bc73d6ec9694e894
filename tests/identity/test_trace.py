"""What a decision came from can be written down, read back bit for bit, and the decision made again from it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mash_trawl.errors import Refused
from mash_trawl.identity.recognise import Recognise
from mash_trawl.identity.trace import rebuild, rerun
from mash_trawl.identity.verdicts import Judged, Verdicts
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.match import MatchPolicy, Verdict
from mash_trawl.model.person import Address, Name, Person
from mash_trawl.model.query import Candidate
from mash_trawl.model.weighing import NameShares, Share, Weight

HOSTEL = Address(lines=("1 Dock Street",), postcode="NB2 2BB", uprn="100023330000")
POLICY = MatchPolicy(
    populations={"housing": 41_000, "police": 900_000},
    shared_addresses=("NB2 2BB",),
    guards={"G15": "strict"},
    weights=(
        Weight(
            field="sex", level="same", m=Share.parse("0.998"), u=Share.parse("0.51"), source="local", n=4120,
            date=date(2026, 10, 1), at="housing",
        ),
    ),
    names=NameShares(given={"aisha": 9_000_000}, family={"khan": 31_000_000}, least={"given": 17_000, "family": 17_000},
                     source="local", date=date(2026, 10, 1), sha256="f" * 64),
)  # fmt: skip

names = st.sampled_from(["Aisha", "Ayesha", "Ella", "Ellie", "", "Baby", "Jo-Anne", "Оксана", "O'Neill", "محمد"])
dates = st.sampled_from([None, "2014-05-17", "2014-01-01", "2014", "about May 2014", "2014-05-18", "18/05/2013"])
places = st.sampled_from([(), (HOSTEL,), (Address(lines=("14 Mill Lane",), postcode="NB1 4QT"), HOSTEL)])
facts = st.builds(
    lambda given_name, middle, family, born, sex, held, number: {
        "names": (Name(given=tuple(part for part in (given_name, middle) if part), family=family or None),),
        "born": PartialDate.parse(born) if born else None, "sex": sex, "addresses": held,
        "identifiers": {"nhs_number": number} if number else {},
    },
    names, st.sampled_from(["", "J", "Rose"]), names, dates, st.sampled_from(["female", "male", "unknown"]), places,
    st.sampled_from([None, "999 000 0018", "9990000026"]),
)  # fmt: skip


def kept(matches):
    return tuple(item for item in matches if item.outcome != "no_match")


@settings(max_examples=80, deadline=None)
@given(
    here=facts, there=st.lists(st.tuples(st.sampled_from("abc "), facts), max_size=6), truncated=st.booleans(),
    policy=st.sampled_from([None, POLICY]),
)  # fmt: skip
def test_a_decision_is_made_again_bit_for_bit_from_its_written_trace(here, there, truncated, policy):
    rows = [Candidate(ref=ref, **held) for ref, held in there]
    matches = Recognise(policy=policy)(Person(id="p1", **here), rows, source="housing", truncated=truncated)
    written = json.loads(json.dumps(matches.trace, sort_keys=True))
    assert rebuild(written).items == kept(matches) == kept(rerun(written))
    assert rebuild(written).cut is matches.cut


def test_in_another_process_the_same_comes_out(person, candidate, tmp_path):
    matches = Recognise(policy=POLICY)(person(), [candidate(), candidate(ref="b", born="2014")], source="housing",
                                       truncated=False)  # fmt: skip
    file = tmp_path / "trace.json"
    file.write_text(json.dumps(matches.trace))
    code = (
        "import json, sys; from mash_trawl.identity.trace import rebuild, rerun;"
        "from mash_trawl.model.base import to_plain;"
        "t = json.load(open(sys.argv[1])); print(json.dumps([to_plain(rebuild(t).items), to_plain(rerun(t).items)]))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True)
    read, again = json.loads(done.stdout)
    assert read == again == json.loads(json.dumps(matches.trace["matches"]))


def test_of_those_who_are_no_match_nothing_is_kept_but_their_score(person, candidate):
    sister = candidate(ref="secret-ref", given="Zahra", born="2016-01-09")
    other = candidate(ref="other-ref", given="", family="Fenwick", born="2013-02-11", addresses=())
    matches = Recognise()(person(), [candidate(), sister, other], source="housing", truncated=False)
    assert [item.outcome for item in matches] == ["auto", "no_match", "no_match"]
    text = json.dumps(matches.trace)
    assert not any(word in text for word in ("Zahra", "secret-ref", "2016", "Fenwick", "other-ref"))
    assert matches.trace["candidates"] == 3
    assert matches.trace["rivals"] == [item.millibits for item in matches if item.ref == "other-ref"]


def test_what_a_policy_says_of_other_sources_is_not_kept(person, candidate):
    trace = Recognise(policy=POLICY)(person(), [candidate()], source="police", truncated=False).trace
    assert trace["policy"]["population"] == 900_000
    assert "weights" not in trace["policy"]
    assert set(trace["shares"]["given"]) == {"aisha"}


def test_a_changed_trace_is_refused(person, candidate):
    trace = dict(Recognise()(person(), [candidate()], source="housing", truncated=False).trace)
    for changed in (trace | {"rivals": [99_000]}, trace | {"form": 2}, {}):
        with pytest.raises(Refused):
            rebuild(changed)


def test_rules_of_another_version_read_back_and_are_not_run_again(person, candidate):
    from mash_trawl.identity.policy import mark

    matches = Recognise()(person(), [candidate()], source="housing", truncated=False)
    old = {name: item for name, item in matches.trace.items() if name != "sha256"} | {"model": "2019.1"}
    old |= {"sha256": mark(old)}
    assert rebuild(old).items == matches.items
    with pytest.raises(Refused, match="another version"):
        rerun(old)


def test_what_a_named_person_decided_is_read_back_with_it(person, candidate):
    from mash_trawl.identity.match import judge
    from mash_trawl.identity.policy import rules_for
    from mash_trawl.identity.trace import trace

    weighed = judge(person(), [candidate(sex="male"), candidate(ref="b", given="Zahra")], rules_for())
    verdict = Verdict(statement="s1", by="r.cole", roles=("decider",), at="2026-11-03T10:00:00Z", reason="Seen both.")
    first, second = weighed.matches
    decided = replace(weighed.matches, items=(replace(first, outcome="confirmed", verdict=verdict), second))
    written = json.loads(json.dumps(trace(weighed, decided)))
    assert rebuild(written).items == decided.items[:1]
    assert [item.outcome for item in rerun(written)] == ["review"]


@settings(max_examples=60, deadline=None)
@given(
    here=facts, there=st.lists(facts, min_size=1, max_size=5), gone=st.integers(0, 4), truncated=st.booleans(),
    policy=st.sampled_from([None, POLICY]),
)  # fmt: skip
def test_without_the_facts_of_a_rejected_record_all_else_comes_out_bit_for_bit(here, there, gone, truncated, policy):
    rows = [Candidate(ref=f"r{number}", **held) for number, held in enumerate(there)]
    wrong = rows[gone % len(rows)]
    verdict = Verdict(statement="s1", by="r.cole", roles=("decider",), at="2026-11-03T10:00:00Z", reason="Seen both.")
    said = Judged(same=False, record="", known=True, verdict=verdict)
    verdicts = Verdicts(held={("housing", "p1"): {wrong.ref: said}})
    person = Person(id="p1", **here)
    matches = Recognise(policy=policy, verdicts=verdicts)(person, rows, source="housing", truncated=truncated)
    written = json.loads(json.dumps(matches.trace, sort_keys=True))
    left = tuple(item for item in kept(matches) if item.outcome != "rejected")
    assert rebuild(written).items == left == kept(rerun(written))
    assert written["rejected"] == ["s1"] and f'"{wrong.ref}"' not in json.dumps(written)
