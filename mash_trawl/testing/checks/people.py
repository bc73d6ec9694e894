"""Checks 8 and 9: only this person comes, by every key; and a hostile name is only ever a value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mash_trawl.model.finding import Relationship
from mash_trawl.model.query import Candidate
from mash_trawl.testing.bench import Bench, Run
from mash_trawl.testing.cast import DIFFERS
from mash_trawl.testing.checks.asking import letters_lost
from mash_trawl.testing.checks.keys import merged, unfilled
from mash_trawl.testing.checks.shape import answered, identity
from mash_trawl.testing.verdict import Skip, check

HOSTILE = ("O'Brien", "' or 1=1 --", "%", "Khan'; drop table person; --", "_____", "?", 'Khan"}', "Łukasz-Żuk",
           "K" * 200, "\u202eKhan", "Kh\x00an", "{fn now()}", "*")  # fmt: skip
_TEXTS = ("family", "given", "former_names", "postcode", "uprn", "upn", "nhs_number")
_NAMES = ("family", "given", "former_names")
_AGAIN = 3
"""All of them for the first key with a kind of name; so many for further ones, for numbers and postcodes."""
_NOBODY = "kit-nobody-0"


@check(
    8, "only this person", "Each key finds the child, and neither search nor fetch brings anybody else.", always=True
)
def only_this_person(bench: Bench) -> Iterator[str]:
    """The decoys are people whom a careless statement would bring."""
    for key in bench.queries():
        run = bench.once("find", key)
        yield from answered(f"find by {' + '.join(key)}", run)
        yield from _found(bench, key, run)
    yield from answered("fetch", bench.once("fetch"))
    yield from _about(bench)
    yield from _mixed(bench)
    yield from unfilled(bench)
    yield from merged(bench)
    stranger = bench.fetch(_NOBODY)
    if stranger.items:
        yield "fetch with a key that no record has still brings findings: bind `ref` in every statement."


def _found(bench: Bench, key: tuple[str, ...], run: Run) -> Iterator[str]:
    where, roles = f"find by {' + '.join(key)}", bench.cast.roles()
    people = [item for item in run.items if isinstance(item, Candidate)]
    if run.failure is None and bench.cast.child not in {item.ref for item in people}:
        yield f"{where} does not find the child {bench.cast.child}, whose facts fill that key. Is it written otherwise?"
    for person in people:
        role = roles.get(person.ref, "")
        wrong = sorted(DIFFERS.get(role, frozenset()) & set(key))
        if wrong:
            yield f"{where} also brings the {role.replace('_', ' ')}, who differs in {', '.join(wrong)}."
        elif field := _disagrees(person, run, key):
            yield f"{where} brings somebody whose own {field} is not the one that was asked for."
        if person.ref == bench.cast.child:
            yield from _misread(bench, where, person)
    query = set(run.haul.found if hasattr(run.haul, "found") else ())
    strangers = [item for item in run.probe.items if isinstance(item, tuple) and item[0] not in query]
    if strangers:
        yield f"{where} answers under another query's id: `find_many` yields `(query.id, candidate)`."


def _disagrees(person: Candidate, run: Run, key: tuple[str, ...]) -> str:
    """The field of the key in which a candidate contradicts the question, as far as it can be seen."""
    for query in getattr(run.haul, "_queries", {}).values():
        born = person.born
        if "born" in key and born is not None and born.exact and born.earliest != query.born:
            return "birthday"
        for number in {"nhs_number", "upn"} & set(key):
            held = "".join(person.identifiers.get(number, "").split())
            if held and held != "".join(str(getattr(query, number)).split()):
                return number
            if not held and any(number in one.identifiers for one in run.items if isinstance(one, Candidate)):
                return number
        if "family" in key and person.names:
            said = {_bare(item.family) for item in person.names}
            if _bare(query.family) not in said and all(said):
                return "surname"
    return ""


def _bare(text: str | None) -> str:
    return "".join(letter for letter in (text or "").casefold() if letter.isalnum())


def _misread(bench: Bench, where: str, person: Candidate) -> Iterator[str]:
    """The child's own facts as they came: a column that is read into another field shows."""
    facts = bench.facts
    if facts.born and person.born is not None and person.born.exact and person.born.earliest != facts.born:
        yield f"{where} reads the child's birthday as another day. Which comes first, day or month?"
    if facts.family and person.names and all(_bare(item.family) != _bare(facts.family) for item in person.names):
        yield f"{where} gives the child another surname than the one in the facts."
    given = {_bare(part) for item in person.names for part in item.given}
    if facts.given and person.names and _bare(facts.given) not in given:
        yield f"{where} gives the child another given name than the one in the facts."
    for name, fact in (("nhs_number", facts.nhs_number), ("upn", facts.upn)):
        held = "".join(person.identifiers.get(name, "").split())
        if fact and held and held != "".join(fact.split()):
            yield f"{where} gives the child another {name} than the one in the facts."


