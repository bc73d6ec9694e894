"""Specimen families that broke other drawings, and random small families."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from mash_trawl.model.family import (
    ChildLink,
    Family,
    FamilyPerson,
    FamilyUnion,
    Household,
    LinkKind,
    Member,
    OtherTie,
    ParentClaim,
    Spell,
    UnionStatus,
)
from mash_trawl.model.shown import CASE_FILE, When


@dataclass
class Builder:
    """Writes a family in few words: `Builder().people("anna:f:1950").couple("anna", "ben")`."""

    persons: list[FamilyPerson] = field(default_factory=list)
    unions: dict[tuple[str, ...], FamilyUnion] = field(default_factory=dict)
    links: list[ChildLink] = field(default_factory=list)
    homes: list[Household] = field(default_factory=list)
    ties: list[OtherTie] = field(default_factory=list)

    def people(self, text: str) -> Builder:
        """`name:sex:birth year or day` with sex f, m, u; birth may be left out."""
        for word in text.split():
            name, sex, born = [*word.split(":"), "", ""][:3]
            sexes = {"f": "female", "m": "male"}
            when = When(shown=born, original=born, edtf=born, earliest=(born + "-01-01")[:10],
                        exact=len(born) == 10) if born else None  # fmt: skip
            self.persons.append(FamilyPerson(id=name, name=name.capitalize(), sex=sexes.get(sex, "unknown"), born=when))
        return self

    def couple(self, one: str, other: str, status: UnionStatus = "married") -> Builder:
        order = [person.id for person in self.persons]
        key = tuple(sorted((one, other), key=order.index))
        spell = Spell(status=status, origins=(CASE_FILE,))
        self.unions[key] = FamilyUnion(id=f"u{len(self.unions) + 1}", partners=key, spells=(spell,))
        return self

    def child(self, child: str, *parents: str, kind: LinkKind = "birth", disputed: bool = False) -> Builder:
        order = [person.id for person in self.persons]
        key = tuple(sorted(parents, key=order.index))
        if key not in self.unions:
            spells = (Spell(status="parents_of_a_child", origins=(CASE_FILE,)),) if len(key) == 2 else ()
            self.unions[key] = FamilyUnion(id=f"u{len(self.unions) + 1}", partners=key, spells=spells)
        claims = tuple(ParentClaim(parent=parent, nature=kind, origins=(CASE_FILE,)) for parent in key)
        self.links.append(
            ChildLink(child=child, union=self.unions[key].id, kind=kind, disputed=disputed, claims=claims)
        )
        return self

    def home(self, *members: str) -> Builder:
        letter = chr(65 + len(self.homes))
        people = tuple(Member(person=ident, origins=(CASE_FILE,)) for ident in members)
        self.homes.append(Household(letter=letter, address=f"{letter} Example Street", members=people))
        return self

    def tie(self, one: str, other: str, kind: str) -> Builder:
        self.ties.append(OtherTie(from_=one, to=other, kind=kind, origins=(CASE_FILE,)))
        return self

    def build(self) -> Family:
        return Family(
            as_at="2026-11-03", people=tuple(self.persons), unions=tuple(self.unions.values()),
            children=tuple(self.links), households=tuple(self.homes), ties=tuple(self.ties),
        )  # fmt: skip


def _specimens() -> dict[str, Family]:
    made = Builder
    return {
        "nobody": made().build(),
        "one person": made().people("anna:f").build(),
        "couple without children": made().people("anna:f ben:m").couple("anna", "ben").build(),
        "couple with three": made()
        .people("anna:f:1980 ben:m:1979 c1:f:2005 c2:m:2007 c3:u:2010")
        .couple("anna", "ben")
        .child("c2", "anna", "ben")
        .child("c1", "anna", "ben")
        .child("c3", "anna", "ben")
        .home("anna", "ben", "c1", "c2", "c3")
        .build(),
        "half siblings": made()
        .people("mum:f dad:m other:m a:f:2010 b:m:2012 c:f:2018")
        .couple("mum", "dad", "divorced")
        .couple("mum", "other", "cohabiting")
        .child("a", "mum", "dad")
        .child("b", "mum", "dad")
        .child("c", "mum", "other")
        .home("mum", "other", "a", "b", "c")
        .home("dad")
        .build(),
        "unknown father": made()
        .people("mum:f a:f:2010 b:m:2012 partner:m")
        .couple("mum", "partner")
        .child("a", "mum")
        .child("b", "mum")
        .home("mum", "a", "b", "partner")
        .build(),
        "twins": made()
        .people("mum:f dad:m t1:f:2015-03-01 t2:m:2015-03-01 big:f:2010")
        .child("t1", "mum", "dad")
        .child("t2", "mum", "dad")
        .child("big", "mum", "dad")
        .build(),
        "foster child": made()
        .people("mum:f carer:f carer2:m kid:m:2014 own:f:2012")
        .couple("carer", "carer2")
        .child("kid", "mum")
        .child("kid", "carer", "carer2", kind="fostered")
        .child("own", "carer", "carer2")
        .build(),
        "same-sex couple": made()
        .people("anna:f bea:f kid:m:2016")
        .couple("anna", "bea", "civil_partnership")
        .child("kid", "anna", "bea", kind="adopted")
        .build(),
        "two claimed fathers": made()
        .people("mum:f f1:m f2:m kid:f:2014")
        .child("kid", "mum", "f1", disputed=True)
        .child("kid", "mum", "f2", disputed=True)
        .build(),
        "woman with two brothers": made()
        .people("gran:f gramp:m bro1:m bro2:m mum:f k1:f:2001 k2:f:2004")
        .couple("gran", "gramp")
        .child("bro1", "gran", "gramp")
        .child("bro2", "gran", "gramp")
        .child("k1", "mum", "bro1")
        .child("k2", "mum", "bro2")
        .build(),
        "five fathers": made()
        .people("mum:f a:m b:m c:m d:m")
        .people("e:m k1:f:2001 k2:f:2002 k3:f:2003 k4:f:2004 k5:f:2005")
        .child("k1", "mum", "a")
        .child("k2", "mum", "b")
        .child("k3", "mum", "c")
        .child("k4", "mum", "d")
        .child("k5", "mum", "e")
        .build(),
        "partner swap ring": made()
        .people("a:f b:m c:f d:m k1:f:2001 k2:f:2002 k3:f:2003 k4:m:2004")
        .child("k1", "a", "b")
        .child("k2", "b", "c")
        .child("k3", "c", "d")
        .child("k4", "a", "d")
        .build(),
        "uncle and niece": made()
        .people("gran:f gramp:m uncle:m dad:m mum:f niece:f kid:m")
        .child("uncle", "gran", "gramp")
        .child("dad", "gran", "gramp")
        .child("niece", "dad", "mum")
        .child("kid", "uncle", "niece")
        .build(),
        "each the other's parent": made().people("a:f b:m c:f").child("b", "a").child("a", "b").child("c", "b").build(),
        "grandmother stated only": made()
        .people("gran:f mum:f kid:m friend:u")
        .child("kid", "mum")
        .tie("gran", "kid", "grandparent")
        .build(),
        "four generations": made()
        .people("g1:f:1930 g2:m:1928 m1:f:1955 m2:m:1950 m3:f:1958")
        .people("a:f:1980 b:m:1978 c:m:1983 k1:f:2005 k2:m:2008 k3:f:2012")
        .couple("g1", "g2")
        .couple("m1", "m2")
        .couple("a", "b", "separated")
        .child("m1", "g1", "g2")
        .child("m3", "g1", "g2")
        .child("a", "m1", "m2")
        .child("c", "m1", "m2")
        .child("k1", "a", "b")
        .child("k2", "a", "b")
        .child("k3", "a")
        .home("a", "k1", "k2", "k3", "m1")
        .home("b")
        .build(),
    }


@pytest.fixture
def specimens() -> dict[str, Family]:
    """Families that broke other programs' drawings."""
    return _specimens()


