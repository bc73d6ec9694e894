"""The kit at a real system: a few questions about the authority's own test person, through the hub's gate and ledger.

Here, and only here, a grant is made without a case: it names the one person whom hub.yaml declares as invented, lives
for five minutes, and every ask is a row in the ledger under the case `connector-test`. Nothing that comes is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from mash_trawl.model.grant import Grant
from mash_trawl.model.hub import PersonForTests, SourceSettings
from mash_trawl.model.query import FetchAsk, FindAsk, PersonQuery
from mash_trawl.sources.asking import Visit
from mash_trawl.sources.gate import Gate
from mash_trawl.sources.haul import FetchHaul, FindHaul, put
from mash_trawl.sources.kinds import Connector
from mash_trawl.testing.cast import Facts
from mash_trawl.testing.verdict import Outcome, Result

CASE = "connector-test"
MINUTES = 5


def live(gate: Gate, source: str, connector: type[Connector], person: PersonForTests) -> tuple[Result, ...]:
    """Find the test person by every key that their facts fill, then fetch.

    Whose reference no find brought is not fetched: a slip of the pen may name a child who exists. Of the source's
    categories those are granted that the hub file leaves it. Raises Refused when the ledger cannot be written.
    """
    grant = Grant(
        Grant._mint, id="connector-test", source=source, person="test", since=None, until=None,
        categories=_granted(gate.post(source).settings, connector),
        expires_at=gate.clock() + timedelta(minutes=MINUTES),
    )  # fmt: skip
    gate.admit([grant])
    visit = Visit(gate, source, case=CASE, trawl="", broken=lambda _: None)
    refs: set[str] = set()
    try:
        found = tuple(_find(visit, connector, grant, person, refs))
        if person.ref not in refs:
            return (*found, _result(5, "fetch", "skipped", reason="no find brought the test person's `ref`"))
        return (*found, _fetch(visit, connector, grant, person))
    finally:
        visit.end()
        gate.dismiss([grant])


def _granted(source: SourceSettings, connector: type[Connector]) -> frozenset[str]:
    if source.categories is None:
        return connector.offers
    return connector.offers & {name if "." in name else f"{source.agency}.{name}" for name in source.categories}


def _facts(person: PersonForTests) -> dict[str, object]:
    """As a trawl would hold them: numbers and postcodes without blanks."""
    numbers = ("postcode", "uprn", "nhs_number", "upn")
    held = {name: "".join((getattr(person, name) or "").split()).upper() or None for name in numbers}
    known = Facts(given=person.given, family=person.family, born=person.born, house_number=None)
    return replace(known, **held).query  # type: ignore[arg-type]  # by their names


def _find(
    visit: Visit, connector: type[Connector], grant: Grant, person: PersonForTests, seen: set[str]
) -> Iterator[Result]:
    """One result for each key; every reference that came is added to `seen`."""
    held = _facts(person)
    for number, key in enumerate(connector.search_keys, 1):
        name = f"find by {' + '.join(key)}"
        if not all(field in held for field in key):
            yield _result(8, name, "skipped", reason="the test person's facts do not fill this key")
            continue
        values = {field: held[field] for field in key}
        query = PersonQuery(id=f"q{number}", person="test", by=key, **values)  # type: ignore[arg-type]  # by their names
        haul = FindHaul([query])
        put(visit, connector, "find", [grant], [FindAsk(query=query, grant=grant)], haul)
        refs = {one.ref for one in haul.found[query.id]}
        seen |= refs
        problems = [f"ended as `{haul.failure}`."] if haul.failure else []
        if not haul.failure and not haul.skipped and person.ref not in refs:
            problems.append("does not find the test person.")
        if haul.quarantined:
            problems.append(f"brought {haul.quarantined} rows that cannot be read.")
        yield _result(8, name, "failed" if problems else "passed", tuple(problems))


def _fetch(visit: Visit, connector: type[Connector], grant: Grant, person: PersonForTests) -> Result:
    haul = FetchHaul([(grant, frozenset({person.ref}))])
    put(visit, connector, "fetch", [grant], [FetchAsk(ref=person.ref, grant=grant)], haul)
    problems = [f"ended as `{haul.failure}`."] if haul.failure else []
    told = (("quarantined", "rows that cannot be read"), ("other_people", "records about somebody else"),
            ("not_granted", "records outside the grant"))  # fmt: skip
    problems += [f"brought {getattr(haul, name)} {words}." for name, words in told if getattr(haul, name)]
    kept = haul.kept[grant.id]
    if not problems and not kept:
        problems.append("brings nothing on the test person.")
    return _result(5, "fetch", "failed" if problems else "passed", tuple(problems))


def _result(number: int, name: str, outcome: Outcome, findings: tuple[str, ...] = (), reason: str = "") -> Result:
    return Result(number=number, name=name, outcome=outcome, findings=findings, reason=reason)
