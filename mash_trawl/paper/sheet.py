"""From a case to the sheet that a person gets: the least that says who is meant, and what was granted; no word more."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from mash_trawl.identity.facts import Facts, facts_of
from mash_trawl.model.base import Private
from mash_trawl.model.case import Case
from mash_trawl.model.decision import Decision, Decisions, Outcome
from mash_trawl.model.grant import Grant
from mash_trawl.model.hub import HubFile, SourceSettings
from mash_trawl.model.person import Person
from mash_trawl.model.profile import Profile
from mash_trawl.model.request import Fact, Line, Meant, Request
from mash_trawl.model.unlocks import name_people, with_people, without_names
from mash_trawl.product.plain import agency_name, list_words, person_name
from mash_trawl.sources.person import PersonConnector

_LABELS = {
    "given": "First name", "family": "Family name", "former_names": "Also known as", "born": "Date of birth",
    "sex": "Sex", "postcode": "Postcode", "nhs_number": "NHS number", "upn": "UPN",
}  # fmt: skip
_SOMEBODY = "somebody who may agree for them"
"""Whoever agreed and is not asked about: their name is nothing that this source has to know."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Asking(Private):
    """What a request is made of. `skip` are the (person, category) that were answered already."""

    case: Case
    profile: Profile
    decisions: Decisions
    grants: Sequence[Grant]
    source: SourceSettings
    connector: type[PersonConnector]
    skip: frozenset[tuple[str, str]]
    due: datetime | None
    at: datetime
    by: str
    mark: str


def make_request(asking: Asking, hub: HubFile, new_id: Callable[[], str]) -> Request:
    """The request; without a line when everything was answered."""
    lines = tuple(_lines(asking))
    asked = dict.fromkeys(line.person for line in lines)
    contact, desk = asking.source.contact, hub.returns
    agency = agency_name(asking.source.agency)
    to = f"{contact.name} ({agency})" if contact and contact.name else agency
    return Request(
        id=new_id(), hub=hub.name, case=asking.mark, source=asking.source.name, agency=asking.source.agency, to=to,
        written_at=asking.at.astimezone(UTC).isoformat(timespec="seconds"), asked_by=asking.by,
        team=desk.team if desk else hub.name, telephone=desk.telephone if desk else "",
        send_to=desk.send_to if desk else "", due=asking.due.astimezone(UTC).isoformat() if asking.due else "",
        people=tuple(_meant(asking, person, asked) for person in asked), lines=lines,
    )  # fmt: skip


def _lines(asking: Asking) -> Iterator[Line]:
    number = 0
    for grant in asking.grants:
        for category in sorted(grant.categories | grant.existence):
            if (grant.person, category) in asking.skip:
                continue
            number += 1
            known, content = asking.profile.category(category), category in grant.categories
            since = grant.period(category)[0] if content else None
            yield Line(
                number=number, person=grant.person, category=category, title=known.title if known else category,
                question=asking.connector.questions.get(category, "") if content else "",
                since=since.isoformat() if since else "", mode="content" if content else "existence",
            )  # fmt: skip


def _meant(asking: Asking, ident: str, asked: Collection[str]) -> Meant:
    person = asking.case.person(ident)
    about = asking.decisions.about(asking.source.name, ident)
    facts = tuple(_facts(person, asking.connector.shows, about))
    return Meant(id=ident, name=person_name(person), facts=facts, basis=tuple(_basis(asking, ident, asked)))


def _facts(person: Person, shows: Iterable[str], about: Iterable[Decision]) -> Iterator[Fact]:
    """What the mapping lets be shown, as far as it is known. A hidden address stays here, whatever the mapping says."""
    known = facts_of(person)
    masked = any("mask_address" in item.obligations for item in about)
    usual = [name for name in person.names if name.use == "usual"] or list(person.names)[:1]
    for key in shows:
        values = _values(key, person, known, masked=masked)
        if key in ("given", "family") and usual:
            values = (" ".join(usual[0].given) if key == "given" else usual[0].family or "",)
        if words := "; ".join(dict.fromkeys(value for value in values if value)):
            yield Fact(label=_LABELS[key], value=words)


def _values(key: str, person: Person, known: Facts, *, masked: bool) -> tuple[str, ...]:
    if key == "born":
        return (person.born.show(),) if person.born else (f"expected {person.due.show()}",) if person.due else ()
    if key == "postcode":
        return () if masked else tuple(_spaced(place.get("postcode", "")) for place in known.places)
    if key == "former_names":
        usual = person_name(person)
        named = (" ".join(part for part in (*name.given, name.family or "") if part) for name in person.names)
        return tuple(name for name in named if name != usual)
    return tuple(str(value) for value in known.values.get(key, ()))


def _spaced(postcode: str) -> str:
    """`NB13FA` as it is written: `NB1 3FA`."""
    return f"{postcode[:-3]} {postcode[-3:]}" if postcode and " " not in postcode else postcode


def _basis(asking: Asking, ident: str, asked: Collection[str]) -> Iterator[str]:
    """By what right each is asked for: the rule's own reason, once. Nobody is named who is not asked about."""
    names = {person.id: person_name(person) if person.id in asked else _SOMEBODY for person in asking.case.people}
    grouped: dict[str, list[Decision]] = {}
    for item in asking.decisions.about(asking.source.name, ident):
        if item.outcome is Outcome.PERMIT:
            grouped.setdefault(without_names(item.reason, item, asking.profile), []).append(item)
    for reason, items in grouped.items():
        known = ((asking.profile.category(item.category), item.category) for item in items)
        kinds = list_words(category.title if category else name for category, name in known)
        words = name_people(with_people(reason, items), names).rstrip(".")
        yield f"{kinds}: {words}.{_law(items, asking.profile)}"


def _law(permits: Sequence[Decision], profile: Profile) -> str:
    found = {power.law: None for item in permits if (power := profile.gateways.get(item.basis or ""))}
    return f" ({'; '.join(found)})" if found else ""


def asked_in(request: Request) -> Mapping[str, tuple[str, ...]]:
    """The categories that a request asks for, by person."""
    found: dict[str, list[str]] = {}
    for line in request.lines:
        found.setdefault(line.person, []).append(line.category)
    return {person: tuple(kinds) for person, kinds in found.items()}
