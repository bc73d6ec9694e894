"""`review` as it is typed: what it shows, what it asks, what it refuses, and that no name leaves in JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner

from mash_trawl.cli import review_answers
from mash_trawl.cli.review_command import command
from mash_trawl.config.case import load_case
from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.identifying import Look, chosen
from mash_trawl.identity import match
from mash_trawl.identity.verdicts import Judged, Verdicts, record_mark
from mash_trawl.model.answer import Answer, Why
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.hidden import Hidden
from mash_trawl.model.match import Verdict, match_id
from mash_trawl.model.person import Address, Name
from mash_trawl.model.query import Candidate
from mash_trawl.sources.again import Kept, Memory

PERSON = {"id": "p1", "roles": ["subject"], "names": [{"given": ["Synthetica"], "family": "Testfall"}],
          "born": "2014-05-17", "addresses": [{"lines": ["1 Example Row"], "postcode": "NB1 4QT"}]}  # fmt: skip
CASE = load_case(
    {"version": 1, "id": "SYN-1", "profile": "children_in_need", "opened_at": "2026-11-03T09:20:00+00:00",
     "referral": {"source": "school", "received_at": "2026-11-03T09:05:00+00:00"},
     "people": [PERSON, {"id": "p2", "names": [{"given": ["Fictia"], "family": "Testfall"}], "born": "1988-11-02"}]}
)  # fmt: skip
HOME = Address(lines=("1 Example Row",), postcode="NB1 4QT")
HELD = Candidate(ref="T-1", names=(Name(given=("Synthetica",), family="Testfall"),), addresses=(HOME,),
                 born=PartialDate.of(date(2013, 5, 17)))  # fmt: skip
SAID = Verdict(statement="00", by="j.test", roles=("analyst",), at="2026-11-03T10:00:00+00:00", reason="Seen.")


SECRET = "5a" * 32


def named(ref):
    return match_id("housing", ref, SECRET)


def look(*held, said=None, hidden=(), taken=(), case=CASE):
    """What an opened version of the case left: records of housing that wait, or were taken, for the child."""
    found = match(case.people[0], [*held, *taken])
    refs = {item.ref for item in taken}
    answer = Answer(
        source="housing", agency="housing", person="p1", status="ambiguous_identity", why=Why.POSSIBLE_MATCHES,
        waiting=tuple(item for item in found if item.ref not in refs), possible=len(held),
        matches=tuple(replace(item, outcome="auto") for item in found if item.ref in refs),
    )  # fmt: skip
    memory = Memory(case="x", decided="y", kept=(Kept(answer=answer, facts="z"),), version=3,
                    secret=SECRET, hidden=Hidden(people=tuple(hidden)))  # fmt: skip
    counted = (SimpleNamespace(source="housing", person="p1"),)
    last = SimpleNamespace(memory=memory, product=SimpleNamespace(possible=counted, answers=counted))
    return Look(case=case, last=last, said=said or Verdicts())


def judged(same, record, known=True):
    one = Judged(same=same, record=record, known=known, verdict=SAID)
    return Verdicts(held={("housing", "p1"): {"T-1": one}})


def shown(seen, capsys, **how):
    review_answers.show_all(seen, **({"as_json": False, "simple": True, "begins": "mash-trawl"} | how))
    told = capsys.readouterr()
    return " ".join(told.out.split()), " ".join(told.err.split())


def test_both_sides_stand_beside_each_other_with_why_it_is_not_certain_and_how_to_answer(capsys):
    out, err = shown(look(HELD), capsys)
    for words in ("2014-05-17", "2013-05-17", "G5: the year of birth differs", named("T-1"),
                  "p1 Synthetica Testfall?", "1 Example Row"):  # fmt: skip
        assert words in out, words
    assert "chance that a stranger would agree like this" in out and "No other candidate" in out
    assert "T-1 " not in out
    assert f"`mash-trawl review SYN-1 --match {named('T-1')} --person p1 --confirm --reason TEXT`" in err


def test_json_holds_ids_and_codes_and_nobody(capsys):
    out, _ = shown(look(HELD), capsys, as_json=True)
    told = json.loads(out)
    assert (told["case"], told["waiting"]) == ("SYN-1", 1)
    assert told["matches"][0]["guards"] and told["matches"][0]["id"] == named("T-1")
    assert not any(word in out for word in ("Synthetica", "Testfall", "2013", "Example", "T-1"))


@pytest.mark.parametrize(
    "seen",
    [
        look(HELD, hidden=["p1"]), look(replace(HELD, restrictions=("hidden_address",))),
        look(replace(HELD, restrictions=("adoption",))),
        look(HELD, case=load_case({"version": 1, "id": "SYN-1", "profile": "children_in_need",
             "opened_at": "2026-11-03T09:20:00+00:00",
             "referral": {"source": "school", "received_at": "2026-11-03T09:05:00+00:00"},
             "people": [PERSON | {"restrictions": ["witness_protection"]}]})),
    ],
    ids=["hidden before", "hidden there", "adopted there", "protected here"],
)  # fmt: skip
def test_no_address_is_shown_of_anybody_protected_on_either_side(seen, capsys):
    (one,) = seen.possible
    assert one.address_withheld
    assert "Example Row" not in repr([(line.here, line.there) for line in one.match.lines])
    out, _ = shown(seen, capsys)
    assert "Example Row" not in out and "NB1" not in out and "Addresses are withheld" in out


@pytest.mark.parametrize(
    ("verdicts", "state", "since", "words"),
    [
        (judged(True, record_mark(HELD)), "confirmed", "", "Already confirmed by j.test: Seen."),
        (judged(False, ""), "rejected", "", "Already rejected by j.test: Seen."),
        (judged(True, "another"), "waiting", "record_changed", "what the agency holds has changed since"),
        (judged(True, ""), "waiting", "looked_at_again", "It was rejected before, and is to be looked at again"),
        (
            judged(True, record_mark(HELD), known=False),
            "waiting",
            "person_changed",
            "names or birth date changed since",
        ),
        (judged(False, "", known=False), "waiting", "person_changed", "names or birth date changed since"),
    ],
)
def test_what_was_said_before_is_told_and_why_it_counts_no_more(verdicts, state, since, words, capsys):
    seen = look(HELD, said=verdicts)
    assert [(one.state, one.since) for one in seen.possible] == [(state, since)]
    assert words in shown(seen, capsys)[0]


def test_a_case_in_which_nothing_waits_says_so(capsys):
    for seen in (Look(case=CASE, last=None), look()):
        assert shown(seen, capsys)[0] == "No record in this case waits for a named person."


def test_an_answer_needs_a_record_and_a_reason_and_names_one_that_waits():
    seen, own = look(HELD), named("T-1")
    for matches, reason in (((own,), None), ((own,), " "), ((), "Seen."), (("housing:00000000",), "Seen.")):
        with pytest.raises(Misconfigured):
            review_answers.this_answer(seen, matches, None, same=True, reason=reason, begins="mash-trawl")
    ((item, said),) = review_answers.this_answer(seen, (own, own), "p1", same=True, reason=" Seen. ", begins="m")
    assert (item.ref, said.same, said.reason, said.record) == ("T-1", True, "Seen.", record_mark(HELD))
    assert said.discovered_at is None


def test_a_record_that_waits_for_two_people_needs_the_person_named():
    (one,) = look(HELD).possible
    both = (one, replace(one, person="p2"))
    with pytest.raises(Misconfigured, match="p1, p2"):
        chosen(both, one.id, None)
    assert chosen(both, one.id, "p2").person == "p2"


def test_two_records_of_one_source_are_confirmed_one_at_a_time_and_rejected_together():
    other = replace(HELD, ref="T-2")
    seen, ids = look(HELD, other), [named(ref) for ref in ("T-1", "T-2")]
    with pytest.raises(Misconfigured, match="two of these"):
        review_answers.this_answer(seen, ids, None, same=True, reason="Seen.", begins="mash-trawl")
    assert len(review_answers.this_answer(seen, ids, None, same=False, reason="Seen.", begins="mash-trawl")) == 2


def test_a_second_record_of_somebody_adopted_cannot_be_confirmed_and_can_be_rejected():
    after = replace(HELD, ref="T-2", born=PartialDate.of(date(2014, 5, 17)))
    seen = look(replace(HELD, restrictions=("adoption",)), taken=[after])
    with pytest.raises(Refused) as refused:
        seen.identified("p1", "housing", "T-1", same=True, reason="Seen.")
    assert refused.value.why == "never_linked"
    assert not seen.identified("p1", "housing", "T-1", same=False, reason="Seen.").same
    alone = look(replace(HELD, restrictions=("adoption",)))
    assert alone.identified("p1", "housing", "T-1", same=True, reason="Seen.").same


@pytest.mark.parametrize("same", [True, False])
def test_a_record_without_a_key_can_be_neither_confirmed_nor_rejected(same):
    seen = look(replace(HELD, ref=" "))
    with pytest.raises(Refused) as refused:
        seen.identified("p1", "housing", " ", same=same, reason="Seen.")
    assert refused.value.why == "no_key"


def asked(seen, *typed):
    @click.command()
    def ask():
        for item, said in review_answers.ask_each(seen, simple=True, begins="mash-trawl"):
            click.echo(f"{item.ref} {said.same} {said.reason}")

    return CliRunner().invoke(ask, input="\n".join([*typed, ""]))


def test_at_a_terminal_each_record_is_asked_about_and_later_signs_nothing():
    other = replace(HELD, ref="T-2")
    done = asked(look(HELD, other), "confirm", "Same school.", "later")
    assert done.exit_code == 0, done.output
    assert [line for line in done.stdout.splitlines() if line.endswith("Same school.")] == ["T-1 True Same school."]
    assert "2 of 2" in done.stdout and "T-2 " not in done.stdout
    assert "left for later" in asked(look(HELD), "reject", "  ").output


@pytest.mark.parametrize("options", [("--match", "x:00"), ("--person", "p1"), ("--reason", "Seen.")])
def test_an_answer_without_yes_or_no_is_refused_before_anything_is_opened(options, case_hub):
    hub = case_hub.parent / "hub"
    (hub / "cases").mkdir(exist_ok=True)
    case = hub / "cases" / "syn-review.yaml"
    case.write_text(json.dumps({"version": 1, "id": "SYN-R", "profile": "children_in_need",
                    "opened_at": "2026-11-03T09:20:00+00:00",
                    "referral": {"source": "school", "received_at": "2026-11-03T09:05:00+00:00"},
                    "people": [PERSON]}), "utf-8")  # fmt: skip
    done = CliRunner().invoke(command, [str(case), *options], obj=hub)
    assert isinstance(done.exception, Misconfigured)
    assert "Say --confirm or --reject." in str(done.exception)
