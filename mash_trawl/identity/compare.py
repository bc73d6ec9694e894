"""One person and one candidate, field by field, before weights and guards."""

from __future__ import annotations

from dataclasses import dataclass

from mash_trawl.identity.birth_dates import compare_born
from mash_trawl.identity.level import NOT_COMPARED, Level
from mash_trawl.identity.names import compare_family, compare_given, names_swapped
from mash_trawl.identity.normalise import family_names, given_names
from mash_trawl.identity.numbers import compare_nhs_number, compare_number
from mash_trawl.identity.places import compare_addresses
from mash_trawl.model.person import Person
from mash_trawl.model.query import Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Every field's level, before guards. `scripts_differ`: names stand on both sides, but in scripts of their own."""

    given: Level
    family: Level
    born: Level
    address: Level
    sex: Level
    nhs_number: Level
    upn: Level
    scripts_differ: bool = False

    @property
    def identifier_agrees(self) -> bool:
        """True when a national identifier is the same on both sides."""
        return "same" in (self.nhs_number.name, self.upn.name)

    @property
    def given_agrees(self) -> bool:
        """True for the same name, a known variant or a slip of the pen."""
        return self.given.name in ("exact", "spelling", "short form", "near")

    @property
    def family_agrees(self) -> bool:
        """True for the same family name or half of a double-barrelled one."""
        return self.family.name in ("exact", "near")


def compare(person: Person, candidate: Candidate) -> Compared:
    """Compare every field that both sides hold."""
    given = compare_given(person.names, candidate.names)
    family = compare_family(person.names, candidate.names)
    if given.name not in ("exact", "spelling") and names_swapped(person.names, candidate.names):
        given = Level(name="near", here=given.here, there=given.there)
        family = Level(name="near", here=family.here, there=family.there)
    written = all(given_names(side) and family_names(side) for side in (person.names, candidate.names))
    known = {"female", "male"}
    sexes = {person.sex, candidate.sex}
    sex = NOT_COMPARED if not sexes <= known else "same" if len(sexes) == 1 else "different"
    return Compared(
        given=given,
        family=family,
        born=compare_born(person.born, candidate.born),
        address=compare_addresses(person.addresses, candidate.addresses),
        sex=Level(name=sex, here=person.sex, there=candidate.sex),
        nhs_number=compare_nhs_number(person.identifiers.get("nhs_number"), candidate.identifiers.get("nhs_number")),
        upn=compare_number(person.identifiers.get("upn"), candidate.identifiers.get("upn")),
        scripts_differ=written and given.name == family.name == NOT_COMPARED,
    )
