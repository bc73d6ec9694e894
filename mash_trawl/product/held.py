"""Everything that anybody holds about one person, value by value, each with everybody who says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mash_trawl.model.case import Case
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.person import Address, Name, Sex
from mash_trawl.model.product import ProductPerson
from mash_trawl.model.rows import Held
from mash_trawl.model.shown import CASE_FILE, Origin, when
from mash_trawl.product.items import value_of
from mash_trawl.product.mask import Mask
from mash_trawl.product.plain import address_words, agency_name, name_words, order_key
from mash_trawl.product.who import Known, Who


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class View:
    """One description of one person: the case file's, or a source's."""

    case: str
    origin: Origin
    names: tuple[Name, ...]
    born: PartialDate | None
    died: PartialDate | None
    sex: Sex
    identifiers: Mapping[str, str]
    addresses: tuple[Address, ...]

    def says(self, field: str, value: str) -> Origin:
        """The origin of one of its values, with the item by which it can be disputed."""
        return value_of(self.case, self.origin, field, value)


def views(case: Case, who: Who) -> dict[str, tuple[View, ...]]:
    """Every description of every person, the case file's first."""
    seen: dict[str, list[View]] = {ident: [] for ident in who.order}
    for person in case.people:
        seen[person.id].append(
            View(
                case=case.id, origin=CASE_FILE, names=person.names, born=person.born, died=person.died, sex=person.sex,
                identifiers=person.identifiers, addresses=person.addresses,
            )
        )  # fmt: skip
    for ident, known in who.known.items():
        seen[ident].extend(_view(case.id, item) for item in known)
    return {ident: tuple(items) for ident, items in seen.items()}


def _view(case: str, known: Known) -> View:
    found = known.candidate
    origin = Origin(agency=known.agency, agency_name=agency_name(known.agency), source=known.source, ref=found.ref)
    return View(
        case=case, origin=origin, names=found.names, born=found.born, died=found.died, sex=found.sex,
        identifiers=found.identifiers, addresses=found.addresses,
    )  # fmt: skip


def people(case: Case, who: Who, seen: Mapping[str, tuple[View, ...]], mask: Mask) -> tuple[ProductPerson, ...]:
    """Case people as the case has them, found people as the agency has them; other values stay beside."""
    of_case = {person.id: person for person in case.people}
    keys = {ident: key for key, ident in who.found.items()}
    alike = _alike(who, seen)
    shown = []
    for ident in who.order:
        own, described = of_case.get(ident), seen[ident]
        born = [view.born for view in described if view.born]
        died = [view.died for view in described if view.died]
        sexes = [view.sex for view in described if view.sex != "unknown"]
        shown.append(
            ProductPerson(
                id=ident,
                name=who.name[ident],
                found=own is None,
                roles=own.roles if own else (),
                sex=own.sex if own else next(iter(sexes), "unknown"),
                gender=own.gender if own else None,
                born=when(own.born if own else next(iter(born), None)),
                due=when(own.due) if own else None,
                died=when(own.died if own else next(iter(died), None)),
                names=_names(described),
                identifiers=_identifiers(described),
                addresses=_addresses(described),
                restrictions=own.restrictions if own else (),
                address_withheld=ident in mask.people or keys.get(ident) in mask.refs,
                known_as=_known_as(ident, who),
                hints=tuple(
                    f"May be the same person as {who.name[other]} ({other}): same name and date of birth. "
                    "Not confirmed."
                    for other in alike[ident]
                ),
                perhaps=alike[ident],
            )
        )
    return tuple(shown)


def collect(pairs: Iterable[tuple[Held, Origin]]) -> tuple[Held, ...]:
    """Unite equal values; each keeps everybody who says so, in the order in which they were met."""
    order: dict[str, tuple[Held, dict[str, Origin]]] = {}
    for held, origin in pairs:
        order.setdefault(order_key(held), (held, {}))[1].setdefault(order_key(origin), origin)
    return tuple(
        Held(value=held.value, kind=held.kind, since=held.since, until=held.until, origins=tuple(origins.values()))
        for held, origins in order.values()
    )


def _names(described: Iterable[View]) -> tuple[Held, ...]:
    return collect(
        (Held(value=name_words(name), kind=name.use), view.says("name", name_words(name)))
        for view in described
        for name in view.names
        if name_words(name)
    )


def _identifiers(described: Iterable[View]) -> tuple[Held, ...]:
    return collect(
        (Held(value=" ".join(str(value).split()), kind=system), view.says(system, "".join(str(value).split())))
        for view in described
        for system, value in sorted(view.identifiers.items())
    )


def _addresses(described: Iterable[View]) -> tuple[Held, ...]:
    return collect(
        (
            Held(value=address_words(place), since=when(place.from_), until=when(place.to)),
            view.says("address", address_words(place)),
        )
        for view in described
        for place in view.addresses
    )


def _known_as(ident: str, who: Who) -> tuple[Origin, ...]:
    keys = sorted([key for key, ids in who.owner.items() if ident in ids] +
                  [key for key, found in who.found.items() if found == ident])  # fmt: skip
    return tuple(
        Origin(agency=who.agencies[source], agency_name=agency_name(who.agencies[source]), source=source, ref=ref)
        for source, ref in keys
    )


def _alike(who: Who, seen: Mapping[str, tuple[View, ...]]) -> dict[str, tuple[str, ...]]:
    """For found people: the entries with the same name and the same certain birth date. Said, never acted on."""
    marks = {ident: _marks(seen[ident]) for ident in who.order}
    found = set(who.found.values())
    return {
        ident: tuple(other for other in who.order if other != ident and mine & marks[other]) if ident in found else ()
        for ident, mine in marks.items()
    }


def _marks(described: Iterable[View]) -> set[tuple[str, str]]:
    return {
        (" ".join(name_words(name).casefold().split()), view.born.edtf)
        for view in described
        for name in view.names
        if view.born and view.born.exact and name_words(name)
    }
