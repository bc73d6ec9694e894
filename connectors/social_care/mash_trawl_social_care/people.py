"""Rows about people as candidates: names and aliases, the present address, and the flags that restrict a record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from mash_trawl.api import Address, Candidate, Name, PartialDate, address, iso_date, name
from mash_trawl_social_care import statements
from mash_trawl_social_care.codes import NAME_USES, RESTRICTIONS, SEXES

_MANY = 200
"""So many keys stand in one list: SQLite takes 999 values in a statement by default."""


def text(value: object) -> str:
    """A text column without blanks around it; "" where there is nothing."""
    return str(value).strip() if value is not None else ""


def day(value: Any) -> PartialDate | None:
    """A date column; None where there is nothing."""
    return iso_date(value) if value else None


def batches(keys: Collection[str]) -> Iterator[tuple[str, ...]]:
    """The keys, each once and in order, in lists that a statement can hold."""
    rest = iter(dict.fromkeys(keys))
    while part := tuple(islice(rest, _MANY)):
        yield part


def candidates(session: Any, rows: Sequence[Any]) -> Iterator[tuple[int, Candidate]]:
    """Each row with the number of its question, as a candidate with all that identifies."""
    people = [text(row.person_id) for row in rows]
    names, places, flags = _aliases(session, people), _addresses(session, people), restrictions(session, people)
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
                restrictions=flags[ref],
            ),
        )


def relative(row: Any, side: str, ref: str, flags: Mapping[str, tuple[str, ...]]) -> Candidate:
    """One end of a relationship, by the columns that begin with `side`; no address, because nobody asked for it."""
    return Candidate(
        ref=ref,
        names=(
            name(text(row[f"{side}_forename"]), text(row[f"{side}_surname"]), middle=text(row[f"{side}_middle_names"])),
        ),
        born=day(row[f"{side}_dob"]),
        died=day(row[f"{side}_died_on"]),
        sex=SEXES.get(text(row[f"{side}_gender"]).upper(), "unknown"),
        restrictions=flags[ref],
    )


def restrictions(session: Any, people: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Our words for the flags on each person. Whoever has one stays flagged until somebody withdraws it."""
    found: dict[str, set[str]] = defaultdict(set)
    for part in batches(people):
        sql, bound = statements.belonging("person_restriction", "t.code", part, "and t.withdrawn_on is null")
        for row in session.rows(sql, **bound):
            found[text(row.person_id)].add(RESTRICTIONS.get(text(row.code).upper(), "restricted"))
    return defaultdict(tuple, {ref: tuple(sorted(flags)) for ref, flags in found.items()})


def _aliases(session: Any, people: Collection[str]) -> Mapping[str, tuple[Name, ...]]:
    found: dict[str, list[Name]] = defaultdict(list)
    for part in batches(people):
        sql, bound = statements.belonging("person_alias", "t.alias_id, t.forename, t.surname, t.alias_type", part)
        for row in session.rows(sql, **bound):
            use = NAME_USES.get(text(row.alias_type).upper(), "nickname")
            found[text(row.person_id)].append(name(text(row.forename), text(row.surname), use=use))
    return defaultdict(tuple, {ref: tuple(names) for ref, names in found.items()})


def _addresses(session: Any, people: Collection[str]) -> Mapping[str, tuple[Address, ...]]:
    """Where they live now, unless the place is kept secret for somebody else who is recorded there."""
    found: dict[str, list[Address]] = defaultdict(list)
    now = f"and t.to_date is null {statements.OPEN_TO_SHOW}"
    for part in batches(people):
        sql, bound = statements.belonging(
            "person_address", "t.address_id, t.line1, t.line2, t.postcode, t.uprn, t.from_date, t.to_date", part, now
        )
        for row in session.rows(sql, **bound):
            found[text(row.person_id)].append(place(row))
    return defaultdict(tuple, {ref: tuple(places) for ref, places in found.items()})


def place(row: Any) -> Address:
    """The address in a row."""
    return address(
        text(row.line1), text(row.line2), postcode=text(row.postcode), uprn=text(row.uprn), from_=day(row.from_date),
        to=day(row.to_date),
    )  # fmt: skip
