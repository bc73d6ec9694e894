"""The family as data: couples only where somebody says so, all versions of a dispute, homes on the day, sources."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mash_trawl.model.case import Tie
from mash_trawl.model.finding import Relationship, Residence
from mash_trawl.model.person import Address
from mash_trawl.product import compose

HOME = Address(lines=("14 Mill Lane",), postcode="NB1 4QT")
AWAY = Address(lines=("3 Other Road",), postcode="NB2 1AA")


def _product(make: Callable[..., Any], ties: tuple[Tie, ...] = (), findings: tuple[Any, ...] = (), **sexes: str) -> Any:
    """A case of `mum`, `f1`, `f2`, `kid`, `kid2`; housing knows each under the same key, with a leading h."""
    usual = {"mum": "female", "f1": "male", "f2": "male", "kid": "female", "kid2": "male"} | sexes
    people = [make("person", ident, ident, sex=sex) for ident, sex in usual.items()]
    case = make("case", *people, ties=ties)
    answers = [
        make("answer", "housing", one.id, findings=findings if one.id == "mum" else (),
             matches=(make("matched", one.id, make("candidate", f"h{one.id}", one.id)),))
        for one in people
    ]  # fmt: skip
    return compose(case, make("decided", case, ("housing",)), answers)


def _parent(one: str, child: str, nature: Any = "birth") -> Tie:
    return Tie(from_=one, to=child, kind="parent", nature=nature)


def _said(make: Callable[..., Any], ref: str, one: str, other: str, kind: Any, nature: str = "unknown") -> Relationship:
    return Relationship(ref=ref, about=(f"h{one}", f"h{other}"), category="housing.tenancy", from_=f"h{one}",
                        to=f"h{other}", kind=kind, nature=nature)  # fmt: skip


def _couples(family: Any) -> set[tuple[str, ...]]:
    return {union.partners for union in family.unions if len(union.partners) == 2}


def test_a_new_partner_does_not_become_a_parent_of_the_children(make: Callable[..., Any]) -> None:
    family = _product(make, (_parent("mum", "kid"),), (_said(make, "r", "f1", "mum", "partner"),)).family
    assert _couples(family) == {("mum", "f1")}
    (link,) = family.children
    assert next(union.partners for union in family.unions if union.id == link.union) == ("mum",)


def test_two_people_in_one_home_are_no_couple(make: Callable[..., Any]) -> None:
    home = Residence(ref="t", about=("hmum", "hf1"), category="housing.tenancy", address=HOME)
    family = _product(make, (), (home,)).family
    assert family.unions == ()
    assert [[member.person for member in item.members] for item in family.households] == [["mum", "f1"]]


def test_half_siblings_hang_on_their_own_unions_and_are_derived(make: Callable[..., Any]) -> None:
    ties = (_parent("mum", "kid"), _parent("f1", "kid"), _parent("mum", "kid2"), _parent("f2", "kid2"))
    family = _product(make, ties).family
    assert _couples(family) == {("mum", "f1"), ("mum", "f2")}
    assert [(item.kind, item.people, item.via) for item in family.derived] == [
        ("half_siblings", ("kid", "kid2"), ("mum",))
    ]


def test_an_unknown_second_parent_makes_nobody_a_half_sibling(make: Callable[..., Any]) -> None:
    family = _product(make, (_parent("mum", "kid"), _parent("f1", "kid"), _parent("mum", "kid2"))).family
    assert [item.kind for item in family.derived] == ["share_one_known_parent"]


def test_two_claimed_fathers_are_both_drawn_and_neither_is_chosen(make: Callable[..., Any]) -> None:
    product = _product(make, (_parent("mum", "kid"), _parent("f1", "kid")), (_said(make, "r", "f2", "kid", "parent"),))
    assert _couples(product.family) == {("mum", "f1"), ("mum", "f2")}
    assert all(link.disputed for link in product.family.children)
    (found,) = [item for item in product.contradictions if item.field == "parents"]
    assert {held.value for held in found.values} == {"mum Example", "f1 Example", "f2 Example"}


def test_two_fathers_by_two_sources_without_a_mother_are_rivals_and_not_a_couple(make: Callable[..., Any]) -> None:
    family = _product(make, (_parent("f1", "kid"),), (_said(make, "r", "f2", "kid", "parent"),)).family
    assert _couples(family) == set()
    assert all(link.disputed for link in family.children)


def test_two_mothers_named_by_one_source_are_a_couple(make: Callable[..., Any]) -> None:
    family = _product(make, (_parent("mum", "kid", "adoptive"), _parent("f1", "kid", "adoptive")), f1="female").family
    assert _couples(family) == {("mum", "f1")}
    assert [(link.kind, link.disputed) for link in family.children] == [("adopted", False)]


def test_two_foster_carers_who_are_nowhere_called_partners_are_no_couple(make: Callable[..., Any]) -> None:
    family = _product(make, (_parent("f1", "kid", "foster"), _parent("mum", "kid", "foster"))).family
    assert _couples(family) == set()
    assert [link.kind for link in family.children] == ["fostered", "fostered"]


def test_birth_and_foster_families_of_one_child_are_both_kept(make: Callable[..., Any]) -> None:
    family = _product(make, (_parent("mum", "kid"), _parent("f1", "kid", "foster"))).family
    assert sorted(link.kind for link in family.children) == ["birth", "fostered"]


def test_one_parent_with_two_natures_is_disputed(make: Callable[..., Any]) -> None:
    product = _product(make, (_parent("f1", "kid"),), (_said(make, "r", "f1", "kid", "parent", "step"),))
    assert [link.disputed for link in product.family.children] == [True]
    assert {claim.nature for claim in product.family.children[0].claims} == {"birth", "step"}


def test_every_edge_names_its_sources(make: Callable[..., Any]) -> None:
    product = _product(make, (_parent("mum", "kid"), _parent("f1", "kid")),
                       (_said(make, "r", "mum", "f1", "partner", "divorced"),))  # fmt: skip
    (union,) = product.family.unions
    assert [(spell.status, spell.origins[0].ref) for spell in union.spells] == [("divorced", "r")]
    for link in product.family.children:
        assert all(claim.origins for claim in link.claims)


def test_a_parent_who_moved_out_is_not_in_the_home(make: Callable[..., Any]) -> None:
    stays = (
        Residence(ref="t1", about=("hmum", "hf1", "hkid"), category="housing.tenancy", address=HOME,
                  from_=make("day", "2015"), to=make("day", "2020-03-01")),
        Residence(ref="t2", about=("hmum", "hkid"), category="housing.tenancy", address=HOME,
                  from_=make("day", "2020-03-02")),
        Residence(ref="t3", about=("hf1",), category="housing.tenancy", address=AWAY, from_=make("day", "2020-03-02")),
    )  # fmt: skip
    homes = [[member.person for member in item.members] for item in _product(make, (), stays).family.households]
    assert homes == [["mum", "kid"], ["f1"]]


def test_two_homes_at_once_are_shown_side_by_side(make: Callable[..., Any]) -> None:
    stays = (Residence(ref="t1", about=("hkid",), category="housing.tenancy", address=HOME),
             Residence(ref="t2", about=("hkid",), category="housing.tenancy", address=AWAY))  # fmt: skip
    product = _product(make, (), stays)
    (found,) = [item for item in product.contradictions if item.field == "address"]
    assert [held.value for held in found.values] == ["14 Mill Lane, NB1 4QT", "3 Other Road, NB2 1AA"]
    assert len(product.family.households) == 2


def test_somebody_only_mentioned_is_shown_as_found_and_named_if_not_drawn(make: Callable[..., Any]) -> None:
    mention = make("event", "a", "2020-01-01", "hmum", "h9", mentions=(make("candidate", "h9", "Zed"),))
    product = _product(make, (), (mention,))
    assert [(person.name, person.found) for person in product.people if person.found] == [("Zed Example", True)]
    assert all(person.name != "Zed Example" for person in product.family.people)
    assert "Zed Example (mentioned by Housing)" in product.family.notes[0]


def test_a_found_person_like_a_case_person_is_hinted_at_and_never_merged(make: Callable[..., Any]) -> None:
    case = make("case", make("person", "p1", "Ada", "2014-05-17"), make("person", "p2", "Bea", "1988-11-02"))
    twin = make("candidate", "h9", "Bea", "1988-11-02")
    mention = make("event", "a", "2020-01-01", "h1", "h9", mentions=(twin,))
    answer = make(
        "answer", "housing", "p1", findings=(mention,), matches=(make("matched", "p1", make("candidate", "h1", "Ada")),)
    )
    product = compose(case, make("decided", case, ("housing",)), [answer])
    assert len(product.people) == 3
    assert product.person("found-1").perhaps == ("p2",)
    assert product.person("found-1").hints == (
        "May be the same person as Bea Example (p2): same name and date of birth. Not confirmed.",
    )


def test_mentions_that_may_be_one_person_are_listed_once_and_not_confirmed(make: Callable[..., Any]) -> None:
    case = make("case", make("person", "p1", "Ada", "2014-05-17"), make("person", "p2", "Bea", "1988-11-02"))
    mentions = (make("candidate", "h7", "Lee", "1990-01-01"), make("candidate", "h8", "Lee", "1990-01-01"),
                make("candidate", "h9", "Bea", "1988-11-02"))  # fmt: skip
    told = make("event", "a", "2020-01-01", "h1", "h7", "h8", "h9", mentions=mentions)
    answer = make(
        "answer", "housing", "p1", findings=(told,), matches=(make("matched", "p1", make("candidate", "h1", "Ada")),)
    )
    assert compose(case, make("decided", case, ("housing",)), [answer]).family.notes == (
        "Not drawn, since no family tie and no shared home is stated: Lee Example (mentioned by Housing).",
        "Perhaps the same, not confirmed: Lee Example (mentioned by Housing) as Lee Example (found-1); "
        "Bea Example (mentioned by Housing) as Bea Example (p2).",
    )
