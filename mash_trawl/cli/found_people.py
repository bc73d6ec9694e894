"""People whom an agency mentioned in a trawl: how they are listed, and how one of them becomes a person of the case.

Only what the agency said is taken over, marked with where it comes from; never an agreement, a decision, a relationship
or an address that is withheld. Whoever is added needs an own decision before anything is asked about them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from mash_trawl.config import identifiers
from mash_trawl.errors import Misconfigured, Problem

if TYPE_CHECKING:
    from mash_trawl.model.product import Product, ProductPerson
    from mash_trawl.model.rows import Held

_FAULTS = {
    "nhs_number": identifiers.nhs_number_fault, "upn": identifiers.upn_fault,
    "former_upn": identifiers.upn_fault, "uprn": identifiers.uprn_fault,
}  # fmt: skip


def found_people(product: Product) -> dict[int, ProductPerson]:
    """Everybody whom the product shows as found, by number."""
    return dict(enumerate((person for person in product.people if person.found), start=1))


def chosen(product: Product, number: int) -> ProductPerson:
    """The found person with this number; Misconfigured when there is none."""
    people = found_people(product)
    if number not in people:
        what = f"the newest product shows {len(people)} found people, and none with this number."
        raise Misconfigured(Problem(where="--found", what=what, do="`--found` alone lists them."))
    return people[number]


def as_words(product: Product) -> Iterator[str]:
    """The numbered list, as an analyst reads it."""
    people = found_people(product)
    if not people:
        yield "No agency mentioned anybody who is not in the case."
    names = {person.id: f"{person.id} {person.name}" for person in product.people}
    for number, person in people.items():
        born = f", born {person.born.shown}" if person.born else ""
        yield f"{number:>3}  {person.name}{born} (told by {_tellers(person)})"
        for row in product.relationships:
            if person.id in (*row.from_, *row.to):
                one, other = (" and ".join(names.get(ident, ident) for ident in side) for side in (row.from_, row.to))
                yield f"       {row.origin.agency_name}: {one} is the {row.kind.replace('_', ' ')} of {other}"
        for hint in person.hints:
            yield f"       {hint}"


def as_plain(product: Product) -> list[dict[str, Any]]:
    """The same for programs."""
    return [
        {"number": number, "id": person.id, "name": person.name, "born": person.born.edtf if person.born else None,
         "agencies": sorted({origin.agency for origin in person.known_as})}
        for number, person in found_people(product).items()
    ]  # fmt: skip


def draft_of(person: ProductPerson, ident: str, version: int, split: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """The found person as a person of a case, in plain data. `split` maps a name to its parts, the family name last."""
    draft: dict[str, Any] = {
        "id": ident,
        "roles": ["other"],
        "names": [_name(held, split) for held in person.names],
        "sex": person.sex,
        "identifiers": dict(_identifiers(person.identifiers)),
        "addresses": [] if person.address_withheld else list(_addresses(person.addresses)),
        "told_by": f"{_tellers(person)}; shown as found in product version {version}",
    }
    for key, day in (("born", person.born), ("died", person.died)):
        if day is not None:
            draft[key] = day.edtf
    return draft


def parts_of(name: str, given: int | None = None) -> tuple[str, ...]:
    """A name as an agency writes it, in given names and family name: the last word, unless `given` says how many."""
    words = name.split()
    at = len(words) - 1 if given is None else given
    return (*words[:at], " ".join(words[at:]))


def _name(held: Held, split: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    *given, family = split.get(held.value) or parts_of(held.value)
    return {"given": given, "family": family} | ({"use": held.kind} if held.kind else {})


def _identifiers(held: Iterable[Held]) -> Iterator[tuple[str, str]]:
    """One of each kind, the first; one that fails its own check is left out, as it would name somebody else."""
    seen: set[str] = set()
    for item in held:
        fault = _FAULTS[item.kind](item.value) if item.kind in _FAULTS else ""
        if item.kind and not fault and item.kind not in seen:
            seen.add(item.kind)
            yield item.kind, item.value


def _addresses(held: Iterable[Held]) -> Iterator[dict[str, Any]]:
    for item in held:
        place = _place(item.value)
        if place:
            spell = (("from", item.since), ("to", item.until))
            yield place | {key: when.edtf for key, when in spell if when is not None}


def _place(words: str) -> dict[str, Any]:
    """One line of a product as an address: `14 Mill Lane, NB1 4QT`, `UPRN 12`, `No fixed address`."""
    if words == "No fixed address":
        return {"no_fixed_address": True}
    if words.startswith("UPRN ") and not identifiers.uprn_fault(words[5:]):
        return {"uprn": words[5:]}
    if words == "Address not stated":
        return {}
    *lines, last = (part.strip() for part in words.split(","))
    if identifiers.postcode_fault(last):
        return {"lines": [*lines, last]}
    return {"lines": lines, "postcode": last}


def _tellers(person: ProductPerson) -> str:
    return ", ".join(dict.fromkeys(origin.agency_name for origin in person.known_as)) or "an agency"
