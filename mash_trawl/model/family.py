"""The family as data: people, unions, child links and households, each with its sources.

The genogram and the "family in words" list are both made from this, so that they cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mash_trawl.model.base import DOCUMENT, Known, Private
from mash_trawl.model.person import Sex
from mash_trawl.model.shown import Origin, When

Life = Literal["unborn", "deceased", "not_stated"]
LinkKind = Literal["birth", "adopted", "fostered", "step", "special_guardianship", "kinship", "not_stated"]
UnionStatus = Literal[
    "married", "civil_partnership", "cohabiting", "separated", "divorced", "partners", "parents_of_a_child"
]
DerivedKind = Literal["full_siblings", "half_siblings", "share_one_known_parent", "born_same_day"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class FamilyPerson(Private):
    """One person of the drawing. `sex` is never inferred from a role; `index` marks the subjects of the case.

    `found_by` names the agency that mentioned a person who is not in the case.
    """

    __pydantic_config__ = DOCUMENT
    id: str
    name: str
    sex: Sex = "unknown"
    life: Life = "not_stated"
    born: When | None = None
    due: When | None = None
    died: When | None = None
    index: bool = False
    found_by: str | None = None
    roles: tuple[str, ...] = ()
    address_withheld: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Spell(Private):
    """One statement about a union: what the couple is or was, and when. `parents_of_a_child` claims no partnership."""

    __pydantic_config__ = DOCUMENT
    status: UnionStatus
    since: When | None = None
    until: When | None = None
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class FamilyUnion(Private):
    """A couple, or one known parent whose other parent is not known. Never more than two partners.

    Two people are a couple only where the case or a source says that they are partners, or that both are parents of
    one child.
    """

    __pydantic_config__ = DOCUMENT
    id: str
    partners: tuple[str, ...]
    spells: tuple[Spell, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ParentClaim(Private):
    """What is said of one parent and one child."""

    __pydantic_config__ = DOCUMENT
    parent: str
    nature: LinkKind = "not_stated"
    parental_responsibility: Known = "unknown"
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ChildLink(Private):
    """A child of a union. A child may have many. `disputed`: the sources disagree; every version is drawn."""

    __pydantic_config__ = DOCUMENT
    child: str
    union: str
    kind: LinkKind = "not_stated"
    disputed: bool = False
    claims: tuple[ParentClaim, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Member(Private):
    """Who lives in a household, by whose account, from and until when."""

    __pydantic_config__ = DOCUMENT
    person: str
    since: When | None = None
    until: When | None = None
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Household(Private):
    """Those who live at one address on the day of the drawing. `letter` ties the boxes of one home together."""

    __pydantic_config__ = DOCUMENT
    letter: str
    address: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OtherTie(Private):
    """A stated tie that is neither a couple nor parent and child: grandparent, carer, sibling, other."""

    __pydantic_config__ = DOCUMENT
    from_: str
    to: str
    kind: str
    nature: str = "unknown"
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Derived(Private):
    """A tie that nobody stated and that follows from stated ones; `via` are the people it rests on."""

    __pydantic_config__ = DOCUMENT
    kind: DerivedKind
    people: tuple[str, ...]
    via: tuple[str, ...] = ()
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Family(Private):
    """Everything the genogram draws. `as_at` is the ISO day of the households."""

    __pydantic_config__ = DOCUMENT
    as_at: str
    people: tuple[FamilyPerson, ...]
    unions: tuple[FamilyUnion, ...] = ()
    children: tuple[ChildLink, ...] = ()
    households: tuple[Household, ...] = ()
    ties: tuple[OtherTie, ...] = ()
    derived: tuple[Derived, ...] = ()
    notes: tuple[str, ...] = ()

    def person(self, ident: str) -> FamilyPerson:
        """The person with this id; KeyError if there is none."""
        for person in self.people:
            if person.id == ident:
                return person
        raise KeyError(ident)
