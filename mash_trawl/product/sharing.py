"""What was shared about one person and the children they answer for, from a sealed product: kinds and days, no content.

A sheet never quotes a record: free text speaks of other people. It says which agency shared which kind of record, when
and on what basis; what a person is not told on paper is left out without a trace.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from mash_trawl.model.answer import Status
from mash_trawl.model.moments import local
from mash_trawl.model.product import AgencyOutcome, DecisionLine, Product
from mash_trawl.model.profile import Profile
from mash_trawl.model.shown import Origin
from mash_trawl.model.telling import LISTS, Line, Telling
from mash_trawl.product.asked import NO_HISTORY, History
from mash_trawl.product.sharing_before import Found, laws_before, put_before, put_stopped, told_before
from mash_trawl.product.telling import CHOICES, NOES, NOTHING_SAID, OWN, gather, kept_days, reasons, tellable

_ANSWERED = (Status.FOUND, Status.NONE_FOUND)


def sheet(
    product: Product, profile: Profile, person: str, children: Sequence[str], own: OWN, noes: NOES = NOTHING_SAID, *,
    sealed_at: datetime, counts: Mapping[str, int], history: History = NO_HISTORY,
) -> Telling:  # fmt: skip
    """The disclosure sheet for this person. `counts` say how many may read the product, opened it, and copies made.

    `noes` are the addressee's own; what somebody else did not agree to stands with all that was not asked. `history`
    holds the asks of every version: what was shared once is told, whatever the product still shows.
    """
    about, rows = (person, *children), _rows(product)
    groups: dict[str, Found] = {name: {} for name in LISTS["sheet"]}
    before = told_before(history, profile, person, about, own)
    known = {one.about for one in before if one.told == "asked" or one.kind in one.ask.came}
    bases: list[str] = []
    for answer in product.answers:
        if answer.person in about and answer.agency in profile.agencies:
            for line in _lines(product, answer):
                told = tellable(profile, line.category, line.person, person)
                if told != "no" and (line.person, line.basis or "") not in own:
                    came = (answer.source, line.category, line.person) in rows
                    if (line.person, line.category) not in known or line.outcome != "PERMIT":
                        _sort(groups, profile, answer, line, told, came, noes)
                    bases += [line.basis or ""] if line.outcome == "PERMIT" else []
    going_on = {(one.person, one.category) for one in product.decisions if one.outcome != "DENY"}
    put_before(groups, before, going_on)
    put_stopped(groups, before, going_on, history.withdrawn, local(sealed_at).date())
    bases += laws_before(before, profile)
    heard = {(agency, one) for (agency, _, _), who in groups["shared"].items() for one in who}
    for name in ("nothing", "no_answer", "not_allowed"):
        heard |= {(one.agency, one.ask.person) for one in before} if name == "not_allowed" else set()
        groups[name] = _without(groups[name], heard)
        heard |= {(agency, one) for (agency, _, _), who in groups[name].items() for one in who}
    lists = {name: _dated(gather(found, profile, about)) for name, found in groups.items() if name != "reasons"}
    lists["erased"] = (Line(on=history.erased),) if history.erased else ()
    lists["reasons"] = reasons(basis if basis in profile.gateways else "agreement" for basis in bases if basis)
    return Telling(
        kind="sheet", person=person, children=tuple(children), lists=lists, sealed_at=sealed_at,
        numbers={"kept_days": kept_days(profile), **counts},
    )  # fmt: skip


def _lines(product: Product, answer: AgencyOutcome) -> Iterator[DecisionLine]:
    return (one for one in product.decisions if (one.source, one.person) == (answer.source, answer.person))


def _sort(
    groups: Mapping[str, Found], profile: Profile, answer: AgencyOutcome, line: DecisionLine, told: str, came: bool,
    noes: NOES,
) -> None:  # fmt: skip
    """Put one category of one answer where it belongs. What is told only as asked never says whether anything came."""
    if line.outcome == "PERMIT" and told == "asked":
        name, code, kind = "asked_only", f"{_day(answer)}|{_basis(line, profile)}", line.category
    elif came and told == "yes":
        name, code, kind = "shared", f"{_day(answer)}|{_basis(line, profile)}", line.category
    elif line.outcome == "PERMIT":
        name, code, kind = _unshared(answer), "", ""
    elif line.outcome == "REVIEW":
        name, code, kind = "no_answer", "", ""
    else:
        why = next((one.why for one in answer.withheld if one.category == line.category), answer.why.value)
        choice = _choice(CHOICES.get(why, ""), CHOICES.get(noes.get((line.person, line.category), ""), ""))
        name, code, kind = ("choices", choice, line.category) if choice else ("not_allowed", "", "")
    groups[name].setdefault((line.agency, code, kind), set()).add(line.person)


def _choice(choice: str, own: str) -> str:
    """The family's choice that a sheet says: that nobody was asked for a yes, or the addressee's own word."""
    return own if choice and choice != "consent_not_sought" else choice


def _unshared(answer: AgencyOutcome) -> str:
    if answer.status is Status.REFUSED_BY_CUSTODIAN:
        return "declined"
    return "nothing" if answer.status in _ANSWERED else "no_answer"


def _day(answer: AgencyOutcome) -> str:
    """The UK day on which what is shown was asked for, as ISO text; empty when nobody knows."""
    at = answer.carried_at or answer.asked_at
    return local(datetime.fromisoformat(at)).date().isoformat() if at else ""


def _basis(line: DecisionLine, profile: Profile) -> str:
    """`law` for a power, `agreement` for a consent; `earlier` where what came before is shown."""
    if line.outcome != "PERMIT" or not line.basis:
        return "earlier"
    return "law" if line.basis in profile.gateways else "agreement"


def _dated(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines whose code is `day|basis` say the day as a day."""
    return tuple(_one_dated(line) if "|" in line.code else line for line in lines)


def _one_dated(line: Line) -> Line:
    day, _, basis = line.code.partition("|")
    return replace(line, on=date.fromisoformat(day) if day else None, code=basis)


def _without(found: Found, heard: set[tuple[str, str]]) -> Found:
    """Without the people for whom this agency stands in a list that says more."""
    left = {key: {one for one in who if (key[0], one) not in heard} for key, who in found.items()}
    return {key: who for key, who in left.items() if who}


def _rows(product: Product) -> set[tuple[str, str, str]]:
    """(source, category, person) of everything that came and may be told of: nothing that its agency restricts."""
    said: list[tuple[Origin, tuple[str, ...]]] = [
        *((row.origin, row.people) for row in product.chronology),
        *((row.origin, row.people) for row in product.involvements),
        *((row.origin, row.people) for row in product.residences),
        *((row.origin, row.people) for row in product.relationships),
        *((row.origin, row.people) for row in product.facts),
    ]
    return {
        (origin.source, origin.category, person)
        for origin, people in said
        if not origin.restricted
        for person in people
    }
