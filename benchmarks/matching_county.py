"""The synthetic county's families, as a referrer writes them, against what six systems hold of them and strangers."""

from __future__ import annotations

import random
from collections.abc import Iterator

from benchmarks.matching_table import Row, Table, Tally, ask_all
from mash_trawl.config.read import read_value
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.match import MatchPolicy
from mash_trawl.model.person import Address, Name, Person, Sex
from mash_trawl.model.query import Candidate
from mash_trawl_county.build import Built, draw
from mash_trawl_county.case_people import people_of
from mash_trawl_county.people import Home, Human
from mash_trawl_county.systems import SYSTEMS
from mash_trawl_county.systems.held import Held, held_as

SEXES: dict[str, Sex] = {"F": "female", "M": "male"}
NUMBERS = {
    "housing": ("nhs",), "police": (), "health": ("nhs",), "social_care": ("nhs", "upn"), "education": ("upn",),
    "youth_offending": ("upn",),
}  # fmt: skip
"""The identifiers that each system of the county shows."""
FIELDS = {"nhs": "nhs_number", "upn": "upn"}


def county(families: int, seed: int = 1) -> Iterator[tuple[str, Tally]]:
    """For each system by name: everybody of every family is asked about, also whom the system does not know."""
    built = draw(seed, families)
    cases = list(_asked(built, seed))
    earlier = _earlier(built)
    for system in SYSTEMS:
        table = Table(_rows(built, system, earlier))
        yield system, ask_all(table, cases, MatchPolicy(population=max(len(table.rows), 1000)))


def _asked(built: Built, seed: int) -> Iterator[list[tuple[str, Person]]]:
    """Family by family everybody who was born, as the case file has them."""
    for family in built.families:
        people = people_of(family, random.Random(f"{seed}/{family.id}"))
        yield [(one.human.id, read_value(Person, one.entry, "person")) for one in people if not one.human.due]


def _earlier(built: Built) -> dict[str, list[Home]]:
    homes: dict[str, list[Home]] = {}
    for stay in built.stays:
        homes.setdefault(stay.person, []).append(stay.home)
    return homes


def _rows(built: Built, system: str, earlier: dict[str, list[Home]]) -> Iterator[Row]:
    people = built.people()
    module = SYSTEMS[system]
    for ident in sorted(module.held(built)):
        human = people[ident]
        own = held_as(human, system, built.spelling)
        homes = [own.home] if own.home else []
        if system in ("social_care", "housing"):  # the two that keep the addresses of earlier years
            homes += earlier.get(ident, [])
        yield Row(
            whose=ident,
            candidate=Candidate(
                ref=module.ref(human), names=_names(human, own, system),
                born=PartialDate.of(own.born) if own.born else None, sex=SEXES.get(own.sex, "unknown"),
                identifiers={FIELDS[name]: getattr(own, name) for name in NUMBERS[system] if getattr(own, name)},
                addresses=tuple(
                    Address(lines=(home.line,), postcode=home.postcode, uprn=home.uprn) for home in homes
                ),
                restrictions=human.restrictions,
            ),
        )  # fmt: skip


def _names(human: Human, own: Held, system: str) -> tuple[Name, ...]:
    """The names that the system shows; social care and education keep what somebody is called, too."""
    given = (own.given, own.middle) if own.middle else (own.given,)
    names = [Name(given=given, family=own.family)]
    if own.former:
        names.append(Name(given=given, family=own.former, use="old"))
    if system == "social_care" and human.former_given:
        names.append(Name(given=(human.former_given,), family=own.family, use="old"))
    if system in ("social_care", "education"):
        names += [Name(given=(alias,), family=own.family, use="nickname") for alias in human.aliases]
    return tuple(names)