def _random_family(seed: int) -> Family:
    rng = random.Random(seed)
    made, generations, number = Builder(), [], 0
    for depth in range(rng.randint(2, 4)):
        size, row = rng.randint(1, 6), []
        for _ in range(size):
            number += 1
            row.append(f"p{number}")
            made.people(f"p{number}:{rng.choice('fmu')}:{1930 + 25 * depth + rng.randint(0, 12)}")
        generations.append(row)
    for depth, row in enumerate(generations):
        if len(row) > 1 and rng.random() < 0.6:
            made.couple(*rng.sample(row, 2), rng.choice(["married", "divorced", "cohabiting", "separated"]))
        if depth:
            for child in row:
                for _ in range(rng.choice([0, 1, 1, 1, 2])):
                    parents = rng.sample(generations[depth - 1], rng.randint(1, min(2, len(generations[depth - 1]))))
                    key = tuple(sorted(parents, key=[person.id for person in made.persons].index))
                    known = made.unions.get(key)
                    if not known or not any(link.child == child and link.union == known.id for link in made.links):
                        made.child(child, *parents, kind=rng.choice(["birth", "adopted", "fostered"]))
    everyone = [ident for row in generations for ident in row]
    for _ in range(rng.randint(0, 2)):
        made.home(*rng.sample(everyone, rng.randint(1, min(4, len(everyone)))))
    return made.build()


@pytest.fixture
def random_family() -> Callable[[int], Family]:
    """A small family from a seed: several partners, one known parent, foster links, homes across generations."""
    return _random_family
