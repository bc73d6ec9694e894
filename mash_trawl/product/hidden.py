"""Whose address is hidden: those flagged, and everybody through whose address theirs would come out.

From a flagged person the walk goes to every place of theirs, to everybody who is at one of these places by anybody's
account, to entries that may be the same person, to the household and the children named in the case; and on from
each of them until nobody new is met.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from mash_trawl.model.answer import Answer
from mash_trawl.model.case import Case
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.decision import Decisions
from mash_trawl.model.finding import Residence
from mash_trawl.model.hidden import NOTHING_HIDDEN, Hidden
from mash_trawl.model.person import Address, Person
from mash_trawl.model.query import Candidate
from mash_trawl.product.places import house_line, place_keys, real
from mash_trawl.product.plain import name_words, order_key

_HIDING = {"hidden_address", "witness_protection", "adoption"}
Key = tuple[str, str]
Node = tuple[str, ...]
"""`("person", id)`, `("key", source, ref)`, `("place", key)`, `("spell", number)`, or one of two singles."""
_BEFORE: Node = ("before",)
"""Whoever is at a place that an earlier trawl of the case hid."""


@dataclass(slots=True, kw_only=True, repr=False)
class _Web:
    """Who is tied to which place, and who is to be hidden with whom."""

    next: dict[Node, set[Node]] = field(default_factory=lambda: defaultdict(set))
    at: list[tuple[Node, Address]] = field(default_factory=list)

    def tie(self, one: Node, other: Node) -> None:
        self.next[one].add(other)
        self.next[other].add(one)

    def reached(self, start: Iterable[Node]) -> set[Node]:
        met, queue = set(start), list(start)
        while queue:
            new = self.next.get(queue.pop(), set()) - met
            met |= new
            queue.extend(new)
        return met


def find_hidden(
    case: Case,
    decisions: Decisions,
    answers: Iterable[Answer],
    owner: Mapping[Key, tuple[str, ...]],
    known: Hidden = NOTHING_HIDDEN,
) -> Hidden:
    """Flagged by an obligation, by the case's or by a source's restriction; and all who must be hidden with them.

    `known` is what an earlier trawl of the case hid. It stays hidden whoever answers today: a restriction does not end
    because the source that told of it is silent, or may not be asked any more.
    """
    given = tuple(answers)
    flagged = _flagged(case, decisions, given) | _known_nodes(known)
    if not flagged:
        return NOTHING_HIDDEN
    web = _web(case, given, owner, known)
    met = web.reached(flagged)
    themselves = {other for node in flagged for other in {node, *web.next.get(node, ())} if other[0] == "person"}
    if not all(_placed(web, node) for node in themselves):  # it may be with anybody in the case
        met = web.reached(met | {("person", person.id) for person in case.people})
    places = dict.fromkeys(address for node, address in web.at if node in met)
    return Hidden(
        people=tuple(sorted({node[1] for node in met if node[0] == "person"})),
        refs=tuple(sorted({(node[1], node[2]) for node in met if node[0] == "key"})),
        places=tuple(sorted(places, key=order_key)),
    )


def _known_nodes(known: Hidden) -> set[Node]:
    found: set[Node] = {("person", ident) for ident in known.people}
    found |= {("key", *ref) for ref in known.refs}
    return found | ({_BEFORE} if known.places else set())


def candidates(answers: Iterable[Answer]) -> Iterator[tuple[str, Candidate]]:
    """Everybody whom an answer describes, with the source."""
    for answer in answers:
        for match in answer.matches:
            yield answer.source, match.candidate
        for finding in answer.findings:
            for candidate in finding.mentions:
                yield answer.source, candidate


def _flagged(case: Case, decisions: Decisions, answers: Iterable[Answer]) -> set[Node]:
    found: set[Node] = {("person", item.person) for item in decisions if "mask_address" in item.obligations}
    found |= {("person", person.id) for person in case.people if _HIDING & set(person.restrictions)}
    found |= {("key", source, one.ref) for source, one in candidates(answers) if _HIDING & set(one.restrictions)}
    return found


def _placed(web: _Web, node: Node) -> bool:
    """True if a place of this person is known, be it through a source's key for them."""
    own = {node, *(other for other in web.next.get(node, ()) if other[0] in ("key", "before"))}
    return any(one in own and real(address) for one, address in web.at)


def _web(case: Case, answers: tuple[Answer, ...], owner: Mapping[Key, tuple[str, ...]], known: Hidden) -> _Web:
    web = _Web()
    for place in known.places:
        web.at.append((_BEFORE, place))
    for ident in known.people if known.places else ():
        web.tie(_BEFORE, ("person", ident))
    for key, people in owner.items():
        for ident in people:
            web.tie(("key", *key), ("person", ident))
    _case(web, case)
    for source, one in candidates(answers):
        web.at += [(("key", source, one.ref), place) for place in one.addresses]
    homes = ((answer.source, item) for answer in answers for item in answer.findings if isinstance(item, Residence))
    for number, (source, item) in enumerate(homes):
        for ref in item.about:
            web.tie(("spell", str(number)), ("key", source, ref))
            web.at.append((("key", source, ref), item.address))
    _places(web)
    _alike(web, case, answers)
    return web


def _case(web: _Web, case: Case) -> None:
    """The case's own addresses; subjects and household are one home; where a parent is hidden the child is too."""
    for person in case.people:
        web.at += [(("person", person.id), place) for place in person.addresses]
        if {"subject", "household"} & set(person.roles):
            web.tie(("household",), ("person", person.id))
    for tie in case.relationships:
        if tie.kind == "parent":
            web.next[("person", tie.from_)].add(("person", tie.to))


def _places(web: _Web) -> None:
    """Tie everybody to their places. An address without postcode is every known address with the same house line."""
    codes: dict[str, set[str]] = defaultdict(set)
    for _, address in web.at:
        codes[house_line(address)] |= place_keys(address)
    for node, address in web.at:
        if real(address):
            line = house_line(address)
            for key in place_keys(address) | (set() if address.postcode or not line else codes[line]):
                web.tie(node, ("place", key))


def _alike(web: _Web, case: Case, answers: Iterable[Answer]) -> None:
    """Entries that may be one person: the same NHS number, or the same name and no other date of birth."""
    everyone: list[tuple[Node, Person | Candidate]] = [(("person", person.id), person) for person in case.people]
    everyone += [(("key", source, one.ref), one) for source, one in candidates(answers)]
    named: dict[str, list[tuple[Node, PartialDate | None]]] = defaultdict(list)
    for node, one in everyone:
        for words in {" ".join(name_words(name).casefold().split()) for name in one.names} - {""}:
            named[words].append((node, one.born))
        number = "".join(str(one.identifiers.get("nhs_number", "")).split())
        if number:
            web.tie(node, ("number", number))
    for entries in named.values():
        for (node, born), (other, day) in combinations(dict.fromkeys(entries), 2):
            if node != other and _may_be_one_day(born, day):
                web.tie(node, other)


def _may_be_one_day(one: PartialDate | None, other: PartialDate | None) -> bool:
    if one is None or other is None or not (one.exact and other.exact):
        return True
    return one.edtf == other.edtf
