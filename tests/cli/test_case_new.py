"""`case new`: a script of typed answers plays the analyst; what she means is what the case says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.cli import case_new
from mash_trawl.cli.interview import hold
from mash_trawl.cli.interview_case import ask_case
from mash_trawl.cli.new_hub import NewHub, create_hub
from mash_trawl.config.profiles import load_profile
from mash_trawl.consent import decide
from mash_trawl.model.case import Case

NOW = datetime(2026, 11, 3, 9, 20, tzinfo=UTC)
Answers = Sequence[tuple[str, str]]


class Player:
    """Plays an analyst: gives the next prepared answer when its question comes, an empty line to all others."""

    def __init__(self, answers: Answers) -> None:
        self.waiting = list(answers)
        self.heard: list[str] = []
        self.last = ""

    def say(self, line: str = "") -> None:
        self.heard.append(line)

    def listen(self) -> str:
        asked = next((at for at in range(len(self.heard) - 1, -1, -1) if self.heard[at] == ""), -1)
        question = " ".join(self.heard[asked + 1 :][:1])
        if self.waiting and self.waiting[0][0] in question:
            return self.waiting.pop(0)[1]
        if question.startswith("Save this case?"):
            raise AssertionError(f"never asked: {self.waiting[0][0]}" if self.waiting else "nobody said save")
        return ""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hub with three profiles; nobody but the drafts is written to."""
    root = tmp_path_factory.mktemp("hub")
    create_hub(
        NewHub(folder=root / "hub", keys=root / "keys", profiles=("children_in_need", "early_help", "front_door"),
               person="j.shah", account="jshah", passphrase=None)
    )  # fmt: skip
    return root / "hub"


@pytest.fixture(autouse=True)
def no_drafts(hub: Path) -> Iterator[None]:
    for file in (hub / "cases").glob("*"):
        file.unlink()
    yield


@pytest.fixture
def play(hub: Path) -> Callable[[Answers], tuple[Case | None, Player]]:
    def playing(answers: Answers) -> tuple[Case | None, Player]:
        desk, review = case_new.desk_at(hub, NOW), case_new.review_at(hub)
        player = Player([*answers] if answers and answers[-1][0] == "Save" else [*answers, ("Save", "save")])
        case = hold(lambda: ask_case(desk, review), player)
        assert player.waiting == []
        return case, player

    return playing


FAMILY = (
    ("kind of case", "children in need"),
    ("case reference", "MASH-2026-0777"),
    ("Who referred", "school"),
    ("referrer's name", "Designated lead"),
    ("referrer's telephone", "01632 960123"),
    ("arrive", "09:05"),
    ("the concern", "physical abuse, 5"),
    ("level of need", "level 4"),
    ("priority", "red"),
    ("What happened", "Injury seen: told the class teacher"),
    ("(p1)", "1"),
    ("Given names?", "Aisha Noor"),
    ("Family name?", "Khan"),
    ("another name", "yes"),
    ("What kind of name", "nickname"),
    ("Given names in that", "Ash"),
    ("Date of birth", "17/05/2014"),
    ("Sex", "female"),
    ("NHS number", "943 476 5918"),
    ("NHS number", "943 476 5919"),
    ("pupil number", "H801200001001"),
    ("live", "own"),
    ("Address", "14 Mill Lane, Northborough"),
    ("Postcode", "nb1 4qt"),
    ("Since when", "March 2021"),
    ("earlier address", "yes"),
    ("Address", "3 Old Street"),
    ("Since when", "2015"),
    ("Until when", "2014"),
    ("Until when", "back"),
    ("Since when", "2013"),
    ("Until when", "about 2021"),
    ("School", "North Primary"),
    ("another person", "yes"),
    ("(p2)", "parent, household"),
    ("Given names?", "Samira"),
    ("Family name?", '"Back"'),
    ("Date of birth", "about 1988"),
    ("Sex", "f"),
    ("live", "With p1"),
    ("another person", "yes"),
    ("(p3)", "sibling"),
    ("born", "no"),
    ("due", "about March 2027"),
    ("another person", "yes"),
    ("(p4)", "alleged source of harm"),
    ("live", "no fixed"),
    ("What is p2 Samira Back to p1", "1"),
    ("which way", "birth"),
    ("parental responsibility for p1", "yes"),
    ("come from", "the mother"),
    ("What is p4 to p1", "unknown"),
    ("What is p2 Samira Back to p3", "parent"),
    ("What is p2 Samira Back to p4", "partner"),
    ("which way", "separated"),
    ("Has anybody agreed", "yes"),
    ("Who agreed", "p2"),
    ("Did they agree", "agreed"),
    ("For whom", "p1, p2 and p4"),
    ("For whom", "1, 2"),
    ("Which agencies", "housing, health services, education"),
    ("What of Health", "gp_summary, health visiting"),
    ("When was this said", "today 09:10"),
    ("How?", "face to face"),
    ("notice or script", "privacy-notice-3.2"),
    ("understood", "social worker"),
    ("Until when does it hold", "1/2/2027"),
    ("Has a manager decided", "yes"),
    ("Which power", "S47"),
    ("Who decided", "r.cole"),
    ("When was it decided", "09:15"),
    ("grounds", "Disclosure to the school; injury seen."),
    ("About whom", "p1, p2"),
    ("Which part", "reasonable cause"),
    ("health of p1", "The injury"),
    ("agreement sought", "no"),
    ("Why not", "Telling the parent first could place the child at risk."),
)


