"""The family as data, from the case's ties and the agencies' relationships.

Two people become a couple only where somebody says that they are partners, or that both are parents of one child.
Disputed versions are all kept. What follows from the stated is marked as derived.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import get_args

from mash_trawl.model.base import Known
from mash_trawl.model.case import Case
from mash_trawl.model.family import (
    ChildLink,
    FamilyUnion,
    LinkKind,
    OtherTie,
    ParentClaim,
    Spell,
    UnionStatus,
)
from mash_trawl.model.product import ProductPerson
from mash_trawl.model.rows import RelationshipRow
from mash_trawl.model.shown import CASE_FILE, Origin, When
from mash_trawl.product.plain import order_key

_NATURES: dict[str, LinkKind] = {
    "birth": "birth", "biological": "birth", "adoptive": "adopted", "adopted": "adopted", "foster": "fostered",
    "fostered": "fostered", "step": "step", "special_guardianship": "special_guardianship", "kinship": "kinship",
}  # fmt: skip
_BIO: tuple[LinkKind, ...] = ("birth", "not_stated")
_KINDS: tuple[LinkKind, ...] = get_args(LinkKind)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Stated:
    """One stated tie, by whom and when: `from_` is the `kind` of `to`."""

    from_: str
    to: str
    kind: str
    nature: str
    responsibility: Known
    since: When | None
    until: When | None
    origin: Origin


@dataclass(slots=True, kw_only=True, repr=False)
class Edges:
    """The couples and child links while they are being put together; `order` ranks people."""

    order: Mapping[str, int]
    sex: Mapping[str, str]
    spells: dict[tuple[str, ...], list[Spell]] = field(default_factory=lambda: defaultdict(list))
    links: list[tuple[tuple[str, ...], ChildLink]] = field(default_factory=list)


def stated_ties(case: Case, rows: Iterable[RelationshipRow]) -> tuple[Stated, ...]:
    """All ties of case file and agencies; a tie of someone to themselves is not one."""
    ties = [
        Stated(
            from_=tie.from_, to=tie.to, kind=tie.kind, nature=tie.nature, responsibility=tie.parental_responsibility,
            since=None, until=None, origin=CASE_FILE,
        )
        for tie in case.relationships
    ]  # fmt: skip
    for row in rows:
        for one in row.from_:
            for other in row.to:
                pr: Known = "yes" if row.parental_responsibility == "yes" else "no"
                if row.parental_responsibility not in ("yes", "no"):
                    pr = "unknown"
                ties.append(
                    Stated(
                        from_=one, to=other, kind=row.kind, nature=row.nature, responsibility=pr,
                        since=row.since, until=row.until, origin=row.origin,
                    )
                )  # fmt: skip
    return tuple(tie for tie in ties if tie.from_ != tie.to)


def unions_and_children(
    ties: Iterable[Stated], people: Iterable[ProductPerson]
) -> tuple[tuple[FamilyUnion, ...], tuple[ChildLink, ...]]:
    """Couples, single known parents and child links; ids follow the order of the people."""
    everyone = tuple(people)
    edges = Edges(
        order={person.id: place for place, person in enumerate(everyone)},
        sex={person.id: person.sex for person in everyone},
    )
    given = tuple(ties)
    _partners(edges, given)
    for child in sorted({tie.to for tie in given if tie.kind == "parent"}, key=edges.order.__getitem__):
        _child(edges, child, [tie for tie in given if tie.kind == "parent" and tie.to == child])
    keys = sorted(
        set(edges.spells) | {key for key, _ in edges.links}, key=lambda key: [edges.order[ident] for ident in key]
    )
    ids = {key: f"u{number}" for number, key in enumerate(keys, 1)}
    links = [
        ChildLink(child=link.child, union=ids[key], kind=link.kind, disputed=link.disputed, claims=link.claims)
        for key, link in edges.links
    ]
    unions = (FamilyUnion(id=ids[key], partners=key, spells=_spells(edges, key)) for key in keys)
    links.sort(key=lambda link: (edges.order[link.child], int(link.union[1:]), _KINDS.index(link.kind)))
    return tuple(unions), tuple(links)


def _partners(edges: Edges, ties: Iterable[Stated]) -> None:
    said: dict[tuple[str, ...], dict[str, tuple[Spell, list[Origin]]]] = defaultdict(dict)
    for tie in ties:
        if tie.kind != "partner":
            continue
        pair = tuple(sorted((tie.from_, tie.to), key=edges.order.__getitem__))
        status: UnionStatus = "partners"
        for known in get_args(UnionStatus):
            status = known if known == tie.nature else status
        spell = Spell(status=status, since=tie.since, until=tie.until)
        said[pair].setdefault(order_key(spell), (spell, []))[1].append(tie.origin)
    for pair, spells in said.items():
        for _, (spell, origins) in sorted(spells.items()):
            edges.spells[pair].append(
                Spell(status=spell.status, since=spell.since, until=spell.until, origins=_unique(origins))
            )


def _spells(edges: Edges, key: tuple[str, ...]) -> tuple[Spell, ...]:
    if len(key) < 2 or edges.spells.get(key):
        return tuple(edges.spells.get(key, ()))
    origins = [origin for pair, link in edges.links if pair == key for claim in link.claims for origin in claim.origins]
    return (Spell(status="parents_of_a_child", origins=_unique(origins)),)


def _child(edges: Edges, child: str, ties: list[Stated]) -> None:
    claims: dict[str, list[ParentClaim]] = defaultdict(list)
    merged: dict[tuple[str, LinkKind, Known], list[Origin]] = defaultdict(list)
    for tie in ties:
        merged[(tie.from_, _NATURES.get(tie.nature, "not_stated"), tie.responsibility)].append(tie.origin)
    for (parent, nature, pr), origins in sorted(
        merged.items(), key=lambda item: (edges.order[item[0][0]], _KINDS.index(item[0][1]), item[0][2])
    ):
        claims[parent].append(
            ParentClaim(parent=parent, nature=nature, parental_responsibility=pr, origins=_unique(origins))
        )
    groups: dict[LinkKind, list[str]] = defaultdict(list)
    for parent, said in claims.items():
        natures = [claim.nature for claim in said]
        kind = min(natures, key=_KINDS.index)
        groups["birth" if kind in _BIO else kind].append(parent)
    for group, parents in groups.items():
        unions = _couples(edges, group, parents, claims)
        for partners in unions:
            _link(edges, child, partners, claims, rival=group in ("birth", "adopted") and len(unions) > 1)


def _link(
    edges: Edges, child: str, partners: tuple[str, ...], claims: Mapping[str, list[ParentClaim]], rival: bool
) -> None:
    said = tuple(claim for parent in partners for claim in claims[parent])
    main = {min((claim.nature for claim in claims[parent]), key=_KINDS.index) for parent in partners}
    conflict = any(len({claim.nature for claim in claims[one]} - {"not_stated"}) > 1 for one in partners)
    kind: LinkKind = main.pop() if len(main) == 1 else "not_stated"
    link = ChildLink(child=child, union="", kind=kind, disputed=rival or conflict, claims=said)
    edges.links.append((partners, link))


def _couples(
    edges: Edges, group: LinkKind, parents: list[str], claims: Mapping[str, list[ParentClaim]]
) -> list[tuple[str, ...]]:
    """Which of a child's parents belong together. Each parent stands in at least one of them."""
    alone: list[tuple[str, ...]] = [(parent,) for parent in parents]
    if len(parents) == 1:
        return alone
    stated = [pair for pair in _pairs(parents) if pair in edges.spells]
    if group not in ("birth", "adopted"):
        return _with_rest(stated, parents)
    if len(parents) == 2:
        pair = (parents[0], parents[1])
        sexes = {edges.sex[parent] for parent in pair}
        rivals = len(sexes) == 1 and sexes <= {"male", "female"} and not _said_together(pair, claims)
        return alone if rivals and pair not in edges.spells else [pair]
    common = _common_parent(edges, parents)
    if common:
        others = [parent for parent in parents if parent != common]
        return [tuple(sorted((common, other), key=edges.order.__getitem__)) for other in others]
    together = [pair for pair in _pairs(parents) if _said_together(pair, claims)]
    return _with_rest(list(dict.fromkeys([*stated, *together])), parents)


