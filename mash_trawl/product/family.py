"""Put the family together: who is drawn, couples, child links, homes on the day, and what follows from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import combinations

from mash_trawl.model.case import Case
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.family import (
    ChildLink,
    Derived,
    DerivedKind,
    Family,
    FamilyPerson,
    FamilyUnion,
    Household,
    Life,
    Member,
)
from mash_trawl.model.person import Address
from mash_trawl.model.product import ProductPerson
from mash_trawl.model.rows import RelationshipRow
from mash_trawl.model.shown import CASE_FILE, Origin, when
from mash_trawl.product.gather import Gathered
from mash_trawl.product.genogram import other_ties, stated_ties, unions_and_children
from mash_trawl.product.mask import WITHHELD
from mash_trawl.product.places import place_keys
from mash_trawl.product.plain import address_words, list_words, order_key

Stay = tuple[Address, PartialDate | None, PartialDate | None, tuple[str, ...], Origin]


def family(
    case: Case, people: Sequence[ProductPerson], rows: Sequence[RelationshipRow], gathered: Gathered, as_at: date
) -> Family:
    """The drawing's data on one day. Professionals, and people without tie or shared home, are named in a note."""
    order = {person.id: place for place, person in enumerate(people)}
    ties = stated_ties(case, rows)
    unions, children = unions_and_children(ties, people)
    loose = other_ties(ties, order)
    homes = households(case, people, gathered, as_at)
    tied = {ident for tie in ties for ident in (tie.from_, tie.to)}
    tied |= {member.person for home in homes for member in home.members}
    drawn = [person for person in people if person.id in tied or not (person.found or "professional" in person.roles)]
    notes = _not_drawn(drawn, [person for person in people if person not in drawn])
    return Family(
        as_at=as_at.isoformat(),
        people=tuple(_drawn(person) for person in drawn),
        unions=unions,
        children=children,
        households=homes,
        ties=loose,
        derived=_derived(unions, children, {person.id: person for person in people}),
        notes=notes,
    )


def _not_drawn(drawn: Sequence[ProductPerson], apart: Sequence[ProductPerson]) -> tuple[str, ...]:
    """Everybody who is not drawn, once: on their own, or as perhaps one who is drawn or listed already."""
    listed = {person.id: person.name for person in drawn}
    alone: list[str] = []
    perhaps: list[str] = []
    for person in apart:
        same = [f"{listed[ident]} ({ident})" for ident in person.perhaps if ident in listed]
        if same:
            perhaps.append(f"{_with_agency(person)} as {list_words(same)}")
        else:
            alone.append(f"{_with_agency(person)}")
            listed[person.id] = person.name
    notes = [f"Not drawn, since no family tie and no shared home is stated: {list_words(alone)}."] if alone else []
    notes += [f"Perhaps the same, not confirmed: {'; '.join(perhaps)}."] if perhaps else []
    return tuple(notes)


def _with_agency(person: ProductPerson) -> str:
    agency = person.known_as[0].agency_name if person.found and person.known_as else ""
    return f"{person.name} (mentioned by {agency})" if agency else person.name


def _drawn(person: ProductPerson) -> FamilyPerson:
    life: Life = "deceased" if person.died else "unborn" if person.due and not person.born else "not_stated"
    sex = person.sex
    return FamilyPerson(
        id=person.id,
        name=person.name,
        sex="female" if sex == "female" else "male" if sex == "male" else "other" if sex == "other" else "unknown",
        life=life,
        born=person.born,
        due=person.due,
        died=person.died,
        index="subject" in person.roles,
        found_by=person.known_as[0].agency_name if person.found and person.known_as else None,
        roles=person.roles,
        address_withheld=person.address_withheld,
    )


def households(case: Case, people: Sequence[ProductPerson], gathered: Gathered, as_at: date) -> tuple[Household, ...]:
    """Who lives together on the day, by anybody's account. Disagreeing accounts put one person in two homes.

    A person whose address is withheld is in no home: even a shared letter would say where they live.
    """
    order = {person.id: place for place, person in enumerate(people)}
    hidden = {person.id for person in people if person.address_withheld}
    stays = [stay for stay in _stays(case, gathered) if _current(stay, as_at) and _placed(stay[0])]
    homes = []
    for circle in _same_place(stays):
        members = _members(circle, hidden, order)
        if members:
            homes.append((address_words(min((stay[0] for stay in circle), key=order_key)), members))
    homes.sort(key=lambda home: ([order[member.person] for member in home[1]], home[0]))
    return tuple(
        Household(letter=_letter(number), address=address, members=members)
        for number, (address, members) in enumerate(homes)
    )