def test_a_family_told_by_typed_answers_is_the_case_that_was_meant(play: Any) -> None:
    case, player = play(FAMILY)
    child, mother, unborn, other = case.people
    assert (case.id, case.profile, case.referral.level, case.referral.rag) == (
        "MASH-2026-0777", "children_in_need", 4, "red")  # fmt: skip
    assert case.referral.concerns == ("physical_abuse", "domestic_abuse")
    assert case.referral.referrer.telephone == "01632 960123"
    assert [(name.given, name.family, name.use) for name in child.names] == [
        (("Aisha", "Noor"), "Khan", "usual"), (("Ash",), "Khan", "nickname")]  # fmt: skip
    assert child.born.edtf == "2014-05-17" and child.school == "North Primary"
    assert child.identifiers == {"nhs_number": "943 476 5919", "upn": "H801200001001"}
    assert [(at.lines, at.postcode, at.from_.edtf) for at in child.addresses] == [
        (("14 Mill Lane", "Northborough"), "NB1 4QT", "2021-03"), (("3 Old Street",), None, "2013")]  # fmt: skip
    assert child.addresses[1].to.edtf == "2021~"
    assert (
        mother.names[0].family == "Back" and mother.born.edtf == "1988~" and mother.addresses[0] == child.addresses[0]
    )
    assert unborn.unborn and unborn.due.edtf == "2027-03~"
    assert other.addresses[0].no_fixed_address and other.names == ()
    ties = [(tie.from_, tie.kind, tie.nature, tie.to, tie.parental_responsibility) for tie in case.relationships]
    assert ties == [("p2", "parent", "birth", "p1", "yes"), ("p2", "parent", "unknown", "p3", "unknown"),
                    ("p2", "partner", "separated", "p4", "unknown")]  # fmt: skip
    assert "  Understood: about March 2027" in player.heard


def test_what_was_agreed_and_decided_is_what_the_profile_acts_on(play: Any) -> None:
    case, _ = play(FAMILY)
    (consent,), (use,) = case.consents, case.gateways
    assert (consent.capacity, consent.covers) == ("self_and_parental_responsibility", ("p1", "p2"))
    assert consent.categories == {"housing": "all", "health": ("gp_summary", "health_visiting"), "education": "all"}
    assert (consent.given_at.isoformat(), consent.expires_at.isoformat()) == (
        "2026-11-03T09:10:00+00:00", "2027-02-01T00:00:00+00:00")  # fmt: skip
    assert (use.id, use.trigger, use.health_reasons, use.consent_sought) == (
        "S47", "reasonable_cause", {"p1": "The injury"}, "no")  # fmt: skip
    found = {(item.person, item.category): item.outcome.value for item in
             decide(case, load_profile("children_in_need"), NOW)}  # fmt: skip
    assert found["p1", "health.gp_summary"] == found["p2", "police.domestic_abuse"] == "PERMIT"
    assert found["p4", "housing.tenancy"] == found["p3", "housing.tenancy"] == "DENY"


def test_empty_lines_to_every_question_make_a_case_with_nothing_made_up(play: Any) -> None:
    case, player = play(())
    (person,) = case.people
    assert case.id.startswith("case-20261103-") and case.referral.received_at == NOW
    assert (person.roles, person.names, person.born, person.addresses) == (("subject",), (), None, ())
    assert (case.relationships, case.consents, case.gateways, case.referral.rag) == ((), (), (), None)
    assert any("the date of birth" in line for line in player.heard)
