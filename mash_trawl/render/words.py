"""The family in words: the same model as the drawing, for those who hear it or cannot see it.

Every line of the drawing has its sentence here and the other way round; a test counts both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from mash_trawl.model.family import ChildLink, Derived, Family, FamilyPerson, LinkKind, ParentClaim, Spell, UnionStatus
from mash_trawl.model.shown import Origin, day_words
from mash_trawl.render.ranks import rank

Subject = Literal["person", "couple", "child", "home", "tie", "derived", "note"]

STATUS: dict[UnionStatus, str] = {
    "married": "married",
    "civil_partnership": "in a civil partnership",
    "cohabiting": "living together as a couple",
    "separated": "separated",
    "divorced": "divorced",
    "partners": "partners",
    "parents_of_a_child": "parents of a child; no partnership is stated",
}
PARENT: dict[LinkKind, str] = {
    "birth": "birth parent",
    "adopted": "adoptive parent",
    "fostered": "foster carer",
    "step": "step-parent",
    "special_guardianship": "special guardian",
    "kinship": "kinship carer",
    "not_stated": "parent (nature not stated)",
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Sentence:
    """One sentence: what it is about, the ids it speaks of, its text and the claims it rests on."""

    about: Subject
    ids: tuple[str, ...]
    text: str
    origins: tuple[Origin, ...] = ()

    @property
    def sources(self) -> str:
        """Whom it rests on, in words."""
        return sources(self.origins)


def family_words(family: Family) -> tuple[Sentence, ...]:
    """All sentences: people, couples, children, homes, other ties, what is derived, notes."""
    name = {person.id: person.name for person in family.people}
    found: list[Sentence] = [_person(person) for person in family.people]
    found += [
        Sentence(
            about="couple",
            ids=union.partners,
            text=f"{_and(name[one] for one in union.partners)}: {'; '.join(_spell(spell) for spell in union.spells)}.",
            origins=tuple(origin for spell in union.spells for origin in spell.origins),
        )
        for union in family.unions
        if len(union.partners) == 2
    ]
    partners = {union.id: union.partners for union in family.unions}
    found += [_child(link, partners[link.union], name) for link in family.children]
    found += [
        Sentence(
            about="home",
            ids=tuple(dict.fromkeys(member.person for member in home.members)),
            text=f"Home {home.letter} ({home.address}): "
            f"{_and(dict.fromkeys(name[member.person] for member in home.members))}.",
            origins=tuple(origin for member in home.members for origin in member.origins),
        )
        for home in family.households
    ]
    found += [
        Sentence(about="tie", ids=(tie.from_, tie.to), origins=tie.origins,
                 text=tie_words(tie.kind, tie.nature, name[tie.from_], name[tie.to]))
        for tie in family.ties
    ]  # fmt: skip
    found += [_derived(item, name) for item in family.derived]
    found += [Sentence(about="note", ids=(), text=text) for text in (*rank(family).relaxed, *family.notes)]
    return tuple(found)


def sources(origins: Iterable[Origin]) -> str:
    """`Case file; Housing T-17 (recorded 3 March 2021)`: each origin once, in the order given."""
    parts = []
    for origin in origins:
        words = " ".join(part for part in (origin.agency_name, origin.ref) if part)
        parts.append(words + (f" (recorded {day_words(origin.recorded_on)})" if origin.recorded_on else ""))
    return "; ".join(dict.fromkeys(parts))


def tie_words(kind: str, nature: str, one: str, other: str) -> str:
    """One of the other ties as a sentence."""
    if kind == "sibling":
        half = "half " if nature == "half" else "step-" if nature == "step" else ""
        return f"{one} and {other} are stated to be {half}siblings."
    words = {"grandparent": "grandparent", "carer": "carer"}.get(kind)
    return f"{one} is a {words} of {other}." if words else f"{one} has another stated tie to {other}."


def _person(person: FamilyPerson) -> Sentence:
    parts = [{"female": "female", "male": "male", "other": "other sex", "unknown": "sex not known"}[person.sex]]
    if person.life == "unborn":
        parts = ["unborn", *parts]
    if person.born:
        parts.append(f"born {person.born.shown}")
    if person.due:
        parts.append(f"due {person.due.shown}")
    if person.life == "deceased":
        parts.append(f"died {person.died.shown}" if person.died else "died")
    if person.index:
        parts.append("a subject of this case")
    if "alleged_source_of_harm" in person.roles:
        parts.append("alleged source of harm")
    if person.found_by:
        parts.append(f"not in the case, mentioned by {person.found_by}")
    if person.address_withheld:
        parts.append("address withheld")
    return Sentence(about="person", ids=(person.id,), text=f"{person.name}: {', '.join(parts)}.")


def _spell(spell: Spell) -> str:
    since = f", from {spell.since.shown}" if spell.since else ""
    until = f", until {spell.until.shown}" if spell.until else ""
    return STATUS[spell.status] + since + until


def _child(link: ChildLink, partners: Sequence[str], name: dict[str, str]) -> Sentence:
    by_parent = {
        parent: _claims([claim for claim in link.claims if claim.parent == parent]) or PARENT[link.kind]
        for parent in partners
    }
    parts = _and(f"{name[parent]} ({words})" for parent, words in by_parent.items())
    unknown = (
        " The other parent is not known from this."
        if len(partners) == 1 and link.kind in ("birth", "not_stated")
        else ""
    )
    disputed = " Disputed: the sources disagree." if link.disputed else ""
    return Sentence(
        about="child",
        ids=(link.child, *partners),
        text=f"{name[link.child]} is a child of {parts}.{unknown}{disputed}",
        origins=tuple(origin for claim in link.claims for origin in claim.origins),
    )


def _claims(claims: Sequence[ParentClaim]) -> str:
    words = []
    for claim in claims:
        held = {"yes": ", has parental responsibility", "no": ", no parental responsibility"}
        words.append(PARENT[claim.nature] + held.get(claim.parental_responsibility, ""))
    return "; or ".join(words)


def _derived(item: Derived, name: dict[str, str]) -> Sentence:
    people, via = _and(name[ident] for ident in item.people), _and(name[ident] for ident in item.via)
    text = {
        "full_siblings": f"{people} are full siblings, children of {via}",
        "half_siblings": f"{people} are half siblings through {via}",
        "share_one_known_parent": f"{people} share one known parent, {via}; the other is not known for all of them",
        "born_same_day": f"{people} were born on the same day",
    }[item.kind]
    return Sentence(about="derived", ids=item.people, text=f"{text} (derived, nobody states it).", origins=item.origins)


def _and(items: Iterable[str]) -> str:
    parts = list(items)
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