def _stays(case: Case, gathered: Gathered) -> Iterable[Stay]:
    for person in case.people:
        for place in person.addresses:
            yield place, place.from_, place.to, (person.id,), CASE_FILE
    for residence, record in gathered.residences:
        since, until = residence.from_ or residence.address.from_, residence.to or residence.address.to
        yield residence.address, since, until, record.people, record.origin


def _current(stay: Stay, as_at: date) -> bool:
    """Not surely over and not surely yet to come on the day; an unknown end counts as still there."""
    _, since, until, _, _ = stay
    begun = since is None or since.earliest is None or since.earliest <= as_at
    over = until is not None and until.latest is not None and until.latest < as_at
    return begun and not over


def _placed(place: Address) -> bool:
    return not place.no_fixed_address and WITHHELD not in place.lines and bool(place_keys(place))


def _same_place(stays: Sequence[Stay]) -> list[list[Stay]]:
    circles: list[tuple[set[str], list[Stay]]] = []
    for stay in stays:
        keys, members = place_keys(stay[0]), [stay]
        apart = []
        for others, circle in circles:
            if others & keys:
                keys, members = keys | others, circle + members
            else:
                apart.append((others, circle))
        circles = [*apart, (keys, members)]
    return [members for _, members in circles]


def _members(circle: Iterable[Stay], hidden: set[str], order: Mapping[str, int]) -> tuple[Member, ...]:
    said: dict[tuple[str, str], tuple[Member, dict[str, Origin]]] = {}
    for _, since, until, people, origin in circle:
        for ident in people:
            if ident not in hidden:
                bare = Member(person=ident, since=when(since), until=when(until))
                said.setdefault((ident, order_key(bare)), (bare, {}))[1][order_key(origin)] = origin
    ranked = sorted(said, key=lambda key: (order[key[0]], key[1]))
    return tuple(
        Member(person=bare.person, since=bare.since, until=bare.until,
               origins=tuple(origins[name] for name in sorted(origins)))
        for bare, origins in (said[key] for key in ranked)
    )  # fmt: skip


def _letter(number: int) -> str:
    return chr(ord("A") + number % 26) + (str(number // 26 + 1) if number >= 26 else "")


def _derived(
    unions: Sequence[FamilyUnion], children: Sequence[ChildLink], people: Mapping[str, ProductPerson]
) -> tuple[Derived, ...]:
    """Siblings that follow from undisputed birth (or plain) child links, and children of one day."""
    partners = {union.id: union.partners for union in unions}
    of_union: dict[str, list[ChildLink]] = defaultdict(list)
    for link in children:
        if link.kind in ("birth", "not_stated") and not link.disputed:
            of_union[link.union].append(link)
    found = [item for ident, links in of_union.items() for item in _within(partners[ident], links, people)]
    for one, other in combinations(of_union, 2):
        shared = tuple(ident for ident in partners[one] if ident in partners[other])
        both_known = len(partners[one]) == len(partners[other]) == 2
        for first in of_union[one]:
            for second in of_union[other]:
                if shared and first.child != second.child:
                    found.append(_pair("half_siblings" if both_known else "share_one_known_parent",
                                       (first, second), shared))  # fmt: skip
    return tuple(found)


def _within(
    partners: tuple[str, ...], links: Sequence[ChildLink], people: Mapping[str, ProductPerson]
) -> Iterable[Derived]:
    if len(links) > 1:
        yield _pair("full_siblings" if len(partners) == 2 else "share_one_known_parent", links, partners)
    days: dict[str, list[ChildLink]] = defaultdict(list)
    for link in links:
        born = people[link.child].born
        if born and born.exact:
            days[born.edtf].append(link)
    for same in days.values():
        if len(same) > 1:
            yield _pair("born_same_day", same, partners)


def _pair(kind: DerivedKind, links: Sequence[ChildLink], via: tuple[str, ...]) -> Derived:
    origins = {order_key(origin): origin for link in links for claim in link.claims for origin in claim.origins}
    return Derived(
        kind=kind,
        people=tuple(link.child for link in links),
        via=via,
        origins=tuple(origins[key] for key in sorted(origins)),
    )
