"""Categories that nothing tells apart are decided once, and each decision reads as if it had been decided by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mash_trawl.consent import decide
from mash_trawl.consent.topics import TITLE
from mash_trawl.model.backing import Backing
from mash_trawl.model.decision import SourceRef
from mash_trawl.model.profile import Category, Profile
from mash_trawl.model.statement import Reply

KINDS = {name: Category(title=f"Kind {name}", health=name in "cd", by_gateway="review" if name == "e" else "open")
         for name in "abcdefgh"}  # fmt: skip


@pytest.fixture
def rules(profile) -> Profile:
    """A profile whose housing holds eight kinds, of which a power opens some."""
    base = profile("children_in_need")
    power = base.gateways["S47"]
    opens = {**power.opens, "housing": ("a", "b", "c", "d", "e", "f")}
    return replace(
        base,
        agencies={**base.agencies, "housing": replace(base.agencies["housing"], categories=KINDS)},
        gateways={**base.gateways, "S47": replace(power, opens=opens, existence={"housing": ("g",)})},
    )


def asked(case, rules, now, *names, **behind):
    """The decisions about these kinds, offered by one source."""
    source = SourceRef(name="homes", agency="housing", categories=tuple(f"housing.{name}" for name in names))
    return decide(case, rules, now, [source], backing=Backing(**behind)).items


def test_together_or_alone_every_category_reads_the_same(family, agreed, s47, rules, now, says):
    records = [agreed(categories={"housing": ["a", "h"]}), agreed(id="c2", categories={"housing": "all"}),
               agreed(id="c3", kind="refusal", given_by="father", capacity="parental_responsibility",
                      covers=["child"], categories={"housing": ["a", "b"]})]  # fmt: skip
    case = family.case(consents=records, gateways=[s47(covers=["child", "teen", "father"])])
    no = {
        "person": "child",
        "category": "housing.b",
        "rule": "consent.contested",
        "basis": "c1",
        "reason": "Synthetic.",
    }
    spoken = (says(case, Reply(yes=False, **no)),)
    together = asked(case, rules, now, *KINDS, spoken=spoken)
    alone = {(item.person, item.category): item
             for name in KINDS for item in asked(case, rules, now, name, spoken=spoken)}  # fmt: skip
    assert [alone[item.person, item.category] for item in together] == list(together)
    assert len({item.rule for item in together}) > 5


def test_what_is_said_names_each_category_by_its_own_title(family, rules, now):
    found = {item.category: item for item in asked(family.case(), rules, now, "a", "b") if item.person == "mother"}
    for name, other in (("a", "b"), ("b", "a")):
        item = found[f"housing.{name}"]
        assert f"Kind {name}" in item.reason and f"Kind {name}" in item.unlock
        assert f"Kind {other}" not in item.reason + item.unlock
        assert TITLE not in item.reason + item.unlock


def test_an_answer_about_one_category_does_not_answer_one_that_is_like_it(family, agreed, rules, now, says):
    no = agreed(id="c2", kind="refusal", given_by="father", capacity="parental_responsibility", covers=["child"])
    case = family.case(consents=[agreed(), no])
    yes = Reply(person="child", category="housing.a", rule="consent.contested", basis="c1", yes=True, reason="S.")
    found = asked(case, rules, now, "a", "b", spoken=(says(case, yes),))
    assert {item.category: item.rule for item in found if item.person == "child"} == {
        "housing.a": "review.agreed", "housing.b": "consent.contested",
    }  # fmt: skip


def test_two_answers_about_categories_that_are_alike_stay_two(family, agreed, rules, now, says):
    no = agreed(id="c2", kind="refusal", given_by="father", capacity="parental_responsibility", covers=["child"])
    case = family.case(consents=[agreed(), no])
    asked_of = {"person": "child", "rule": "consent.contested", "basis": "c1", "reason": "Synthetic."}
    spoken = tuple(says(case, Reply(category=f"housing.{name}", yes=name == "a", **asked_of)) for name in "ab")
    for order in ("ab", "ba"):
        found = asked(case, rules, now, *order, spoken=spoken)
        assert {item.category: item.rule for item in found if item.person == "child"} == {
            "housing.a": "review.agreed", "housing.b": "review.declined",
        }  # fmt: skip
