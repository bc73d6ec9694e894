"""Rows about people as candidates: names and aliases, the present address, and the flags that restrict a record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from mash_trawl.api import Address, Candidate, Name, PartialDate, address, iso_date, name
from mash_trawl_social_care import statements
from mash_trawl_social_care.codes import NAME_USES, RESTRICTIONS, SEXES

T = TypeVar("T")


def text(value: object) -> str:
    """A text column without blanks around it; "" where there is nothing."""
    return str(value).strip() if value is not None else ""


def day(value: Any) -> PartialDate | None:
    """A date column; None where there is nothing."""
    return iso_date(value) if value else None


def candidates(session: Any, questions: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, Candidate]]:
    """Everybody found, with the number of the question, as candidates with all that identifies."""
    sql, bound = statements.search(questions)
    rows = list(session.rows(sql, **bound))
    if not rows:
        return
    names = _belonging(session, questions, statements.ALIASES, _alias)
    places = _belonging(session, questions, statements.ADDRESSES, place)
    flags = _belonging(session, questions, statements.FLAGS, flag)
    for row in rows:
        ref = text(row.person_id)
        numbers = {"upn": text(row.upn), "nhs_number": "".join(text(row.nhs_number).split())}
        yield (
            int(row.asked),
            Candidate(
                ref=ref,
                names=(name(text(row.forename), text(row.surname), middle=text(row.middle_names)), *names[ref]),
                born=day(row.dob),
                died=day(row.died_on),
                sex=SEXES.get(text(row.gender).upper(), "unknown"),
                identifiers={kind: number for kind, number in numbers.items() if number},
                addresses=places[ref],
                restrictions=tuple(sorted(flags[ref])),
            ),
        )


def _belonging(
    session: Any, questions: Sequence[Mapping[str, Any]], what: tuple[str, str], read: Callable[[Any], T]
) -> Mapping[str, tuple[T, ...]]:
    """What belongs to everybody found, by their key, each thing once however many questions found them."""
    columns, join = what
    sql, bound = statements.search(questions, columns, join, "2, 3")
    found: dict[str, list[T]] = defaultdict(list)
    for row in session.rows(sql, **bound):
        held = found[text(row.person_id)]
        if (thing := read(row)) not in held:
            held.append(thing)
    return defaultdict(tuple, {ref: tuple(things) for ref, things in found.items()})


def relative(row: Any, side: str, ref: str, flags: Mapping[str, Collection[str]]) -> Candidate:
    """One end of a relationship, by the columns that begin with `side`; no address, because nobody asked for it."""
    return Candidate(
        ref=ref,
        names=(
            name(text(row[f"{side}_forename"]), text(row[f"{side}_surname"]), middle=text(row[f"{side}_middle_names"])),
        ),
        born=day(row[f"{side}_dob"]),
        died=day(row[f"{side}_died_on"]),
        sex=SEXES.get(text(row[f"{side}_gender"]).upper(), "unknown"),
        restrictions=tuple(sorted(flags.get(ref, ()))),
    )


def flag(row: Any) -> str:
    """Our word for the flag in a row; one that we do not know still restricts."""
    return RESTRICTIONS.get(text(row.code).upper(), "restricted")


def _alias(row: Any) -> Name:
    return name(text(row.forename), text(row.surname), use=NAME_USES.get(text(row.alias_type).upper(), "nickname"))


def place(row: Any) -> Address:
    """The address in a row."""
    return address(
        text(row.line1), text(row.line2), postcode=text(row.postcode), uprn=text(row.uprn), from_=day(row.from_date),
        to=day(row.to_date),
    )  # fmt: skip
