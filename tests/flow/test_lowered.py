"""A threshold that labelled decisions lowered, through a whole trawl: what it makes certain, and what it does not."""

from __future__ import annotations

from datetime import date, timedelta

from mash_trawl.cli.doctor import look_at_profiles
from mash_trawl.config.case import load_case
from mash_trawl.model.match import MatchPolicy

TODAY = date.today()


def profile(place, people, more=""):
    """The case's profile with a police system so large that a match of theirs has nine bits, and these lines."""
    (place.hub / "profiles").mkdir(exist_ok=True)
    (place.hub / "profiles" / "children_in_need.yaml").write_text(
        f'extends: children_in_need\nversion: "1"\nmatching:\n  populations: {{police: {people}}}\n{more}', "utf-8"
    )


def lowered(day):
    """Proof of eight bits, labelled on this day."""
    return (
        f"  auto_per_million: 996109\n  lowered_by:\n    as_of: {day}\n    file_digest: {'3f' * 32}\n"
        "    bands: [{from_bits: 8, reviewed: 2995, wrong: 0}]\n"
    )


def of_police(result):
    """For each person, how many records the police's answer took by rule, and which wait with which guards."""
    return {
        one.person: (
            [match.outcome for match in one.matches],
            [[guard.id for guard in match.guards] for match in one.waiting],
        )
        for one in result.answers
        if one.source == "police" and (one.matches or one.waiting)
    }


def test_a_lowered_threshold_takes_what_was_left_to_a_person_and_leaves_what_a_guard_holds(place, county):
    draft = place.case("children-in-need")
    with place.open() as hub:
        (taken,) = next(one.matches for one in hub.run(draft).answers if (one.source, one.person) == ("police", "p1"))
        assert (taken.outcome, taken.guards) == ("auto", ())
        people = round(300_000 * 2 ** (taken.bits - 9))
        profile(place, people)
        before = of_police(hub.run(draft))
        assert before["p1"] == ([], [[]])
        profile(place, people, lowered(TODAY - timedelta(days=30)))
        after = of_police(hub.run(draft))
        assert after["p1"] == (["auto"], [])
        assert before["p2"] == after["p2"] and after["p2"][1] and all(after["p2"][1])
        profile(place, people, lowered(TODAY - timedelta(days=400)))
        assert hub.profile_of(load_case(draft)).matching == MatchPolicy(populations={"police": people})
        (told,) = (seen for seen in look_at_profiles(hub) if seen.level == "wrong")
    assert told.where.endswith("children_in_need.yaml:7:12")
    assert "were labelled more than 365 days ago: the built-in threshold holds" in told.what