def _pairs(parents: list[str]) -> Iterable[tuple[str, ...]]:
    return ((one, other) for place, one in enumerate(parents) for other in parents[place + 1 :])


def _with_rest(pairs: list[tuple[str, ...]], parents: list[str]) -> list[tuple[str, ...]]:
    paired = {parent for pair in pairs for parent in pair}
    return [*pairs, *((parent,) for parent in parents if parent not in paired)]


def _common_parent(edges: Edges, parents: list[str]) -> str | None:
    """Of three or more claimed birth parents, the only one of their sex where all the others are of the other sex."""
    for sex, other in (("female", "male"), ("male", "female")):
        ones = [parent for parent in parents if edges.sex[parent] == sex]
        if len(ones) == 1 and all(edges.sex[parent] == other for parent in parents if parent != ones[0]):
            return ones[0]
    return None


def _said_together(pair: tuple[str, ...], claims: Mapping[str, list[ParentClaim]]) -> bool:
    """True if one and the same source (or the case file) names both as parents."""
    sources = [{origin.source for claim in claims[parent] for origin in claim.origins} for parent in pair]
    return bool(sources[0] & sources[1])


def other_ties(ties: Iterable[Stated], order: Mapping[str, int]) -> tuple[OtherTie, ...]:
    """Grandparents, carers, siblings and others as stated; siblings and others are one tie in either direction."""
    said: dict[tuple[str, str, str, str], list[Origin]] = defaultdict(list)
    for tie in ties:
        if tie.kind in ("parent", "partner"):
            continue
        ends = (tie.from_, tie.to)
        if tie.kind == "sibling":
            ends = (min(ends, key=order.__getitem__), max(ends, key=order.__getitem__))
        said[(*ends, tie.kind, tie.nature)].append(tie.origin)
    keys = sorted(said, key=lambda key: (order[key[0]], order[key[1]], key[2:]))
    return tuple(
        OtherTie(from_=key[0], to=key[1], kind=key[2], nature=key[3], origins=_unique(said[key])) for key in keys
    )


def _unique(origins: Iterable[Origin]) -> tuple[Origin, ...]:
    seen = {order_key(origin): origin for origin in origins}
    return tuple(seen[key] for key in sorted(seen))