def _about(bench: Bench) -> Iterator[str]:
    run = bench.once("fetch")
    away = [item for item in run.items if bench.cast.child not in getattr(item, "about", ())]
    keys = [item for item in run.probe.items if isinstance(item, tuple) and item[0] != bench.cast.child]
    if away:
        yield f"{len(away)} findings for the child are not `about` the child: they are somebody else's records."
    if keys:
        yield "`fetch_many` answers under another key than the one that was asked: `(ref, finding)`."


def _mixed(bench: Bench) -> Iterator[str]:
    """A record that the child and a decoy both have must name both; else one of them was given the other's."""
    own = {identity(item): item for item in bench.once("fetch").items}
    for ref, role in bench.cast.roles().items():
        if role in ("child", "merged"):
            continue
        for item in bench.once("fetch", ref).items:
            same = own.get(identity(item))
            if same is None or {ref, bench.cast.child} <= _people(item) & _people(same):
                continue
            yield f"one record is given to the child as well as to the {role.replace('_', ' ')}, and names only one."


def _people(item: Any) -> set[str]:
    ends = {item.from_, item.to} if isinstance(item, Relationship) else set()
    return {*getattr(item, "about", ()), *ends}


@check(9, "hostile names", "A name is only ever a bound value: apostrophe, wildcard, SQL, 200 letters, control code.",
       always=True)  # fmt: skip
def hostile_names(bench: Bench) -> Iterator[str]:
    """Nobody in the seed is called so: nobody may come, nothing may break, and no statement may hold it."""
    keys = [key for key in bench.queries() if set(_TEXTS) & set(key)]
    if not keys:
        raise Skip("no search key takes a name or another text")
    seen: set[str] = set()
    for key in keys:
        field = next(name for name in _TEXTS if name in key)
        for number, text in enumerate(HOSTILE):
            if number >= _AGAIN and (field in seen or field not in _NAMES):
                break
            held = bench.facts.query
            values = {name: held[name] for name in key} | {field: text}
            yield from _hostile(bench, f"find by {' + '.join(key)}", number, text, bench.query(key, **values))
        seen.add(field)
    yield from _hostile_ref(bench)


def _hostile(bench: Bench, where: str, number: int, text: str, query: Any) -> Iterator[str]:
    run = bench.find(query)
    told = f"hostile {next(iter(set(query.by) & set(_TEXTS)), 'text')} number {number + 1} ({text[:24]!a})"
    if run.failure:
        kind = run.probe.error.kind if run.probe.error else "an error"
        yield f"{where} breaks on {told}: `{run.failure}` ({kind}). Bind it as a value."
    for asked in run.seen.asked:
        if len(text) > 1 and text in asked.open:
            yield f"{where} writes {told} into the statement or the address. Bind it, or send it in the body."
    yield from letters_lost(bench, where, told, text, run)
    called = [item for item in run.items if isinstance(item, Candidate) and not _so_called(item, text)]
    if called:
        yield f"{where} with {told} brings {len(called)} who are not called so: it is read as a pattern or as SQL."


def _so_called(person: Candidate, text: str) -> bool:
    held = [part for item in person.names for part in (*item.given, item.family or "")]
    held += [place.postcode or "" for place in person.addresses] + [place.uprn or "" for place in person.addresses]
    return _bare(text) != "" and _bare(text) in {_bare(part) for part in (*held, *person.identifiers.values())}


def _hostile_ref(bench: Bench) -> Iterator[str]:
    """A key may hold an apostrophe as well: it came from a database."""
    for ref in ("' or '1'='1", "x'; delete from person; --", "%"):
        run = bench.fetch(ref)
        if run.items:
            yield f"fetch with the key {ref!r} brings findings: bind `ref`."
        if run.failure in ("connector_crashed", "server_error"):
            yield f"fetch with the key {ref!r} breaks: `{run.failure}`. Bind `ref`."
