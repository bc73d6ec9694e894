"""Like refusals meet in one sentence, and no word of a sentence is taken for a person."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from mash_trawl.config.profiles import load_profile
from mash_trawl.model.unlocks import name_people, unlocks

BASE = load_profile("base")
CATEGORIES = [(agency, f"{agency}.{name}") for agency, body in BASE.agencies.items() for name in body.categories]


@dataclass(frozen=True)
class Refused:
    person: str
    agency: str
    category: str
    unlock: str
    source: str = "a source"
    rule: str = "consent.not_sought"


def refused(person: str, category: tuple[str, str], asking: str = "Ask {} to agree to {}.") -> Refused:
    kind = BASE.category(category[1])
    assert kind is not None
    label = f"{BASE.agencies[category[0]].title}: {kind.title}"
    return Refused(person=person, agency=category[0], category=category[1], unlock=asking.format(person, label))


def test_people_and_categories_of_one_kind_of_refusal_are_one_thing_to_do() -> None:
    found = unlocks([refused(person, one) for person in ("p1", "p2") for one in CATEGORIES], BASE)
    (one,) = found
    assert one.what == "Ask p1 and p2 to agree to this."
    assert len(one.categories) == len(CATEGORIES)
    assert [opens.people for opens in one.opens] == [("p1", "p2")]


def test_a_refusal_that_nothing_unlocks_is_no_thing_to_do() -> None:
    assert unlocks([refused("p1", CATEGORIES[0], "")], BASE) == ()


def test_an_id_that_could_be_a_word_is_never_taken_for_one() -> None:
    names = {"person": "Ada Example", "p1": "Bea p2 Example", "p2": "Col Example", "p10": "Dan Example"}
    text = "A named person decides about p1, p10 and xp2."
    assert name_people(text, names) == "A named person decides about Bea p2 Example, Dan Example and xp2."
    (one,) = unlocks([refused("person", CATEGORIES[0], "A person asks person to agree to {1}.")], BASE)
    assert one.what == "A person asks person to agree to this."


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 5), st.sampled_from(CATEGORIES), st.booleans()), max_size=30))
def test_no_refusal_is_lost_and_none_is_told_twice(drawn: list[tuple[int, tuple[str, str], bool]]) -> None:
    items = {
        (number, category): refused(f"p{number}", category, "Ask {} about {}." if kind else "Tell {}: {}.")
        for number, category, kind in drawn
    }
    found = unlocks(items.values(), BASE)
    told = [(person, agency) for one in found for opens in one.opens for person in opens.people
            for agency in [opens.what]]  # fmt: skip
    assert {person for person, _ in told} == {item.person for item in items.values()}
    assert sum(len(opens.people) for one in found for opens in one.opens) == len(
        {(item.person, item.unlock.split()[0]) for item in items.values()}
    )
    assert len(found) <= 2
